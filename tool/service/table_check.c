/* table_check.c - see table_check.h. */
#include "tool/service/table_check.h"

#include <stdio.h>
#include <string.h>

static bool has_pool(const struct service *service, const char *name)
{
    for (size_t i = 0; name && i < service->n_pools; i++)
        if (strcmp(service->pools[i].name, name) == 0)
            return true;
    return false;
}

static const struct field *field_at(const struct descriptor *d, size_t offset)
{
    for (size_t i = 0; d && i < d->n_fields; i++)
        if (d->fields[i].offset == offset)
            return &d->fields[i];
    return NULL;
}

static const char *access_fault(const struct operation *op)
{
    enum access_kind kind = op->access.kind;
    const struct field *owner = field_at(op->request, op->access.offset);

    if ((kind == ACCESS_ROLE || kind == ACCESS_OWNER_OR_ROLE) && !op->access.roles)
        return "names no .roles in its .access";
    if ((kind == ACCESS_OWNER || kind == ACCESS_OWNER_OR_ROLE) &&
        (!owner || owner->kind != FIELD_UUID || !(owner->flags & FIELD_REQUIRED)))
        return "has no required UUID at the .offset of its .access";
    return NULL;
}

/* What is wrong with one row, to be put behind its subject. */
static const char *row_fault(const struct service *service, const struct endpoint *row)
{
    size_t len = strlen(service->name);

    if (strncmp(row->op->subject, service->name, len) != 0 || row->op->subject[len] != '.')
        return "does not begin with the service's name";
    if (!row->run)
        return "has no .run";
    if (row->self >= service->size)
        return "has a .self outside the service's struct";
    if (!has_pool(service, row->pool))
        return "has a .pool the service does not have";
    if (row->timeout_ms <= 0)
        return "has no .timeout_ms";
    return access_fault(row->op);
}

const char *table_fault(const struct service *service, char *buf, size_t size)
{
    if (service->sagas && !service->database)
        return ".sagas needs .database";
    for (size_t i = 0; i < service->n_endpoints; i++) {
        const struct endpoint *row = &service->endpoints[i];
        const char *fault = row->op ? row_fault(service, row) : NULL;
        if (!row->op)
            snprintf(buf, size, "endpoint %zu has no .op", i);
        else if (fault)
            snprintf(buf, size, "endpoint %s %s", row->op->subject, fault);
        if (!row->op || fault)
            return buf;
    }
    return NULL;
}
