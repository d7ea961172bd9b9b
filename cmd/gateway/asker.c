/* asker.c - the subjects that are asked, and whose answers are late. */
#include "cmd/gateway/asker_private.h"

#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/loop.h"
#include "tool/core/mem.h"
#include "tool/metrics/metrics.h"

/* A second question that is answered first shows that the first went to somebody who is silent, not
 * that all are busy: among busy ones the first is mostly the first to be answered. It earns more
 * than it has cost, so that silence of two instances of three is hidden as long as it lasts, and
 * overload is asked hardly anything twice. */
enum { HEDGE_WON = 3 * BUDGET_TRY, BUDGET_LOOK_MS = 10, PACE_ENOUGH = 8, UNKNOWN_MS = 200 };
static const struct budget_policy HEDGES = {.per_answer = 20, .per_second = 10000, .most = 50};
static const struct budget_policy RETRIES = {.per_answer = 100, .per_second = 5000, .most = 20};

/* ---- subjects ---- */

static struct asked_subject *subject_new(struct asker *asker, const char *name)
{
    struct asked_subject *subject = MEM_NEW(struct asked_subject);
    struct metrics *metrics = asker->config.metrics;
    int64_t now_ms = clock_now_ms(asker->config.clock);
    char label[160] = "";

    metrics_label(label, sizeof(label), "subject", name);
    *subject = (struct asked_subject){
        .asker = asker,
        .name = mem_strdup(name),
        .hedged = metrics_counter(metrics, "hanok_hedges_total",
                                  "Questions asked once more because the answer was late.", label),
        .hedge_won = metrics_counter(metrics, "hanok_hedges_won_total",
                                     "Of these, the ones that were answered first.", label),
        .late_after = metrics_gauge(metrics, "hanok_hedge_after_milliseconds",
                                    "How long most answers take; later ones are late.", label),
        .fell_back = metrics_counter(metrics, "hanok_fallbacks_total",
                                     "Questions that something else answered for it.", label),
        .retried = metrics_counter(metrics, "hanok_retries_total",
                                   "Questions asked again because they had failed.", label),
    };
    subject->last = &subject->first;
    budget_init(&subject->hedges, &HEDGES, now_ms);
    budget_init(&subject->retries, &RETRIES, now_ms);
    return subject;
}

struct asked_subject *asker_subject(struct asker *asker, const char *name)
{
    struct asked_subject **at = &asker->subjects, *subject;

    while (*at && strcmp((*at)->name, name) != 0)
        at = &(*at)->next;
    subject = *at;
    if (subject)
        *at = subject->next;
    else
        subject = subject_new(asker, name);
    subject->next = asker->subjects;
    asker->subjects = subject;
    return subject;
}

void asker_falls_back(struct asker *asker, const char *subject)
{
    metric_add(asker_subject(asker, subject)->fell_back, 1);
}

void asker_learn(struct asked_subject *subject, int64_t ms, bool hedged)
{
    pace_answer(&subject->pace, clock_now_ms(subject->asker->config.clock), ms * 1000);
    budget_earn(&subject->hedges, HEDGES.per_answer);
    budget_earn(&subject->retries, RETRIES.per_answer);
    if (hedged) {
        budget_earn(&subject->hedges, HEDGE_WON);
        metric_add(subject->hedge_won, 1);
    }
}

/* ---- who is late ---- */

static int64_t late_after_ms(const struct asked_subject *subject)
{
    int64_t ms = subject->pace.p95_us / 1000 + 1;

    return subject->pace.n < PACE_ENOUGH && ms < UNKNOWN_MS ? UNKNOWN_MS : ms;
}

/* Behind the others: the pace changes slowly, so the first in the list is late first, or nearly. */
void asker_await(struct asking *asking)
{
    struct asked_subject *subject = asking->subject;
    struct asker *asker = subject->asker;
    int64_t after_ms = late_after_ms(subject);

    asking->late_ms = clock_now_ms(asker->config.clock) + after_ms;
    metric_set(subject->late_after, after_ms);
    asking->next = NULL;
    asking->prev = subject->last;
    *subject->last = asking;
    subject->last = &asking->next;
    if (asking->late_ms < asker->next_ms)
        asker->next_ms = asking->late_ms;
}

void asker_forget(struct asking *asking)
{
    if (!asking->prev)
        return;
    *asking->prev = asking->next;
    if (asking->next)
        asking->next->prev = asking->prev;
    else
        asking->subject->last = asking->prev;
    asking->prev = NULL;
}

/* When to look again. */
static int64_t ask_the_late(struct asked_subject *subject, int64_t now_ms)
{
    while (subject->first && subject->first->late_ms <= now_ms) {
        struct asking *asking = subject->first;

        if (!asking_is_worth_a_hedge(asking, now_ms)) {
            asker_forget(asking);
            continue;
        }
        if (!budget_spend(&subject->hedges, now_ms))
            return now_ms + BUDGET_LOOK_MS;
        asker_forget(asking);
        metric_add(subject->hedged, 1);
        asking_hedge(asking);
        asker_await(asking); /* who is asked next may be silent as well */
    }
    return subject->first ? subject->first->late_ms : INT64_MAX;
}

static int on_turn(void *arg)
{
    struct asker *asker = arg;
    int64_t now_ms;

    if (asker->next_ms == INT64_MAX)
        return -1;
    now_ms = clock_now_ms(asker->config.clock);
    if (asker->next_ms <= now_ms) {
        int64_t next_ms = INT64_MAX;

        for (struct asked_subject *s = asker->subjects; s; s = s->next) {
            int64_t look_ms = ask_the_late(s, now_ms);
            next_ms = look_ms < next_ms ? look_ms : next_ms;
        }
        asker->next_ms = next_ms;
    }
    return asker->next_ms == INT64_MAX ? -1 : (int)(asker->next_ms - now_ms);
}

/* ---- life ---- */

struct asker *asker_create(const struct asker_config *config)
{
    struct asker *asker = MEM_NEW(struct asker);

    *asker = (struct asker){.config = *config, .next_ms = INT64_MAX};
    loop_add_turn(config->loop, on_turn, asker);
    return asker;
}

void asker_destroy(struct asker *asker)
{
    if (!asker)
        return;
    while (asker->subjects) {
        struct asked_subject *subject = asker->subjects;

        ASSERT(!subject->first);
        asker->subjects = subject->next;
        free(subject->name);
        free(subject);
    }
    free(asker);
}
