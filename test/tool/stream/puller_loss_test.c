/* puller_loss_test.c - a durable consumer whose stream comes back from a power loss. */
#include "test/tool/stream/pulling.h"

enum { PULL_FORGOTTEN_MS = 11000 }; /* what a puller that stands still has asked for */

/* The server remembers what the consumer has seen, and not the messages. */
static void lose_what_was_seen(struct pulling *f)
{
    pulling_begin(f, &f->a, true);
    pulling_publish(f);
    WAIT(f, f->a.n == 1);
    jetstream_keep(&f->js);
    for (int i = 0; i < 5; i++)
        pulling_publish(f);
    WAIT(f, f->a.n >= 6 && f->a.seen[f->a.n - 1] == 6);
    pulling_turn_for(f, 300); /* the last acknowledgement is on its way */
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
    struct pulling *f = *state;

    lose_what_was_seen(f);
    jetstream_lose(&f->js);
    pulling_publish(f);
    WAIT(f, has_seen(&f->a, 7));
    pulling_publish(f);
    WAIT(f, has_seen(&f->a, 8));
}

/* Others took the places before we were there to look. */
static void after_a_power_loss_other_messages_are_told_from_those_seen(void **state)
{
    struct pulling *f = *state;

    lose_what_was_seen(f);
    jetstream_lose(&f->js);
    for (int i = 0; i < 20; i++)
        pulling_publish(f);
    for (int number = 7; number <= 26; number++)
        WAIT(f, has_seen(&f->a, number));
}

static void after_a_power_loss_of_all_nothing_is_passed_over(void **state)
{
    struct pulling *f = *state;

    lose_what_was_seen(f);
    pulling_end(&f->a);
    jetstream_lose(&f->js);
    pulling_begin(f, &f->b, true);
    pulling_publish(f);
    WAIT(f, has_seen(&f->b, 7));
}

/* A server makes a consumer anew and gives it what is left on disk of one of that name. */
static void after_a_power_loss_a_consumer_made_anew_has_seen_nothing(void **state)
{
    struct pulling *f = *state;

    lose_what_was_seen(f);
    jetstream_lose_consumers(&f->js);
    pulling_publish(f);
    WAIT(f, has_seen(&f->a, 7));
    pulling_publish(f);
    WAIT(f, has_seen(&f->a, 8));
}

/* Who is left has seen nothing that is lost; it was another's, who is dead. */
static void after_a_power_loss_what_another_has_seen_counts(void **state)
{
    struct pulling *f = *state;
    int64_t until_ms;

    pulling_begin(f, &f->a, true);
    pulling_publish(f);
    WAIT(f, f->a.n == 1);
    jetstream_keep(&f->js);
    pulling_turn_for(f, 1000); /* it is there again, and has asked for more */
    pulling_begin(f, &f->b, true);
    until_ms = clock_now_ms(&CLOCK_SYSTEM) + PULL_FORGOTTEN_MS;
    while (clock_now_ms(&CLOCK_SYSTEM) < until_ms)
        loop_turn(f->b.loop, 5);
    for (int i = 0; i < 5; i++)
        pulling_publish(f);
    while (!has_seen(&f->b, 6))
        loop_turn(f->b.loop, 5);
    for (int i = 0; i < 50; i++)
        loop_turn(f->b.loop, 5);
    pulling_end(&f->b);
    jetstream_lose(&f->js);
    WAIT(f, link_is_up(f->a.link));
    pulling_turn_for(f, 1000);
    pulling_publish(f);
    WAIT(f, has_seen(&f->a, 7));
}

/* Whoever acknowledges by a number that is another message's by now would lose that one. */
static void what_came_before_a_power_loss_is_not_acknowledged_after_it(void **state)
{
    struct pulling *f = *state;

    jetstream_keep(&f->js);
    pulling_begin(f, &f->a, false);
    pulling_publish(f);
    WAIT(f, f->a.n == 1);
    jetstream_lose(&f->js);
    WAIT(f, link_is_up(f->a.link));
    pulling_publish(f); /* in the place of what it has in hand */
    pulling_publish(f);
    pulling_begin(f, &f->b, true);
    pulling_turn_for(f, 500);
    f->a.at_once = true;
    puller_ack(f->a.puller);
    WAIT(f, has_seen(&f->a, 3) || has_seen(&f->b, 3));
    assert_true(has_seen(&f->a, 2) || has_seen(&f->b, 2));
}

static void a_server_that_has_lost_nothing_repeats_nothing(void **state)
{
    struct pulling *f = *state;

    lose_what_was_seen(f);
    jetstream_keep(&f->js); /* restarts it */
    pulling_publish(f);
    WAIT(f, has_seen(&f->a, 7));
    assert_true(f->a.n <= 8); /* the last acknowledgement at most */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PULLING_TEST(after_a_power_loss_nothing_is_passed_over),
        PULLING_TEST(after_a_power_loss_other_messages_are_told_from_those_seen),
        PULLING_TEST(after_a_power_loss_of_all_nothing_is_passed_over),
        PULLING_TEST(after_a_power_loss_a_consumer_made_anew_has_seen_nothing),
        PULLING_TEST(after_a_power_loss_what_another_has_seen_counts),
        PULLING_TEST(what_came_before_a_power_loss_is_not_acknowledged_after_it),
        PULLING_TEST(a_server_that_has_lost_nothing_repeats_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
