/* throttle_contract.c - see throttle_contract.h. */
#include "test/tool/throttle/throttle_contract.h"

#include <stdatomic.h>
#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"

#define S INT64_C(1000000)

static const struct throttle_rule FEW = {"few", 5, 900, 30, 900, true};
static const struct throttle_rule MANY = {"many", 20, 900, 30, 900, false};

/* One throttle an instance, a clock that can be set, and a call that says why. */
struct given {
    struct throttle throttles[2];
    struct test_clock clock;
    struct problem problem;
    struct call call;
};

static struct throttle *given(void **state, struct given *g)
{
    const struct throttle_world *world = *state;

    *g = (struct given){.clock = test_clock(), .call = test_call()};
    g->call.clock = &g->clock.base;
    g->call.problem = &g->problem;
    for (int i = 0; i < 2; i++)
        throttle_init(&g->throttles[i], world->attempts[i], world->transactors[i], "secret", NULL);
    return g->throttles;
}

/* Somebody no other test has met. */
static struct throttle_subject someone(const struct throttle *t, const struct throttle_rule *rule)
{
    char who[32];

    return throttle_subject(t, rule, test_name("someone", who, sizeof(who)), "");
}

static enum status pass_body(struct transaction *tx, const struct call *call, void *arg)
{
    const void *const *a = arg;

    return throttle_pass(a[0], tx, call, a[1], *(const size_t *)a[2]);
}

static enum status pass(const struct throttle *t, const struct call *call,
                        const struct throttle_subject *subjects, size_t n)
{
    const void *a[] = {t, subjects, &n};

    return transactor_run(t->transactor, call, pass_body, a);
}

static void after_so_many_failures_it_is_held(void **state)
{
    struct given g;
    struct throttle *t = given(state, &g);
    struct throttle_subject who = someone(t, &FEW), other = someone(t, &FEW);

    for (int i = 0; i < FEW.limit; i++) {
        assert_status(ST_OK, throttle_ask(&t[i % 2], &g.call, &who, 1));
        assert_status(ST_OK, throttle_fail(&t[i % 2], &g.call, &who, 1));
    }
    for (int i = 0; i < 2; i++) { /* whichever instance is asked, and whatever is done */
        assert_status(ST_LIMITED, throttle_ask(&t[i], &g.call, &who, 1));
        assert_string_equal(g.problem.code, "too_many_attempts");
        assert_in_range(g.problem.retry_after_s, 1, FEW.first_hold_s);
        g.problem.retry_after_s = 0;
        assert_status(ST_LIMITED, throttle_fail(&t[i], &g.call, &who, 1));
        assert_in_range(g.problem.retry_after_s, 1, FEW.first_hold_s);
        assert_status(ST_LIMITED, pass(&t[i], &g.call, &who, 1));
    }
    assert_status(ST_OK, throttle_ask(t, &g.call, &other, 1));
    g.clock.ahead_us = FEW.first_hold_s * S;
    assert_status(ST_OK, throttle_ask(t, &g.call, &who, 1));
    assert_status(ST_OK, throttle_fail(t, &g.call, &who, 1));
    assert_status(ST_LIMITED, throttle_ask(t, &g.call, &who, 1));
    assert_in_range(g.problem.retry_after_s, FEW.first_hold_s + 1, 2 * FEW.first_hold_s);
}

static void a_success_forgets_what_its_rule_forgives(void **state)
{
    struct given g;
    struct throttle *t = given(state, &g);
    struct throttle_subject both[] = {someone(t, &FEW), someone(t, &MANY)};
    int failures = 0;

    assert_status(ST_OK, pass(t, &g.call, both, 2)); /* nothing is known of them */
    for (; failures + FEW.limit - 1 <= MANY.limit; failures += FEW.limit - 1) {
        for (int i = 0; i < FEW.limit - 1; i++)
            assert_status(ST_OK, throttle_fail(t, &g.call, both, 2));
        if (failures + FEW.limit - 1 < MANY.limit)
            assert_status(ST_OK, pass(t, &g.call, both, 2));
    }
    assert_status(ST_LIMITED, throttle_ask(t, &g.call, &both[1], 1));
    assert_status(ST_OK, throttle_ask(t, &g.call, &both[0], 1));
    assert_status(ST_LIMITED, throttle_ask(t, &g.call, both, 2));
    assert_status(ST_LIMITED, pass(t, &g.call, both, 2)); /* and rolled back: */
    assert_status(ST_OK, throttle_fail(t, &g.call, both, 1));
    assert_status(ST_LIMITED, throttle_ask(t, &g.call, both, 1));
}

