/* stream_config.h - rows as libnats wants them, and how two configurations of a stream differ.
 * Pure; private to tool/stream. */
#ifndef TOOL_STREAM_STREAM_CONFIG_H
#define TOOL_STREAM_STREAM_CONFIG_H

#include <nats/nats.h>
#include <stddef.h>

#include "tool/stream/stream.h"

/** Puts what spec says into config, which may be fresh or a server's; the rest stays. Borrows spec;
 * config->Subjects points to spec->subject. */
void stream_config_apply(jsStreamConfig *config, const struct stream_spec *spec, int replicas);
/** "replicas 1 -> 3, max_age_s 60 -> 120": the fields of which rows speak and in which the two
 * differ; cut to size. Returns how many. */
int stream_config_diff(const jsStreamConfig *from, const jsStreamConfig *to, char *text,
                       size_t size);

#endif
