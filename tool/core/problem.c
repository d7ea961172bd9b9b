/* problem.c - filling a problem in. */
#include "tool/core/problem.h"

#include <stdarg.h>
#include <stdio.h>

#include "tool/core/mem.h"

void problem_clear(struct problem *p)
{
    p->status = ST_OK;
    p->code[0] = p->detail[0] = '\0';
    p->n_errors = 0;
    p->retry_after_s = 0;
}

enum status problem_set(struct problem *p, enum status st, const char *code, const char *fmt, ...)
{
    va_list args;

    if (!p)
        return st;
    p->status = st;
    snprintf(p->code, sizeof(p->code), "%s", code ? code : status_code(st));
    va_start(args, fmt);
    vsnprintf(p->detail, sizeof(p->detail), fmt, args);
    va_end(args);
    text_trim(p->detail);
    return st;
}

void problem_keep_errors(struct problem *p, unsigned n)
{
    p->n_errors = n;
    if (n == 0)
        snprintf(p->detail, sizeof(p->detail), "Many fields are wrong, too many to name them.");
    else
        snprintf(p->detail, sizeof(p->detail),
                 "Many fields are wrong; errors names the first %u, and there are more.", n);
}

enum status problem_field(struct problem *p, const char *field, const char *fmt, ...)
{
    struct problem_error *error;
    va_list args;

    if (!p)
        return ST_INVALID;
    problem_set(p, ST_INVALID, status_code(ST_INVALID),
                "Some fields are wrong; errors names them.");
    if (p->n_errors == PROBLEM_ERRORS_MAX) {
        problem_keep_errors(p, PROBLEM_ERRORS_MAX);
        return ST_INVALID;
    }
    error = &p->errors[p->n_errors++];
    snprintf(error->field, sizeof(error->field), "%s", field);
    text_trim(error->field);
    va_start(args, fmt);
    vsnprintf(error->reason, sizeof(error->reason), fmt, args);
    va_end(args);
    text_trim(error->reason);
    return ST_INVALID;
}
