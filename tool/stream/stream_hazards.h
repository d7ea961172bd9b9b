/* stream_hazards.h - with what a stream, as its server describes it, may lose what it has
 * acknowledged. Private to tool/stream. */
#ifndef TOOL_STREAM_STREAM_HAZARDS_H
#define TOOL_STREAM_STREAM_HAZARDS_H

#include "tool/stream/stream_reply.h"

struct stream_hazard {
    const char *setting;
    bool (*is_so)(const struct stream_info *info);
    const char *sentence; /* what it may cost, and what to do */
};

/** The next hazard that there is from row *i on, and *i is behind it; NULL = no more. */
const struct stream_hazard *stream_hazard_next(const struct stream_info *info, size_t *i);
/** A warning for each. */
void stream_hazards_log(const char *stream, const struct stream_info *info);

#endif
