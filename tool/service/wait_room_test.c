/* Requests that wait for the end of what they started. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/service/shop_test.h"

static void ends_here(struct uuid id, enum saga_state state, const char *reason)
{
    struct saga_view end = {.id = id, .state = state};

    TEXT_COPY(end.reason, reason);
    wait_room_tell(served.room, id, &end);
}

static void who_waits_is_told_the_end(void **state)
{
    struct responder_request r = {.call.wait_ms = 10000};
    int asks;

    (void)state;
    receive(&r, GOOD);
    turn_until_count(&shop.asks, 1); /* asked now and then, to no avail */
    assert_false(r.answered);
    work_pool_drain(served.pool, PATIENCE_MS);
    loop_turn(loop, 0);
    asks = shop.asks;
    ends_here((struct uuid){{9}}, SAGA_SUCCEEDED, ""); /* somebody else's */
    ends_here(SAGA, SAGA_SUCCEEDED, "");
    loop_turn(loop, 0);
    assert_true(r.answered); /* there and then, whatever the pool has to do */
    assert_int_equal(shop.asks, asks);
    assert_non_null(strstr(r.data, "\"state\":\"DONE\""));
}

static void an_end_before_the_wait_is_not_overlooked(void **state)
{
    struct responder_request r = {.call.wait_ms = 10000};

    (void)state;
    pthread_rwlock_wrlock(&shop.gate);
    receive(&r, GOOD);
    turn_until_count(&shop.runs, 1);
    ends_here(SAGA, SAGA_COMPENSATED, "email_taken"); /* before run has returned */
    pthread_rwlock_unlock(&shop.gate);
    turn_until(&r.answered);
    assert_int_equal(shop.asks, 0);
    assert_int_equal(r.problem.status, ST_CONFLICT);
    assert_string_equal(r.problem.code, "email_taken");
}

static void two_may_wait_for_the_same_end(void **state)
{
    struct responder_request first = {.call.wait_ms = 10000}, late = {.call.wait_ms = 10000};

    (void)state;
    receive(&first, GOOD);
    turn_until_count(&shop.asks, 1);
    pthread_rwlock_wrlock(&shop.gate);
    receive(&late, GOOD);
    turn_until_count(&shop.runs, 2);
    ends_here(SAGA, SAGA_SUCCEEDED, "");
    turn_until(&first.answered);
    pthread_rwlock_unlock(&shop.gate);
    turn_until(&late.answered);
    assert_non_null(strstr(late.data, "\"state\":\"DONE\""));
    assert_int_equal(shop.ends, 2);
}

static void an_end_elsewhere_is_found_by_asking(void **state)
{
    struct responder_request r = {.call.wait_ms = 10000}, late = {.call.wait_ms = 10000};

    (void)state;
    shop.end.state = SAGA_COMPENSATED;
    TEXT_COPY(shop.end.reason, "email_taken");
    receive(&r, GOOD);
    turn_until(&r.answered);
    assert_int_equal(r.problem.status, ST_CONFLICT);
    assert_string_equal(r.problem.code, "email_taken");
    shop.found = ST_NOT_FOUND; /* so long ago that its row is gone */
    receive(&late, GOOD);
    turn_until(&late.answered);
    assert_int_equal(late.problem.status, ST_UNAVAILABLE);
    assert_string_equal(late.problem.code, "signup_compensated");
}

static void an_outage_while_waiting_is_not_the_outcome(void **state)
{
    struct responder_request r = {.call.wait_ms = 10000};

    (void)state;
    shop.found = ST_UNAVAILABLE;
    receive(&r, GOOD);
    turn_until_count(&shop.asks, 2);
    assert_false(r.answered);
    work_pool_drain(served.pool, PATIENCE_MS);
    shop.end.state = SAGA_SUCCEEDED;
    shop.found = ST_OK;
    turn_until(&r.answered);
    assert_non_null(strstr(r.data, "\"state\":\"DONE\""));
}

