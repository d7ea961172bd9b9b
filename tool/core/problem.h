/* problem.h - why a request was refused, in the shape of RFC 9457. A value; owns nothing. */
#ifndef TOOL_CORE_PROBLEM_H
#define TOOL_CORE_PROBLEM_H

#include "tool/core/status.h"

enum { PROBLEM_CODE_MAX = 47, PROBLEM_DETAIL_MAX = 255, PROBLEM_ERRORS_MAX = 16 };
enum { PROBLEM_FIELD_MAX = 63, PROBLEM_REASON_MAX = 159 };

struct problem_error {
    char field[PROBLEM_FIELD_MAX +
               1]; /* as on the wire: "email", "items[3].price"; cut at a character */
    char reason[PROBLEM_REASON_MAX + 1]; /* a sentence part: "must be 8 to 128 bytes" */
};

/** All zero is "no problem". */
struct problem {
    enum status status;
    char code[PROBLEM_CODE_MAX + 1];     /* stable snake_case slug; "" = status_code(status) */
    char detail[PROBLEM_DETAIL_MAX + 1]; /* for a person; never anything internal */
    unsigned n_errors;                   /* wrong fields, in request order; detail says when there
                                            are more */
    struct problem_error errors[PROBLEM_ERRORS_MAX];
    int retry_after_s; /* 0 = say nothing */
};

/** No problem; the errors, most of its size, are left as they are. */
void problem_clear(struct problem *p);
/** Sets status, code and detail (printf style), keeps the errors already noted; returns status. */
enum status problem_set(struct problem *p, enum status st, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/** Keeps the first n errors of more; detail says that there are more. */
void problem_keep_errors(struct problem *p, unsigned n);
/** Notes one wrong field and makes the problem ST_INVALID "invalid_request"; returns ST_INVALID. */
enum status problem_field(struct problem *p, const char *field, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
