/* admin_rows.c - see admin_rows.h. */
#include "tool/service/admin_rows.h"

#include <stdio.h>

#include "tool/core/mem.h"
#include "tool/saga/saga_admin.h"
#include "tool/service/admin_data.h"
#include "tool/service/admin_events.h"
#include "tool/service/admin_message.h"
#include "tool/service/admin_status.h"
#include "tool/service/event_message.h"
#include "tool/service/process.h"

enum { STATUS_TIMEOUT_MS = 1000, DATABASE_TIMEOUT_MS = 5000, SUBJECT_MAX = 95 };

enum needs { NEEDS_NOTHING, NEEDS_DATABASE, NEEDS_SAGAS, NEEDS_SAYING, NEEDS_HEARING };

/* The operation's subject is what stands behind the service's name. */
struct row {
    enum needs needs;
    struct operation op;
    struct endpoint endpoint;
};

#define OPERATOR                                                                                   \
    {                                                                                              \
        .kind = ACCESS_ROLE, .roles = "operator"                                                   \
    }
/* Not blocking, and of each instance. */
#define OF_EACH(run_, out_)                                                                        \
    {                                                                                              \
        .run = (run_), .in_size = sizeof(struct nothing), .out_size = sizeof(out_),                \
        .everyone = true, .timeout_ms = STATUS_TIMEOUT_MS                                          \
    }
#define OF_ROWS(run_, in_, out_)                                                                   \
    {                                                                                              \
        .run = (run_), .in_size = sizeof(in_), .out_size = sizeof(out_), .pool = ADMIN_POOL,       \
        .timeout_ms = DATABASE_TIMEOUT_MS                                                          \
    }
#define OF_ALL_ROWS(run_, in_, out_)                                                               \
    {                                                                                              \
        .run = (run_), .in_size = sizeof(in_), .out_size = sizeof(out_), .pool = ADMIN_POOL,       \
        .everyone = true, .timeout_ms = DATABASE_TIMEOUT_MS                                        \
    }
#define OF_SAGAS(run_, in_, out_)                                                                  \
    {                                                                                              \
        .self = offsetof(struct process, run.sagas), .run = (run_), .in_size = sizeof(in_),        \
        .out_size = sizeof(out_), .pool = ADMIN_POOL, .timeout_ms = DATABASE_TIMEOUT_MS            \
    }

