/* relay_test.c - a relay, turn by turn. */
#include "tool/outbox/relay_world_test.h"

static void what_is_said_is_sent_in_order_and_once(void **state)
{
    struct world *w = *state;

    for (uint8_t key = 0; key < 40; key++)
        say(w, key, 1 + key % 5);
    run_for(w, LONG_MS);
    expect_stored(w, 120);
    assert_int_equal(w->stream.sent, 120);
    assert_int_equal(relay_counts(w->relays[0]).sent, 120);
}

static void a_commit_is_sent_in_the_next_turn_when_it_wakes(void **state)
{
    struct world *w = *state;

    run_for(w, 10);
    say(w, 1, 1);
    run_for(w, 2);
    assert_int_equal(w->stream.n, 1);
}

static void a_commit_that_wakes_nobody_is_sent_soon(void **state)
{
    struct world *w = *state;
    struct relay *relay = w->relays[0];

    run_for(w, 10);
    w->relays[0] = NULL;
    say(w, 1, 1);
    w->relays[0] = relay;
    run_for(w, 300);
    assert_int_equal(w->stream.n, 1);
}

static void a_refused_one_is_not_overtaken_by_its_key_s_next(void **state)
{
    struct world *w = *state;

    for (size_t at = 1; at <= 12; at++) {
        w->stream.refuse_at = w->stream.sent + at;
        say(w, 1, 4);
        say(w, 2, 4);
        say(w, 3, 4);
        run_for(w, LONG_MS);
        expect_stored(w, at * 12);
    }
    assert_int_equal(relay_counts(w->relays[0]).failed, 12);
}

static void a_missing_stream_is_made(void **state)
{
    struct world *w = *state;

    w->stream.missing = true;
    say(w, 1, 3);
    run_for(w, LONG_MS);
    expect_stored(w, 3);
    assert_int_equal(w->stream.made, 1);
}

/* At any point, on a new connection or not. */
static void what_the_stream_lost_is_sent_again_in_order(void **state)
{
    enum { SAID_N = 60 };
    struct world *w = *state;

    for (uint8_t key = 0; key < 20; key++)
        say(w, key, SAID_N / 20);
    run_for(w, LONG_MS);
    expect_stored(w, SAID_N);
    for (size_t kept = 0; kept <= SAID_N; kept++) {
        w->stream.n = kept;
        if (kept % 2)
            w->reach[0].session++;
        run_for(w, LONG_MS);
        expect_stored(w, SAID_N);
    }
}

/* What is said meanwhile must not come before what is lost, though it is sent on the connection
 * on which the loss has not been seen yet. */
static void what_is_new_waits_for_what_was_lost(void **state)
{
    struct world *w = *state;

    say(w, 1, 10);
    run_for(w, LONG_MS);
    w->stream.n = 4;
    say(w, 2, 1); /* another partition: it tells that the stream has gone back */
    run_for(w, 2);
    say(w, 1, 1);
    run_for(w, LONG_MS);
    expect_stored(w, 12);
}

static void others_messages_in_place_of_the_lost_ones_are_not_ours(void **state)
{
    struct world *w = *state;

    say(w, 1, 10);
    run_for(w, LONG_MS);
    w->stream.n = 4;
    for (size_t i = 0; i < 20; i++)
        w->stream.stored[w->stream.n++] =
            (struct message){.id = uuid_v7(&w->clock, &ENTROPY_SYSTEM), .key = {{200}}, .seq = i};
    w->reach[0].session++;
    run_for(w, LONG_MS);
    expect_stored(w, 30);
    assert_int_equal(relay_counts(w->relays[0]).again, 6);
}

static void who_dies_before_he_marks_leaves_no_doubles(void **state)
{
    struct world *w = *state;
    struct relay *dead;

    w->reach[0].holds_back = true;
    say(w, 1, 1);
    say(w, 2, 1);
    run_for(w, 10);
    assert_int_equal(w->stream.n, 2);
    assert_int_equal(pending(w), 2);
    dead = w->relays[0];
    start(w, 0);
    run_for(w, LONG_MS);
    expect_stored(w, 2);
    assert_true(w->stream.sent > 2);
    relay_destroy(dead);
}

