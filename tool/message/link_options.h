/* link_options.h - which servers, as whom, and how they are checked: the same for a link and for an
 * ordinary connection of libnats. */
#ifndef TOOL_MESSAGE_LINK_OPTIONS_H
#define TOOL_MESSAGE_LINK_OPTIONS_H

#include <nats/nats.h>

#include "tool/message/link.h"

/** Sets what config says of servers, name, credentials and TLS; its loop and metrics are not looked
 * at. Copies strings. Not NATS_OK: no memory, or tls_ca cannot be read. */
natsStatus link_options_set(natsOptions *o, const struct link_config *config);

#endif
