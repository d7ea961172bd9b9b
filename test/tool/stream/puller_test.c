/* puller_test.c - a durable consumer over a real nats-server, whatever happens to it meanwhile. */
#include "tool/stream/puller.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "test/support/bus.h"
#include "test/support/jetstream.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"

enum { ACK_WAIT_MS = 1000, SEEN_MAX = 256 };

/* One that pulls, and keeps what it got in hand until the test says so, or acknowledges at once. */
struct hand {
    struct loop *loop;
    struct link *link;
    struct puller *puller;
    bool at_once;
    int seen[SEEN_MAX]; /* the numbers of what came */
    unsigned n, delivered;
};

struct fixture {
    struct jetstream js;
    struct hand a, b;
    int next;
};

static void on_pulled(void *arg, const struct pulled *pulled)
{
    struct hand *hand = arg;
    size_t len;
    const char *data = message_data(pulled->message, &len);
    char text[16] = "";

    assert_true(hand->n < SEEN_MAX && len < sizeof(text));
    memcpy(text, data, len);
    hand->seen[hand->n++] = (int)strtol(text, NULL, 10);
    hand->delivered = pulled->delivered;
    if (hand->at_once)
        puller_ack(hand->puller);
}

static void begin(struct fixture *f, struct hand *hand, bool at_once)
{
    struct link_config link = {.url = f->js.server.url, .name = "audit"};

    *hand = (struct hand){.loop = loop_create(&CLOCK_SYSTEM), .at_once = at_once};
    link.loop = hand->loop;
    hand->link = link_create(&link);
    hand->puller = puller_create(&(struct puller_config){.link = hand->link,
                                                         .loop = hand->loop,
                                                         .stream = "EVENTS",
                                                         .durable = "audit-07",
                                                         .filter = "event.*.*.07",
                                                         .ack_wait_ms = ACK_WAIT_MS,
                                                         .fn = on_pulled,
                                                         .arg = hand});
}

/* Without a word, as a process that is killed. */
static void end(struct hand *hand)
{
    puller_destroy(hand->puller);
    link_destroy(hand->link);
    if (hand->loop)
        loop_destroy(hand->loop);
    *hand = (struct hand){0};
}

static void publish(struct fixture *f)
{
    char text[16];

    snprintf(text, sizeof(text), "%d", ++f->next);
    jetstream_publish(&f->js, "event.auth.account_created.08", NULL, "of another partition");
    jetstream_publish(&f->js, "event.auth.account_created.07", NULL, text);
}

static int setup(void **state)
{
    static struct fixture f;

    log_set_fd(-1);
    memset(&f, 0, sizeof(f));
    if (!jetstream_init(&f.js))
        return -1;
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    end(&f->a);
    end(&f->b);
    jetstream_fini(&f->js);
    return 0;
}

static void turn(struct fixture *f)
{
    if (f->a.loop)
        loop_turn(f->a.loop, 5);
    if (f->b.loop)
        loop_turn(f->b.loop, 5);
}

