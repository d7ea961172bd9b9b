/* saga_admin.h - what operators ask of the sagas of a service: the messages, and the use cases that
 * answer them. Each one's self is where a struct saga_engine * stands. */
#ifndef TOOL_SAGA_SAGA_ADMIN_H
#define TOOL_SAGA_SAGA_ADMIN_H

#include "tool/saga/saga_message.h"
#include "tool/saga/saga_store.h"

enum { SAGA_LIST_MAX = 500, SAGA_LIST_DEFAULT = 100 };

struct saga_list_query {
    int state; /* an index of SAGA_WANTED_NAMES */
    char type[SAGA_NAME_MAX + 1];
    int64_t older_s, limit;
};

struct saga_item {
    struct saga_view view;
    char type[SAGA_NAME_MAX + 1], why[SAGA_WHY_MAX + 1];
    int64_t attempts, due_ms, remaining_ms;
};

struct saga_list {
    struct saga_item items[SAGA_LIST_MAX];
    size_t n;
    bool more; /* than were asked for */
};

/* How far a saga has come with one of its steps. */
struct saga_progress_step {
    char name[SAGA_NAME_MAX + 1];
    int kind, place, progress;
};

struct saga_detail {
    struct saga_item item;
    struct saga_progress_step steps[SAGA_STEPS_MAX];
    size_t n_steps; /* 0 = its type is not known here */
};

extern const struct descriptor SAGA_LIST_QUERY, SAGA_LIST, SAGA_DETAIL;
extern const struct operation_error SAGA_ADMIN_ERRORS[];

/** struct saga_list_query -> struct saga_list: open ones with what is due first in front, ended
 * ones with the latest. ST_OK | ST_UNAVAILABLE */
enum status saga_admin_list(void *self, const struct call *call, const void *in, void *out);
/** struct saga_query -> struct saga_detail. ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE */
enum status saga_admin_get(void *self, const struct call *call, const void *in, void *out);
/** struct saga_query -> struct saga_detail: its next step is tried now, not when its back-off is
 * over. ST_OK | ST_NOT_FOUND | ST_CONFLICT saga_ended | ST_UNAVAILABLE */
enum status saga_admin_retry(void *self, const struct call *call, const void *in, void *out);
/** struct saga_query -> struct saga_detail: it is turned around, as if its time were over; ST_OK
 * also when it was already. ST_NOT_FOUND | ST_CONFLICT saga_ended, past_pivot, saga_unreadable,
 * saga_moves | ST_UNAVAILABLE */
enum status saga_admin_compensate(void *self, const struct call *call, const void *in, void *out);

#endif
