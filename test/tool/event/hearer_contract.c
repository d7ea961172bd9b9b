/* hearer_contract.c - what becomes of a delivered event. */
#include <string.h>

#include "test/tool/event/event_contract.h"
#include "tool/core/mem.h"

#define EXPECT(orders, key, ...)                                                                   \
    orders_expect((orders), (key), (const int64_t[]){__VA_ARGS__},                                 \
                  sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))
#define EXPECT_NONE(orders, key) orders_expect((orders), (key), NULL, 0)

static enum heard hear(struct hearer *hearer, const struct order_delivery *d)
{
    return hearer_handle(hearer, &d->delivery).what;
}

static struct hearer *hearer_of(struct orders *orders)
{
    struct hearer_config config = orders_hearer(orders);

    orders->poison = -1;
    orders->sad = ST_CONFLICT;
    orders->n_runs = 0;
    return hearer_create(&config);
}

static struct dead_letter letter_of(struct orders *orders, const struct order_delivery *d)
{
    struct call call = test_call();
    struct dead_letter letter;
    struct uuid id;

    assert_true(uuid_parse(d->id, &id));
    assert_status(ST_OK, orders->letters->ops->find(orders->letters, NULL, &call, id, &letter));
    return letter;
}

static void an_event_has_one_effect_however_often_it_comes(void **state)
{
    struct hearer *hearer = hearer_of(*state);
    struct uuid key = test_uuid();
    struct order_delivery d;

    order_deliver(&d, &ORDER_PAID, key, 1);
    assert_int_equal(hear(hearer, &d), HEARD_HANDLED);
    assert_int_equal(hear(hearer, &d), HEARD_AGAIN);
    d.delivery.stream_seq += 1000; /* fed into the stream once more */
    assert_int_equal(hear(hearer, &d), HEARD_AGAIN);
    EXPECT(*state, key, 1);
    hearer_destroy(hearer);
}

static void what_nobody_hears_is_let_go(void **state)
{
    struct hearer *hearer = hearer_of(*state);
    struct uuid key = test_uuid();
    struct order_delivery d;

    order_deliver(&d, &ORDER_LOST, key, 1);
    assert_false(hearer_hears(hearer, d.subject));
    assert_int_equal(hear(hearer, &d), HEARD_NOT_OURS);
    d.delivery.subject = "event.07";
    assert_int_equal(hear(hearer, &d), HEARD_NOT_OURS);
    order_deliver(&d, &ORDER_PAID, key, 1);
    assert_true(hearer_hears(hearer, d.subject));
    hearer_destroy(hearer);
}

static void a_failed_attempt_leaves_nothing_and_comes_again(void **state)
{
    struct orders *orders = *state;
    struct hearer *hearer = hearer_of(orders);
    struct uuid key = test_uuid();
    struct order_delivery d;
    int64_t waited_ms = 0;

    orders->poison = 1;
    order_deliver(&d, &ORDER_PAID, key, 1);
    for (int i = 1; i < HEARER_ATTEMPTS; i++) {
        struct heard_event heard = hearer_handle(hearer, &d.delivery);
        assert_int_equal(heard.what, HEARD_FAILED);
        assert_true(heard.wait_ms > waited_ms);
        waited_ms = heard.wait_ms;
        EXPECT_NONE(orders, key);
    }
    orders->poison = -1;
    assert_int_equal(hear(hearer, &d), HEARD_HANDLED);
    EXPECT(orders, key, 1);
    hearer_destroy(hearer);
}

static void after_its_attempts_it_is_a_dead_letter(void **state)
{
    struct orders *orders = *state;
    struct hearer *hearer = hearer_of(orders);
    struct uuid key = test_uuid();
    struct dead_letter letter;
    struct order_delivery d;

    orders->poison = 1;
    order_deliver(&d, &ORDER_PAID, key, 1);
    for (int i = 1; i < HEARER_ATTEMPTS; i++)
        assert_int_equal(hear(hearer, &d), HEARD_FAILED);
    d.delivery.attempt = HEARER_ATTEMPTS;
    assert_int_equal(hear(hearer, &d), HEARD_DEAD);
    assert_int_equal(hear(hearer, &d), HEARD_AGAIN);
    EXPECT_NONE(orders, key);
    letter = letter_of(orders, &d);
    assert_int_equal(letter.state, DEAD_LETTER_DEAD);
    assert_string_equal(letter.reason, "poisoned: It does not agree with us.");
    assert_string_equal(letter.type, "shop.order_paid");
    assert_string_equal(letter.source, "/hanok/shop");
    assert_string_equal(letter.traceparent, d.delivery.traceparent);
    assert_string_equal(letter.json, d.json);
    assert_int_equal(letter.attempts, HEARER_ATTEMPTS);
    assert_int_equal(letter.stream_seq, d.delivery.stream_seq);
    assert_int_equal(letter.partition, event_partition(key));
    assert_true(letter.in_order && uuid_equal(letter.key, key) && letter.since_us > 0);
    hearer_destroy(hearer);
}