#define WAIT(f, cond)                                                                              \
    for (int64_t give_up_ms = bus_give_up_ms(); !(cond); turn(f))                                  \
    bus_check_patience(give_up_ms, #cond)

static void turn_for(struct fixture *f, int64_t ms)
{
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + ms;

    while (clock_now_ms(&CLOCK_SYSTEM) < until_ms)
        turn(f);
}

static void expect(const struct hand *hand, int first, int last)
{
    assert_int_equal(hand->n, last - first + 1);
    for (int i = first; i <= last; i++)
        assert_int_equal(hand->seen[i - first], i);
}

static void one_comes_at_a_time_and_in_order(void **state)
{
    struct fixture *f = *state;

    for (int i = 0; i < 3; i++)
        publish(f);
    begin(f, &f->a, false);
    for (unsigned i = 1; i <= 3; i++) {
        WAIT(f, f->a.n == i);
        assert_int_equal(f->a.delivered, 1);
        assert_true(puller_busy(f->a.puller));
        assert_int_equal(puller_lag(f->a.puller), 4 - i);
        turn_for(f, 50);
        assert_int_equal(f->a.n, i);
        puller_ack(f->a.puller);
        assert_false(puller_busy(f->a.puller));
    }
    assert_int_equal(puller_lag(f->a.puller), 0);
    publish(f);
    WAIT(f, f->a.n == 4);
    puller_ack(f->a.puller);
    expect(&f->a, 1, 4);
}

static void what_is_to_come_again_comes_before_the_next(void **state)
{
    struct fixture *f = *state;
    int64_t again_ms;

    begin(f, &f->a, false);
    publish(f);
    publish(f);
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
    struct fixture *f = *state;
    struct hand *holder, *other;

    begin(f, &f->a, false);
    begin(f, &f->b, false);
    publish(f);
    publish(f);
    WAIT(f, f->a.n + f->b.n == 1);
    holder = f->a.n == 1 ? &f->a : &f->b;
    other = holder == &f->a ? &f->b : &f->a;
    turn_for(f, 3 * ACK_WAIT_MS); /* it says that it is at it */
    assert_int_equal(f->a.n + f->b.n, 1);
    end(holder);
    WAIT(f, other->n == 1);
    assert_int_equal(other->delivered, 2);
    puller_ack(other->puller);
    WAIT(f, other->n == 2);
    puller_ack(other->puller);
    expect(other, 1, 2);
}

static void a_consumer_that_is_deleted_is_made_again(void **state)
{
    struct fixture *f = *state;

    begin(f, &f->a, true);
    publish(f);
    WAIT(f, f->a.n == 1);
    turn_for(f, 50);
    assert_int_equal(js_DeleteConsumer(f->js.js, "EVENTS", "audit-07", NULL, NULL), NATS_OK);
    publish(f);
    WAIT(f, f->a.n == 3); /* all of the stream, from the start */
    assert_int_equal(f->a.seen[2], 2);
}

static void a_stream_that_comes_late_is_waited_for(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(js_DeleteStream(f->js.js, "EVENTS", NULL, NULL), NATS_OK);
    begin(f, &f->a, true);
    turn_for(f, 300);
    jetstream_make_stream(&f->js);
    publish(f);
    WAIT(f, f->a.n == 1);
    assert_int_equal(js_DeleteStream(f->js.js, "EVENTS", NULL, NULL), NATS_OK);
    turn_for(f, 300);
    jetstream_make_stream(&f->js);
    publish(f);
    WAIT(f, f->a.n == 2);
    expect(&f->a, 1, 2);
}

static void a_server_that_was_away_goes_on_where_it_was(void **state)
{
    struct fixture *f = *state;

    begin(f, &f->a, false);
    publish(f);
    publish(f);
    WAIT(f, f->a.n == 1);
    puller_ack(f->a.puller);
    WAIT(f, f->a.n == 2);
    jetstream_restart(&f->js, false);
    WAIT(f, link_is_up(f->a.link));
    f->a.at_once = true;     /* the server may have forgotten the last acknowledgement */
    puller_ack(f->a.puller); /* on another connection than it came by */
    publish(f);
    WAIT(f, f->a.seen[f->a.n - 1] == 3);
}

static void on_an_empty_store_the_consumer_is_made_again(void **state)
{
    struct fixture *f = *state;

    begin(f, &f->a, true);
    publish(f);
    WAIT(f, f->a.n == 1);
    jetstream_restart(&f->js, true);
    turn_for(f, 500);
    jetstream_make_stream(&f->js);
    publish(f);
    WAIT(f, f->a.n == 2);
    expect(&f->a, 1, 2);
}

/* The server remembers what the consumer has seen, and not the messages. */
static void lose_what_was_seen(struct fixture *f)
{
    begin(f, &f->a, true);
    publish(f);
    WAIT(f, f->a.n == 1);
    jetstream_keep(&f->js);
    for (int i = 0; i < 5; i++)
        publish(f);
    WAIT(f, f->a.n >= 6 && f->a.seen[f->a.n - 1] == 6);
    turn_for(f, 300); /* the last acknowledgement is on its way */
}

static bool has_seen(const struct hand *hand, int number)
{
    for (unsigned i = 0; i < hand->n; i++)
        if (hand->seen[i] == number)
            return true;
    return false;
}

/* What comes afterwards has places in the stream that the consumer has seen before. */
static void after_a_power_loss_nothing_is_passed_over(void **state)
{
    struct fixture *f = *state;

    lose_what_was_seen(f);
    jetstream_lose(&f->js);
    publish(f);
    WAIT(f, has_seen(&f->a, 7));
    publish(f);
    WAIT(f, has_seen(&f->a, 8));
}

/* Others took the places before we were there to look. */
static void after_a_power_loss_other_messages_are_told_from_those_seen(void **state)
{
    struct fixture *f = *state;

    lose_what_was_seen(f);
    jetstream_lose(&f->js);
    for (int i = 0; i < 20; i++)
        publish(f);
    for (int number = 7; number <= 26; number++)
        WAIT(f, has_seen(&f->a, number));
}

static void after_a_power_loss_of_all_nothing_is_passed_over(void **state)
{
    struct fixture *f = *state;

    lose_what_was_seen(f);
    end(&f->a);
    jetstream_lose(&f->js);
    begin(f, &f->b, true);
    publish(f);
    WAIT(f, has_seen(&f->b, 7));
}

static void a_server_that_has_lost_nothing_repeats_nothing(void **state)
{
    struct fixture *f = *state;

    lose_what_was_seen(f);
    jetstream_keep(&f->js); /* restarts it */
    publish(f);
    WAIT(f, has_seen(&f->a, 7));
    assert_true(f->a.n <= 8); /* the last acknowledgement at most */
}

static void stopped_it_takes_no_more(void **state)
{
    struct fixture *f = *state;

    begin(f, &f->a, false);
    publish(f);
    publish(f);
    WAIT(f, f->a.n == 1);
    puller_stop(f->a.puller);
    assert_true(puller_busy(f->a.puller));
    puller_ack(f->a.puller);
    assert_false(puller_busy(f->a.puller));
    begin(f, &f->b, true);
    WAIT(f, f->b.n == 1);
    assert_int_equal(f->b.seen[0], 2);
    assert_int_equal(f->a.n, 1);
}

static void stopped_while_it_waits_it_keeps_nobody_waiting(void **state)
{
    struct fixture *f = *state;

    begin(f, &f->a, true);
    publish(f);
    WAIT(f, f->a.n == 1);
    turn_for(f, 50);
    puller_stop(f->a.puller); /* its pull is still at the server */
    publish(f);
    begin(f, &f->b, true);
    WAIT(f, f->b.n == 1);
    assert_int_equal(f->b.seen[0], 2);
    assert_int_equal(f->a.n, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_comes_at_a_time_and_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_to_come_again_comes_before_the_next, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(two_share_and_what_is_in_hand_is_nobody_else_s, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_consumer_that_is_deleted_is_made_again, setup, teardown),
        cmocka_unit_test_setup_teardown(a_stream_that_comes_late_is_waited_for, setup, teardown),
        cmocka_unit_test_setup_teardown(a_server_that_was_away_goes_on_where_it_was, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(on_an_empty_store_the_consumer_is_made_again, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(after_a_power_loss_nothing_is_passed_over, setup, teardown),
        cmocka_unit_test_setup_teardown(after_a_power_loss_other_messages_are_told_from_those_seen,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(after_a_power_loss_of_all_nothing_is_passed_over, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_server_that_has_lost_nothing_repeats_nothing, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(stopped_it_takes_no_more, setup, teardown),
        cmocka_unit_test_setup_teardown(stopped_while_it_waits_it_keeps_nobody_waiting, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
