/* saga_message.c - see saga_message.h. */
#include "tool/saga/saga_message.h"

static const struct field QUERY_FIELDS[] = {
    FIELD(struct saga_query, saga_id, "sagaId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH,
          .doc = "As the answer that started it said."),
};

const struct descriptor SAGA_QUERY =
    DESCRIPTOR(struct saga_query, "SagaQuery", QUERY_FIELDS, "Which saga.");

static const struct field PROGRESS_FIELDS[] = {
    SAGA_VIEW_FIELDS("subject", "What it is about: a user, an order."),
    FIELD(struct saga_view, unreadable, "unreadable", FIELD_BOOL, 0,
          .doc = "It waits for a release that knows what its row says."),
};

const struct descriptor SAGA_PROGRESS =
    DESCRIPTOR(struct saga_view, "SagaProgress", PROGRESS_FIELDS, "How far a saga has come.");

const struct operation_error SAGA_PROGRESS_ERRORS[] = {
    {ST_NOT_FOUND, "not_found", "There is no such saga, or it ended long ago."},
    {ST_OK,        NULL,        NULL                                          },
};

enum status saga_progress(void *self, const struct call *call, const void *in, void *out)
{
    struct saga_engine *const *engine = self;
    const struct saga_query *query = in;
    enum status st = saga_find(*engine, call, query->saga_id, out);

    return st == ST_NOT_FOUND ? call_fail(call, st, "not_found", "There is no such saga.") : st;
}