static void its_key_is_parked_behind_it_and_others_go_on(void **state)
{
    struct orders *orders = *state;
    struct hearer *hearer = hearer_of(orders);
    struct uuid key = test_uuid(), other = test_uuid();
    struct order_delivery d;

    orders->poison = 1;
    order_deliver(&d, &ORDER_PAID, key, 1);
    while (hear(hearer, &d) != HEARD_DEAD) {
    }
    for (int64_t n = 2; n <= 3; n++) {
        order_deliver(&d, &ORDER_PAID, key, n);
        assert_int_equal(hear(hearer, &d), HEARD_PARKED);
        assert_int_equal(hear(hearer, &d), HEARD_AGAIN);
        assert_int_equal(letter_of(orders, &d).state, DEAD_LETTER_PARKED);
        order_deliver(&d, &ORDER_PAID, other, n);
        assert_int_equal(hear(hearer, &d), HEARD_HANDLED);
    }
    EXPECT_NONE(orders, key);
    EXPECT(orders, other, 2, 3);
    hearer_destroy(hearer);
}

static void what_cannot_be_read_is_a_dead_letter_at_once(void **state)
{
    static const struct {
        const char *data, *reason;
    } CASES[] = {
        {"{",                                                      "invalid_request"   },
        {"{\"orderId\":\"x\",\"n\":1}",                            "invalid_request"   },
        {"{\"orderId\":\"0191c2f0-0000-7000-8000-000000000000\"}", "invalid_request: n"},
    };
    struct orders *orders = *state;
    struct hearer *hearer = hearer_of(orders);
    struct order_delivery d;

    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        order_deliver(&d, &ORDER_PAID, test_uuid(), 1);
        d.delivery.data = CASES[i].data;
        d.delivery.len = strlen(CASES[i].data);
        assert_int_equal(hear(hearer, &d), HEARD_DEAD);
        assert_string_equal(letter_of(orders, &d).json, CASES[i].data);
        assert_memory_equal(letter_of(orders, &d).reason, CASES[i].reason, strlen(CASES[i].reason));
    }
    assert_int_equal(orders->n_runs, 0);
    hearer_destroy(hearer);
}

static void an_envelope_that_is_wrong_is_a_dead_letter_at_once(void **state)
{
    struct hearer *hearer = hearer_of(*state);
    struct order_delivery d[5];

    for (size_t i = 0; i < ARRAY_LEN(d); i++)
        order_deliver(&d[i], &ORDER_PAID, test_uuid(), 1);
    d[0].delivery.time = "yesterday";
    d[1].delivery.source = NULL;
    d[2].delivery.type = "shop.order_seen";
    d[3].delivery.key = "me";
    d[4].delivery.id = NULL;
    for (size_t i = 0; i < ARRAY_LEN(d); i++) {
        assert_int_equal(hear(hearer, &d[i]), HEARD_DEAD);
        assert_int_equal(hear(hearer, &d[i]), HEARD_AGAIN);
    }
    assert_string_equal(letter_of(*state, &d[0]).reason, "ce-time is missing or malformed");
    assert_string_equal(letter_of(*state, &d[1]).reason, "ce-source is missing or malformed");
    assert_string_equal(letter_of(*state, &d[2]).reason, "ce-type is not what the subject says");
    assert_string_equal(letter_of(*state, &d[3]).reason, "ce-partitionkey is missing or malformed");
    assert_false(letter_of(*state, &d[3]).in_order);
    hearer_destroy(hearer);
}

static void bytes_that_are_no_text_are_not_kept(void **state)
{
    struct hearer *hearer = hearer_of(*state);
    struct order_delivery d;

    order_deliver(&d, &ORDER_PAID, test_uuid(), 1);
    d.delivery.data = "\xff\0{}";
    d.delivery.len = 4;
    assert_int_equal(hear(hearer, &d), HEARD_DEAD);
    assert_string_equal(letter_of(*state, &d).json, "");
    hearer_destroy(hearer);
}

