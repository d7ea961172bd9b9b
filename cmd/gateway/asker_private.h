/* asker_private.h - for asker.c and asking.c. */
#ifndef CMD_GATEWAY_ASKER_PRIVATE_H
#define CMD_GATEWAY_ASKER_PRIVATE_H

#include "cmd/gateway/asker.h"
#include "cmd/gateway/asking.h"
#include "tool/metrics/metric.h"
#include "tool/resilience/budget.h"
#include "tool/resilience/pace.h"

/* What is remembered of a subject: one that fails costs no other its second tries. */
struct asked_subject {
    struct asker *asker;
    struct asked_subject *next;
    char *name;
    struct pace pace;
    struct budget hedges, retries;
    struct asking *first, **last; /* whose answers are waited for, until when each is late */
    struct metric *hedged, *hedge_won, *late_after, *retried, *fell_back;
};

struct asker {
    struct asker_config config;
    struct asked_subject *subjects; /* the last used one in front */
    int64_t next_ms;                /* when a question is late at the soonest; INT64_MAX = none */
};

struct asked_subject *asker_subject(struct asker *asker, const char *name);
/** It is late in as long as most answers take: asking_hedge is called then. */
void asker_await(struct asking *asking);
/** Not any more. Fine also when it was not awaited. */
void asker_forget(struct asking *asking);
/** What an answer tells: it took so long from when it was asked for; hedged: by a second question.
 */
void asker_learn(struct asked_subject *subject, int64_t ms, bool hedged);
/** Its answer is late. False when there is no time for another question to be of use. */
bool asking_is_worth_a_hedge(const struct asking *asking, int64_t now_ms);
/** Asks beside what was asked. */
void asking_hedge(struct asking *asking);

#endif
