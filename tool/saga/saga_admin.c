/* saga_admin.c - see saga_admin.h. */
#include "tool/saga/saga_admin.h"

#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/saga/saga_job.h"
#include "tool/saga/saga_turn.h"

/* ---- messages ---- */

enum wanted { WANTED_OPEN, WANTED_ENDED, WANTED_STATES };

static const char *const WANTED_NAMES[] = {"OPEN", "ENDED",
#define X(name, text) text,
                                           SAGA_STATE_LIST(X)
#undef X
                                               NULL};
static const char *const KIND_NAMES[] = {"COMPENSATABLE", "PIVOT", "RETRIABLE", NULL};
static const char *const PLACE_NAMES[] = {"LOCAL", "REMOTE", NULL};

enum progress { WAITING, PRESENT, DONE, UNDONE, SKIPPED };
static const char *const PROGRESS_NAMES[] = {"WAITING", "PRESENT", "DONE",
                                             "UNDONE",  "SKIPPED", NULL};

static const struct field QUERY_FIELDS[] = {
    FIELD(struct saga_list_query, state, "state", FIELD_ENUM, 0, .names = WANTED_NAMES,
          .doc = "OPEN when it is not said."),
    FIELD(struct saga_list_query, type, "type", FIELD_TEXT, 0, .doc = "Of this type only."),
    FIELD(struct saga_list_query, older_s, "olderThan", FIELD_INT, 0, .max = 31536000,
          .doc = "Started at least so many seconds ago."),
    FIELD(struct saga_list_query, limit, "limit", FIELD_INT, 0, .min = 1, .max = SAGA_LIST_MAX,
          .fallback = SAGA_LIST_DEFAULT, .doc = "So many at most."),
};

const struct descriptor SAGA_LIST_QUERY =
    DESCRIPTOR(struct saga_list_query, "SagaListQuery", QUERY_FIELDS, "Which sagas.");

static const struct field VIEW_FIELDS[] = {
    SAGA_VIEW_FIELDS("subject", "What it is about: a user, an order."),
};

static const struct descriptor VIEW =
    DESCRIPTOR(struct saga_view, "SagaView", VIEW_FIELDS, "How far it has come.");

static const struct field ITEM_FIELDS[] = {
    FIELD(struct saga_item, view, "", FIELD_INLINE, 0, .item = &VIEW),
    FIELD(struct saga_item, type, "type", FIELD_TEXT, FIELD_REQUIRED, .doc = "Such as signup."),
    FIELD(struct saga_item, attempts, "attempts", FIELD_INT, FIELD_REQUIRED,
          .doc = "Failed attempts of the present step."),
    FIELD(struct saga_item, due_ms, "dueInMs", FIELD_INT, 0,
          .doc = "Until somebody takes it up; negative: it waits for that. Not of ended ones."),
    FIELD(struct saga_item, remaining_ms, "deadlineInMs", FIELD_INT, 0,
          .doc = "Until it compensates if it has not passed its pivot. Not of ended ones."),
    FIELD(struct saga_item, why, "unreadable", FIELD_TEXT, 0,
          .doc = "What of its row this release cannot read."),
};

static const struct descriptor ITEM =
    DESCRIPTOR(struct saga_item, "SagaItem", ITEM_FIELDS, "A saga.");

static const struct field LIST_FIELDS[] = {
    FIELD(struct saga_list, items, "items", FIELD_LIST, FIELD_REQUIRED, .item = &ITEM,
          .max = SAGA_LIST_MAX, .count_offset = offsetof(struct saga_list, n), .doc = "In order."),
    FIELD(struct saga_list, more, "more", FIELD_BOOL, 0, .doc = "There are more than asked for."),
};

const struct descriptor SAGA_LIST =
    DESCRIPTOR(struct saga_list, "SagaList", LIST_FIELDS, "Sagas of a service.");

