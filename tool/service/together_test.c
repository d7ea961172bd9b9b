/* together_test.c - requests that are answered together: each by what it asked, each by its own
 * time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/service/shop_test.h"

static size_t sizes[8];
static atomic_int rounds; /* of sizes: how often the use case was called, and with how many */

/* Amount 1 is not there, 2 is away, all others are fine. */
static void buy_all(void *self, struct question *asked, size_t n)
{
    (void)self;
    sizes[rounds] = n;
    atomic_fetch_add(&rounds, 1);
    pthread_rwlock_rdlock(&shop.gate);
    pthread_rwlock_unlock(&shop.gate);
    for (size_t i = 0; i < n; i++) {
        const struct order *order = asked[i].in;
        struct receipt *receipt = asked[i].out;
        asked[i].st = order->amount == 1
                          ? call_fail(asked[i].call, ST_NOT_FOUND, NULL, "There is none.")
                      : order->amount == 2 ? ST_UNAVAILABLE
                                           : ST_OK;
        if (asked[i].st == ST_OK)
            *receipt = (struct receipt){.saga_id = SAGA, .version = order->amount};
    }
}

static const struct endpoint TOGETHER = {
    .op = &OPERATION,
    .together = buy_all,
    .etag = offsetof(struct receipt, version),
    .timeout_ms = 60000,
};

static int set_up_together(void **state)
{
    set_up(state);
    rounds = 0;
    work_pool_destroy(served.pool);
    served.pool = work_pool_create(
        &(struct work_pool_config){.name = "t", .threads = 1, .capacity = QUESTIONS_MAX + 8});
    served.row = &TOGETHER;
    served.kind = (struct work_kind){.together_max = QUESTIONS_MAX};
    served.loop = loop;
    return 0;
}

/* Keeps the only thread busy with one request, so that those that follow are there together. */
static void hold_with(struct responder_request *first)
{
    pthread_rwlock_wrlock(&shop.gate);
    receive(first, GOOD);
    turn_until_count(&rounds, 1);
}

static void who_comes_alone_waits_for_nobody(void **state)
{
    struct responder_request r = {0};

    (void)state;
    receive(&r, GOOD);
    turn_until(&r.answered);
    assert_false(r.refused);
    assert_string_equal(r.etag, "\"3\"");
    assert_int_equal(sizes[0], 1);
}

static void each_fails_or_succeeds_by_itself(void **state)
{
    static const struct {
        const char *why, *json;
        int64_t timeout_ms;
        enum status want;
        const char *code;
        unsigned n_errors;
    } CASES[] = {
        {"fine",             "{\"name\":\"a\",\"amount\":5}",                    0, ST_OK,          "",                0},
        {"not there",        "{\"name\":\"a\",\"amount\":1}",                    0, ST_NOT_FOUND,   "not_found",       0},
        {"no JSON",          "{",                                                0, ST_INVALID,     "invalid_request", 0},
        {"wrong fields",     "{\"name\":\"\",\"amount\":10}",                    0, ST_INVALID,     "invalid_request", 2},
        {"has given up",     "{\"name\":\"a\",\"amount\":6}",                    1, ST_TIMEOUT,     "timeout",         0},
        {"away",             "{\"name\":\"a\",\"amount\":2}",                    0, ST_UNAVAILABLE, "unavailable",     0},
        {"fine as well",     "{\"name\":\"a\",\"amount\":7}",                    0, ST_OK,          "",                0},
        {"wrong in its way", "{\"name\":\"a\",\"amount\":1,\"colour\":\"red\"}", 0, ST_INVALID,
         "invalid_request",                                                                                            1},
    };
    struct responder_request first = {0}, r[ARRAY_LEN(CASES)] = {{0}};

    (void)state;
    hold_with(&first);
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        r[i].timeout_ms = CASES[i].timeout_ms;
        receive(&r[i], CASES[i].json);
    }
    while (clock_now_ms(&CLOCK_SYSTEM) - r[4].since_ms < 5)
        loop_turn(loop, 1);
    pthread_rwlock_unlock(&shop.gate);
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        turn_until(&r[i].answered);
        if (r[i].problem.status != CASES[i].want || strcmp(r[i].problem.code, CASES[i].code) != 0 ||
            r[i].problem.n_errors != CASES[i].n_errors)
            fail_msg("%s: %s", CASES[i].why, r[i].data);
    }
    assert_string_equal(r[0].etag, "\"5\"");
    assert_string_equal(r[6].etag, "\"7\"");
    assert_int_equal(rounds, 2);
    assert_int_equal(sizes[1], 4); /* those that could be asked */
    assert_int_equal(metric_value(served.expired), 1);
}

static void more_than_go_together_go_one_after_another(void **state)
{
    enum { MANY = QUESTIONS_MAX + 5 };
    struct responder_request first = {0};
    static struct responder_request r[MANY];

    (void)state;
    memset(r, 0, sizeof(r));
    hold_with(&first);
    for (size_t i = 0; i < MANY; i++)
        receive(&r[i], GOOD);
    pthread_rwlock_unlock(&shop.gate);
    for (size_t i = 0; i < MANY; i++) {
        turn_until(&r[i].answered);
        assert_false(r[i].refused);
    }
    assert_int_equal(rounds, 3);
    assert_int_equal(sizes[1], QUESTIONS_MAX);
    assert_int_equal(sizes[2], 5);
}

static void none_that_can_be_asked_asks_nothing(void **state)
{
    struct responder_request first = {0}, r[2] = {{0}};

    (void)state;
    hold_with(&first);
    receive(&r[0], "{");
    receive(&r[1], "[]");
    pthread_rwlock_unlock(&shop.gate);
    turn_until(&r[0].answered);
    turn_until(&r[1].answered);
    assert_int_equal(rounds, 1);
}

#define TOGETHER_TEST(f) cmocka_unit_test_setup_teardown(f, set_up_together, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOGETHER_TEST(who_comes_alone_waits_for_nobody),
        TOGETHER_TEST(each_fails_or_succeeds_by_itself),
        TOGETHER_TEST(more_than_go_together_go_one_after_another),
        TOGETHER_TEST(none_that_can_be_asked_asks_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
