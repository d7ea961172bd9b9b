/* replay.c - see replay.h. */
#include "tool/event/replay.h"

#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/event/hearer_private.h"

/* One letter, in one transaction. */
struct step {
    struct hearer *hearer;
    struct uuid id, key;
    bool any;  /* the first of the key, whichever that is */
    bool drop; /* without handling it */
    bool tried;
    struct dead_letter letter;
};

static enum status not_readable(const struct call *call, const char *detail)
{
    return call_fail(call, ST_UNPROCESSABLE, "not_readable", "%s", detail);
}

static enum status run_letter(struct step *s, struct transaction *tx, const struct call *call)
{
    const struct hearer_config *config = &s->hearer->config;
    const struct dead_letter *letter = &s->letter;
    struct event event = {.id = letter->id,
                          .key = letter->key,
                          .partition = (unsigned)letter->partition,
                          .attempt = (unsigned)letter->attempts + 1,
                          .time_us = letter->time_us,
                          .json = letter->json,
                          .json_len = strlen(letter->json)};
    const struct hearing *row = hearing_find(config->rows, config->n, letter->type, &event.type);
    enum status st;
    void *data;

    s->tried = true;
    if (!row)
        return not_readable(call, "Nobody here hears this type.");
    TEXT_COPY(event.source, letter->source);
    TEXT_COPY(event.traceparent, letter->traceparent);
    data = hearer_decode(&event, call);
    if (!data) {
        call->problem->status = ST_UNPROCESSABLE;
        TEXT_COPY(call->problem->code, "not_readable");
        return ST_UNPROCESSABLE;
    }
    st = hearer_call(s->hearer, row, tx, call, &event, data);
    free(data);
    return st;
}

/* Its key's first letter is locked first, as by who parks: whoever comes second waits. */
static enum status take(struct step *s, struct transaction *tx, const struct call *call)
{
    struct dead_letters *letters = s->hearer->config.dead_letters;
    enum status st;

    if (!s->any) {
        st = letters->ops->find(letters, tx, call, s->id, &s->letter);
        if (st != ST_OK || !s->letter.in_order)
            return st;
        s->key = s->letter.key;
    }
    st = letters->ops->head(letters, tx, call, s->key, &s->letter);
    if (st == ST_OK && !s->any && !uuid_equal(s->letter.id, s->id))
        return call_fail(call, ST_CONFLICT, "not_first",
                         "An earlier event of the same key comes first.");
    return st;
}

static enum status step_in(struct transaction *tx, const struct call *call, void *arg)
{
    struct step *s = arg;
    struct dead_letters *letters = s->hearer->config.dead_letters;
    enum status st;

    s->tried = false;
    problem_clear(call->problem);
    st = take(s, tx, call);
    if (st == ST_OK && !s->drop)
        st = run_letter(s, tx, call);
    s->tried = s->tried && st != ST_OK;
    return st == ST_OK ? letters->ops->remove(letters, tx, call, s->letter.id) : st;
}

static enum status note_in(struct transaction *tx, const struct call *call, void *arg)
{
    struct step *s = arg;
    struct dead_letters *letters = s->hearer->config.dead_letters;

    return letters->ops->update(letters, tx, call, &s->letter);
}

/* It stays, and who looks at it sees why. */
static void note(struct step *s, enum status st, const struct call *call)
{
    struct problem unused = {0};
    struct call quiet = *call;

    quiet.problem = &unused;
    s->letter.state = DEAD_LETTER_DEAD;
    s->letter.attempts++;
    hearer_reason(st, call->problem, s->letter.reason);
    log_warn("a dead letter could not be handled", LOG_CALL(call),
             LOG_UUID("eventId", s->letter.id), LOG_TEXT("type", s->letter.type),
             LOG_TEXT("reason", s->letter.reason));
    if (transactor_run(s->hearer->config.transactor, &quiet, note_in, s) != ST_OK)
        log_warn("a dead letter's reason is not noted", LOG_UUID("eventId", s->letter.id));
}

static enum status step(struct step *s, const struct call *call, unsigned *done)
{
    enum status st = transactor_run(s->hearer->config.transactor, call, step_in, s);

    if (st == ST_OK)
        *done += !s->drop;
    else if (s->tried && !hearer_is_away(st))
        note(s, st, call);
    if (st == ST_OK)
        log_info(s->drop ? "a dead letter was dropped" : "a dead letter was handled",
                 LOG_CALL(call), LOG_UUID("eventId", s->letter.id), LOG_UUID("key", s->letter.key),
                 LOG_TEXT("type", s->letter.type));
    return st;
}

/* All that is parked behind a letter that is gone: until there is none, or a dead one again. */
static enum status go_on(struct step *s, const struct call *call, unsigned *done)
{
    struct problem problem = {0};
    struct call quiet = *call;
    enum status st = ST_OK;

    if (!s->letter.in_order)
        return ST_OK;
    quiet.problem = &problem;
    s->key = s->letter.key;
    s->any = true;
    s->drop = false;
    while (st == ST_OK)
        st = call_expired(call) ? ST_PENDING : step(s, &quiet, done);
    return hearer_is_away(st) ? ST_PENDING : ST_OK;
}

static enum status begin(struct hearer *hearer, const struct call *call, struct uuid id, bool drop,
                         unsigned *done)
{
    struct problem problem = {0};
    struct call explained = *call;
    struct step *s = MEM_NEW(struct step);
    enum status st;

    if (!explained.problem)
        explained.problem = &problem;
    *s = (struct step){.hearer = hearer, .id = id, .drop = drop};
    *done = 0;
    st = step(s, &explained, done);
    if (st == ST_OK)
        st = go_on(s, &explained, done);
    free(s);
    return st;
}

enum status hearer_replay(struct hearer *hearer, const struct call *call, struct uuid id,
                          unsigned *done)
{
    return begin(hearer, call, id, false, done);
}

enum status hearer_drop(struct hearer *hearer, const struct call *call, struct uuid id,
                        unsigned *done)
{
    return begin(hearer, call, id, true, done);
}

enum status hearer_resume(struct hearer *hearer, const struct call *call, unsigned *done)
{
    struct dead_letters *letters = hearer->config.dead_letters;
    struct uuid id;
    enum status st = letters->ops->stuck(letters, call, &id);

    *done = 0;
    if (st != ST_OK)
        return st == ST_NOT_FOUND ? ST_OK : st;
    st = hearer_replay(hearer, call, id, done);
    /* Refused, it is a dead letter now; gone or not the first, somebody else is at it. */
    return hearer_is_away(st) && st != ST_PENDING ? st : ST_PENDING;
}
