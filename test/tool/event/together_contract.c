/* together_contract.c - what becomes of events that are handled together: of each the same as if it
 * had come alone. */
#include "test/tool/event/event_contract.h"

enum { N = 5 };

struct several {
    struct orders *orders;
    struct hearer *hearer;
    struct uuid keys[N]; /* each of another partition */
    struct order_delivery d[N];
};

static struct uuid key_of(unsigned partition)
{
    struct uuid key = test_uuid();

    while (event_partition(key) != partition)
        key = test_uuid();
    return key;
}

static void init(struct several *s, struct orders *orders)
{
    struct hearer_config config = orders_hearer(orders);

    orders->poison = -1;
    orders->sad = ST_CONFLICT;
    orders->n_runs = orders->n_together = 0;
    s->orders = orders;
    s->hearer = hearer_create(&config);
    for (unsigned i = 0; i < N; i++) {
        s->keys[i] = key_of(3 * i);
        order_deliver(&s->d[i], &ORDER_PAID, s->keys[i], i);
    }
}

static void expect(struct several *s, const enum heard want[N])
{
    const struct delivery *deliveries[N];
    struct heard_event heard[N];

    for (size_t i = 0; i < N; i++)
        deliveries[i] = &s->d[i].delivery;
    hearer_handle_all(s->hearer, deliveries, N, heard);
    for (size_t i = 0; i < N; i++)
        assert_int_equal(heard[i].what, want[i]);
}

#define EXPECT(s, ...) expect((s), (const enum heard[N]){__VA_ARGS__})

static void expect_effects(struct several *s, const char *which)
{
    for (size_t i = 0; i < N; i++) {
        int64_t n = (int64_t)i;
        orders_expect(s->orders, s->keys[i], &n, which[i] == '1');
    }
}

static void what_goes_well_is_done_once(void **state)
{
    struct several s;

    init(&s, *state);
    EXPECT(&s, HEARD_HANDLED, HEARD_HANDLED, HEARD_HANDLED, HEARD_HANDLED, HEARD_HANDLED);
    expect_effects(&s, "11111");
    EXPECT(&s, HEARD_AGAIN, HEARD_AGAIN, HEARD_AGAIN, HEARD_AGAIN, HEARD_AGAIN);
    expect_effects(&s, "11111");
    hearer_destroy(s.hearer);
}

static void one_that_was_handled_does_not_hold_up_the_others(void **state)
{
    struct several s;

    init(&s, *state);
    assert_int_equal(hearer_handle(s.hearer, &s.d[2].delivery).what, HEARD_HANDLED);
    EXPECT(&s, HEARD_HANDLED, HEARD_HANDLED, HEARD_AGAIN, HEARD_HANDLED, HEARD_HANDLED);
    expect_effects(&s, "11111");
    hearer_destroy(s.hearer);
}

static void one_that_fails_fails_alone(void **state)
{
    struct several s;

    init(&s, *state);
    s.orders->poison = 3;
    EXPECT(&s, HEARD_HANDLED, HEARD_HANDLED, HEARD_HANDLED, HEARD_FAILED, HEARD_HANDLED);
    expect_effects(&s, "11101");
    for (int i = 2; i < HEARER_ATTEMPTS; i++)
        EXPECT(&s, HEARD_AGAIN, HEARD_AGAIN, HEARD_AGAIN, HEARD_FAILED, HEARD_AGAIN);
    EXPECT(&s, HEARD_AGAIN, HEARD_AGAIN, HEARD_AGAIN, HEARD_DEAD, HEARD_AGAIN);
    expect_effects(&s, "11101");
    /* What is behind it is parked, whoever comes with it. */
    for (unsigned i = 0; i < N; i++)
        order_deliver(&s.d[i], &ORDER_PAID, i == 3 ? s.keys[i] : key_of(3 * i), 9);
    EXPECT(&s, HEARD_HANDLED, HEARD_HANDLED, HEARD_HANDLED, HEARD_PARKED, HEARD_HANDLED);
    expect_effects(&s, "11101");
    hearer_destroy(s.hearer);
}

