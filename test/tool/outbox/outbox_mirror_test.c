/* outbox_mirror_test.c - what a log that is read late, twice, or ahead of the table makes of the
 * rows that wait to be sent. */
#include <string.h>

#include "test/support/calls.h"
#include "tool/core/mem.h"
#include "tool/outbox/mysql/outbox_mirror.h"

enum { P = 3, BIT = 1 << P };

static struct gtid_position at(uint64_t seq)
{
    return (struct gtid_position){.at = {{0, 1, seq}}, .n = 1};
}

static struct outbox_row *row(uint64_t seq)
{
    struct outbox_row *row = MEM_NEW(struct outbox_row);

    row->seq = seq;
    row->partition = P;
    memcpy(row->json, "{}", sizeof("{}"));
    return row;
}

/* The log says so, as its transaction number `seq`. */
static bool log_says(struct outbox_mirror *m, uint64_t position, struct mirror_change change,
                     uint64_t seq)
{
    struct outbox_row *of = row(seq);
    struct gtid_position to = at(position);
    bool fits;

    change.row = of;
    fits = outbox_mirror_commit(m, &change, 1, &to);
    free(of);
    return fits;
}

static const struct mirror_change SAID = {.kind = MIRROR_PENDING};
static const struct mirror_change PURGED = {.kind = MIRROR_GONE};

static struct mirror_change sent_as(uint64_t stream_seq)
{
    return (struct mirror_change){.kind = MIRROR_SENT, .stream_seq = stream_seq};
}

/* The table has these rows, 0 at the end; the log ends there. */
static void table_has(struct outbox_mirror *m, uint64_t position, const uint64_t seqs[])
{
    struct mirror_reading reading = {outbox_mirror_opening(m), at(position), BIT, true};
    struct outbox_row *rows[8];
    size_t n = 0;

    for (; seqs[n] != 0; n++)
        rows[n] = row(seqs[n]);
    outbox_mirror_read(m, &reading, rows, n);
    while (n > 0)
        free(rows[--n]);
}

static void we_send(struct outbox_mirror *m, uint64_t seq, uint64_t stream_seq)
{
    outbox_mirror_sent(m, &(struct outbox_sent){seq, stream_seq, {{0}}, P}, 1);
}

/* -1: the table is to be asked. */
static int pending(struct outbox_mirror *m, uint64_t first)
{
    struct outbox_row *rows[8];
    size_t n;
    bool exact;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        rows[i] = row(0);
    exact = outbox_mirror_pending(m, BIT, ARRAY_LEN(rows), rows, &n);
    if (exact && n > 0)
        assert_int_equal(first, rows[0]->seq);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        free(rows[i]);
    return exact ? (int)n : -1;
}

static struct outbox_mirror *open_at(uint64_t position)
{
    struct outbox_mirror *m = outbox_mirror_create(0);
    struct gtid_position from = at(position);

    outbox_mirror_open(m, &from);
    return m;
}

#define ROWS(...) ((const uint64_t[]){__VA_ARGS__, 0})
#define NO_ROWS ((const uint64_t[]){0})

static void it_is_exact_when_the_log_has_come_past_the_table(void **state)
{
    struct outbox_mirror *m = open_at(10);

    (void)state;
    assert_int_equal(-1, pending(m, 0));
    assert_true(log_says(m, 11, SAID, 5));
    assert_int_equal(-1, pending(m, 0));
    table_has(m, 13, ROWS(4));
    assert_int_equal(-1, pending(m, 0)); /* 12 or 13 may have sent one of them */
    assert_true(outbox_mirror_is_behind(m));
    assert_true(log_says(m, 12, sent_as(1), 5));
    assert_int_equal(-1, pending(m, 0));
    assert_true(log_says(m, 13, SAID, 6));
    assert_int_equal(2, pending(m, 4));
    assert_false(outbox_mirror_is_behind(m));
    outbox_mirror_doubt(m, P);
    assert_int_equal(-1, pending(m, 0));
    outbox_mirror_destroy(m);
}

