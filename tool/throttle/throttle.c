/* throttle.c - see throttle.h. Locks are taken in the order of the subjects. */
#include "tool/throttle/throttle.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"

enum { TRIES_MAX = 8 };

void throttle_init(struct throttle *t, struct store *attempts, struct transactor *transactor,
                   const char *secret, struct metrics *metrics)
{
    *t = (struct throttle){attempts, transactor, metrics, .off = !secret};
    if (t->off)
        log_warn("limits are off: passwords may be guessed without end");
    else
        digest_derive(secret, "hanok throttle", t->key);
}

static bool is_off(const struct throttle *t)
{
    return !t || t->off;
}

struct throttle_subject throttle_subject(const struct throttle *t, const struct throttle_rule *rule,
                                         const char *who, const char *what)
{
    const char *parts[] = {rule->name, who, what};
    char text[3 * (THROTTLE_TEXT_MAX + 1)];
    struct throttle_subject subject = {.rule = rule};
    size_t len = 0;

    _Static_assert(sizeof(subject.id.b) == DIGEST_TAG_LEN, "a digest is the id");
    if (is_off(t))
        return subject;
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) { /* no text has a NUL: it separates them */
        size_t n = strlen(parts[i]) + 1;
        ASSERT(n <= THROTTLE_TEXT_MAX + 1);
        memcpy(text + len, parts[i], n);
        len += n;
    }
    digest_tag(t->key, text, len, subject.id.b);
    return subject;
}

enum status throttle_look(const struct throttle *t, const struct call *call,
                          struct throttle_subject subjects[], size_t n, int held_s[])
{
    struct attempt rows[THROTTLE_SUBJECTS_MAX];
    const void *keys[THROTTLE_SUBJECTS_MAX];
    bool found[THROTTLE_SUBJECTS_MAX];
    int64_t now_us = clock_wall_us(call->clock);
    enum status st;

    ASSERT(n <= THROTTLE_SUBJECTS_MAX);
    for (size_t i = 0; i < n; i++) {
        keys[i] = &subjects[i].id;
        held_s[i] = 0;
    }
    if (is_off(t))
        return ST_OK;
    st = store_find_many(t->attempts, NULL, call, NULL, keys, n, rows, found);
    for (size_t i = 0; i < n && st == ST_OK; i++) {
        subjects[i].seen = found[i];
        held_s[i] = found[i] ? attempt_held_s(&rows[i], subjects[i].rule, now_us) : 0;
    }
    return st;
}

enum status throttle_refuse(const struct throttle *t, const struct call *call,
                            const struct throttle_subject *subject, int held_s)
{
    char labels[64] = "";

    metrics_label(labels, sizeof(labels), "rule", subject->rule->name);
    metric_add(metrics_counter(t->metrics, "hanok_throttle_refused_total",
                               "Attempts refused because too many have failed.", labels),
               1);
    if (call->problem)
        call->problem->retry_after_s = held_s;
    return call_fail(call, ST_LIMITED, "too_many_attempts",
                     "Too many attempts have failed; see Retry-After.");
}

enum status throttle_ask(const struct throttle *t, const struct call *call,
                         struct throttle_subject subjects[], size_t n)
{
    int held_s[THROTTLE_SUBJECTS_MAX];
    enum status st = throttle_look(t, call, subjects, n, held_s);
    size_t longest = 0;

    if (st != ST_OK)
        return st;
    for (size_t i = 1; i < n; i++)
        if (held_s[i] > held_s[longest])
            longest = i;
    return held_s[longest] > 0 ? throttle_refuse(t, call, &subjects[longest], held_s[longest])
                               : ST_OK;
}

/* What is done to the row of one subject, under its lock. */
struct work {
    const struct throttle *t;
    const struct throttle_subject *subjects;
    size_t n;
    const struct throttle_subject *subject; /* the one it is at */
    int begun_s[THROTTLE_SUBJECTS_MAX];     /* the holds that have begun by this */
};

static enum status is_free(void *row, const struct call *call, void *arg)
{
    const struct work *work = arg;
    int held_s = attempt_held_s(row, work->subject->rule, clock_wall_us(call->clock));

    return held_s > 0 ? throttle_refuse(work->t, call, work->subject, held_s) : ST_OK;
}

