/* connection_limit.c - see connection_limit.h. */
#include "tool/http/connection_limit.h"

enum {
    SPARE_FDS = 200, /* files, NATS, the admin listener and its clients, who is being refused */
    CONNECTIONS_MAX = 1 << 20,
};

unsigned connection_limit(unsigned wanted, uint64_t files)
{
    uint64_t spare = files / 2 < SPARE_FDS ? files / 2 : SPARE_FDS, most = files - spare;

    if (most > CONNECTIONS_MAX)
        most = CONNECTIONS_MAX;
    if (wanted && wanted < most)
        return wanted;
    return most > 0 ? (unsigned)most : 1;
}
