/* webhooks.h - tells what has become of operations, to whom it may concern: a POST each, signed
 * (tool/crypto/webhook.h), until it is taken with a 2xx, further and further apart, for some
 * minutes. In a thread of its own. What has not been taken when the process ends is not told. */
#ifndef CMD_PGSIM_WEBHOOKS_H
#define CMD_PGSIM_WEBHOOKS_H

#include "cmd/pgsim/charge.h"
#include "cmd/pgsim/card.h"
#include "tool/core/loop_task.h"

struct metrics;
struct webhooks;

struct webhooks_config {
    const char *url; /* "" = nobody is told anything */
    const char *secret;
    struct loop *loop;
    const struct clock *clock;
    struct metrics *metrics;
};

struct webhooks *webhooks_create(const struct webhooks_config *config);
/** What is to be told yet is not; what is being told is given up within a second. NULL is fine. */
void webhooks_destroy(struct webhooks *all);
/** Loop thread. authorization: the key of the one that op is of, or its own; card: of that one.
 * told is posted when it was told for the first time, taken or not, or is to be told later; it
 * lives until then, and NULL is fine. */
void webhooks_tell(struct webhooks *all, const struct charge *op, const char *authorization,
                   const struct card *card, struct loop_task *told);

enum { WEBHOOK_BODY_MAX = 1023 };

/** {"id":"evt_KEY","type":"payment.captured", and the members of the operation}: returns the
 * length. */
size_t webhooks_body(const struct charge *op, char body[WEBHOOK_BODY_MAX + 1]);

#endif
