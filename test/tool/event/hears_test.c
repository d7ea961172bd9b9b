/* hears_test.c - events of a real stream have their effect in a real database: once, in order, and
 * whatever dies meanwhile. The broker's own recognition of doubles is never asked: nothing has a
 * Nats-Msg-Id. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "test/support/bus.h"
#include "test/tool/event/till.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/event/replay.h"
#include "tool/message/listener.h"

enum { KEYS = 24, EVENTS = 12 };

static const char *self;

struct fixture {
    struct jetstream js;
    struct mariadb_server mariadb;
    struct dbc_config db;
    struct till till;
    struct server_process *other;
    struct uuid keys[KEYS];
    struct order_delivery said[KEYS][EVENTS];
};

#define WAIT(f, cond)                                                                              \
    for (int64_t give_up_ms = bus_give_up_ms(); !(cond); loop_turn((f)->till.loop, 5))             \
    bus_check_patience(give_up_ms, #cond)

static void publish(struct fixture *f, const struct order_delivery *d)
{
    const char *const headers[] = {"ce-id",
                                   d->delivery.id,
                                   "ce-type",
                                   d->delivery.type,
                                   "ce-source",
                                   "/hanok/shop",
                                   "ce-time",
                                   d->delivery.time,
                                   "ce-partitionkey",
                                   d->delivery.key,
                                   "ce-specversion",
                                   "1.0",
                                   NULL};

    jetstream_publish(&f->js, d->subject, headers, d->json);
}

static void say(struct fixture *f, int key, int from, int to)
{
    for (int i = from; i < to; i++) {
        order_deliver(&f->said[key][i], &ORDER_PAID, f->keys[key], i);
        publish(f, &f->said[key][i]);
    }
}

static size_t effects(struct fixture *f, int key)
{
    static int64_t n[ORDERS_EFFECTS_MAX];

    return orders_effects(&f->till.orders, f->keys[key], n);
}

static bool all_have(struct fixture *f, size_t n)
{
    for (int key = 0; key < KEYS; key++)
        if (effects(f, key) < n)
            return false;
    return true;
}

static void expect_in_order(struct fixture *f, int key, size_t n)
{
    int64_t want[EVENTS];

    for (size_t i = 0; i < n; i++)
        want[i] = (int64_t)i;
    orders_expect(&f->till.orders, f->keys[key], want, n);
}

static void doubles_have_one_effect(void **state)
{
    struct fixture *f = *state;

    till_start(&f->till, f->js.server.url, &f->db);
    for (int key = 0; key < KEYS; key++) {
        say(f, key, 0, 2);
        publish(f, &f->said[key][0]);
        publish(f, &f->said[key][1]);
        publish(f, &f->said[key][1]);
    }
    WAIT(f, till_heard(&f->till, HEARD_AGAIN) == 3 * KEYS);
    for (int key = 0; key < KEYS; key++)
        expect_in_order(f, key, 2);
    assert_int_equal(till_heard(&f->till, HEARD_HANDLED), 2 * KEYS);
}

static void two_instances_share_and_one_takes_over_from_the_other(void **state)
{
    struct fixture *f = *state;

    f->other = till_spawn(self, f->js.server.url, &f->mariadb);
    assert_non_null(f->other);
    till_start(&f->till, f->js.server.url, &f->db);
    for (int i = 0; i < EVENTS / 2; i++)
        for (int key = 0; key < KEYS; key++)
            say(f, key, i, i + 1);
    WAIT(f, all_have(f, 1));
    server_process_stop(f->other, SIGKILL); /* with whatever it has in hand */
    f->other = NULL;
    for (int i = EVENTS / 2; i < EVENTS; i++)
        for (int key = 0; key < KEYS; key++)
            say(f, key, i, i + 1);
    WAIT(f, all_have(f, EVENTS));
    for (int key = 0; key < KEYS; key++)
        expect_in_order(f, key, EVENTS);
    assert_true(till_heard(&f->till, HEARD_HANDLED) < KEYS * EVENTS); /* the other did its part */
}

/* What it was given while it stood still is another's after a while; it comes late then. */
static void one_that_stands_still_is_not_waited_for(void **state)
{
    struct fixture *f = *state;

    f->other = till_spawn(self, f->js.server.url, &f->mariadb);
    assert_non_null(f->other);
    till_start(&f->till, f->js.server.url, &f->db);
    for (int key = 0; key < KEYS; key++)
        say(f, key, 0, 2);
    WAIT(f, all_have(f, 2));
    server_process_freeze(f->other);
    for (int key = 0; key < KEYS; key++)
        say(f, key, 2, 4);
    WAIT(f, all_have(f, 4));
    server_process_signal(f->other, SIGCONT);
    for (int key = 0; key < KEYS; key++)
        say(f, key, 4, 6);
    WAIT(f, all_have(f, 6));
    for (int key = 0; key < KEYS; key++)
        expect_in_order(f, key, 6);
}