static void what_is_accepted_may_be_waited_for_and_stays_accepted(void **state)
{
    struct responder_request over = {.call.wait_ms = 400}, ended = {.call.wait_ms = 10000};

    (void)state;
    shop.run = ST_PENDING;
    receive(&over, GOOD);
    turn_until(&over.answered);
    assert_false(over.refused);
    assert_string_equal(over.code, "202");
    receive(&ended, GOOD);
    turn_until_count(&shop.runs, 2);
    ends_here(SAGA, SAGA_SUCCEEDED, "");
    turn_until(&ended.answered);
    assert_string_equal(ended.code, "");
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
        struct responder_request r = {.call.wait_ms = CASES[i].wait_ms,
                                      .timeout_ms = CASES[i].timeout_ms};

        receive(&r, GOOD);
        turn_until(&r.answered);
        assert_false(r.refused);
        assert_non_null(strstr(r.data, "\"state\":\"PENDING\""));
    }
}

/* One thread, which is held until the first one's time is over: its question was queued in time. */
static void who_is_asked_about_too_late_gets_the_reply_as_it_was(void **state)
{
    struct responder_request r = {.call.wait_ms = 1000}, held = {.call.wait_ms = 10000};
    int64_t over_ms;

    (void)state;
    receive(&r, GOOD);
    turn_until_count(&shop.asks, 1);
    over_ms = r.since_ms + r.call.wait_ms;
    pthread_rwlock_wrlock(&shop.gate);
    receive(&held, GOOD);
    while (clock_now_ms(&CLOCK_SYSTEM) <= over_ms)
        loop_turn(loop, 10);
    pthread_rwlock_unlock(&shop.gate);
    turn_until(&r.answered);
    assert_non_null(strstr(r.data, "\"state\":\"PENDING\""));
    ends_here(SAGA, SAGA_SUCCEEDED, "");
    turn_until(&held.answered);
}

static enum status look_up(void *self, const struct call *call, const struct saga_view *end,
                           void *out)
{
    ASSERT(!loop_is_current(loop));
    return shop_wait(self, call, end, out);
}

static void serve_by_looking_up(struct endpoint *row)
{
    *row = ROW;
    row->wait = look_up;
    row->wait_looks = true;
    serve(row);
}

static void an_end_that_is_looked_up_has_a_thread_for_that(void **state)
{
    struct responder_request r = {.call.wait_ms = 10000};
    struct endpoint row;

    (void)state;
    serve_by_looking_up(&row);
    receive(&r, GOOD);
    turn_until_count(&shop.asks, 1);
    ends_here(SAGA, SAGA_SUCCEEDED, "");
    turn_until(&r.answered);
    assert_non_null(strstr(r.data, "\"state\":\"DONE\""));
}

static void without_a_thread_to_look_up_the_end_the_reply_is_as_it_was(void **state)
{
    struct responder_request r = {.call.wait_ms = 10000}, busy[3] = {{0}};
    struct endpoint row;

    (void)state;
    serve_by_looking_up(&row);
    receive(&r, GOOD);
    turn_until_count(&shop.asks, 1);
    work_pool_drain(served.pool, PATIENCE_MS);
    pthread_rwlock_wrlock(&shop.gate);
    for (size_t i = 0; i < ARRAY_LEN(busy); i++) {
        receive(&busy[i], GOOD);
        turn_until_count(&shop.runs, 2); /* the first one; the others are in the queue */
    }
    ends_here(SAGA, SAGA_SUCCEEDED, "");
    turn_until(&r.answered);
    assert_non_null(strstr(r.data, "\"state\":\"PENDING\""));
    pthread_rwlock_unlock(&shop.gate);
    for (size_t i = 0; i < ARRAY_LEN(busy); i++)
        turn_until(&busy[i].answered);
}

static void closing_answers_all_who_wait_and_all_who_come(void **state)
{
    struct responder_request sitting = {.call.wait_ms = 10000}, coming = {.call.wait_ms = 10000};

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
    struct responder_request r = {.call.wait_ms = 10000};

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
        TEST(who_waits_is_told_the_end),
        TEST(an_end_before_the_wait_is_not_overlooked),
        TEST(two_may_wait_for_the_same_end),
        TEST(what_is_accepted_may_be_waited_for_and_stays_accepted),
        TEST(an_end_elsewhere_is_found_by_asking),
        TEST(an_outage_while_waiting_is_not_the_outcome),
        TEST(when_the_time_is_over_the_reply_is_as_it_was),
        TEST(who_is_asked_about_too_late_gets_the_reply_as_it_was),
        TEST(an_end_that_is_looked_up_has_a_thread_for_that),
        TEST(without_a_thread_to_look_up_the_end_the_reply_is_as_it_was),
        TEST(closing_answers_all_who_wait_and_all_who_come),
        TEST(a_refused_start_does_not_wait),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