/* Few are marked with the commit that has the next ones on disk, or a little later. */
static void what_is_not_marked_yet_is_not_sent_twice(void **state)
{
    struct world *w = *state;

    run_for(w, 10);
    for (size_t i = 1; i <= 20; i++) {
        say(w, 1, 1);
        run_for(w, 20);
        assert_int_equal(w->stream.n, i);
        assert_int_equal(pending(w), 1);
    }
    run_for(w, 200);
    expect_stored(w, 20);
    assert_int_equal(w->stream.sent, 20);
}

static void who_leaves_marks_what_he_knows(void **state)
{
    struct world *w = *state;

    run_for(w, 10);
    say(w, 1, 1);
    run_for(w, 2);
    assert_int_equal(pending(w), 1);
    relay_leave(w->relays[0]);
    assert_int_equal(pending(w), 0);
}

/* The stream goes back before what it has acknowledged is marked. */
static void what_is_lost_unmarked_is_sent_again_in_order(void **state)
{
    struct world *w = *state;

    say(w, 1, 3);
    run_for(w, LONG_MS);
    say(w, 1, 1);
    run_for(w, 4);
    assert_int_equal(pending(w), 1);
    w->stream.n = 2;
    w->reach[0].session++;
    say(w, 1, 1);
    run_for(w, LONG_MS);
    expect_stored(w, 5);
}

/* Another key's event of the same partition, which comes after this one's. */
static uint8_t beside(uint8_t key)
{
    uint8_t other = key + 1;

    while (event_partition(key_of(other)) != event_partition(key_of(key)))
        other++;
    return other;
}

static void a_key_that_comes_often_holds_up_no_other(void **state)
{
    struct world *w = *state;
    uint8_t other = beside(1), third = beside(other);

    w->reach[0].holds_back = true;
    say(w, 1, 4);
    say(w, other, 3);
    say(w, third, 1);
    run_for(w, 10);
    assert_int_equal(w->stream.n, 3); /* the first of each */
    w->reach[0].holds_back = false;
    w->reach[0].done = w->reach[0].held_back;
    run_for(w, LONG_MS);
    expect_stored(w, 8);
}

/* It stood still so long that another held its partitions, found the stream empty, sent what comes
 * after and died: what it hears now of before is not true any more. */
static void what_was_acknowledged_before_another_held_it_is_sent_again(void **state)
{
    struct world *w = *state;
    struct relay *stands = w->relays[0];

    w->reach[0].holds_back = true;
    say(w, 1, 1);
    run_for(w, 10);
    assert_int_equal(w->stream.n, 1);
    w->relays[0] = NULL;
    w->now_ms += LONG_MS;
    for (w->stream.n = 0; w->stream.n < 3; w->stream.n++)
        w->stream.stored[w->stream.n] = (struct message){.key = {{200}}, .seq = w->stream.n};
    say(w, beside(1), 1);
    w->stream.refuse_at = w->stream.sent + 1;
    start(w, 1);
    run_for(w, 150);
    assert_int_equal(w->stream.n, 4);
    assert_int_equal(pending(w), 1);
    relay_destroy(w->relays[1]);
    w->relays[1] = NULL;
    w->now_ms += LONG_MS;
    w->relays[0] = stands;
    w->reach[0].session++;
    w->reach[0].done = w->reach[0].held_back;
    w->reach[0].holds_back = false;
    run_for(w, LONG_MS);
    expect_stored(w, 5);
}

/* Of a steady stream who comes first goes at once; who comes soon after wakes nobody and is sent in
 * the turn after that. */
static void what_comes_soon_after_goes_together(void **state)
{
    struct world *w = *state;
    int64_t pause_ms;
    size_t before;

    for (uint8_t i = 0; i < 60; i++) {
        say(w, i, 1);
        run_for(w, 10);
    }
    w->now_ms += 20;
    relay_turn(w->relays[0]);
    before = w->stream.n;
    say(w, 1, 1);
    assert_true(relay_wake(w->relays[0]));
    pause_ms = relay_turn(w->relays[0]);
    assert_int_equal(w->stream.n, before + 1);
    assert_in_range(pause_ms, 5, 15);
    say(w, 2, 1);
    say(w, 3, 1);
    assert_false(relay_wake(w->relays[0]));
    relay_turn(w->relays[0]);
    assert_int_equal(w->stream.n, before + 1);
    w->now_ms += pause_ms;
    relay_turn(w->relays[0]);
    assert_int_equal(w->stream.n, before + 3);
    w->now_ms += 20;
    relay_turn(w->relays[0]);
    assert_true(relay_wake(w->relays[0]));
}

