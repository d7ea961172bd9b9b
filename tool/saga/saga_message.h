/* saga_message.h - how far a saga has come, as an operation. A service that orchestrates adds
 *
 *   const struct operation ORDER_SAGA = SAGA_OPERATION("order.saga");
 *   {ENDPOINT(ORDER_SAGA, saga_progress, struct saga_query, struct saga_view),
 *    .self = offsetof(struct order, sagas), ...}
 */
#ifndef TOOL_SAGA_SAGA_MESSAGE_H
#define TOOL_SAGA_SAGA_MESSAGE_H

#include "tool/saga/saga.h"

struct saga_query {
    struct uuid saga_id;
};

extern const struct descriptor SAGA_QUERY;    /* {"sagaId"} -> struct saga_query */
extern const struct descriptor SAGA_PROGRESS; /* struct saga_view; what it is about is "subject" */
extern const struct operation_error SAGA_PROGRESS_ERRORS[];

/* clang-format off */
#define SAGA_OPERATION(subject_)                                                                   \
    {.subject = (subject_), .summary = "Follow a saga", .request = &SAGA_QUERY,                    \
     .reply = &SAGA_PROGRESS, .idempotent = true, .errors = SAGA_PROGRESS_ERRORS}

/* Rows of a descriptor of struct saga_view, where what the saga is about has a name of its own. */
#define SAGA_VIEW_FIELDS(about_, about_doc_)                                                       \
    FIELD(struct saga_view, id, "sagaId", FIELD_UUID, FIELD_REQUIRED, .doc = "Which one."),        \
    FIELD(struct saga_view, about, (about_), FIELD_UUID, FIELD_REQUIRED,                           \
          .doc = (about_doc_)),                                                                    \
    FIELD(struct saga_view, state, "state", FIELD_ENUM, FIELD_REQUIRED,                            \
          .names = SAGA_STATE_NAMES, .doc = "SUCCEEDED and COMPENSATED are final."),               \
    FIELD(struct saga_view, step, "step", FIELD_TEXT, FIELD_REQUIRED,                              \
          .doc = "The step done last or tried next."),                                             \
    FIELD(struct saga_view, reason, "reason", FIELD_TEXT, 0,                                       \
          .doc = "Why it is being undone, or was: email_taken, deadline_exceeded ..."),            \
    FIELD(struct saga_view, started_us, "startedAt", FIELD_TIME, FIELD_REQUIRED,                   \
          .doc = "When it was accepted."),                                                         \
    FIELD(struct saga_view, updated_us, "updatedAt", FIELD_TIME, FIELD_REQUIRED,                   \
          .doc = "When it moved last.")
/* clang-format on */

/** The use case of every such operation. self: where a struct saga_engine * stands; in: struct
 * saga_query; out: struct saga_view. ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE */
enum status saga_progress(void *self, const struct call *call, const void *in, void *out);

#endif
