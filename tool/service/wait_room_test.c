/* Requests that wait for the end of what they started. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/service/shop_test.h"

static void who_waits_is_woken_by_the_end(void **state)
{
    struct endpoint_request r = {.call.wait_ms = 10000};

    (void)state;
    receive(&r, GOOD);
    turn_until_count(&shop.asks, 1); /* asked now and then, to no avail */
    assert_false(r.answered);
    work_pool_drain(served.pool, PATIENCE_MS);
    loop_turn(loop, 0);
    shop.outcome = ST_OK;
    wait_room_woken(served.room, (struct uuid){{9}}); /* somebody else's */
    wait_room_woken(served.room, SAGA);
    turn_until(&r.answered);
    assert_non_null(strstr(r.data, "\"state\":\"DONE\""));
}

static void an_end_before_the_wait_is_not_overlooked(void **state)
{
    struct endpoint_request r = {.call.wait_ms = 10000};

    (void)state;
    pthread_rwlock_wrlock(&shop.gate);
    receive(&r, GOOD);
    turn_until_count(&shop.runs, 1);
    shop.outcome = ST_OK;
    wait_room_woken(served.room, SAGA); /* before run has returned */
    pthread_rwlock_unlock(&shop.gate);
    turn_until(&r.answered);
    assert_int_equal(shop.asks, 1);
    assert_non_null(strstr(r.data, "\"state\":\"DONE\""));
}

static void an_end_elsewhere_is_found_by_asking(void **state)
{
    struct endpoint_request r = {.call.wait_ms = 10000};

    (void)state;
    shop.outcome = ST_CONFLICT;
    shop.outcome_code = "email_taken";
    receive(&r, GOOD);
    turn_until(&r.answered);
    assert_int_equal(r.problem.status, ST_CONFLICT);
    assert_string_equal(r.problem.code, "email_taken");
}

static void an_outage_while_waiting_is_not_the_outcome(void **state)
{
    struct endpoint_request r = {.call.wait_ms = 10000};

    (void)state;
    shop.outcome = ST_UNAVAILABLE;
    receive(&r, GOOD);
    turn_until_count(&shop.asks, 1);
    assert_false(r.answered);
    work_pool_drain(served.pool, PATIENCE_MS);
    shop.outcome_code = "signup_compensated"; /* the same status, but with a word of its own */
    turn_until(&r.answered);
    assert_int_equal(r.problem.status, ST_UNAVAILABLE);
    assert_string_equal(r.problem.code, "signup_compensated");
}

static void when_the_time_is_over_the_reply_is_as_it_was(void **state)
{
    static const struct {
        int32_t wait_ms;
        int64_t timeout_ms;
    } CASES[] = {
        {400,   0  },
        {30000, 450},
        {1,     0  }
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        struct endpoint_request r = {.call.wait_ms = CASES[i].wait_ms,
                                     .timeout_ms = CASES[i].timeout_ms};

        receive(&r, GOOD);
        turn_until(&r.answered);
        assert_false(r.refused);
        assert_non_null(strstr(r.data, "\"state\":\"PENDING\""));
    }
}

static void closing_answers_all_who_wait_and_all_who_come(void **state)
{
    struct endpoint_request sitting = {.call.wait_ms = 10000}, coming = {.call.wait_ms = 10000};

    (void)state;
    receive(&sitting, GOOD);
    turn_until_count(&shop.asks, 1);
    pthread_rwlock_wrlock(&shop.gate);
    receive(&coming, GOOD);
    turn_until_count(&shop.runs, 2);
    wait_room_close(served.room);
    turn_until(&sitting.answered);
    pthread_rwlock_unlock(&shop.gate);
    turn_until(&coming.answered);
    assert_non_null(strstr(sitting.data, "PENDING"));
    assert_non_null(strstr(coming.data, "PENDING"));
}

static void a_refused_start_does_not_wait(void **state)
{
    struct endpoint_request r = {.call.wait_ms = 10000};

    (void)state;
    shop.run = ST_CONFLICT;
    shop.words = true;
    receive(&r, GOOD);
    turn_until(&r.answered);
    assert_int_equal(r.problem.status, ST_CONFLICT);
    assert_int_equal(shop.asks, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_waits_is_woken_by_the_end),
        TEST(an_end_before_the_wait_is_not_overlooked),
        TEST(an_end_elsewhere_is_found_by_asking),
        TEST(an_outage_while_waiting_is_not_the_outcome),
        TEST(when_the_time_is_over_the_reply_is_as_it_was),
        TEST(closing_answers_all_who_wait_and_all_who_come),
        TEST(a_refused_start_does_not_wait),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
