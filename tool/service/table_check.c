/* table_check.c - see table_check.h. */
#include "tool/service/table_check.h"

#include <stdio.h>
#include <string.h>

#include "tool/event/export.h"
#include "tool/once/barrier.h"
#include "tool/service/outsiders.h"
#include "tool/service/sweeps.h"
#include "tool/service/traits.h"

static const struct operation_error IN_PROGRESS = {ST_CONFLICT, "in_progress", NULL};
static const struct operation_error CANCELLED = {ST_CONFLICT, "cancelled", NULL};

static bool has_pool(const struct service *service, const char *name)
{
    for (size_t i = 0; name && i < service->n_pools; i++)
        if (strcmp(service->pools[i].name, name) == 0)
            return true;
    return false;
}

static const struct endpoint *row_of(const struct service *service, const struct operation *op)
{
    for (size_t i = 0; i < service->n_endpoints; i++)
        if (service->endpoints[i].op == op)
            return &service->endpoints[i];
    return NULL;
}

static bool declares(const struct operation *op, const struct operation_error *error)
{
    return operation_declares(op, error->status, error->code);
}

static const char *access_fault(const struct operation *op)
{
    enum access_kind kind = op->access.kind;

    if ((kind == ACCESS_ROLE || kind == ACCESS_OWNER_OR_ROLE) && !op->access.roles)
        return "names no .roles in its .access";
    if ((kind == ACCESS_OWNER || kind == ACCESS_OWNER_OR_ROLE) &&
        !traits_has_uuid(op->request, op->access.offset))
        return "has no required UUID at the .offset of its .access";
    return NULL;
}

static const char *reply_fault(const struct endpoint *row)
{
    const struct descriptor *reply = row->op->reply;

    if (row->etag && (!reply || row->etag + sizeof(int64_t) > reply->size))
        return "has an .etag outside its reply";
    if (row->lag && (!reply || row->lag + sizeof(int64_t) > reply->size))
        return "has a .lag outside its reply";
    if (row->wait && !traits_has_uuid(reply, row->wait_key))
        return "waits, but its reply has no required UUID at .wait_key";
    if (row->wait && !row->op->waits)
        return "waits, but its operation is not one that .waits";
    if (!row->wait && row->op->waits)
        return "has no .wait, but its operation .waits";
    return NULL;
}

static const char *key_fault(const struct endpoint *row)
{
    if (row->once != ONCE_BY_KEY && row->once != ONCE_BY_REQUIRED_KEY)
        return NULL;
    if (!operation_takes_key(row->op) || !declares(row->op, &IN_PROGRESS))
        return "is once by key, but OPERATION_ONCE_BY_KEY is not among its errors";
    if (row->once == ONCE_BY_REQUIRED_KEY && !operation_needs_key(row->op))
        return "needs a key, but OPERATION_KEY_REQUIRED is not among its errors";
    return NULL;
}

static const char *undo_fault(const struct service *service, const struct endpoint *row)
{
    const struct endpoint *undone = row_of(service, row->undoes);

    if (!undone || undone->once != ONCE_BY_SAGA)
        return "undoes what the service does not do ONCE_BY_SAGA";
    if (!declares(row->undoes, &CANCELLED))
        return "undoes an operation that has no 409 cancelled among its errors";
    if (row->op->reply && !row->run)
        return "has no .run to fill the reply, whatever was undone";
    return NULL;
}

/* Of a row with a .change, or with what belongs to one. */
static const char *write_fault(const struct service *service, const struct endpoint *row)
{
    bool by_saga = row->undoes || row->once == ONCE_BY_SAGA;
    const struct field *saga_id = traits_saga_id(row->op->request);

    if (!row->change)
        return "has no .change to be done once, or to undo by";
    if (!service->database)
        return "has a .change, and the service no .database";
    if (row->undoes && row->once != ONCE_NEVER)
        return "has .undoes, which is once by itself, and .once";
    if (!by_saga && row->run)
        return "has both .run and .change, and is not once by saga";
    if (by_saga && (!saga_id || !(saga_id->flags & FIELD_REQUIRED)))
        return "is once by saga, and its request has no required sagaId";
    if (strlen(row->op->subject) > BARRIER_CONSUMER_MAX)
        return "has a subject too long for the barrier";
    if (row->once != ONCE_NEVER && traits_secret(row->op->reply))
        return "has a secret in its reply, which would be kept in clear";
    return row->undoes ? undo_fault(service, row) : key_fault(row);
}

static size_t size_of(const struct descriptor *d)
{
    return d ? d->size : sizeof(struct nothing);
}

static bool is_of(const struct service *service, const char *name)
{
    size_t len = strlen(service->name);

    return strncmp(name, service->name, len) == 0 && name[len] == '.';
}

static const char NO_SELF[] = "names no .self, and the service no .unnamed_self";

/* A row that was forgotten to say what it is given would be given the struct's first member. */
static bool lacks_self(const struct service *service, size_t self)
{
    return self == 0 && !service->unnamed_self;
}

