/* hearer_private.h - what handling and replaying have in common; for tool/event only. */
#ifndef TOOL_EVENT_HEARER_PRIVATE_H
#define TOOL_EVENT_HEARER_PRIVATE_H

#include "tool/event/hearer.h"

enum { HEARER_PARTITIONS = 100 }; /* two digits */

/* Of the event that a partition is at: a broker counts deliveries, and not all of them are attempts
 * that failed. Forgotten with the process, which gives an event some attempts more. */
struct hearer_tries {
    struct uuid id;
    unsigned failed, away;
};

struct hearer {
    struct hearer_config config;
    char consumer[BARRIER_CONSUMER_MAX + 1];
    struct hearer_tries tries[HEARER_PARTITIONS];
};

/* A delivery, as far as it could be read. */
struct hearer_reading {
    const struct hearing *row; /* NULL = nobody here hears it; then there is nothing else */
    struct event event;
    const char *reason; /* why it cannot be read; NULL = it can */
    void *data;         /* decoded; NULL = cannot be: a word in problem */
    struct problem problem;
};

void hearer_read(const struct hearer *hearer, const struct delivery *delivery,
                 struct hearer_reading *reading);
void hearer_forget(struct hearer_reading *reading);
/** With a time of its own; keeps the reading's problem by pointer. */
struct call hearer_call_of(const struct hearer *hearer, struct hearer_reading *reading);
/** Of the event that its partition is at; NULL = nothing has gone wrong with it here. */
const struct hearer_tries *hearer_tried(const struct hearer *hearer, const struct event *event);
/** Says that what it needs is not there now. */
struct heard_event hearer_put_off(struct hearer *hearer, const struct event *event, enum status st,
                                  const struct call *call);
/** Runs the row's function on data that was decoded. ST_OK | as struct hearing says */
enum status hearer_call(const struct hearer *hearer, const struct hearing *row,
                        struct transaction *tx, const struct call *call, const struct event *event,
                        const void *data);
/** Decodes the event's data by its type into memory of its own, to be given to free(). NULL after
 * a word in call->problem. */
void *hearer_decode(const struct event *event, const struct call *call);
/** Whether a status says "not now", and nothing about the event. */
bool hearer_is_away(enum status st);
/** Why, in a line: the problem's words, or the status's. */
void hearer_reason(enum status st, const struct problem *problem,
                   char reason[DEAD_LETTER_REASON_MAX + 1]);

#endif
