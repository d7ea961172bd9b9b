/* question.h - one of several requests of a kind that are answered together: what waits together is
 * asked together. Each keeps its own caller, deadline and outcome. */
#ifndef TOOL_CORE_QUESTION_H
#define TOOL_CORE_QUESTION_H

#include <stddef.h>

#include "tool/core/call.h"

enum { QUESTIONS_MAX = 32 };

struct question {
    const struct call *call;
    const void *in; /* the decoded request */
    void *out;      /* zeroed; written only with ST_OK */
    enum status st; /* the answer; a refusal is explained by call_fail(call, ...) */
};

/** The call to ask for all of them by: it ends when the last of them does, and explains nothing. */
static inline struct call questions_call(const struct question *asked, size_t n)
{
    struct call call = *asked[0].call;

    for (size_t i = 1; i < n; i++)
        if (asked[i].call->deadline_ms > call.deadline_ms)
            call.deadline_ms = asked[i].call->deadline_ms;
    call.problem = NULL;
    return call;
}

#endif