static enum status forget_body(struct transaction *tx, const struct call *call, void *arg)
{
    const void *const *a = arg;

    return throttle_forget(a[0], tx, call, a[1], 2);
}

static void what_is_forgotten_holds_nobody(void **state)
{
    struct given g;
    struct throttle *t = given(state, &g);
    struct throttle_subject both[] = {someone(t, &FEW), someone(t, &MANY)};
    const void *a[] = {t, both};

    for (int i = 0; i < FEW.limit; i++)
        assert_status(ST_OK, throttle_fail(t, &g.call, both, 1));
    assert_status(ST_LIMITED, throttle_ask(t, &g.call, both, 2));
    assert_status(ST_OK, transactor_run(t->transactor, &g.call, forget_body, a));
    assert_status(ST_OK, throttle_ask(t, &g.call, both, 2));
    assert_status(ST_OK, transactor_run(t->transactor, &g.call, forget_body, a)); /* of nothing */
}

/* Who is told nothing has not guessed: neither subject counts. */
static void a_refused_failure_counts_nowhere(void **state)
{
    struct given g;
    struct throttle *t = given(state, &g);
    struct throttle_subject both[] = {someone(t, &FEW), someone(t, &MANY)};
    struct attempt rows[2];

    for (int i = 0; i < MANY.limit; i++)
        assert_status(ST_OK, throttle_fail(t, &g.call, &both[1], 1));
    for (int i = 0; i < 10; i++)
        assert_status(ST_LIMITED, throttle_fail(t, &g.call, both, 2));
    assert_status(ST_NOT_FOUND,
                  store_find(t->attempts, NULL, &g.call, NULL, &both[0].id, &rows[0]));
    assert_status(ST_OK, store_find(t->attempts, NULL, &g.call, NULL, &both[1].id, &rows[1]));
    assert_int_equal(rows[1].holds, 1);
}

static void the_longest_hold_is_told(void **state)
{
    struct given g;
    struct throttle *t = given(state, &g);
    struct throttle_subject both[] = {someone(t, &FEW), someone(t, &FEW)};
    int held_s[2];

    for (int i = 0; i < FEW.limit; i++)
        assert_status(ST_OK, throttle_fail(t, &g.call, both, 2));
    g.clock.ahead_us = FEW.first_hold_s * S;
    assert_status(ST_OK, throttle_fail(t, &g.call, &both[1], 1));
    assert_status(ST_OK, throttle_look(t, &g.call, both, 2, held_s));
    assert_int_equal(held_s[0], 0);
    assert_in_range(held_s[1], FEW.first_hold_s + 1, 2 * FEW.first_hold_s);
    assert_status(ST_LIMITED, throttle_ask(t, &g.call, both, 2));
    assert_in_range(g.problem.retry_after_s, FEW.first_hold_s + 1, 2 * FEW.first_hold_s);
}

static void what_is_counted_stands_in_no_row_in_clear(void **state)
{
    const struct throttle_world *world = *state;
    struct given g;
    struct throttle *t = given(state, &g), other;
    struct throttle_subject a = throttle_subject(t, &FEW, "who", "what");

    throttle_init(&other, world->attempts[0], world->transactors[0], "another secret", NULL);
    assert_true(uuid_equal(a.id, throttle_subject(&t[1], &FEW, "who", "what").id));
    assert_false(uuid_equal(a.id, throttle_subject(&other, &FEW, "who", "what").id));
    assert_false(uuid_equal(a.id, throttle_subject(t, &MANY, "who", "what").id));
    assert_false(uuid_equal(a.id, throttle_subject(t, &FEW, "whow", "hat").id));
    assert_false(uuid_equal(a.id, throttle_subject(t, &FEW, "what", "who").id));
}

