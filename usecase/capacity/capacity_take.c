/* capacity_take.c - all that is wanted, or nothing; see capacity.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "usecase/capacity/capacity.h"

enum { ENOUGH = -1 };

/* What is wanted of each slot by all lines together, in the order of slot ids. */
struct sums {
    struct hold_line lines[CAPACITY_WANTS_MAX];
    int64_t left[CAPACITY_WANTS_MAX]; /* of one that is short; else ENOUGH */
    size_t n;
};

static int by_slot(const void *a, const void *b)
{
    return memcmp(&((const struct hold_line *)a)->slot_id, &((const struct hold_line *)b)->slot_id,
                  sizeof(struct uuid));
}

static void sum_up(const struct capacity_want wants[], size_t n, struct sums *sums)
{
    struct hold_line *lines = sums->lines;
    size_t last = 0;

    ASSERT(n >= 1 && n <= CAPACITY_WANTS_MAX);
    for (size_t i = 0; i < n; i++) {
        const struct capacity_want *want = &wants[i];
        ASSERT(want->line < CAPACITY_LINES_MAX);
        ASSERT(want->pieces >= 1 && want->pieces <= CAPACITY_UNITS_MAX);
        ASSERT(want->each >= 1 && want->each <= CAPACITY_UNITS_MAX);
        lines[i] = (struct hold_line){want->slot_id, want->pieces * want->each};
    }
    qsort(lines, n, sizeof(lines[0]), by_slot);
    for (size_t i = 1; i < n; i++) {
        if (by_slot(&lines[last], &lines[i]) == 0)
            lines[last].units += lines[i].units;
        else
            lines[++last] = lines[i];
    }
    sums->n = last + 1;
}

static int64_t left_of(const struct sums *sums, struct uuid slot_id)
{
    struct hold_line key = {.slot_id = slot_id};
    const struct hold_line *found =
        bsearch(&key, sums->lines, sums->n, sizeof(sums->lines[0]), by_slot);

    return sums->left[found - sums->lines];
}

/* Of each line that is short, the pieces for which there are units. */
static enum status refuse(const struct capacity_want wants[], size_t n, const struct sums *sums,
                          const struct call *call)
{
    int64_t pieces[CAPACITY_LINES_MAX];

    for (size_t i = 0; i < CAPACITY_LINES_MAX; i++)
        pieces[i] = ENOUGH;
    for (size_t i = 0; i < n; i++) {
        int64_t *least = &pieces[wants[i].line], left = left_of(sums, wants[i].slot_id);
        if (left != ENOUGH && (*least == ENOUGH || left / wants[i].each < *least))
            *least = left / wants[i].each;
    }
    for (size_t i = 0; i < CAPACITY_LINES_MAX; i++) {
        char field[32];
        snprintf(field, sizeof(field), "lines[%zu]", i);
        if (pieces[i] != ENOUGH)
            problem_field(call->problem, field, "%lld left", (long long)pieces[i]);
    }
    return call_fail(call, ST_CONFLICT, "sold_out",
                     "There are not so many left; errors says what is.");
}

/* What is needed of others last: who waits for a slot waits for nothing but the commit. */
enum status capacity_take(const struct capacity *c, struct transaction *tx, const struct call *call,
                          struct uuid hold_id, const struct capacity_want wants[], size_t n)
{
    const struct capacity_rows_ops *ops = c->rows->ops;
    struct sums sums;
    bool is_short = false;
    enum status st;

    sum_up(wants, n, &sums);
    st = ops->add_lines(c->rows, tx, call, hold_id, sums.lines, sums.n);
    for (size_t i = 0; st == ST_OK && i < sums.n; i++) {
        st =
            ops->take(c->rows, tx, call, sums.lines[i].slot_id, sums.lines[i].units, &sums.left[i]);
        if (st == ST_OK)
            sums.left[i] = ENOUGH;
        is_short |= st == ST_CONFLICT;
        st = st == ST_CONFLICT ? ST_OK : st;
    }
    return st == ST_OK && is_short ? refuse(wants, n, &sums, call) : st;
}