static void a_poisoned_event_parks_its_key_and_no_other(void **state)
{
    struct fixture *f = *state;
    struct call call = test_call();
    struct problem problem;
    struct uuid id;
    unsigned done;

    till_start(&f->till, f->js.server.url, &f->db);
    f->till.orders.poison = 100;
    say(f, 0, 0, 1);
    order_deliver(&f->said[0][1], &ORDER_PAID, f->keys[0], 100);
    publish(f, &f->said[0][1]);
    say(f, 0, 2, 5);
    for (int key = 1; key < KEYS; key++)
        say(f, key, 0, EVENTS);
    WAIT(f, till_heard(&f->till, HEARD_PARKED) == 3);
    f->till.orders.poison = -1; /* mended */
    WAIT(f, till_heard(&f->till, HEARD_HANDLED) == 1 + (KEYS - 1) * EVENTS);
    expect_in_order(f, 0, 1);
    for (int key = 1; key < KEYS; key++)
        expect_in_order(f, key, EVENTS);
    call.problem = &problem;
    assert_true(uuid_parse(f->said[0][1].id, &id));
    assert_status(ST_OK, hearer_replay(f->till.hearer, &call, id, &done));
    assert_int_equal(done, 4);
    orders_expect(&f->till.orders, f->keys[0], (const int64_t[]){0, 100, 2, 3, 4}, 5);
}

static void fed_again_into_an_empty_store_they_have_one_effect(void **state)
{
    struct fixture *f = *state;

    till_start(&f->till, f->js.server.url, &f->db);
    for (int key = 0; key < KEYS; key++)
        say(f, key, 0, 3);
    WAIT(f, all_have(f, 3));
    jetstream_restart(&f->js, true);
    jetstream_make_stream(&f->js);
    for (int key = 0; key < KEYS; key++) {
        for (int i = 0; i < 3; i++)
            publish(f, &f->said[key][i]);
        say(f, key, 3, 5);
    }
    WAIT(f, all_have(f, 5));
    for (int key = 0; key < KEYS; key++)
        expect_in_order(f, key, 5);
}

static void a_database_that_is_away_is_waited_for(void **state)
{
    struct fixture *f = *state;

    till_start(&f->till, f->js.server.url, &f->db);
    say(f, 0, 0, 1);
    WAIT(f, effects(f, 0) == 1);
    mariadb_server_kill(&f->mariadb);
    say(f, 0, 1, 3);
    WAIT(f, till_heard(&f->till, HEARD_AWAY) > 0);
    assert_true(mariadb_server_start(&f->mariadb));
    WAIT(f, till_heard(&f->till, HEARD_HANDLED) + till_heard(&f->till, HEARD_AGAIN) >= 3);
    expect_in_order(f, 0, 3);
}

/* ---- a view, from a service that exports ---- */

enum { SEEN = EXPORT_PAGE_MAX + 5 };

static struct uuid seen_id(int64_t i)
{
    return (struct uuid){
        {7, 7, (uint8_t)(i + 1)}
    };
}

/* All there is, from where the page before has ended. */
static void on_export(void *arg, struct responder_request *request)
{
    struct export_query query;
    struct export_page *page = MEM_NEW(struct export_page);
    struct problem problem = {0};
    struct json_out o;
    char *json = mem_alloc(1, MESSAGE_PAYLOAD_MAX), id[UUID_TEXT_LEN + 1];
    size_t len;
    const char *data = message_data(responder_request_message(request), &len);

    (void)arg;
    assert_status(ST_OK, decode_lenient(&EXPORT_QUERY, data, len, &query, &problem));
    for (int64_t i = query.after.b[2]; i < SEEN && page->n < (size_t)query.limit; i++) {
        struct export_item *item = &page->items[page->n++];
        item->key = seen_id(i);
        snprintf(item->data, sizeof(item->data), "{\"orderId\":\"%s\",\"n\":%d}",
                 uuid_text(item->key, id), (int)i);
    }
    json_out_init(&o, json, MESSAGE_PAYLOAD_MAX);
    encode(&EXPORT_PAGE, page, &o);
    responder_answer(request, &(struct message_out){.data = json, .len = o.len}, NULL, NULL);
    free(json);
    free(page);
}

