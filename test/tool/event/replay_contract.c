/* replay_contract.c - what a person can do with dead letters, and what then goes on by itself. */
#include <string.h>

#include "test/tool/event/event_contract.h"
#include "tool/core/mem.h"
#include "tool/event/replay.h"

#define EXPECT(orders, key, ...)                                                                   \
    orders_expect((orders), (key), (const int64_t[]){__VA_ARGS__},                                 \
                  sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

enum { BEHIND = 3 };

/* A dead letter n = 1 and, parked behind it, 2 .. BEHIND + 1. */
struct scene {
    struct orders *orders;
    struct hearer *hearer;
    struct uuid key, ids[BEHIND + 1];
    struct problem problem;
    struct call call;
    unsigned done;
};

static struct uuid hear(struct scene *s, int64_t n, enum heard want)
{
    struct order_delivery d;
    enum heard got;
    struct uuid id;

    order_deliver(&d, &ORDER_PAID, s->key, n);
    while ((got = hearer_handle(s->hearer, &d.delivery).what) == HEARD_FAILED) {
    }
    assert_int_equal(got, want);
    assert_true(uuid_parse(d.id, &id));
    return id;
}

static struct scene begin(void **state)
{
    struct scene s = {.orders = *state, .key = test_uuid(), .call = test_call()};
    struct hearer_config config = orders_hearer(s.orders);

    s.hearer = hearer_create(&config);
    s.orders->sad = ST_CONFLICT;
    s.orders->poison = 1;
    s.ids[0] = hear(&s, 1, HEARD_DEAD);
    for (int i = 1; i <= BEHIND; i++)
        s.ids[i] = hear(&s, i + 1, HEARD_PARKED);
    s.orders->poison = -1;
    return s;
}

static enum status replay(struct scene *s, struct uuid id)
{
    s->call.problem = &s->problem;
    return hearer_replay(s->hearer, &s->call, id, &s->done);
}

static struct dead_letter letter_of(struct scene *s, struct uuid id)
{
    struct dead_letter letter;

    assert_status(ST_OK,
                  s->orders->letters->ops->find(s->orders->letters, NULL, &s->call, id, &letter));
    return letter;
}

static void expect_gone(struct scene *s, struct uuid id)
{
    struct dead_letter letter;

    assert_status(ST_NOT_FOUND,
                  s->orders->letters->ops->find(s->orders->letters, NULL, &s->call, id, &letter));
}

static void replayed_it_is_handled_and_what_is_parked_in_order(void **state)
{
    struct scene s = begin(state);

    assert_status(ST_OK, replay(&s, s.ids[0]));
    assert_int_equal(s.done, BEHIND + 1);
    EXPECT(s.orders, s.key, 1, 2, 3, 4);
    for (int i = 0; i <= BEHIND; i++)
        expect_gone(&s, s.ids[i]);
    assert_status(ST_NOT_FOUND, replay(&s, s.ids[0]));
    hear(&s, 5, HEARD_HANDLED);
    EXPECT(s.orders, s.key, 1, 2, 3, 4, 5);
    hearer_destroy(s.hearer);
}

static void refused_again_it_stays_and_says_why(void **state)
{
    struct scene s = begin(state);

    s.orders->poison = 1;
    s.orders->sad = ST_FORBIDDEN;
    assert_status(ST_FORBIDDEN, replay(&s, s.ids[0]));
    assert_int_equal(s.done, 0);
    assert_int_equal(letter_of(&s, s.ids[0]).attempts, 2);
    assert_string_equal(s.problem.code, "poisoned");
    hear(&s, 5, HEARD_PARKED);
    s.orders->poison = -1;
    assert_status(ST_OK, replay(&s, s.ids[0]));
    EXPECT(s.orders, s.key, 1, 2, 3, 4, 5);
    hearer_destroy(s.hearer);
}

static void a_parked_one_that_fails_is_the_dead_letter_then(void **state)
{
    struct scene s = begin(state);

    s.orders->poison = 3;
    assert_status(ST_OK, replay(&s, s.ids[0]));
    assert_int_equal(s.done, 2);
    EXPECT(s.orders, s.key, 1, 2);
    assert_int_equal(letter_of(&s, s.ids[2]).state, DEAD_LETTER_DEAD);
    assert_string_equal(letter_of(&s, s.ids[2]).reason, "poisoned: It does not agree with us.");
    assert_int_equal(letter_of(&s, s.ids[3]).state, DEAD_LETTER_PARKED);
    s.orders->poison = -1;
    assert_status(ST_OK, replay(&s, s.ids[2]));
    EXPECT(s.orders, s.key, 1, 2, 3, 4);
    hearer_destroy(s.hearer);
}

static void a_parked_one_cannot_be_replayed_or_dropped_before_its_turn(void **state)
{
    struct scene s = begin(state);

    assert_status(ST_CONFLICT, replay(&s, s.ids[1]));
    assert_string_equal(s.problem.code, "not_first");
    assert_status(ST_CONFLICT, hearer_drop(s.hearer, &s.call, s.ids[2], &s.done));
    assert_status(ST_OK, replay(&s, s.ids[0]));
    EXPECT(s.orders, s.key, 1, 2, 3, 4);
    hearer_destroy(s.hearer);
}

static void dropped_it_has_no_effect_and_what_is_parked_goes_on(void **state)
{
    struct scene s = begin(state);

    assert_status(ST_OK, hearer_drop(s.hearer, &s.call, s.ids[0], &s.done));
    assert_int_equal(s.done, BEHIND);
    EXPECT(s.orders, s.key, 2, 3, 4);
    assert_status(ST_NOT_FOUND, hearer_drop(s.hearer, &s.call, s.ids[0], &s.done));
    hearer_destroy(s.hearer);
}

/* Whoever replayed was killed behind the first one, or had no more time. */
static void what_was_left_in_the_middle_is_resumed(void **state)
{
    struct scene s = begin(state);
    enum status st;

    s.orders->poison = 2;
    s.orders->sad = ST_UNAVAILABLE;
    assert_status(ST_PENDING, replay(&s, s.ids[0]));
    assert_int_equal(s.done, 1);
    hear(&s, 5, HEARD_PARKED);
    assert_status(ST_UNAVAILABLE, hearer_resume(s.hearer, &s.call, &s.done));
    s.orders->poison = -1;
    while ((st = hearer_resume(s.hearer, &s.call, &s.done)) == ST_PENDING) {
    }
    assert_status(ST_OK, st);
    EXPECT(s.orders, s.key, 1, 2, 3, 4, 5);
    hearer_destroy(s.hearer);
}

static void what_this_release_cannot_read_says_so(void **state)
{
    struct orders *orders = *state;
    struct hearer_config config = orders_hearer(orders);
    struct hearer *hearer = hearer_create(&config);
    struct problem problem = {0};
    struct call call = test_call();
    struct order_delivery d;
    struct uuid id;
    unsigned done;

    call.problem = &problem;
    order_deliver(&d, &ORDER_PAID, test_uuid(), 1);
    d.delivery.len--;
    assert_int_equal(hearer_handle(hearer, &d.delivery).what, HEARD_DEAD);
    assert_true(uuid_parse(d.id, &id));
    assert_status(ST_UNPROCESSABLE, hearer_replay(hearer, &call, id, &done));
    assert_string_equal(problem.code, "not_readable");
    hearer_destroy(hearer);
    config.n = 0;
    hearer = hearer_create(&config);
    assert_status(ST_UNPROCESSABLE, hearer_replay(hearer, &call, id, &done));
    assert_status(ST_OK, hearer_drop(hearer, &call, id, &done));
    hearer_destroy(hearer);
}

/* Many replay, and more comes: each has its effect once, in order. */
struct rush {
    struct scene scene;
    int64_t next;
};

static void run_or_hear(void *arg, int i)
{
    struct rush *rush = arg;
    struct scene own = rush->scene;
    struct order_delivery d;
    enum heard heard;

    own.call = test_call();
    if (i > 0) {
        replay(&own, own.ids[0]);
        return;
    }
    for (int64_t n = BEHIND + 2; n < rush->next; n++) {
        order_deliver(&d, &ORDER_PAID, own.key, n);
        do
            heard = hearer_handle(own.hearer, &d.delivery).what;
        while (heard == HEARD_AWAY);
        assert_true(heard == HEARD_PARKED || heard == HEARD_HANDLED);
    }
}

static void replaying_and_arriving_do_not_miss_each_other(void **state)
{
    struct rush rush = {.scene = begin(state), .next = 30};
    struct scene *s = &rush.scene;
    int64_t want[30];
    enum status st;

    test_race(4, run_or_hear, &rush);
    while ((st = hearer_resume(s->hearer, &s->call, &s->done)) == ST_PENDING) {
    }
    assert_status(ST_OK, st);
    for (int64_t n = 1; n < rush.next; n++)
        want[n - 1] = n;
    orders_expect(s->orders, s->key, want, (size_t)rush.next - 1);
    hearer_destroy(s->hearer);
}

int replay_contract(struct orders *orders)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(replayed_it_is_handled_and_what_is_parked_in_order, orders),
        cmocka_unit_test_prestate(refused_again_it_stays_and_says_why, orders),
        cmocka_unit_test_prestate(a_parked_one_that_fails_is_the_dead_letter_then, orders),
        cmocka_unit_test_prestate(a_parked_one_cannot_be_replayed_or_dropped_before_its_turn,
                                  orders),
        cmocka_unit_test_prestate(dropped_it_has_no_effect_and_what_is_parked_goes_on, orders),
        cmocka_unit_test_prestate(what_was_left_in_the_middle_is_resumed, orders),
        cmocka_unit_test_prestate(what_this_release_cannot_read_says_so, orders),
        cmocka_unit_test_prestate(replaying_and_arriving_do_not_miss_each_other, orders),
    };

    return cmocka_run_group_tests_name("dead letters replayed", tests, NULL, NULL);
}
