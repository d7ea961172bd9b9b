/* puller_test.c - a durable consumer over a real nats-server, whatever happens to it meanwhile. */
#include "test/tool/stream/pulling.h"

static void expect(const struct hand *hand, int first, int last)
{
    assert_int_equal(hand->n, last - first + 1);
    for (int i = first; i <= last; i++)
        assert_int_equal(hand->seen[i - first], i);
}

static void one_comes_at_a_time_and_in_order(void **state)
{
    struct pulling *f = *state;

    for (int i = 0; i < 3; i++)
        pulling_publish(f);
    pulling_begin(f, &f->a, false);
    for (unsigned i = 1; i <= 3; i++) {
        WAIT(f, f->a.n == i);
        assert_int_equal(f->a.delivered, 1);
        assert_true(puller_busy(f->a.puller));
        assert_int_equal(puller_lag(f->a.puller), 4 - i);
        pulling_turn_for(f, 50);
        assert_int_equal(f->a.n, i);
        puller_ack(f->a.puller);
        assert_false(puller_busy(f->a.puller));
    }
    assert_int_equal(puller_lag(f->a.puller), 0);
    pulling_publish(f);
    WAIT(f, f->a.n == 4);
    puller_ack(f->a.puller);
    expect(&f->a, 1, 4);
}

static void what_is_to_come_again_comes_before_the_next(void **state)
{
    struct pulling *f = *state;
    int64_t again_ms;

    pulling_begin(f, &f->a, false);
    pulling_publish(f);
    pulling_publish(f);
    WAIT(f, f->a.n == 1);
    again_ms = clock_now_ms(&CLOCK_SYSTEM) + 300;
    puller_again(f->a.puller, 300);
    WAIT(f, f->a.n == 2);
    assert_true(clock_now_ms(&CLOCK_SYSTEM) >= again_ms);
    assert_int_equal(f->a.seen[1], 1);
    assert_int_equal(f->a.delivered, 2);
    puller_again(f->a.puller, 0);
    WAIT(f, f->a.n == 3);
    assert_int_equal(f->a.seen[2], 1);
    puller_ack(f->a.puller);
    WAIT(f, f->a.n == 4);
    assert_int_equal(f->a.seen[3], 2);
    puller_ack(f->a.puller);
}

static void two_share_and_what_is_in_hand_is_nobody_else_s(void **state)
{
    struct pulling *f = *state;
    struct hand *holder, *other;

    f->ack_wait_ms = 4L * ACK_WAIT_MS;
    pulling_begin(f, &f->a, false);
    pulling_begin(f, &f->b, false);
    pulling_publish(f);
    pulling_publish(f);
    WAIT(f, f->a.n + f->b.n == 1);
    holder = f->a.n == 1 ? &f->a : &f->b;
    other = holder == &f->a ? &f->b : &f->a;
    pulling_turn_for(f, 4 * f->ack_wait_ms / 3); /* it says that it is at it */
    if (f->stalled_ms > f->ack_wait_ms / 4)
        skip(); /* the machine stood still: who says nothing for so long may lose what it has */
    assert_int_equal(f->a.n + f->b.n, 1);
    pulling_end(holder);
    WAIT(f, other->n == 1);
    assert_int_equal(other->delivered, 2);
    puller_ack(other->puller);
    WAIT(f, other->n == 2);
    puller_ack(other->puller);
    expect(other, 1, 2);
}

static void a_consumer_that_is_deleted_is_made_again(void **state)
{
    struct pulling *f = *state;

    pulling_begin(f, &f->a, true);
    pulling_publish(f);
    WAIT(f, f->a.n == 1);
    pulling_turn_for(f, 50);
    assert_int_equal(js_DeleteConsumer(f->js.js, "EVENTS", "audit-07", NULL, NULL), NATS_OK);
    pulling_publish(f);
    WAIT(f, f->a.n == 3); /* all of the stream, from the start */
    assert_int_equal(f->a.seen[2], 2);
}

static void a_stream_that_comes_late_is_waited_for(void **state)
{
    struct pulling *f = *state;

    assert_int_equal(js_DeleteStream(f->js.js, "EVENTS", NULL, NULL), NATS_OK);
    pulling_begin(f, &f->a, true);
    pulling_turn_for(f, 300);
    jetstream_make_stream(&f->js);
    pulling_publish(f);
    WAIT(f, f->a.n == 1);
    assert_int_equal(js_DeleteStream(f->js.js, "EVENTS", NULL, NULL), NATS_OK);
    pulling_turn_for(f, 300);
    jetstream_make_stream(&f->js);
    pulling_publish(f);
    WAIT(f, f->a.n == 2);
    expect(&f->a, 1, 2);
}

static void a_server_that_was_away_goes_on_where_it_was(void **state)
{
    struct pulling *f = *state;

    pulling_begin(f, &f->a, false);
    pulling_publish(f);
    pulling_publish(f);
    WAIT(f, f->a.n == 1);
    puller_ack(f->a.puller);
    WAIT(f, f->a.n == 2);
    jetstream_restart(&f->js, false);
    WAIT(f, link_is_up(f->a.link));
    f->a.at_once = true;     /* the server may have forgotten the last acknowledgement */
    puller_ack(f->a.puller); /* on another connection than it came by */
    pulling_publish(f);
    WAIT(f, f->a.seen[f->a.n - 1] == 3);
}

static void on_an_empty_store_the_consumer_is_made_again(void **state)
{
    struct pulling *f = *state;

    pulling_begin(f, &f->a, true);
    pulling_publish(f);
    WAIT(f, f->a.n == 1);
    jetstream_restart(&f->js, true);
    pulling_turn_for(f, 500);
    jetstream_make_stream(&f->js);
    pulling_publish(f);
    WAIT(f, f->a.n == 2);
    expect(&f->a, 1, 2);
}

static void stopped_it_takes_no_more(void **state)
{
    struct pulling *f = *state;

    pulling_begin(f, &f->a, false);
    pulling_publish(f);
    pulling_publish(f);
    WAIT(f, f->a.n == 1);
    puller_stop(f->a.puller);
    assert_true(puller_busy(f->a.puller));
    puller_ack(f->a.puller);
    assert_false(puller_busy(f->a.puller));
    pulling_begin(f, &f->b, true);
    WAIT(f, f->b.n == 1);
    assert_int_equal(f->b.seen[0], 2);
    assert_int_equal(f->a.n, 1);
}

static void stopped_while_it_waits_it_keeps_nobody_waiting(void **state)
{
    struct pulling *f = *state;

    pulling_begin(f, &f->a, true);
    pulling_publish(f);
    WAIT(f, f->a.n == 1);
    pulling_turn_for(f, 50);
    puller_stop(f->a.puller); /* its pull is still at the server */
    pulling_publish(f);
    pulling_begin(f, &f->b, true);
    WAIT(f, f->b.n == 1);
    assert_int_equal(f->b.seen[0], 2);
    assert_int_equal(f->a.n, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PULLING_TEST(one_comes_at_a_time_and_in_order),
        PULLING_TEST(what_is_to_come_again_comes_before_the_next),
        PULLING_TEST(two_share_and_what_is_in_hand_is_nobody_else_s),
        PULLING_TEST(a_consumer_that_is_deleted_is_made_again),
        PULLING_TEST(a_stream_that_comes_late_is_waited_for),
        PULLING_TEST(a_server_that_was_away_goes_on_where_it_was),
        PULLING_TEST(on_an_empty_store_the_consumer_is_made_again),
        PULLING_TEST(stopped_it_takes_no_more),
        PULLING_TEST(stopped_while_it_waits_it_keeps_nobody_waiting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
