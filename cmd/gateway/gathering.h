/* gathering.h - several subjects asked at once for one request, their replies merged under names;
 * those whose row says so after another, with what that answered. It is as slow as the slowest, and
 * no slower than the call's deadline. Loop thread only. */
#ifndef CMD_GATEWAY_GATHERING_H
#define CMD_GATEWAY_GATHERING_H

#include "cmd/gateway/asker.h"
#include "middleware/route.h"
#include "tool/core/problem.h"

struct gathering;

/* What has come together. */
struct gathered {
    enum status st; /* ST_OK: one part at least could be had; else why the first one could not */
    const char *json;
    size_t len;
};

/** Once, never from inside of gathering_begin; the gathering is gone when it returns. */
typedef void (*gathered_fn)(void *arg, const struct gathered *gathered);

/** Asks what the route of match gathers, in the name of call. NULL: done will not be called,
 * problem says what is wrong with the request. match and call: borrowed until the end. */
struct gathering *gathering_begin(struct asker *asker, const struct route_match *match,
                                  const struct call *call, gathered_fn done, void *arg,
                                  struct problem *problem);
/** Nobody waits any more: done will not be called. NULL is fine. */
void gathering_cancel(struct gathering *gathering);

#endif