static void one_that_is_off_holds_nobody(void **state)
{
    const struct throttle_world *world = *state;
    struct given g;
    struct throttle off, *all[] = {&off, NULL};

    given(state, &g);
    throttle_init(&off, world->attempts[0], world->transactors[0], NULL, NULL);
    for (size_t k = 0; k < ARRAY_LEN(all); k++) {
        struct throttle_subject who = throttle_subject(all[k], &FEW, "who", "");
        for (int i = 0; i < 10; i++) {
            assert_status(ST_OK, throttle_ask(all[k], &g.call, &who, 1));
            assert_status(ST_OK, throttle_fail(all[k], &g.call, &who, 1));
        }
        assert_status(ST_OK, throttle_pass(all[k], NULL, &g.call, &who, 1));
    }
}

struct crowd {
    struct throttle *t;
    const struct call *call;
    struct throttle_subject subjects[TEST_RACERS_MAX][2];
    atomic_int told, refused, passed;
    int right; /* who is right; -1 = nobody */
};

static void be_one_of_a_crowd(void *arg, int i)
{
    struct crowd *c = arg;
    struct throttle *t = &c->t[i % 2];
    struct problem problem = {.status = ST_OK};
    struct call call = *c->call;
    enum status st;

    call.problem = &problem;
    st = i == c->right ? pass(t, &call, c->subjects[i], 2)
                       : throttle_fail(t, &call, c->subjects[i], 2);
    if (st == ST_LIMITED)
        assert_in_range(problem.retry_after_s, 1, FEW.first_hold_s);
    else
        assert_status(ST_OK, st);
    c->refused += st == ST_LIMITED;
    c->told += st == ST_OK && i != c->right;
    c->passed += st == ST_OK && i == c->right;
}

/* All at once, of nobody known before: no more are told than the rule allows. */
static void a_crowd_is_told_no_more_than_one(void **state)
{
    struct given g;
    struct throttle *t = given(state, &g);

    for (int round = 0; round < 5; round++) {
        struct crowd c = {.t = t, .call = &g.call, .right = -1};
        for (int i = 0; i < TEST_RACERS_MAX; i++) {
            c.subjects[i][0] = i == 0 ? someone(t, &FEW) : c.subjects[0][0];
            c.subjects[i][1] = i == 0 ? someone(t, &MANY) : c.subjects[0][1];
        }
        test_race(TEST_RACERS_MAX, be_one_of_a_crowd, &c);
        assert_int_equal(c.told, FEW.limit);
        assert_int_equal(c.refused, TEST_RACERS_MAX - FEW.limit);
    }
}

/* From as many places: what they have in common holds. */
static void a_scattered_crowd_is_told_no_more_than_the_common_rule_allows(void **state)
{
    struct given g;
    struct throttle *t = given(state, &g);
    struct crowd c = {.t = t, .call = &g.call, .right = -1};

    for (int i = 0; i < TEST_RACERS_MAX; i++) {
        c.subjects[i][0] = someone(t, &FEW);
        c.subjects[i][1] = i == 0 ? someone(t, &MANY) : c.subjects[0][1];
    }
    test_race(TEST_RACERS_MAX, be_one_of_a_crowd, &c);
    assert_int_equal(c.told, MANY.limit);
}

/* Who is right in a crowd comes through, or does not; those before and, once it has come through,
 * those after are told no more than the rule allows. */