/* Nobody waits for who comes in a second. */
static void what_comes_alone_does_not_wait(void **state)
{
    struct world *w = *state;

    for (uint8_t i = 0; i < 10; i++) {
        run_for(w, 1000);
        say(w, i, 1);
        run_for(w, 4);
        say(w, i, 1);
        run_for(w, 4);
        assert_int_equal(w->stream.n, 2 * (i + 1));
    }
}

static void only_who_waits_for_outcomes_is_told_of_them(void **state)
{
    struct world *w = *state;

    run_for(w, 10);
    w->reach[0].holds_back = true;
    say(w, 1, 1);
    run_for(w, 2);
    assert_false(relay_waits(w->relays[0]));
    say(w, 1, 1); /* behind the first */
    run_for(w, 10);
    assert_true(relay_waits(w->relays[0]));
}

static void who_comes_shares_and_takes_over(void **state)
{
    struct world *w = *state;

    start(w, 1);
    for (uint8_t key = 0; key < 50; key++)
        say(w, key, 1);
    run_for(w, LONG_MS);
    expect_stored(w, 50);
    assert_int_equal(__builtin_popcount(relay_counts(w->relays[0]).held), EVENT_PARTITIONS / 2);
    relay_destroy(w->relays[0]); /* killed: nothing is given back */
    w->relays[0] = NULL;
    for (uint8_t key = 0; key < 50; key++)
        say(w, key, 1);
    run_for(w, 5000);
    expect_stored(w, 100);
}

static void who_has_no_connection_leaves_the_partitions_to_others(void **state)
{
    struct world *w = *state;

    start(w, 1);
    run_for(w, LONG_MS);
    w->reach[0].session = 0;
    run_for(w, 5000);
    for (uint8_t key = 0; key < 50; key++)
        say(w, key, 1);
    run_for(w, 2000);
    expect_stored(w, 50);
    assert_int_equal(relay_counts(w->relays[0]).held, 0);
    w->reach[0].session = 2;
    run_for(w, 5000);
    assert_int_equal(__builtin_popcount(relay_counts(w->relays[0]).held), EVENT_PARTITIONS / 2);
}

static void a_turn_that_has_nothing_to_do_lets_wait(void **state)
{
    struct world *w = *state;

    run_for(w, 100);
    assert_in_range(relay_turn(w->relays[0]), 50, 1000);
    w->reach[0].session = 0;
    relay_turn(w->relays[0]);
    assert_in_range(relay_turn(w->relays[0]), 50, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_said_is_sent_in_order_and_once),
        TEST(a_commit_is_sent_in_the_next_turn_when_it_wakes),
        TEST(a_commit_that_wakes_nobody_is_sent_soon),
        TEST(a_refused_one_is_not_overtaken_by_its_key_s_next),
        TEST(a_key_that_comes_often_holds_up_no_other),
        TEST(a_missing_stream_is_made),
        TEST(what_the_stream_lost_is_sent_again_in_order),
        TEST(what_is_new_waits_for_what_was_lost),
        TEST(others_messages_in_place_of_the_lost_ones_are_not_ours),
        TEST(who_dies_before_he_marks_leaves_no_doubles),
        TEST(what_is_not_marked_yet_is_not_sent_twice),
        TEST(who_leaves_marks_what_he_knows),
        TEST(what_is_lost_unmarked_is_sent_again_in_order),
        TEST(what_was_acknowledged_before_another_held_it_is_sent_again),
        TEST(what_comes_soon_after_goes_together),
        TEST(what_comes_alone_does_not_wait),
        TEST(only_who_waits_for_outcomes_is_told_of_them),
        TEST(who_comes_shares_and_takes_over),
        TEST(who_has_no_connection_leaves_the_partitions_to_others),
        TEST(a_turn_that_has_nothing_to_do_lets_wait),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
