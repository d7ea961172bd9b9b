/* A sweeper over memory and over MariaDB: what it frees, and what it must not. */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#include "test/tool/sweep/sweep_fixture.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/sweep/sweeper.h"

enum { LONG_MS = 3600 * 1000, SHORT_MS = 20, MANY = 20, SWEEPERS = 4, PATIENCE_MS = 120000 };

/* Who owns the holds: what is said of each, and what happens while it is asked. */
struct owner {
    struct holds *holds;
    enum sweep_answer answer;
    enum status act; /* what comes of an act, once it has written */
    bool commits;    /* the hold is committed while its owner is asked for */
    atomic_int asked, acted;
};

static enum status commit_in(struct transaction *tx, const struct call *call, void *arg)
{
    void **args = arg;

    return hold_set(args[0], tx, call, *(struct uuid *)args[1], COMMITTED);
}

static enum sweep_answer ask(void *arg, const struct call *call, struct uuid id)
{
    struct owner *owner = arg;
    void *args[] = {owner->holds, &id};

    assert_true(call_left_ms(call) <= 1000);
    atomic_fetch_add(&owner->asked, 1);
    if (owner->commits)
        assert_status(ST_OK, transactor_run(owner->holds->transactor, call, commit_in, args));
    return owner->answer;
}

static enum status release(void *arg, struct transaction *tx, const struct call *call,
                           struct uuid id)
{
    struct owner *owner = arg;
    enum status st = hold_set(owner->holds, tx, call, id, RELEASED);

    if (st != ST_OK || owner->act != ST_OK)
        return st == ST_OK ? owner->act : st;
    atomic_fetch_add(&owner->acted, 1);
    return ST_OK;
}

static struct metrics *metrics;

static struct sweeper sweeper_of(struct owner *owner, int64_t lease_ms)
{
    struct sweeper sweeper;

    sweeper_init(&sweeper, &(struct sweeper_config){.name = "hold",
                                                    .rows = owner->holds->rows,
                                                    .transactor = owner->holds->transactor,
                                                    .ask = ask,
                                                    .act = release,
                                                    .arg = owner,
                                                    .batch = 8,
                                                    .lease_ms = lease_ms,
                                                    .ask_ms = 1000,
                                                    .grace_ms = 60000,
                                                    .metrics = metrics});
    return sweeper;
}

static enum status run(struct sweeper *sweeper)
{
    struct call call = test_call();

    return sweeper_run(sweeper, &(struct job_run){.call = &call, .name = "sweep_holds"});
}

static int64_t overdue(void)
{
    return metric_value(metrics_gauge(metrics, "hanok_sweep_overdue", "", "sweep=\"hold\""));
}

