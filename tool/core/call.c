/* call.c - how much time a piece of work has left, and why it was refused. */
#include "tool/core/call.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int64_t call_left_ms(const struct call *call)
{
    int64_t left = call->deadline_ms - clock_now_ms(call->clock);

    return left > 0 ? left : 0;
}

bool call_expired(const struct call *call)
{
    return call_left_ms(call) == 0;
}

struct call call_within(const struct call *call, int64_t timeout_ms, struct problem *problem)
{
    struct call narrower = *call;
    int64_t latest_ms = clock_now_ms(call->clock) + timeout_ms;

    if (latest_ms < narrower.deadline_ms)
        narrower.deadline_ms = latest_ms;
    narrower.problem = problem;
    return narrower;
}

bool call_has_role(const struct call *call, const char *role)
{
    size_t len = strlen(role);
    const char *p = call->roles;

    while (len && *p) {
        size_t n = strcspn(p, " ");

        if (n == len && memcmp(p, role, len) == 0)
            return true;
        p += n;
        p += strspn(p, " ");
    }
    return false;
}

enum status call_fail(const struct call *call, enum status st, const char *code, const char *fmt,
                      ...)
{
    char detail[PROBLEM_DETAIL_MAX + 1];
    va_list args;

    va_start(args, fmt);
    vsnprintf(detail, sizeof(detail), fmt, args);
    va_end(args);
    return problem_set(call->problem, st, code, "%s", detail);
}
