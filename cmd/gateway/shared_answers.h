/* shared_answers.h - replies that answer everybody the same (cache=public), kept for as long as
 * anyone may keep them, so that they cost one message and not one a request. Loop thread only. */
#ifndef CMD_GATEWAY_SHARED_ANSWERS_H
#define CMD_GATEWAY_SHARED_ANSWERS_H

#include "middleware/route_message.h"
#include "tool/core/call.h"
#include "tool/message/message.h"

struct shared_answers;

enum { SHARED_ETAG_MAX = 63 };

/* One that is kept; lives until the next call of anything here. */
struct shared_answer {
    const char *body;
    size_t len;
    char etag[SHARED_ETAG_MAX + 1]; /* the service's; else a digest of the body, in quotes */
    int64_t made_ms, until_ms;      /* clock_now_ms */
};

struct shared_answers *shared_answers_create(const struct clock *clock,
                                             const struct entropy *entropy);
/** NULL is fine. */
void shared_answers_destroy(struct shared_answers *self);
/** What is kept of the message that goes to the route; NULL = nothing. Then, if what comes may be
 * kept, *key is under what, to be freed; else NULL. */
const struct shared_answer *shared_answers_find(struct shared_answers *self,
                                                const struct route *route,
                                                const struct route_message *m, char **key);
/** Keeps the reply of a route under that key. NULL when it is not to be kept: a problem, too large.
 */
const struct shared_answer *shared_answers_keep(struct shared_answers *self,
                                                const struct route *route, const char *key,
                                                const struct message *reply);
/** Whole seconds since it was asked for. */
int shared_answers_age_s(const struct shared_answers *self, const struct shared_answer *answer);
void shared_answers_forget(struct shared_answers *self);

#endif
