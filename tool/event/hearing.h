/* hearing.h - an event that a service hears, as a row: its type, the function that handles it, and
 * how. Said once elsewhere, it is handled here with the effect of once. A row can be for all that a
 * service says, or for all of that which have the same data:
 *
 *   static const struct hearing HEARS[] = {
 *       {.type = &AUTH_ACCOUNT_CREATED, .self = offsetof(struct shop, gifts), .fn = gift_send},
 *       {.type = &ORDER_CHANGED, .with = ORDER_EVENTS, .fn = order_copy, .kind = HEAR_LATEST},
 *       {.with = USER_EVENTS, .fn = trail_note},
 *   };
 */
#ifndef TOOL_EVENT_HEARING_H
#define TOOL_EVENT_HEARING_H

#include "tool/core/transaction.h"
#include "tool/core/uuid.h"
#include "tool/encoder/event_type.h"
#include "tool/encoder/operation.h"

enum { EVENT_SOURCE_MAX = 63 };

struct event {
    struct uuid id;  /* of the outbox's row: the same however often it comes */
    struct uuid key; /* whose events are in order */
    const struct event_type *type;
    unsigned partition;
    unsigned attempt;    /* 1, 2 ...: how often it was delivered, here or to another instance */
    int64_t time_us;     /* when it happened, wall clock */
    uint64_t stream_seq; /* its place in the stream; 0 when it is replayed or exported */
    char source[EVENT_SOURCE_MAX + 1]; /* "/hanok/auth" */
    char traceparent[CALL_TRACEPARENT_MAX + 1];
    const char *json; /* its data as it came; not NUL-terminated */
    size_t json_len;
};

/** Handles one event inside a transaction that was opened for it: committed with ST_OK, together
 * with the note that this event was handled; else rolled back. data is decoded by the type. May be
 * run again from the start, has no effect outside of tx, is done by call's deadline. A worker
 * thread; two of one key never at a time. What it returns else:
 * ST_UNAVAILABLE, ST_OVERLOADED, ST_TIMEOUT, ST_UNCERTAIN, ST_PENDING, ST_LIMITED: not now, it is
 * asked again for as long as it takes; any other: a failed attempt, explained by call_fail; after
 * the last one the event is a dead letter. */
typedef enum status (*hear_fn)(void *self, struct transaction *tx, const struct call *call,
                               const struct event *event, const void *data);

/* One of several events that are handled at the same time. */
struct hearing_item {
    const struct event *event;
    const void *data;
};

/** Handles n events, each of another key, as hear_fn would one after the other, by fewer
 * statements. What it returns but for ST_OK has them handled by their hear_fn, one by one, unless
 * that says "not now". */
typedef enum status (*hear_together_fn)(void *self, struct transaction *tx, const struct call *call,
                                        const struct hearing_item items[], size_t n);

enum hear_kind {
    /* Once, and the events of a key in the order in which they were said. While one of them is a
     * dead letter, later ones of its key are parked behind it. */
    HEAR_IN_ORDER,
    /* For views that keep the latest state of something by its version: an event may come again,
     * or before an earlier one, and the handler ignores what is not newer. Nothing is parked. Then
     * changed.<service>.<key> is published, for who waits for the view. */
    HEAR_LATEST,
};

struct hearing {
    const struct event_type *type; /* whose data .fn is given */
    /* A NULL-terminated list that has .type in it: those that have the same data are heard by this
     * row as well. NULL = .type alone. Without a .type, all of the list, each with data of its own:
     * event->type says which. A type that has a row of its own is heard by that. */
    const struct event_type *const *with;
    size_t self; /* offsetof the handler's object in the service's struct */
    hear_fn fn;
    enum hear_kind kind;
    /* HEAR_LATEST: answers all there is of .type in pages (export.h), for a view that is built from
     * nothing. Is among the service's .calls. NULL = what the stream has is enough */
    const struct operation *from;
    /* HEAR_LATEST: takes those that came together, of all rows that have the same and the same
     * self. NULL = each is handled by fn */
    hear_together_fn together;
};

/** The row that hears a type, by its name, and in *type which that is (type: NULL = not wanted);
 * NULL = it is not heard. */
const struct hearing *hearing_find(const struct hearing *rows, size_t n, const char *name,
                                   const struct event_type **type);

/* Each type that is heard, once: struct hearing_walk w = {.rows = rows, .n = n};
 * while (hearing_next(&w)) ... w.type */
struct hearing_walk {
    const struct hearing *rows;
    size_t n, row, at; /* row and at: from 0 on */
    const struct event_type *type;
};

/** False behind the last. The rows have no fault. */
bool hearing_next(struct hearing_walk *walk);
/** What is wrong with the rows of a struct of self_size bytes, in text; NULL = nothing. */
const char *hearing_rows_fault(const struct hearing *rows, size_t n, size_t self_size, char *text,
                               size_t size);

#endif