static void a_log_that_is_read_late_brings_nothing_back(void **state)
{
    struct outbox_mirror *m = open_at(10);

    (void)state;
    table_has(m, 10, ROWS(5));
    assert_int_equal(1, pending(m, 5));
    we_send(m, 5, 100);
    assert_int_equal(0, pending(m, 0));
    assert_true(log_says(m, 11, SAID, 5));
    assert_int_equal(0, pending(m, 0));
    assert_true(log_says(m, 12, sent_as(100), 5));
    assert_int_equal(0, pending(m, 0));
    outbox_mirror_destroy(m);
}

/* Sent as 100, lost, found so by us, sent as 50: the log tells it all once more. */
static void nor_does_one_that_tells_of_a_loss(void **state)
{
    struct outbox_mirror *m = open_at(10);

    (void)state;
    table_has(m, 10, ROWS(5));
    we_send(m, 5, 100);
    outbox_mirror_doubt(m, P);
    table_has(m, 13, ROWS(5));
    we_send(m, 5, 50);
    assert_true(log_says(m, 11, SAID, 5));
    assert_true(log_says(m, 12, sent_as(100), 5));
    assert_true(log_says(m, 13, SAID, 5));
    assert_int_equal(0, pending(m, 0));
    assert_true(log_says(m, 14, sent_as(50), 5));
    assert_int_equal(0, pending(m, 0));
    outbox_mirror_destroy(m);
}

static void what_is_lost_is_pending_again(void **state)
{
    struct outbox_mirror *m = open_at(10);

    (void)state;
    table_has(m, 10, NO_ROWS);
    assert_true(log_says(m, 11, SAID, 5));
    we_send(m, 5, 100);
    assert_true(log_says(m, 12, sent_as(100), 5));
    assert_int_equal(0, pending(m, 0));
    assert_true(log_says(m, 13, SAID, 5)); /* by whoever: it is to be sent again */
    assert_int_equal(1, pending(m, 5));
    outbox_mirror_destroy(m);
}

static void the_order_is_that_of_seq(void **state)
{
    struct outbox_mirror *m = open_at(10);

    (void)state;
    table_has(m, 10, ROWS(7));
    assert_true(log_says(m, 11, SAID, 9));
    assert_true(log_says(m, 12, SAID, 5)); /* another key's, committed late */
    assert_int_equal(3, pending(m, 5));
    assert_true(log_says(m, 13, sent_as(1), 5));
    assert_true(log_says(m, 14, sent_as(3), 9)); /* the last */
    assert_int_equal(1, pending(m, 7));
    assert_true(log_says(m, 15, SAID, 8));
    assert_true(log_says(m, 16, PURGED, 7));
    assert_int_equal(1, pending(m, 8));
    outbox_mirror_destroy(m);
}

static void while_the_log_is_not_read_the_table_is(void **state)
{
    struct outbox_mirror *m = open_at(10);
    struct mirror_reading before = {outbox_mirror_opening(m), at(10), BIT, true};
    struct gtid_position later = at(20);

    (void)state;
    table_has(m, 10, ROWS(5));
    outbox_mirror_pause(m);
    assert_int_equal(-1, pending(m, 0));
    outbox_mirror_resume(m);
    assert_int_equal(1, pending(m, 5));
    outbox_mirror_open(m, &later);
    outbox_mirror_read(m, &before, NULL, 0); /* it may lack what came before 20 */
    assert_int_equal(-1, pending(m, 0));
    outbox_mirror_close(m);
    assert_int_equal(0, outbox_mirror_opening(m));
    assert_int_equal(-1, pending(m, 0));
    outbox_mirror_destroy(m);
}

static void too_many_rows_close_it(void **state)
{
    struct outbox_mirror *m = outbox_mirror_create(2);
    struct gtid_position from = at(10);

    (void)state;
    outbox_mirror_open(m, &from);
    assert_true(log_says(m, 11, SAID, 1));
    assert_true(log_says(m, 12, SAID, 2));
    assert_false(log_says(m, 13, SAID, 3));
    assert_int_equal(0, outbox_mirror_opening(m));
    outbox_mirror_destroy(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_exact_when_the_log_has_come_past_the_table),
        cmocka_unit_test(a_log_that_is_read_late_brings_nothing_back),
        cmocka_unit_test(nor_does_one_that_tells_of_a_loss),
        cmocka_unit_test(what_is_lost_is_pending_again),
        cmocka_unit_test(the_order_is_that_of_seq),
        cmocka_unit_test(while_the_log_is_not_read_the_table_is),
        cmocka_unit_test(too_many_rows_close_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