/* What is wrong with one row, to be put behind its subject. */
static const char *row_fault(const struct service *service, const struct endpoint *row)
{
    const char *fault;

    if (!is_of(service, row->op->subject))
        return "does not begin with the service's name";
    if (row->after && !row->change)
        return "has .after, which is of a .change";
    if (!row->run && !row->change && !row->together)
        return "has no .run, .change or .together";
    if (row->together && (row->run || row->change))
        return "has .together and another use case beside it";
    if (row->lane && (row->together || !row->pool || row->op->access.kind == ACCESS_ANYBODY))
        return "has .lane, which is for callers that are verified, by a pool, each alone";
    if (row->together && (row->check || row->wait))
        return "has .together, which knows no .check and no .wait";
    if (row->in_size != size_of(row->op->request) || row->out_size != size_of(row->op->reply))
        return "has a use case of other structs than its operation's; see ENDPOINT()";
    if (row->self >= service->size)
        return "has a .self outside the service's struct";
    if (lacks_self(service, row->self))
        return NO_SELF;
    if (!has_pool(service, row->pool) || (row->wait_pool && !has_pool(service, row->wait_pool)))
        return "has a .pool the service does not have";
    if (row->timeout_ms <= 0)
        return "has no .timeout_ms";
    fault = access_fault(row->op);
    if (!fault)
        fault = reply_fault(row);
    if (!fault && row->wait && !service->sagas)
        fault = "waits for a saga, and the service has no .sagas";
    if (!fault && (row->change || row->once != ONCE_NEVER || row->undoes))
        fault = write_fault(service, row);
    return fault;
}

/* Of a row behind others. */
static const char *twin_fault(const struct service *service, const struct endpoint *row)
{
    for (const struct endpoint *other = service->endpoints; other < row; other++)
        if (strcmp(other->op->subject, row->op->subject) == 0)
            return "is there twice";
    return NULL;
}

static bool calls(const struct service *service, const struct operation *op)
{
    for (size_t i = 0; i < service->n_calls; i++)
        if (service->calls[i] == op)
            return true;
    return false;
}

static const char *breaker_fault(const struct service *service, char *buf, size_t size)
{
    for (size_t i = 0; i < service->n_breakers; i++) {
        const char *subject = service->breakers[i].subject;
        bool is_called = false;

        for (size_t j = 0; subject && j < service->n_calls; j++)
            is_called = is_called || strcmp(service->calls[j]->subject, subject) == 0;
        if (is_called)
            continue;
        snprintf(buf, size, "breaker %s is not of an operation among the .calls",
                 subject ? subject : "");
        return buf;
    }
    return NULL;
}

static const char *says_fault(const struct service *service, char *buf, size_t size)
{
    for (size_t i = 0; service->says && service->says[i]; i++) {
        if (is_of(service, service->says[i]->name))
            continue;
        snprintf(buf, size, "event %s does not begin with the service's name",
                 service->says[i]->name);
        return buf;
    }
    return NULL;
}

static const char *self_fault(const struct service *service, char *buf, size_t size)
{
    for (size_t i = 0; i < service->n_hears; i++) {
        const struct hearing *row = &service->hears[i];
        if (!lacks_self(service, row->self))
            continue;
        snprintf(buf, size, "hearing %s %s", (row->type ? row->type : row->with[0])->name, NO_SELF);
        return buf;
    }
    for (size_t i = 0; i < service->n_jobs; i++)
        if (lacks_self(service, service->jobs[i].self)) {
            snprintf(buf, size, "job %s %s", service->jobs[i].name, NO_SELF);
            return buf;
        }
    for (size_t i = 0; i < service->n_sweeps; i++)
        if (lacks_self(service, service->sweeps[i].arg) ||
            lacks_self(service, service->sweeps[i].sweeper)) {
            snprintf(buf, size, "sweep %s %s", service->sweeps[i].name, NO_SELF);
            return buf;
        }
    return NULL;
}

static const char *feed_fault(const struct service *service, char *buf, size_t size)
{
    for (size_t i = 0; i < service->n_hears; i++) {
        const struct hearing *row = &service->hears[i];
        const struct operation *from = row->from;

        if (from && calls(service, from) && from->request == &EXPORT_QUERY &&
            from->reply == &EXPORT_PAGE)
            continue;
        if (from) {
            snprintf(buf, size,
                     "hearing %s has a .from that is not among the .calls, or answers no pages",
                     row->type->name);
            return buf;
        }
    }
    return NULL;
}

const char *table_fault(const struct service *service, char *buf, size_t size)
{
    if (service->sagas && !service->database)
        return ".sagas needs .database";
    if (service->n_stores > 0 && !service->database)
        return ".stores needs .database";
    for (size_t i = 0; i < service->n_stores; i++) {
        char text[TABLE_FAULT_MAX + 1];
        if (store_table_fault(service->stores[i].table, text)) {
            snprintf(buf, size, "table %s", text);
            return buf;
        }
        if (service->stores[i].self >= service->size)
            return "a row of .stores is outside the service's struct";
    }
    for (size_t i = 0; i < service->n_endpoints; i++) {
        const struct endpoint *row = &service->endpoints[i];
        const char *fault = row->op ? row_fault(service, row) : NULL;
        if (row->op && !fault)
            fault = twin_fault(service, row);
        if (!row->op)
            snprintf(buf, size, "endpoint %zu has no .op", i);
        else if (fault)
            snprintf(buf, size, "endpoint %s %s", row->op->subject, fault);
        if (!row->op || fault)
            return buf;
    }
    if (service->n_hears > 0 && !service->database)
        return ".hears needs .database";
    if (says_fault(service, buf, size) ||
        hearing_rows_fault(service->hears, service->n_hears, service->size, buf, size) ||
        feed_fault(service, buf, size) || breaker_fault(service, buf, size) ||
        outsiders_fault(service, buf, size))
        return buf;
    if (service_jobs_fault(service, buf, size))
        return buf;
    return self_fault(service, buf, size);
}
