/* admin_events.c - see admin_events.h. */
#include "tool/service/admin_events.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/event/replay.h"
#include "tool/service/admin_status.h"
#include "tool/service/event_message.h"
#include "tool/service/process.h"

enum { BATCH = 500 };

/* ---- outbox ---- */

static void write_partitions(uint32_t held, char text[PARTITIONS_TEXT_MAX + 1])
{
    size_t len = 0;

    text[0] = '\0';
    for (unsigned p = 0; p < EVENT_PARTITIONS; p++)
        if (held & UINT32_C(1) << p)
            len += (size_t)snprintf(text + len, PARTITIONS_TEXT_MAX + 1 - len, "%s%02u",
                                    len ? " " : "", p);
}

enum status admin_outbox_lag(void *self, const struct call *call, const void *in, void *out)
{
    const struct process *process = self;
    struct outbox *outbox = process->run.outbox;
    struct relay_counts counts = relaying_counts(process->relaying);
    struct outbox_status *status = out;
    struct outbox_lag lag = {0};
    enum status st = outbox->ops->lag(outbox, call, &lag);

    (void)in;
    admin_instance(status->instance, sizeof(status->instance));
    status->pending = lag.pending;
    status->oldest_ms = lag.oldest_ms;
    write_partitions(counts.held, status->partitions);
    status->sent = (int64_t)counts.sent;
    status->failed = (int64_t)counts.failed;
    status->again = (int64_t)counts.again;
    return st;
}

enum status admin_outbox_replay(void *self, const struct call *call, const void *in, void *out)
{
    const struct process *process = self;
    struct outbox *outbox = process->run.outbox;
    const struct outbox_replay *wish = in;
    struct outbox_replayed *done = out;
    enum status st = ST_OK;

    for (unsigned p = 0; p < EVENT_PARTITIONS && st == ST_OK && !done->more; p++) {
        size_t n = BATCH;
        while (n == BATCH && st == ST_OK && !done->more) {
            st = outbox->ops->send_again(outbox, call, p, (uint64_t)wish->after, BATCH, &n);
            done->count += st == ST_OK ? (int64_t)n : 0;
            done->more = call_expired(call);
        }
    }
    log_warn("events are sent again", LOG_CALL(call), LOG_INT("count", done->count),
             LOG_INT("after", wish->after));
    return st;
}

/* ---- dead letters ---- */

enum status admin_dead_list(void *self, const struct call *call, const void *in, void *out)
{
    const struct process *process = self;
    struct dead_letters *letters = process->run.dead_letters;
    const struct dead_list_query *query = in;
    struct dead_list *list = out;
    size_t limit = (size_t)query->limit;
    enum status st = letters->ops->list(
        letters, call,
        &(struct dead_letter_list){query->after, uuid_is_nil(query->key) ? NULL : &query->key,
                                   query->dead_only},
        limit + 1, list->items, &list->n);

    list->more = list->n > limit;
    if (list->more)
        list->n = limit;
    return st;
}

static enum status no_such_letter(const struct call *call)
{
    return call_fail(call, ST_NOT_FOUND, "not_found", "There is no such dead letter.");
}

enum status admin_dead_get(void *self, const struct call *call, const void *in, void *out)
{
    const struct process *process = self;
    struct dead_letters *letters = process->run.dead_letters;
    enum status st =
        letters->ops->find(letters, NULL, call, ((const struct dead_query *)in)->id, out);

    return st == ST_NOT_FOUND ? no_such_letter(call) : st;
}

/* What the handler said is a text for people; its code is one of its own operations. */
static enum status failed_again(const struct call *call, enum status st)
{
    const char *code = call->problem->code;
    struct problem said = *call->problem;

    if (!status_is_refusal(st) || strcmp(code, "not_first") == 0 ||
        strcmp(code, "not_readable") == 0)
        return st;
    *call->problem = (struct problem){0};
    return call_fail(call, ST_UNPROCESSABLE, "still_fails", "%s",
                     said.detail[0] ? said.detail : status_title(st));
}

static enum status dispose(void *self, const struct call *call, const struct dead_query *query,
                           enum status (*fn)(struct hearer *hearer, const struct call *call,
                                             struct uuid id, unsigned *done),
                           struct dead_done *out)
{
    const struct process *process = self;
    struct dead_letters *letters = process->run.dead_letters;
    struct dead_letter *letter = MEM_NEW(struct dead_letter);
    enum status st = letters->ops->find(letters, NULL, call, query->id, letter);
    unsigned handled = 0;

    free(letter);
    if (st == ST_NOT_FOUND)
        return no_such_letter(call);
    if (st != ST_OK)
        return st;
    st = fn(process->run.hearer, call, query->id, &handled);
    out->id = query->id;
    out->handled = handled;
    log_info("dead letter disposed of", LOG_CALL(call), LOG_UUID("eventId", query->id),
             LOG_TEXT("how", fn == hearer_drop ? "drop" : "replay"), LOG_INT("handled", handled),
             LOG_STATUS(st));
    return st == ST_OK || st == ST_PENDING ? st : failed_again(call, st);
}

enum status admin_dead_replay(void *self, const struct call *call, const void *in, void *out)
{
    return dispose(self, call, in, hearer_replay, out);
}

enum status admin_dead_drop(void *self, const struct call *call, const void *in, void *out)
{
    return dispose(self, call, in, hearer_drop, out);
}
