/* hearer.c - see hearer.h. */
#include "tool/event/hearer_private.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/json_out.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"

enum { BURY_MS = 2000, TELL_AGAIN = 100 };
enum {
    FAILED_MS = 100,
    FAILED_FACTOR = 4,
    FAILED_MAX_MS = 5000,
    AWAY_MS = 100,
    AWAY_MAX_MS = 2000
};

const char *const HEARD_NAMES[HEARD_KINDS] = {
    [HEARD_HANDLED] = "handled", [HEARD_AGAIN] = "again", [HEARD_NOT_OURS] = "not_ours",
    [HEARD_PARKED] = "parked",   [HEARD_DEAD] = "dead",   [HEARD_FAILED] = "failed",
    [HEARD_AWAY] = "away",
};

/* One delivery, over all its transactions. */
struct attempt {
    struct hearer *hearer;
    const struct hearing *row;
    const struct event *event;
    const void *data; /* NULL = cannot be decoded */
    const char *reason;
    enum heard what; /* if it commits */
};

/* ---- shared with replay ---- */

enum status hearer_call(const struct hearer *hearer, const struct hearing *row,
                        struct transaction *tx, const struct call *call, const struct event *event,
                        const void *data)
{
    problem_clear(call->problem);
    return row->fn((char *)hearer->config.self + row->self, tx, call, event, data);
}

void *hearer_decode(const struct event *event, const struct call *call)
{
    const struct descriptor *d = event->type->data;
    void *data = mem_alloc(1, d->size);

    if (decode_lenient(d, event->json, event->json_len, data, call->problem) == ST_OK)
        return data;
    free(data);
    return NULL;
}

bool hearer_is_away(enum status st)
{
    return st == ST_UNAVAILABLE || st == ST_OVERLOADED || st == ST_TIMEOUT || st == ST_UNCERTAIN ||
           st == ST_PENDING || st == ST_LIMITED;
}

void hearer_reason(enum status st, const struct problem *problem,
                   char reason[DEAD_LETTER_REASON_MAX + 1])
{
    bool said = problem->status == st;
    const char *code = said && problem->code[0] ? problem->code : status_code(st);
    char text[512];
    size_t len;

    if (said && problem->n_errors > 0)
        snprintf(text, sizeof(text), "%s: %s %s", code, problem->errors[0].field,
                 problem->errors[0].reason);
    else if (said && problem->detail[0])
        snprintf(text, sizeof(text), "%s: %s", code, problem->detail);
    else
        snprintf(text, sizeof(text), "%s", code);
    len = strlen(text) < DEAD_LETTER_REASON_MAX ? strlen(text) : DEAD_LETTER_REASON_MAX;
    while (!json_out_is_utf8(text, len)) /* cut in the middle of a character */
        len--;
    text[len] = '\0';
    text_copy(reason, DEAD_LETTER_REASON_MAX + 1, text);
}

/* ---- transactions ---- */

static bool in_order(const struct attempt *a)
{
    return a->row->kind == HEAR_IN_ORDER;
}

static void letter_of(const struct attempt *a, enum dead_letter_state state, unsigned attempts,
                      struct dead_letter *letter)
{
    const struct event *e = a->event;

    memset(letter, 0, sizeof(*letter));
    letter->id = e->id;
    letter->key = e->key;
    letter->state = state;
    letter->in_order = in_order(a) && !uuid_is_nil(e->key);
    letter->attempts = attempts;
    letter->partition = e->partition;
    letter->stream_seq = (int64_t)e->stream_seq;
    letter->time_us = e->time_us;
    TEXT_COPY(letter->type, e->type->name);
    TEXT_COPY(letter->reason, a->reason ? a->reason : "");
    TEXT_COPY(letter->source, e->source);
    TEXT_COPY(letter->traceparent, e->traceparent);
    if (e->json_len <= EVENT_DATA_MAX && json_out_is_utf8(e->json, e->json_len) &&
        !memchr(e->json, '\0', e->json_len))
        memcpy(letter->json, e->json, e->json_len);
}

/* ST_OK: the first time; then it is noted. */
static enum status enter(struct attempt *a, struct transaction *tx, const struct call *call)
{
    struct barrier *barrier = a->hearer->config.barrier;
    char key[UUID_TEXT_LEN + 1], place[24], seen[BARRIER_OUTCOME_MAX + 1];

    snprintf(place, sizeof(place), "%llu", (unsigned long long)a->event->stream_seq);
    return barrier->ops->enter(barrier, tx, call, a->hearer->consumer, uuid_text(a->event->id, key),
                               place, seen);
}