static const struct field STEP_FIELDS[] = {
    FIELD(struct saga_progress_step, name, "name", FIELD_TEXT, FIELD_REQUIRED, .doc = "The step."),
    FIELD(struct saga_progress_step, kind, "kind", FIELD_ENUM, FIELD_REQUIRED, .names = KIND_NAMES,
          .doc = "The pivot is the point of no return."),
    FIELD(struct saga_progress_step, place, "place", FIELD_ENUM, FIELD_REQUIRED,
          .names = PLACE_NAMES, .doc = "Where it is done."),
    FIELD(struct saga_progress_step, progress, "progress", FIELD_ENUM, FIELD_REQUIRED,
          .names = PROGRESS_NAMES,
          .doc = "PRESENT: being done, or undone; UNDONE: nothing of it is left; SKIPPED: never "
                 "reached."),
};

static const struct descriptor STEP =
    DESCRIPTOR(struct saga_progress_step, "SagaStep", STEP_FIELDS, "A step of a saga.");

static const struct field DETAIL_FIELDS[] = {
    FIELD(struct saga_detail, item, "", FIELD_INLINE, 0, .item = &ITEM),
    FIELD(struct saga_detail, steps, "steps", FIELD_LIST, 0, .item = &STEP, .max = SAGA_STEPS_MAX,
          .count_offset = offsetof(struct saga_detail, n_steps), .doc = "In order."),
};

const struct descriptor SAGA_DETAIL =
    DESCRIPTOR(struct saga_detail, "SagaDetail", DETAIL_FIELDS, "A saga, step by step.");

const struct operation_error SAGA_ADMIN_ERRORS[] = {
    {ST_NOT_FOUND, "not_found",       "There is no such saga, or it ended long ago."          },
    {ST_CONFLICT,  "saga_ended",      "There is nothing to be done for a saga that has ended."},
    {ST_CONFLICT,  "past_pivot",      "It may have passed its point of no return."            },
    {ST_CONFLICT,  "saga_unreadable", "This release cannot read its row."                     },
    {ST_CONFLICT,  "saga_moves",      "It was moved on each time it was to be turned around." },
    {ST_OK,        NULL,              NULL                                                    },
};

/* ---- use cases ---- */

static bool has_ended(const struct saga_record *record)
{
    return record->view.state == SAGA_SUCCEEDED || record->view.state == SAGA_COMPENSATED;
}

static void fill_item(const struct saga_record *record, struct saga_item *item)
{
    item->view = record->view;
    TEXT_COPY(item->type, record->type);
    TEXT_COPY(item->why, record->why);
    item->attempts = record->attempts;
    item->due_ms = has_ended(record) ? 0 : record->due_ms;
    item->remaining_ms = has_ended(record) ? 0 : record->remaining_ms;
}

/* On the way back: whether a step had happened is not kept, but that nothing of it is left is sure.
 * What cannot be undone was not reached. */
static enum progress progress_back(const struct saga_step *step)
{
    return step->kind == SAGA_COMPENSATABLE || step->undo ? UNDONE : SKIPPED;
}

static enum progress progress_of(const struct saga_record *record, const struct saga_step *step,
                                 size_t i, size_t present)
{
    switch (record->view.state) {
    case SAGA_SUCCEEDED:
        return DONE;
    case SAGA_COMPENSATED:
        return progress_back(step);
    case SAGA_COMPENSATING:
        return i < present ? DONE : i == present ? PRESENT : progress_back(step);
    case SAGA_STARTED:
    case SAGA_PROCESSING:
    case SAGA_STATES:
        break;
    }
    return i < present ? DONE : i == present ? PRESENT : WAITING;
}

static void fill_steps(const struct saga_type *type, const struct saga_record *record,
                       struct saga_detail *out)
{
    size_t present = 0;

    while (present < type->n_steps && strcmp(type->steps[present].name, record->view.step) != 0)
        present++;
    out->n_steps = type->n_steps;
    for (size_t i = 0; i < type->n_steps; i++) {
        struct saga_progress_step *step = &out->steps[i];
        TEXT_COPY(step->name, type->steps[i].name);
        step->kind = (int)type->steps[i].kind;
        step->place = (int)type->steps[i].place;
        step->progress = (int)progress_of(record, &type->steps[i], i, present);
    }
}