/* A database that is away, a peer that is slow: they say nothing about the event. */
static void what_is_away_never_makes_a_dead_letter(void **state)
{
    static const enum status AWAY[] = {ST_UNAVAILABLE, ST_OVERLOADED, ST_TIMEOUT,
                                       ST_UNCERTAIN,   ST_PENDING,    ST_LIMITED};
    struct orders *orders = *state;
    struct hearer *hearer = hearer_of(orders);
    struct uuid key = test_uuid();
    struct order_delivery d;

    orders->poison = 1;
    order_deliver(&d, &ORDER_PAID, key, 1);
    for (int i = 0; i < 4 * HEARER_ATTEMPTS; i++) {
        struct heard_event heard;
        orders->sad = AWAY[i % ARRAY_LEN(AWAY)];
        heard = hearer_handle(hearer, &d.delivery);
        assert_int_equal(heard.what, HEARD_AWAY);
        assert_true(heard.wait_ms > 0 && heard.wait_ms <= 2000);
    }
    orders->poison = -1;
    assert_int_equal(hear(hearer, &d), HEARD_HANDLED);
    EXPECT(orders, key, 1);
    hearer_destroy(hearer);
}

static void the_latest_is_not_kept_from_coming_again_and_parks_nothing(void **state)
{
    struct orders *orders = *state;
    struct hearer *hearer = hearer_of(orders);
    struct uuid key = test_uuid();
    struct order_delivery d;

    order_deliver(&d, &ORDER_SEEN, key, 2);
    assert_int_equal(hear(hearer, &d), HEARD_HANDLED);
    assert_int_equal(hear(hearer, &d), HEARD_HANDLED);
    orders->poison = 3;
    order_deliver(&d, &ORDER_SEEN, key, 3);
    while (hear(hearer, &d) != HEARD_DEAD) {
    }
    assert_false(letter_of(orders, &d).in_order);
    order_deliver(&d, &ORDER_SEEN, key, 4);
    assert_int_equal(hear(hearer, &d), HEARD_HANDLED);
    order_deliver(&d, &ORDER_PAID, key, 5);
    assert_int_equal(hear(hearer, &d), HEARD_HANDLED);
    EXPECT(orders, key, 2, 2, 4, 5);
    hearer_destroy(hearer);
}

static void what_a_row_s_list_has_is_heard_as_what_it_is(void **state)
{
    struct orders *orders = *state;
    struct hearer *hearer = hearer_of(orders);
    struct uuid key = test_uuid();
    struct order_delivery d;
    struct dead_letter letter;

    order_deliver(&d, &ORDER_SHOWN, key, 1);
    assert_true(hearer_hears(hearer, d.subject));
    assert_int_equal(hear(hearer, &d), HEARD_HANDLED);
    assert_ptr_equal(orders->type, &ORDER_SHOWN);
    EXPECT(orders, key, 1);
    order_deliver(&d, &ORDER_SHOWN, key, 2);
    d.delivery.data = "{}";
    d.delivery.len = 2;
    assert_int_equal(hear(hearer, &d), HEARD_DEAD);
    letter = letter_of(orders, &d);
    assert_string_equal(letter.type, "shop.order_shown");
    hearer_destroy(hearer);
}

int hearer_contract(struct orders *orders)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(an_event_has_one_effect_however_often_it_comes, orders),
        cmocka_unit_test_prestate(what_nobody_hears_is_let_go, orders),
        cmocka_unit_test_prestate(a_failed_attempt_leaves_nothing_and_comes_again, orders),
        cmocka_unit_test_prestate(after_its_attempts_it_is_a_dead_letter, orders),
        cmocka_unit_test_prestate(its_key_is_parked_behind_it_and_others_go_on, orders),
        cmocka_unit_test_prestate(what_cannot_be_read_is_a_dead_letter_at_once, orders),
        cmocka_unit_test_prestate(an_envelope_that_is_wrong_is_a_dead_letter_at_once, orders),
        cmocka_unit_test_prestate(bytes_that_are_no_text_are_not_kept, orders),
        cmocka_unit_test_prestate(what_is_away_never_makes_a_dead_letter, orders),
        cmocka_unit_test_prestate(what_a_row_s_list_has_is_heard_as_what_it_is, orders),
        cmocka_unit_test_prestate(the_latest_is_not_kept_from_coming_again_and_parks_nothing,
                                  orders),
    };

    return cmocka_run_group_tests_name("events heard", tests, NULL, NULL);
}
