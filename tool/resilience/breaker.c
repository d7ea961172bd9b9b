/* breaker.c - circuit breakers: a rolling window of buckets and a state machine of three. */
#include "tool/resilience/breaker.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/resilience/breaker_private.h"

/* The window is long enough that a lone caller with a time-out of two seconds is heard three times
 * in it. One answer of ten is still a service: of two instances, one frozen, it is five. */
const struct breaker_policy BREAKER_DEFAULTS[] = {
    {.subject = "*",
     .window_ms = 5000,
     .min_failures = 3,
     .failure_percent = 91,
     .open_ms = 1000,
     .half_open_probes = 3},
};
const unsigned BREAKER_DEFAULTS_N = ARRAY_LEN(BREAKER_DEFAULTS);

const char *breaker_state_name(enum breaker_state state)
{
    static const char *const NAMES[] = {"closed", "open", "half_open"};

    return NAMES[state];
}

static const struct breaker_policy *policy_for(const struct breakers *all, const char *subject)
{
    const struct breaker_policy *fallback = &BREAKER_DEFAULTS[0];

    for (unsigned i = 0; i < all->n_policies; i++) {
        const struct breaker_policy *p = &all->policies[i];
        if (strcmp(p->subject, subject) == 0)
            return p;
        if (p->subject[0] == '\0' || strcmp(p->subject, "*") == 0)
            fallback = p;
    }
    return fallback;
}

static struct breaker *breaker_new(struct breakers *all, const char *subject)
{
    struct breaker *b = MEM_NEW(struct breaker);

    b->all = all;
    b->policy = policy_for(all, subject);
    b->subject = mem_strdup(subject);
    return b;
}

static void breaker_free(struct breaker *b)
{
    free(b->subject);
    free(b);
}

struct breakers *breakers_create(const struct clock *clock, const struct breaker_policy *policies,
                                 unsigned n)
{
    struct breakers *all = MEM_NEW(struct breakers);

    for (unsigned i = 0; i < n; i++)
        ASSERT(policies[i].window_ms >= BUCKETS && policies[i].half_open_probes > 0);
    all->clock = clock;
    all->policies = policies;
    all->n_policies = n;
    pthread_mutex_init(&all->mutex, NULL);
    all->shared = breaker_new(all, "*");
    return all;
}

void breakers_destroy(struct breakers *all)
{
    if (!all)
        return;
    while (all->first) {
        struct breaker *b = all->first;
        all->first = b->next;
        breaker_free(b);
    }
    breaker_free(all->shared);
    pthread_mutex_destroy(&all->mutex);
    free(all);
}

struct breaker *breakers_get(struct breakers *all, const char *subject)
{
    struct breaker *b;

    pthread_mutex_lock(&all->mutex);
    for (b = all->first; b; b = b->next)
        if (strcmp(b->subject, subject) == 0)
            break;
    if (!b && all->count == BREAKERS_MAX)
        b = all->shared;
    if (!b) {
        b = breaker_new(all, subject);
        b->next = all->first;
        all->first = b;
        all->count++;
    }
    pthread_mutex_unlock(&all->mutex);
    return b;
}

static int64_t epoch_of(const struct breaker *b, int64_t ms)
{
    return ms / (b->policy->window_ms / BUCKETS);
}

static void count(struct breaker *b, int64_t now_ms, bool ok)
{
    int64_t epoch = epoch_of(b, now_ms);
    struct bucket *bucket = &b->buckets[epoch % BUCKETS];

    if (bucket->epoch != epoch)
        *bucket = (struct bucket){.epoch = epoch};
    bucket->ok += ok;
    bucket->failed += !ok;
}

static bool fails_since(const struct breaker *b, int64_t oldest)
{
    int64_t calls = 0, failed = 0;

    for (int i = 0; i < BUCKETS; i++) {
        if (b->buckets[i].epoch < oldest)
            continue;
        calls += b->buckets[i].ok + b->buckets[i].failed;
        failed += b->buckets[i].failed;
    }
    return failed >= b->policy->min_failures && failed * 100 >= calls * b->policy->failure_percent;
}

/* A failed call says what was wrong when it began, and silence is noticed late. What was answered
 * well before it began does not speak against that; what was answered since does: so an outage
 * opens it with the first time-outs, however busy the seconds before were. */