/* Nothing is left of what they have in common: what there was of the narrower one is forgotten. */
static void what_was_seen_is_forgotten(void **state)
{
    struct given g;
    struct throttle *t = given(state, &g);
    struct throttle_subject both[] = {someone(t, &MANY), someone(t, &FEW)};
    struct attempt row;

    assert_status(ST_OK, throttle_fail(t, &g.call, both, 2));
    assert_status(ST_OK, store_remove(t->attempts, NULL, &g.call, &both[0].id, NULL, NULL));
    assert_status(ST_OK, throttle_ask(t, &g.call, both, 2));
    assert_status(ST_OK, pass(t, &g.call, both, 2));
    assert_status(ST_NOT_FOUND, store_find(t->attempts, NULL, &g.call, NULL, &both[1].id, &row));
}

static void one_in_a_crowd_may_come_through_in_time(void **state)
{
    struct given g;
    struct throttle *t = given(state, &g);

    for (int round = 0; round < 5; round++) {
        struct crowd c = {.t = t, .call = &g.call, .right = round * 13};
        for (int i = 0; i < TEST_RACERS_MAX; i++) {
            c.subjects[i][0] = i == 0 ? someone(t, &MANY) : c.subjects[0][0];
            c.subjects[i][1] = i == 0 ? someone(t, &FEW) : c.subjects[0][1];
        }
        test_race(TEST_RACERS_MAX, be_one_of_a_crowd, &c);
        assert_true(c.told >= FEW.limit);
        assert_true(c.told <= (c.passed ? 2 * FEW.limit - 1 : FEW.limit));
        assert_int_equal(c.told + c.refused + c.passed, TEST_RACERS_MAX);
    }
}

static void what_says_nothing_any_more_is_removed(void **state)
{
    struct given g;
    struct throttle *t = given(state, &g);
    struct job_run run = {.call = &g.call, .name = "forget_attempts"};
    struct throttle_subject held;
    struct attempt row;
    struct store_list oldest = {.sort = "over_at"};
    enum status st = ST_PENDING;
    size_t n = 0;

    held = someone(t, &FEW);
    for (int i = 0; i < FEW.limit; i++)
        assert_status(ST_OK, throttle_fail(t, &g.call, &held, 1));
    assert_status(ST_OK, throttle_purge(t, &run));
    assert_status(ST_OK, store_find(t->attempts, NULL, &g.call, NULL, &held.id, &row));
    for (int i = 0; i < 230; i++) {
        struct throttle_subject who = someone(t, &FEW);
        assert_status(ST_OK, throttle_fail(t, &g.call, &who, 1));
    }
    g.clock.ahead_us = row.over_us - clock_wall_us(&CLOCK_SYSTEM) - S;
    for (; st == ST_PENDING; n++)
        st = throttle_purge(t, &run);
    assert_status(ST_OK, st);
    assert_status(ST_OK, store_find(t->attempts, NULL, &g.call, NULL, &held.id, &row));
    g.clock.ahead_us = 7 * 86400 * S;
    for (st = ST_PENDING; st == ST_PENDING; n++)
        st = throttle_purge(t, &run);
    assert_status(ST_OK, st);
    assert_true(n >= 2); /* so many that they go in portions */
    assert_status(ST_OK, store_list(t->attempts, NULL, &g.call, &oldest, 1, &row, &n));
    assert_int_equal(n, 0);
}

#define TEST(name) cmocka_unit_test_prestate(name, world)

int throttle_contract(struct throttle_world *world)
{
    const struct CMUnitTest tests[] = {
        TEST(after_so_many_failures_it_is_held),
        TEST(a_success_forgets_what_its_rule_forgives),
        TEST(what_is_forgotten_holds_nobody),
        TEST(a_refused_failure_counts_nowhere),
        TEST(the_longest_hold_is_told),
        TEST(what_is_counted_stands_in_no_row_in_clear),
        TEST(one_that_is_off_holds_nobody),
        TEST(a_crowd_is_told_no_more_than_one),
        TEST(a_scattered_crowd_is_told_no_more_than_the_common_rule_allows),
        TEST(what_was_seen_is_forgotten),
        TEST(one_in_a_crowd_may_come_through_in_time),
        TEST(what_says_nothing_any_more_is_removed),
    };

    log_set_fd(-1);
    return cmocka_run_group_tests_name("throttle", tests, NULL, NULL);
}