/* Why it is left for another release; "" = it is not. */
static void explain(struct saga_engine *engine, const struct saga_entry *entry,
                    const struct saga_record *record, struct saga_item *item)
{
    const char *why = entry ? NULL : "its type is not known";
    struct saga_job *job;

    if (record->view.unreadable || has_ended(record))
        return;
    if (entry) {
        job = saga_job_create(engine, entry);
        why = saga_engine_read(job, record);
        free(job);
    }
    TEXT_COPY(item->why, why ? why : "");
}

static enum status look(struct saga_engine *engine, const struct call *call, struct uuid id,
                        struct saga_record *record, struct saga_detail *out)
{
    struct saga_store *store = engine->config.store;
    const struct saga_entry *entry;
    enum status st = store->ops->find(store, call, id, record);

    if (st == ST_NOT_FOUND)
        return call_fail(call, st, "not_found", "There is no such saga.");
    if (st != ST_OK)
        return st;
    fill_item(record, &out->item);
    entry = saga_engine_entry(engine, record->type);
    if (entry)
        fill_steps(entry->type, record, out);
    explain(engine, entry, record, &out->item);
    return ST_OK;
}

enum status saga_admin_list(void *self, const struct call *call, const void *in, void *out)
{
    struct saga_engine *engine = *(struct saga_engine *const *)self;
    struct saga_store *store = engine->config.store;
    const struct saga_list_query *query = in;
    struct saga_list *list = out;
    struct saga_filter filter = {.older_ms = query->older_s * 1000};
    size_t limit = (size_t)query->limit, n = 0;
    struct saga_record *rows = mem_alloc(limit + 1, sizeof(*rows));
    enum status st;

    TEXT_COPY(filter.type, query->type);
    if (query->state >= WANTED_STATES)
        filter.state = WANTED_NAMES[query->state];
    filter.ended = query->state == WANTED_ENDED ||
                   query->state == WANTED_STATES + (int)SAGA_SUCCEEDED ||
                   query->state == WANTED_STATES + (int)SAGA_COMPENSATED;
    st = store->ops->list(store, call, &filter, limit + 1, rows, &n);
    list->more = n > limit;
    list->n = n < limit ? n : limit;
    for (size_t i = 0; st == ST_OK && i < list->n; i++)
        fill_item(&rows[i], &list->items[i]);
    free(rows);
    return st;
}

enum status saga_admin_get(void *self, const struct call *call, const void *in, void *out)
{
    struct saga_record record;

    return look(*(struct saga_engine *const *)self, call, ((const struct saga_query *)in)->saga_id,
                &record, out);
}

enum status saga_admin_retry(void *self, const struct call *call, const void *in, void *out)
{
    struct saga_engine *engine = *(struct saga_engine *const *)self;
    struct uuid id = ((const struct saga_query *)in)->saga_id;
    struct saga_record record;
    enum status st = look(engine, call, id, &record, out);

    if (st != ST_OK)
        return st;
    if (has_ended(&record))
        return call_fail(call, ST_CONFLICT, "saga_ended", "The saga has ended already.");
    log_info("saga is woken", LOG_CALL(call), LOG_UUID("sagaId", id));
    st = saga_wake(engine, id);
    return st == ST_OK ? look(engine, call, id, &record, out) : st;
}

enum status saga_admin_compensate(void *self, const struct call *call, const void *in, void *out)
{
    struct saga_engine *engine = *(struct saga_engine *const *)self;
    struct uuid id = ((const struct saga_query *)in)->saga_id;
    struct saga_record record;
    enum status st = saga_turn_around(engine, call, id);

    if (st == ST_NOT_FOUND)
        return call_fail(call, st, "not_found", "There is no such saga.");
    return st == ST_OK ? look(engine, call, id, &record, out) : st;
}
