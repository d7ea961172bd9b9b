/* operation.c - see operation.h. */
#include "tool/encoder/operation.h"

#include <string.h>

/* What anything may be answered; who may not ask is told so where not anybody may. */
static bool is_usual(const struct operation *op, enum status st)
{
    if (status_http(st) >= 500 || st == ST_INVALID)
        return true;
    if (st == ST_UNAUTHENTICATED)
        return op->access.kind != ACCESS_ANYBODY;
    return st == ST_FORBIDDEN &&
           (op->access.kind == ACCESS_ROLE || op->access.kind == ACCESS_OWNER ||
            op->access.kind == ACCESS_OWNER_OR_ROLE);
}

bool operation_declares(const struct operation *op, enum status st, const char *code)
{
    if (st == ST_PENDING)
        return op->pending != NULL;
    for (const struct operation_error *e = op->errors; e && e->code; e++)
        if (e->status == st && strcmp(e->code, code) == 0)
            return true;
    return st == ST_INTERNAL || (is_usual(op, st) && strcmp(code, status_code(st)) == 0);
}

bool operation_takes_key(const struct operation *op)
{
    return operation_declares(op, ST_UNPROCESSABLE, "idempotency_key_reused");
}

bool operation_needs_key(const struct operation *op)
{
    return operation_declares(op, ST_INVALID, "idempotency_key_required");
}