static bool is_hopeless(const struct breaker *b, int64_t since_ms, int64_t now_ms)
{
    int64_t oldest = epoch_of(b, now_ms) - BUCKETS + 1, since = epoch_of(b, since_ms) - 1;

    return fails_since(b, oldest) || fails_since(b, since > oldest ? since : oldest);
}

static void change(struct breaker *b, enum breaker_state state, int64_t now_ms)
{
    enum breaker_state was = b->state;

    b->state = state;
    b->since_ms = now_ms;
    b->era++;
    b->probes_out = b->probes_bad = 0;
    memset(b->buckets, 0, sizeof(b->buckets));
    log_write(state == BREAKER_OPEN ? LOG_WARN : LOG_INFO, "breaker changed",
              (const struct log_field[]){LOG_TEXT("subject", b->subject),
                                         LOG_TEXT("from", breaker_state_name(was)),
                                         LOG_TEXT("to", breaker_state_name(state)), LOG_END});
}

/* The half-open state lets a few through; those that stay silent make room in time. */
static bool allow_probe(struct breaker *b, int64_t now_ms)
{
    if (b->probes_out >= b->policy->half_open_probes) {
        if (now_ms - b->since_ms < BREAKER_PROBE_PATIENCE_MS)
            return false;
        b->probes_out = 0;
    }
    b->probes_out++;
    b->since_ms = now_ms;
    return true;
}

/* It refuses no more; whoever asks next is a probe. */
static bool open_is_over(const struct breaker *b, int64_t now_ms)
{
    return b->state == BREAKER_OPEN && now_ms - b->since_ms >= b->policy->open_ms;
}

bool breaker_allow(struct breaker *b, struct breaker_ticket *ticket)
{
    int64_t now_ms = clock_now_ms(b->all->clock);
    bool allowed;

    pthread_mutex_lock(&b->all->mutex);
    if (open_is_over(b, now_ms))
        change(b, BREAKER_HALF_OPEN, now_ms);
    allowed =
        b->state == BREAKER_CLOSED || (b->state == BREAKER_HALF_OPEN && allow_probe(b, now_ms));
    *ticket = (struct breaker_ticket){.era = b->era, .since_ms = now_ms};
    pthread_mutex_unlock(&b->all->mutex);
    return allowed;
}

void breaker_report(struct breaker *b, const struct breaker_ticket *ticket, bool ok)
{
    int64_t now_ms = clock_now_ms(b->all->clock);

    pthread_mutex_lock(&b->all->mutex);
    if (ticket->era != b->era) {
        /* of before the last change of state */
    } else if (b->state == BREAKER_CLOSED) {
        count(b, now_ms, ok);
        if (!ok && is_hopeless(b, ticket->since_ms, now_ms))
            change(b, BREAKER_OPEN, now_ms);
    } else if (ok) {
        change(b, BREAKER_CLOSED, now_ms);
    } else if (++b->probes_bad >= b->policy->half_open_probes) {
        change(b, BREAKER_OPEN, now_ms);
    }
    pthread_mutex_unlock(&b->all->mutex);
}

void breaker_abstain(struct breaker *b, const struct breaker_ticket *ticket)
{
    pthread_mutex_lock(&b->all->mutex);
    if (ticket->era == b->era && b->state == BREAKER_HALF_OPEN && b->probes_out > b->probes_bad)
        b->probes_out--;
    pthread_mutex_unlock(&b->all->mutex);
}

enum breaker_state breaker_state(struct breaker *b)
{
    int64_t now_ms = clock_now_ms(b->all->clock);
    enum breaker_state state;

    pthread_mutex_lock(&b->all->mutex);
    state = open_is_over(b, now_ms) ? BREAKER_HALF_OPEN : b->state;
    pthread_mutex_unlock(&b->all->mutex);
    return state;
}

void breakers_each(struct breakers *all,
                   void (*fn)(void *arg, const char *subject, enum breaker_state state), void *arg)
{
    struct breaker *b;

    pthread_mutex_lock(&all->mutex);
    b = all->first;
    pthread_mutex_unlock(&all->mutex);
    /* Breakers are only ever added in front: from here on the list does not change. */
    for (; b; b = b->next)
        fn(arg, b->subject, breaker_state(b));
}

static void describe_one(void *arg, const char *subject, enum breaker_state state)
{
    json_out_member(arg, subject, breaker_state_name(state));
}

void breakers_describe(struct breakers *all, struct json_out *o)
{
    breakers_each(all, describe_one, o);
}