static void what_cannot_be_read_is_a_dead_letter_and_the_others_go_on(void **state)
{
    struct several s;

    init(&s, *state);
    s.d[0].delivery.data = "{";
    s.d[0].delivery.len = 1;
    order_deliver(&s.d[4], &ORDER_LOST, s.keys[4], 4);
    EXPECT(&s, HEARD_DEAD, HEARD_HANDLED, HEARD_HANDLED, HEARD_HANDLED, HEARD_NOT_OURS);
    expect_effects(&s, "01110");
    hearer_destroy(s.hearer);
}

/* For one of them is for all: nothing is tried again at once. */
static void what_is_away_is_away_for_all(void **state)
{
    struct several s;

    init(&s, *state);
    s.orders->poison = 1;
    s.orders->sad = ST_UNAVAILABLE;
    EXPECT(&s, HEARD_AWAY, HEARD_AWAY, HEARD_AWAY, HEARD_AWAY, HEARD_AWAY);
    expect_effects(&s, "00000");
    EXPECT(&s, HEARD_HANDLED, HEARD_AWAY, HEARD_HANDLED, HEARD_HANDLED, HEARD_HANDLED);
    s.orders->poison = -1;
    EXPECT(&s, HEARD_AGAIN, HEARD_HANDLED, HEARD_AGAIN, HEARD_AGAIN, HEARD_AGAIN);
    expect_effects(&s, "11111");
    hearer_destroy(s.hearer);
}

static void those_of_a_view_may_be_among_them(void **state)
{
    struct several s;

    init(&s, *state);
    order_deliver(&s.d[1], &ORDER_SEEN, s.keys[1], 1);
    EXPECT(&s, HEARD_HANDLED, HEARD_HANDLED, HEARD_HANDLED, HEARD_HANDLED, HEARD_HANDLED);
    expect_effects(&s, "11111");
    EXPECT(&s, HEARD_AGAIN, HEARD_HANDLED, HEARD_AGAIN, HEARD_AGAIN, HEARD_AGAIN);
    for (unsigned i = 0; i < N; i++)
        order_deliver(&s.d[i], &ORDER_SEEN, s.keys[i] = key_of(3 * i), i);
    EXPECT(&s, HEARD_HANDLED, HEARD_HANDLED, HEARD_HANDLED, HEARD_HANDLED, HEARD_HANDLED);
    expect_effects(&s, "11111");
    hearer_destroy(s.hearer);
}

/* The one in order among them goes by itself, whatever is before and behind it. */
static void those_of_a_view_are_handed_over_at_once(void **state)
{
    struct several s;

    init(&s, *state);
    for (unsigned i = 0; i < N; i++)
        if (i != 2)
            order_deliver(&s.d[i], &ORDER_SEEN, s.keys[i], i);
    EXPECT(&s, HEARD_HANDLED, HEARD_HANDLED, HEARD_HANDLED, HEARD_HANDLED, HEARD_HANDLED);
    expect_effects(&s, "11111");
    assert_int_equal(s.orders->n_together, N - 1);
    hearer_destroy(s.hearer);
}

static void one_of_a_view_that_fails_fails_alone(void **state)
{
    struct several s;

    init(&s, *state);
    for (unsigned i = 0; i < N; i++)
        order_deliver(&s.d[i], &ORDER_SEEN, s.keys[i], i);
    s.orders->poison = 3;
    EXPECT(&s, HEARD_HANDLED, HEARD_HANDLED, HEARD_HANDLED, HEARD_FAILED, HEARD_HANDLED);
    expect_effects(&s, "11101");
    assert_int_equal(s.orders->n_together, N);
    hearer_destroy(s.hearer);
}

int together_contract(struct orders *orders)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(what_goes_well_is_done_once, orders),
        cmocka_unit_test_prestate(one_that_was_handled_does_not_hold_up_the_others, orders),
        cmocka_unit_test_prestate(one_that_fails_fails_alone, orders),
        cmocka_unit_test_prestate(what_cannot_be_read_is_a_dead_letter_and_the_others_go_on,
                                  orders),
        cmocka_unit_test_prestate(what_is_away_is_away_for_all, orders),
        cmocka_unit_test_prestate(those_of_a_view_may_be_among_them, orders),
        cmocka_unit_test_prestate(those_of_a_view_are_handed_over_at_once, orders),
        cmocka_unit_test_prestate(one_of_a_view_that_fails_fails_alone, orders),
    };

    return cmocka_run_group_tests_name("events together", tests, NULL, NULL);
}