static enum status count(void *row, const struct call *call, void *arg)
{
    struct work *work = arg;
    const struct throttle_rule *rule = work->subject->rule;
    int64_t now_us = clock_wall_us(call->clock);
    enum status st = is_free(row, call, arg);

    if (st == ST_OK && attempt_count(row, rule, now_us))
        work->begun_s[work->subject - work->subjects] = attempt_held_s(row, rule, now_us);
    return st;
}

/* ST_CONFLICT: another has made the row just now. */
static enum status count_one(struct transaction *tx, const struct call *call, struct work *work)
{
    struct attempt fresh = {.id = work->subject->id};
    enum status st = store_change(work->t->attempts, tx, call, &work->subject->id,
                                  &(struct store_change){.fn = count, .arg = work}, NULL);

    if (st != ST_NOT_FOUND)
        return st;
    (void)count(&fresh, call, work); /* nothing is known of it: it is not held */
    return store_insert(work->t->attempts, tx, call, &fresh, NULL);
}

static enum status count_all(struct transaction *tx, const struct call *call, void *arg)
{
    struct work *work = arg;
    enum status st = ST_OK;

    memset(work->begun_s, 0, sizeof(work->begun_s));
    for (size_t i = 0; i < work->n && st == ST_OK; i++) {
        work->subject = &work->subjects[i];
        st = count_one(tx, call, work);
    }
    return st;
}

static void say_begun(const struct call *call, const struct work *work)
{
    for (size_t i = 0; i < work->n; i++)
        if (work->begun_s[i] > 0)
            log_warn("too many attempts have failed: held", LOG_CALL(call),
                     LOG_TEXT("rule", work->subjects[i].rule->name),
                     LOG_UUID("subject", work->subjects[i].id), LOG_INT("s", work->begun_s[i]));
}

enum status throttle_fail(const struct throttle *t, const struct call *call,
                          const struct throttle_subject subjects[], size_t n)
{
    struct work work = {.t = t, .subjects = subjects, .n = n};
    enum status st = ST_CONFLICT;

    ASSERT(n <= THROTTLE_SUBJECTS_MAX);
    if (is_off(t))
        return ST_OK;
    /* An INSERT that is refused has a shared lock, on which those who go on would deadlock: it is
     * given back with the transaction. */
    for (int i = 0; i < TRIES_MAX && st == ST_CONFLICT; i++)
        st = transactor_run(t->transactor, call, count_all, &work);
    if (st == ST_OK)
        say_begun(call, &work);
    return st == ST_CONFLICT ? ST_UNAVAILABLE : st;
}

/* ST_OK | ST_NOT_FOUND: nothing is known of it */
static enum status pass_one(struct transaction *tx, const struct call *call, struct work *work)
{
    struct store *attempts = work->t->attempts;
    const struct throttle_subject *subject = work->subject;

    return subject->rule->forgiven
               ? store_remove(attempts, tx, call, &subject->id, is_free, work)
               : store_change(attempts, tx, call, &subject->id,
                              &(struct store_change){.fn = is_free, .arg = work}, NULL);
}

/* Every failure leaves something of the first subject. Is there nothing of it, nobody has failed
 * since they were asked, and the others are as they were then: free. */
enum status throttle_pass(const struct throttle *t, struct transaction *tx, const struct call *call,
                          const struct throttle_subject subjects[], size_t n)
{
    struct work work = {.t = t, .subjects = subjects, .n = n};
    enum status st = ST_OK;
    bool untouched = false;

    for (size_t i = 0; i < n && st == ST_OK && !is_off(t); i++) {
        work.subject = &subjects[i];
        if (untouched && !(subjects[i].seen && subjects[i].rule->forgiven))
            continue;
        st = pass_one(tx, call, &work);
        untouched |= i == 0 && st == ST_NOT_FOUND;
        if (st == ST_NOT_FOUND)
            st = ST_OK;
    }
    return st;
}

enum status throttle_forget(const struct throttle *t, struct transaction *tx,
                            const struct call *call, const struct throttle_subject subjects[],
                            size_t n)
{
    enum status st = ST_OK;

    for (size_t i = 0; i < n && st == ST_OK && !is_off(t); i++) {
        st = store_remove(t->attempts, tx, call, &subjects[i].id, NULL, NULL);
        if (st == ST_NOT_FOUND)
            st = ST_OK;
    }
    return st;
}