/* clang-format off */
static const struct row ROWS[] = {
    {NEEDS_NOTHING,
     {.subject = "admin.status", .summary = "How an instance is", .reply = &SERVICE_STATUS,
      .idempotent = true, .access = OPERATOR},
     OF_EACH(admin_status, struct service_status)},
    {NEEDS_NOTHING,
     {.subject = "admin.breaker.list", .summary = "The breakers of an instance", .reply = &BREAKER_LIST,
      .idempotent = true, .access = OPERATOR},
     OF_EACH(admin_breakers, struct breaker_list)},
    {NEEDS_DATABASE,
     {.subject = "admin.doctor", .summary = "What must be true of a service's schema", .reply = &DOCTOR_REPORT,
      .idempotent = true, .access = OPERATOR},
     OF_ROWS(admin_doctor, struct nothing, struct doctor_report)},
    {NEEDS_DATABASE,
     {.subject = "admin.id.list", .summary = "A page of a set of ids", .request = &ID_LIST_QUERY, .reply = &ID_LIST,
      .idempotent = true, .access = OPERATOR, .errors = ID_ERRORS},
     OF_ROWS(admin_id_list, struct id_list_query, struct id_list)},
    {NEEDS_DATABASE,
     {.subject = "admin.id.keep", .summary = "Which ids are in a set", .request = &ID_KEEP_QUERY, .reply = &ID_LIST,
      .idempotent = true, .access = OPERATOR, .errors = ID_ERRORS},
     OF_ROWS(admin_id_keep, struct id_keep_query, struct id_list)},
    {NEEDS_SAGAS,
     {.subject = "admin.saga.list", .summary = "List sagas", .request = &SAGA_LIST_QUERY, .reply = &SAGA_LIST,
      .idempotent = true, .access = OPERATOR},
     OF_SAGAS(saga_admin_list, struct saga_list_query, struct saga_list)},
    {NEEDS_SAGAS,
     {.subject = "admin.saga.get", .summary = "Look at a saga", .request = &SAGA_QUERY, .reply = &SAGA_DETAIL,
      .idempotent = true, .access = OPERATOR, .errors = SAGA_ADMIN_ERRORS},
     OF_SAGAS(saga_admin_get, struct saga_query, struct saga_detail)},
    {NEEDS_SAGAS,
     {.subject = "admin.saga.retry", .summary = "Try a saga's next step now", .request = &SAGA_QUERY,
      .reply = &SAGA_DETAIL, .idempotent = true, .access = OPERATOR, .errors = SAGA_ADMIN_ERRORS},
     OF_SAGAS(saga_admin_retry, struct saga_query, struct saga_detail)},
    {NEEDS_SAGAS,
     {.subject = "admin.saga.compensate", .summary = "Turn a saga around", .request = &SAGA_QUERY,
      .reply = &SAGA_DETAIL, .idempotent = true, .access = OPERATOR, .errors = SAGA_ADMIN_ERRORS},
     OF_SAGAS(saga_admin_compensate, struct saga_query, struct saga_detail)},
    {NEEDS_SAYING,
     {.subject = "admin.outbox.lag", .summary = "An outbox and an instance's relay", .reply = &OUTBOX_STATUS,
      .idempotent = true, .access = OPERATOR},
     OF_ALL_ROWS(admin_outbox_lag, struct nothing, struct outbox_status)},
    {NEEDS_SAYING,
     {.subject = "admin.outbox.replay", .summary = "Send events again", .request = &OUTBOX_REPLAY,
      .reply = &OUTBOX_REPLAYED, .access = OPERATOR},
     OF_ROWS(admin_outbox_replay, struct outbox_replay, struct outbox_replayed)},
    {NEEDS_HEARING,
     {.subject = "admin.dead.list", .summary = "List dead letters", .request = &DEAD_LIST_QUERY, .reply = &DEAD_LIST,
      .idempotent = true, .access = OPERATOR},
     OF_ROWS(admin_dead_list, struct dead_list_query, struct dead_list)},
    {NEEDS_HEARING,
     {.subject = "admin.dead.get", .summary = "Look at a dead letter", .request = &DEAD_QUERY, .reply = &DEAD_DETAIL,
      .idempotent = true, .access = OPERATOR, .errors = DEAD_ERRORS},
     OF_ROWS(admin_dead_get, struct dead_query, struct dead_letter)},
    {NEEDS_HEARING,
     {.subject = "admin.dead.replay", .summary = "Handle a dead letter again, and what is parked behind it",
      .request = &DEAD_QUERY, .reply = &DEAD_DONE, .access = OPERATOR, .errors = DEAD_ERRORS},
     OF_ROWS(admin_dead_replay, struct dead_query, struct dead_done)},
    {NEEDS_HEARING,
     {.subject = "admin.dead.drop", .summary = "Remove a dead letter, and go on with what is parked behind it",
      .request = &DEAD_QUERY, .reply = &DEAD_DONE, .access = OPERATOR, .errors = DEAD_ERRORS},
     OF_ROWS(admin_dead_drop, struct dead_query, struct dead_done)},
};
/* clang-format on */

static bool fits(const struct row *row, const struct service *service)
{
    switch (row->needs) {
    case NEEDS_SAGAS:
        return service->sagas;
    case NEEDS_DATABASE:
        return service->database;
    case NEEDS_SAYING:
        return service->says;
    case NEEDS_HEARING:
        return service->n_hears > 0;
    case NEEDS_NOTHING:
        break;
    }
    return true;
}

void admin_rows_init(struct admin_rows *admin, const struct service *service)
{
    admin->n = 0;
    admin->rows = mem_alloc(ARRAY_LEN(ROWS), sizeof(*admin->rows));
    admin->operations = mem_alloc(ARRAY_LEN(ROWS), sizeof(*admin->operations));
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        char subject[SUBJECT_MAX + 1];

        if (!fits(&ROWS[i], service))
            continue;
        snprintf(subject, sizeof(subject), "%s.%s", service->name, ROWS[i].op.subject);
        admin->operations[admin->n] = ROWS[i].op;
        admin->operations[admin->n].subject = mem_strdup(subject);
        admin->rows[admin->n] = ROWS[i].endpoint;
        admin->rows[admin->n].op = &admin->operations[admin->n];
        admin->n++;
    }
}

void admin_rows_fini(struct admin_rows *admin)
{
    for (size_t i = 0; i < admin->n; i++)
        free((char *)admin->operations[i].subject);
    free(admin->operations);
    free(admin->rows);
    *admin = (struct admin_rows){0};
}