/* ST_OK: it is parked. ST_NOT_FOUND: there is nothing to be parked behind. */
static enum status park(struct attempt *a, struct transaction *tx, const struct call *call)
{
    struct dead_letters *letters = a->hearer->config.dead_letters;
    struct dead_letter *letter = MEM_NEW(struct dead_letter);
    enum status st = letters->ops->head(letters, tx, call, a->event->key, letter);

    if (st == ST_OK) {
        letter_of(a, DEAD_LETTER_PARKED, 0, letter);
        st = letters->ops->insert(letters, tx, call, letter);
    }
    free(letter);
    return st == ST_CONFLICT ? ST_OK : st;
}

static enum status handle_in_order(struct attempt *a, struct transaction *tx,
                                   const struct call *call)
{
    enum status st = enter(a, tx, call);

    if (st == ST_CONFLICT)
        a->what = HEARD_AGAIN;
    if (st != ST_OK)
        return st == ST_CONFLICT ? ST_OK : st;
    st = park(a, tx, call);
    if (st == ST_OK)
        a->what = HEARD_PARKED;
    if (st != ST_NOT_FOUND)
        return st;
    return a->data ? hearer_call(a->hearer, a->row, tx, call, a->event, a->data) : ST_INVALID;
}

static enum status handle(struct transaction *tx, const struct call *call, void *arg)
{
    struct attempt *a = arg;

    a->what = HEARD_HANDLED;
    if (in_order(a))
        return handle_in_order(a, tx, call);
    return a->data ? hearer_call(a->hearer, a->row, tx, call, a->event, a->data) : ST_INVALID;
}

/* What the handler wrote was rolled back, the note at the barrier with it; if another delivery has
 * got through meanwhile, that holds. */
static enum status bury(struct transaction *tx, const struct call *call, void *arg)
{
    struct attempt *a = arg;
    struct dead_letters *letters = a->hearer->config.dead_letters;
    struct dead_letter *letter;
    enum status st = in_order(a) ? enter(a, tx, call) : ST_OK;

    a->what = HEARD_AGAIN;
    if (st != ST_OK)
        return st == ST_CONFLICT ? ST_OK : st;
    letter = MEM_NEW(struct dead_letter);
    letter_of(a, DEAD_LETTER_DEAD, a->event->attempt, letter);
    st = letters->ops->insert(letters, tx, call, letter);
    free(letter);
    if (st == ST_OK)
        a->what = HEARD_DEAD;
    return st == ST_CONFLICT ? ST_OK : st;
}

/* ---- one delivery ---- */

static struct hearer_tries *tries_of(struct hearer *hearer, const struct event *event)
{
    struct hearer_tries *tries = &hearer->tries[event->partition];

    if (!uuid_equal(tries->id, event->id))
        *tries = (struct hearer_tries){.id = event->id};
    return tries;
}

const struct hearer_tries *hearer_tried(const struct hearer *hearer, const struct event *event)
{
    const struct hearer_tries *tries = &hearer->tries[event->partition];

    return uuid_equal(tries->id, event->id) ? tries : NULL;
}

static int64_t grown(int64_t first_ms, unsigned factor, unsigned n, int64_t max_ms)
{
    int64_t ms = first_ms;

    while (n-- > 1 && ms < max_ms)
        ms *= factor;
    return ms < max_ms ? ms : max_ms;
}

struct heard_event hearer_put_off(struct hearer *hearer, const struct event *event, enum status st,
                                  const struct call *call)
{
    struct hearer_tries *tries = tries_of(hearer, event);

    if (tries->away++ % TELL_AGAIN == 0)
        log_warn("an event has to wait", LOG_CALL(call), LOG_UUID("eventId", event->id),
                 LOG_TEXT("type", event->type->name), LOG_STATUS(st));
    return (struct heard_event){HEARD_AWAY, grown(AWAY_MS, 2, tries->away, AWAY_MAX_MS)};
}

/* With a time of its own: the handler may have used up all there was. */
static struct heard_event give_up(struct attempt *a, const struct call *call)
{
    struct call own = *call;
    enum status st;

    own.deadline_ms = clock_now_ms(call->clock) + BURY_MS;
    st = transactor_run(a->hearer->config.transactor, &own, bury, a);