static int set_up(void **state)
{
    holds_clear(*state);
    metrics = metrics_create();
    log_set_fd(-1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    metrics_destroy(metrics);
    log_set_fd(2);
    return 0;
}

static void what_is_unwanted_goes_and_what_is_not_due_is_not_asked_for(void **state)
{
    struct owner owner = {.holds = *state, .answer = SWEEP_UNWANTED};
    struct sweeper sweeper = sweeper_of(&owner, LONG_MS);
    struct uuid due = hold_add(*state, 90000), later = hold_add(*state, -LONG_MS);

    assert_status(ST_OK, run(&sweeper));
    assert_int_equal(hold_state(*state, due), RELEASED);
    assert_int_equal(hold_state(*state, later), HELD);
    assert_true(owner.asked == 1 && owner.acted == 1);
    assert_int_equal(overdue(), 0);
}

static void what_is_wanted_or_without_an_answer_stays_and_is_counted(void **state)
{
    static const enum sweep_answer ANSWERS[] = {SWEEP_WANTED, SWEEP_NO_ANSWER};

    for (size_t i = 0; i < ARRAY_LEN(ANSWERS); i++) {
        struct owner owner = {.holds = *state, .answer = ANSWERS[i]};
        struct sweeper sweeper = sweeper_of(&owner, SHORT_MS);
        struct uuid due = hold_add(*state, 90000);
        int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;

        while (owner.asked < 2) { /* again, when the lease is over */
            assert_true(clock_now_ms(&CLOCK_SYSTEM) < until_ms);
            assert_status(ST_OK, run(&sweeper));
            poll(NULL, 0, 5);
        }
        assert_int_equal(hold_state(*state, due), HELD);
        assert_int_equal(overdue(), 1);
        assert_int_equal(owner.acted, 0);
        holds_clear(*state);
    }
}

static void what_was_committed_meanwhile_is_not_touched(void **state)
{
    struct owner owner = {.holds = *state, .answer = SWEEP_UNWANTED, .commits = true};
    struct sweeper sweeper = sweeper_of(&owner, LONG_MS);
    struct uuid due = hold_add(*state, 1000);

    assert_status(ST_OK, run(&sweeper));
    assert_int_equal(hold_state(*state, due), COMMITTED);
    assert_int_equal(owner.acted, 0);
}

static void an_act_that_fails_is_undone_and_done_again(void **state)
{
    struct owner owner = {.holds = *state, .answer = SWEEP_UNWANTED, .act = ST_UNAVAILABLE};
    struct sweeper sweeper = sweeper_of(&owner, SHORT_MS);
    struct uuid due = hold_add(*state, 1000);
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;

    assert_status(ST_UNAVAILABLE, run(&sweeper));
    assert_int_equal(hold_state(*state, due), HELD);
    owner.act = ST_OK;
    while (owner.acted == 0) {
        assert_true(clock_now_ms(&CLOCK_SYSTEM) < until_ms);
        run(&sweeper);
        poll(NULL, 0, 5);
    }
    assert_int_equal(hold_state(*state, due), RELEASED);
}

static void a_whole_batch_says_that_there_is_more(void **state)
{
    struct owner owner = {.holds = *state, .answer = SWEEP_UNWANTED};
    struct sweeper sweeper = sweeper_of(&owner, LONG_MS);

    for (int i = 0; i < MANY; i++)
        hold_add(*state, 1000 + i);
    assert_status(ST_PENDING, run(&sweeper));
    assert_int_equal(owner.acted, 8);
    assert_status(ST_PENDING, run(&sweeper));
    assert_status(ST_OK, run(&sweeper));
    assert_int_equal(owner.acted, MANY);
}

/* ---- crashes and company ---- */

static void after_a_crash_between_claim_and_act_another_does_it_once(void **state)
{
    struct owner owner = {.holds = *state, .answer = SWEEP_UNWANTED};
    struct sweeper sweeper = sweeper_of(&owner, LONG_MS);
    struct sweep_rows *rows = owner.holds->rows;
    struct uuid due = hold_add(*state, 1000);
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;
    struct call call = test_call();
    struct sweep_claim claim;
    size_t n;

    /* It has claimed, and is never heard of again. */
    assert_status(ST_OK, rows->ops->claim(rows, &call, SHORT_MS, 1, &claim, &n));
    assert_true(n == 1 && uuid_equal(claim.id, due));
    assert_int_equal(hold_state(*state, due), HELD);
    while (owner.acted == 0) {
        assert_true(clock_now_ms(&CLOCK_SYSTEM) < until_ms);
        assert_status(ST_OK, run(&sweeper));
        poll(NULL, 0, 5);
    }
    assert_status(ST_OK, run(&sweeper));
    assert_int_equal(owner.acted, 1);
    assert_int_equal(hold_state(*state, due), RELEASED);
}

static void while_a_lease_lasts_nobody_else_comes(void **state)
{
    struct owner owner = {.holds = *state, .answer = SWEEP_UNWANTED};
    struct sweeper sweeper = sweeper_of(&owner, LONG_MS);
    struct sweep_rows *rows = owner.holds->rows;
    struct call call = test_call();
    struct sweep_claim claim;
    size_t n;

    hold_add(*state, 1000);
    assert_status(ST_OK, rows->ops->claim(rows, &call, LONG_MS, 1, &claim, &n));
    assert_status(ST_OK, run(&sweeper));
    assert_true(owner.asked == 0 && owner.acted == 0);
}

struct locking {
    struct holds *holds;
    struct sweep_claim claim;
};

static enum status lock_in(struct transaction *tx, const struct call *call, void *arg)
{
    struct locking *l = arg;

    return l->holds->rows->ops->lock(l->holds->rows, tx, call, &l->claim);
}

static void a_sweeper_that_comes_late_finds_its_claim_stale(void **state)
{
    struct locking early = {.holds = *state}, late = {.holds = *state};
    struct sweep_rows *rows = early.holds->rows;
    struct call call = test_call();
    size_t n;

    hold_add(*state, 1000);
    assert_status(ST_OK, rows->ops->claim(rows, &call, 1, 1, &late.claim, &n));
    do
        assert_status(ST_OK, rows->ops->claim(rows, &call, LONG_MS, 1, &early.claim, &n));
    while (n == 0);
    assert_status(ST_STALE, transactor_run(early.holds->transactor, &call, lock_in, &late));
    assert_status(ST_OK, transactor_run(early.holds->transactor, &call, lock_in, &early));
}

static void sweep_all(void *arg, int i)
{
    struct owner *owner = arg;
    struct sweeper sweeper = sweeper_of(owner, LONG_MS);

    (void)i;
    while (run(&sweeper) == ST_PENDING) {
    }
}

static void many_sweepers_do_each_row_once(void **state)
{
    struct owner owner = {.holds = *state, .answer = SWEEP_UNWANTED};
    struct uuid ids[MANY];

    for (int i = 0; i < MANY; i++)
        ids[i] = hold_add(*state, 1000 + i);
    test_race(SWEEPERS, sweep_all, &owner);
    assert_int_equal(owner.asked, MANY);
    assert_int_equal(owner.acted, MANY);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(hold_state(*state, ids[i]), RELEASED);
}

/* Of a row that was due long before: the clock says so still. */
static void a_clock_set_back_hides_nothing_that_is_due(void **state)
{
    struct owner owner = {.holds = *state, .answer = SWEEP_UNWANTED};
    struct sweeper sweeper = sweeper_of(&owner, LONG_MS);
    struct sweep_rows *rows = owner.holds->rows;
    struct uuid due = hold_add(*state, 2 * 3600 * 1000), later = hold_add(*state, 1000);
    struct sweep_claim claims[2];
    struct call call = test_call();
    size_t n;

    assert_status(ST_OK, rows->ops->claim(rows, &call, LONG_MS, 2, claims, &n));
    assert_int_equal(n, 2);
    holds_set_back(*state);
    for (int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;
         hold_state(*state, due) == HELD; poll(NULL, 0, 5)) {
        assert_true(clock_now_ms(&CLOCK_SYSTEM) < until_ms);
        assert_status(ST_OK, run(&sweeper));
    }
    assert_int_equal(hold_state(*state, later), HELD); /* it is not due any more */
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_unwanted_goes_and_what_is_not_due_is_not_asked_for),
        TEST(what_is_wanted_or_without_an_answer_stays_and_is_counted),
        TEST(what_was_committed_meanwhile_is_not_touched),
        TEST(an_act_that_fails_is_undone_and_done_again),
        TEST(a_whole_batch_says_that_there_is_more),
        TEST(after_a_crash_between_claim_and_act_another_does_it_once),
        TEST(while_a_lease_lasts_nobody_else_comes),
        TEST(a_sweeper_that_comes_late_finds_its_claim_stale),
        TEST(many_sweepers_do_each_row_once),
        TEST(a_clock_set_back_hides_nothing_that_is_due),
    };

    return cmocka_run_group_tests_name("memory", tests, holds_in_memory, holds_gone) +
           cmocka_run_group_tests_name("MariaDB", tests, holds_in_mariadb, holds_gone);
}
