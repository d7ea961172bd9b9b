/* stream_hazards.c - see stream_hazards.h. How a server syncs, it tells no client. */
#include "tool/stream/stream_hazards.h"

#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"

static bool is_in_memory(const struct stream_info *info)
{
    return strcmp(info->config.storage, "file") != 0;
}

static bool is_alone_in_a_cluster(const struct stream_info *info)
{
    return info->cluster.name[0] && info->config.replicas < 2;
}

/* From 2.11 on a server writes its version into what it says of a stream. */
static bool may_not_sync(const struct stream_info *info)
{
    return !info->config.metadata.version[0];
}

static const struct stream_hazard HAZARDS[] = {
    {"storage",       is_in_memory,
     "a restart of nats-server takes all events; the relays feed them again: remove the stream and"
     " run hanok-streams"                                                         },
    {"num_replicas",  is_alone_in_a_cluster,
     "one server alone has the events: hanok-streams --replicas 3"                },
    {"sync_interval", may_not_sync,
     "a nats-server before 2.11 may acknowledge events that are not on disk; what a power loss "
     "takes"
     " is fed again by the relays: with 2.10 or newer set sync_interval to always"},
};

const struct stream_hazard *stream_hazard_next(const struct stream_info *info, size_t *i)
{
    while (*i < ARRAY_LEN(HAZARDS)) {
        const struct stream_hazard *hazard = &HAZARDS[(*i)++];

        if (hazard->is_so(info))
            return hazard;
    }
    return NULL;
}

void stream_hazards_log(const char *stream, const struct stream_info *info)
{
    const struct stream_hazard *hazard;
    size_t i = 0;

    while ((hazard = stream_hazard_next(info, &i)))
        log_warn("the stream is set unsafely", LOG_TEXT("stream", stream),
                 LOG_TEXT("setting", hazard->setting), LOG_TEXT("why", hazard->sentence));
}