static void a_view_is_built_from_nothing(void **state)
{
    struct fixture *f = *state;
    struct responder_spec spec = {.subject = "shop.export", .fn = on_export};
    struct responder *shop;
    int64_t n[ORDERS_EFFECTS_MAX];

    till_start(&f->till, f->js.server.url, &f->db);
    shop = responder_create(&(struct responder_config){.link = f->till.link,
                                                       .loop = f->till.loop,
                                                       .clock = &CLOCK_SYSTEM,
                                                       .name = "shop",
                                                       .version = "1.0.0",
                                                       .description = "",
                                                       .endpoints = &spec,
                                                       .n_endpoints = 1});
    WAIT(f, orders_effects(&f->till.orders, seen_id(SEEN - 1), n) > 0);
    for (int64_t i = 0; i < SEEN; i++)
        assert_int_equal(orders_effects(&f->till.orders, seen_id(i), n), 1);
    responder_stop(shop);
    WAIT(f, responder_open(shop) == 0);
    responder_destroy(shop);
}

struct hint {
    char subject[128];
    unsigned n;
};

static void on_hint(void *arg, const struct message *m)
{
    struct hint *hint = arg;

    text_copy(hint->subject, sizeof(hint->subject), message_subject(m));
    hint->n++;
}

static void nothing_is_lost(void *arg)
{
    (void)arg;
}

static void of_a_view_that_has_changed_its_key_is_told(void **state)
{
    struct fixture *f = *state;
    struct hint hint = {.n = 0};
    struct order_delivery seen;
    struct listener *listener;
    char want[128], key[UUID_TEXT_LEN + 1];

    till_start(&f->till, f->js.server.url, &f->db);
    listener = listener_create(&(struct listener_config){.link = f->till.link,
                                                         .subject = "changed.till.>",
                                                         .heard = on_hint,
                                                         .lost = nothing_is_lost,
                                                         .arg = &hint});
    listener_open(listener);
    WAIT(f, link_is_up(f->till.link));
    say(f, 0, 0, 1); /* is no view's */
    WAIT(f, effects(f, 0) == 1);
    order_deliver(&seen, &ORDER_SEEN, f->keys[1], 1);
    publish(f, &seen);
    WAIT(f, hint.n > 0);
    snprintf(want, sizeof(want), "changed.till.%s", uuid_text(f->keys[1], key));
    assert_string_equal(hint.subject, want);
    assert_int_equal(hint.n, 1);
    assert_int_equal(effects(f, 1), 1); /* it is committed */
    listener_destroy(listener);
}

static int setup(void **state)
{
    struct fixture *f = *state;

    for (int key = 0; key < KEYS; key++)
        f->keys[key] = test_uuid();
    return jetstream_init(&f->js) ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    server_process_stop(f->other, SIGKILL);
    f->other = NULL;
    till_stop(&f->till);
    jetstream_fini(&f->js);
    return 0;
}

#define HEARS_TEST(name)                                                                           \
    {                                                                                              \
#name, name, setup, teardown, &fixture                                                     \
    }

int main(int argc, char **argv)
{
    static struct fixture fixture;
    const struct CMUnitTest tests[] = {
        HEARS_TEST(doubles_have_one_effect),
        HEARS_TEST(of_a_view_that_has_changed_its_key_is_told),
        HEARS_TEST(two_instances_share_and_one_takes_over_from_the_other),
        HEARS_TEST(one_that_stands_still_is_not_waited_for),
        HEARS_TEST(a_poisoned_event_parks_its_key_and_no_other),
        HEARS_TEST(fed_again_into_an_empty_store_they_have_one_effect),
        HEARS_TEST(a_view_is_built_from_nothing),
        HEARS_TEST(a_database_that_is_away_is_waited_for),
    };
    int failed = 1;

    if (argc > 1)
        return till_main(argc, argv);
    self = argv[0];
    log_set_fd(-1);
    if (mariadb_server_init(&fixture.mariadb, NULL) &&
        mariadb_server_schema(&fixture.mariadb, "till", "test/tool/event/migrations")) {
        fixture.db = mariadb_server_config(&fixture.mariadb, "till", TILL_THREADS + 2);
        failed = cmocka_run_group_tests(tests, NULL, NULL);
    }
    mariadb_server_fini(&fixture.mariadb);
    return failed;
}
