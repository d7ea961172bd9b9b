/* place_refusal.c - see place_refusal.h. */
#include "usecase/order/place_refusal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/mem.h"
#include "usecase/order/order_row.h"

/* By the order's reason: the code a participant refused with. Each is among the operation's
 * errors. */
static const struct {
    const char *reason;
    enum status status;
    const char *code, *sentence;
} REFUSALS[] = {
    {"sold_out",          ST_CONFLICT,      "sold_out",          "There is not enough of it left."},
    {"price_changed",     ST_CONFLICT,      "price_changed",     "Something costs more now."      },
    {"store_closed",      ST_CONFLICT,      "store_closed",      "The store is closed."           },
    {"product_gone",      ST_CONFLICT,      "product_gone",      "Something is not sold any more."},
    {"payment_declined",  ST_CONFLICT,      "payment_declined",  "The payment was declined."      },
    {"currency_mismatch", ST_UNPROCESSABLE, "currency_mismatch",
     "The store's prices are in another currency."                                                },
 /* any other: the deadline, or a participant that could not */
    {NULL,                ST_UNAVAILABLE,   "order_compensated",
     "The order could not be placed in time and was undone; try again."                           },
};

static void name_lines(const struct orders *orders, const struct call *call,
                       const struct order *order)
{
    struct order_lines *lines = MEM_NEW(struct order_lines);
    struct problem *problem = call->problem;

    if (problem && order_read_lines(orders, NULL, call, order->order_id, lines) == ST_OK)
        for (size_t i = 0; i < lines->n && problem->n_errors < PROBLEM_ERRORS_MAX; i++) {
            struct problem_error *error = &problem->errors[problem->n_errors];
            if (!lines->rows[i].note[0])
                continue;
            snprintf(error->field, sizeof(error->field), "lines[%zu]", i);
            TEXT_COPY(error->reason, lines->rows[i].note);
            problem->n_errors++;
        }
    free(lines);
}

enum status place_refuse(const struct orders *orders, const struct call *call,
                         const struct order *order)
{
    size_t i = 0;

    while (REFUSALS[i].reason && strcmp(REFUSALS[i].reason, order->reason) != 0)
        i++;
    name_lines(orders, call, order);
    return call_fail(call, REFUSALS[i].status, REFUSALS[i].code, "%s", REFUSALS[i].sentence);
}

/* "lines[3]", or "lines[3].unitPrice" */
static bool line_of(const char *field, size_t *line)
{
    static const char LINES[] = "lines[";
    char *end;

    if (strncmp(field, LINES, sizeof(LINES) - 1) != 0)
        return false;
    *line = strtoul(field + sizeof(LINES) - 1, &end, 10);
    return *end == ']';
}

void place_keep_notes(const struct orders *orders, const struct call *call, struct uuid order_id)
{
    static const size_t MEMBERS[] = {offsetof(struct order_line_row, note)};
    const struct problem *problem = call->problem;
    struct call quiet = *call;
    struct order_lines *lines;
    size_t line;

    quiet.problem = NULL; /* what it says is the reason */
    if (!problem || problem->n_errors == 0)
        return;
    lines = MEM_NEW(struct order_lines);
    if (order_read_lines(orders, NULL, &quiet, order_id, lines) == ST_OK)
        for (unsigned i = 0; i < problem->n_errors; i++)
            if (line_of(problem->errors[i].field, &line) && line < lines->n) {
                struct order_line_row *row = &lines->rows[line];
                snprintf(row->note, sizeof(row->note), "%.*s", (int)sizeof(row->note) - 1,
                         problem->errors[i].reason);
                text_trim(row->note);
                store_patch(orders->lines, NULL, &quiet, &row->line_id, 0, row, MEMBERS,
                            ARRAY_LEN(MEMBERS), NULL, NULL);
            }
    free(lines);
}