    if (st != ST_OK)
        return hearer_put_off(a->hearer, a->event, st, call);
    if (a->what == HEARD_DEAD)
        log_error("an event is a dead letter", LOG_CALL(call), LOG_UUID("eventId", a->event->id),
                  LOG_UUID("key", a->event->key), LOG_TEXT("type", a->event->type->name),
                  LOG_INT("attempts", a->event->attempt), LOG_TEXT("reason", a->reason));
    return (struct heard_event){a->what, 0};
}

static struct heard_event fail(struct attempt *a, enum status st, const struct call *call)
{
    struct hearer_tries *tries = tries_of(a->hearer, a->event);
    char reason[DEAD_LETTER_REASON_MAX + 1];

    if (hearer_is_away(st))
        return hearer_put_off(a->hearer, a->event, st, call);
    hearer_reason(st, call->problem, reason);
    tries->failed++;
    a->reason = reason;
    if (!a->data || tries->failed >= a->hearer->config.attempts)
        return give_up(a, call);
    log_warn("an event could not be handled", LOG_CALL(call), LOG_UUID("eventId", a->event->id),
             LOG_TEXT("type", a->event->type->name), LOG_INT("failed", tries->failed),
             LOG_TEXT("reason", reason));
    return (struct heard_event){HEARD_FAILED,
                                grown(FAILED_MS, FAILED_FACTOR, tries->failed, FAILED_MAX_MS)};
}

static struct heard_event attempt(struct attempt *a, const struct call *call)
{
    enum status st = transactor_run(a->hearer->config.transactor, call, handle, a);

    if (st != ST_OK)
        return fail(a, st, call);
    if (a->what == HEARD_PARKED)
        log_warn("an event is parked behind a dead letter", LOG_CALL(call),
                 LOG_UUID("eventId", a->event->id), LOG_UUID("key", a->event->key),
                 LOG_TEXT("type", a->event->type->name));
    return (struct heard_event){a->what, 0};
}

struct call hearer_call_of(const struct hearer *hearer, struct hearer_reading *reading)
{
    struct call call = {.clock = hearer->config.clock, .problem = &reading->problem};

    call.deadline_ms = clock_now_ms(call.clock) + HEARER_HANDLE_MS;
    uuid_text(reading->event.id, call.request_id);
    TEXT_COPY(call.traceparent, reading->event.traceparent);
    return call;
}

void hearer_read(const struct hearer *hearer, const struct delivery *delivery,
                 struct hearer_reading *reading)
{
    char type[EVENT_NAME_MAX + 1];

    memset(reading, 0, sizeof(*reading));
    if (delivery_subject(delivery->subject, type, &reading->event.partition))
        reading->row =
            hearing_find(hearer->config.rows, hearer->config.n, type, &reading->event.type);
    if (!reading->row)
        return;
    reading->reason = delivery_read(delivery, type, &reading->event);
    if (!reading->reason) {
        struct call call = hearer_call_of(hearer, reading);
        reading->data = hearer_decode(&reading->event, &call);
    }
}

void hearer_forget(struct hearer_reading *reading)
{
    free(reading->data);
}

struct heard_event hearer_handle(struct hearer *hearer, const struct delivery *delivery)
{
    struct hearer_reading reading;
    struct attempt a = {.hearer = hearer, .event = &reading.event};
    struct heard_event heard = {HEARD_NOT_OURS, 0};
    struct call call;

    hearer_read(hearer, delivery, &reading);
    if (!reading.row)
        return heard;
    a.row = reading.row;
    a.data = reading.data;
    a.reason = reading.reason;
    call = hearer_call_of(hearer, &reading);
    heard = a.reason ? give_up(&a, &call) : attempt(&a, &call);
    hearer_forget(&reading);
    return heard;
}

bool hearer_hears(const struct hearer *hearer, const char *subject)
{
    char type[EVENT_NAME_MAX + 1];
    unsigned partition;

    return delivery_subject(subject, type, &partition) &&
           hearing_find(hearer->config.rows, hearer->config.n, type, NULL);
}

/* ---- life ---- */

const struct hearer_config *hearer_config(const struct hearer *hearer)
{
    return &hearer->config;
}

struct hearer *hearer_create(const struct hearer_config *config)
{
    struct hearer *hearer = MEM_NEW(struct hearer);
    int len = snprintf(hearer->consumer, sizeof(hearer->consumer), "event.%s", config->service);

    ASSERT(len > 0 && len < (int)sizeof(hearer->consumer));
    hearer->config = *config;
    if (hearer->config.attempts == 0)
        hearer->config.attempts = HEARER_ATTEMPTS;
    return hearer;
}

void hearer_destroy(struct hearer *hearer)
{
    free(hearer);
}
