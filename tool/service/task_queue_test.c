/* Requests that wait for their turn in the skeleton: in lanes, shed, given up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/service/shop_test.h"

static void work_whose_caller_has_given_up_is_not_started(void **state)
{
    struct responder_request first = {0}, late = {.timeout_ms = 1};

    (void)state;
    pthread_rwlock_wrlock(&shop.gate);
    receive(&first, GOOD);
    turn_until_count(&shop.runs, 1);
    receive(&late, GOOD);
    while (clock_now_ms(&CLOCK_SYSTEM) - late.since_ms < 5)
        loop_turn(loop, 1);
    pthread_rwlock_unlock(&shop.gate);
    turn_until(&late.answered);
    assert_int_equal(late.problem.status, ST_TIMEOUT);
    assert_int_equal(shop.runs, 1);
    assert_int_equal(metric_value(served.expired), 1);
    turn_until(&first.answered);
}

static void a_full_queue_answers_at_once(void **state)
{
    struct responder_request running = {0}, queued[2] = {{0}}, refused = {.call.request_id = "r-9"};

    (void)state;
    pthread_rwlock_wrlock(&shop.gate);
    receive(&running, GOOD);
    turn_until_count(&shop.runs, 1);
    receive(&queued[0], GOOD);
    receive(&queued[1], GOOD);
    receive(&refused, GOOD);
    assert_true(refused.answered);
    assert_int_equal(refused.problem.status, ST_OVERLOADED);
    assert_int_equal(refused.problem.retry_after_s, 1);
    assert_non_null(strstr(refused.data, "\"requestId\":\"r-9\""));
    pthread_rwlock_unlock(&shop.gate);
    turn_until(&queued[1].answered);
    assert_false(queued[1].refused);
}

/* Another pool, in which there is more room. */
static void widen(unsigned threads, unsigned capacity)
{
    work_pool_destroy(served.pool);
    served.pool = served.wait_pool = work_pool_create(
        &(struct work_pool_config){.name = "t", .threads = threads, .capacity = capacity});
}

static void one_caller_keeps_no_thread_from_others(void **state)
{
    struct endpoint row = ROW;
    struct responder_request many[4] = {0}, other = {0};

    (void)state;
    row.lane = true;
    widen(2, 16);
    serve(&row);
    pthread_rwlock_wrlock(&shop.gate);
    for (size_t i = 0; i < ARRAY_LEN(many); i++) {
        TEXT_COPY(many[i].call.user, "0198a1b2-0000-7000-8000-000000000001");
        receive(&many[i], GOOD);
    }
    TEXT_COPY(other.call.user, "0198a1b2-0000-7000-8000-000000000002");
    receive(&other, GOOD);
    turn_until_count(&shop.runs, 2); /* of the first caller one, and the other's */
    assert_int_equal(work_pool_queued(served.pool), ARRAY_LEN(many) - 1);
    pthread_rwlock_unlock(&shop.gate);
    turn_until(&other.answered);
    for (size_t i = 0; i < ARRAY_LEN(many); i++) {
        turn_until(&many[i].answered);
        assert_false(many[i].refused);
    }
}

/* A first request takes its time, so that the pool knows how long one takes. */
static void be_slow_once(struct responder_request *first)
{
    pthread_rwlock_wrlock(&shop.gate);
    receive(first, GOOD);
    turn_until_count(&shop.runs, 1);
    loop_turn(loop, 50);
    loop_turn(loop, 50);
    pthread_rwlock_unlock(&shop.gate);
    turn_until(&first->answered);
    work_pool_drain(served.pool, PATIENCE_MS);
}

static void what_would_come_too_late_is_refused_at_once(void **state)
{
    enum { PATIENT_MS = 600000, N = 5 };
    struct responder_request first = {.timeout_ms = PATIENT_MS}, hasty = {.timeout_ms = 1};
    struct responder_request patient[N] = {0}, late = {.timeout_ms = 1};

    (void)state;
    widen(1, 2 * N);
    be_slow_once(&first);
    pthread_rwlock_wrlock(&shop.gate);
    for (size_t i = 0; i < N; i++) {
        patient[i].timeout_ms = PATIENT_MS;
        receive(&patient[i], GOOD);
    }
    turn_until_count(&shop.runs, 2); /* so that N - 1 wait: not half of the queue yet */
    receive(&hasty, GOOD);
    assert_false(hasty.answered); /* that many are queued whatever they may live to see */
    receive(&late, GOOD);
    assert_true(late.answered);
    assert_int_equal(late.problem.status, ST_OVERLOADED);
    assert_int_equal(metric_value(served.shed), 1);
    pthread_rwlock_unlock(&shop.gate);
    turn_until(&hasty.answered);
    for (size_t i = 0; i < N; i++) {
        turn_until(&patient[i].answered);
        assert_false(patient[i].refused);
    }
}

/* Its time is the endpoint's, and what it would wait besides. */
static void who_would_wait_longer_comes_not_too_late(void **state)
{
    enum { PATIENT_MS = 600000, N = 6 };
    struct endpoint row = ROW;
    struct responder_request first = {.timeout_ms = PATIENT_MS}, late = {0};
    struct responder_request patient[N] = {0}, waits = {.call.wait_ms = PATIENT_MS};

    (void)state;
    row.timeout_ms = 1;
    shop.end.state = SAGA_SUCCEEDED;
    widen(1, 2 * (N - 1));
    serve(&row);
    be_slow_once(&first);
    pthread_rwlock_wrlock(&shop.gate);
    for (size_t i = 0; i < N; i++) {
        patient[i].timeout_ms = PATIENT_MS;
        receive(&patient[i], GOOD);
        turn_until_count(&shop.runs, 2); /* so that N - 1 wait in the end */
    }
    receive(&late, GOOD);
    receive(&waits, GOOD);
    pthread_rwlock_unlock(&shop.gate);
    turn_until(&late.answered);
    assert_true(late.refused);
    turn_until(&waits.answered);
    assert_false(waits.refused);
    assert_int_equal(metric_value(served.shed), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(work_whose_caller_has_given_up_is_not_started),
        TEST(a_full_queue_answers_at_once),
        TEST(one_caller_keeps_no_thread_from_others),
        TEST(what_would_come_too_late_is_refused_at_once),
        TEST(who_would_wait_longer_comes_not_too_late),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
