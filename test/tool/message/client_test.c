/* client_test.c - who asks, when a subject is silent or overloaded, over a real nats-server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "test/support/bus.h"
#include "tool/core/mem.h"

enum { LONG_MS = 60000 };

#define HOLD "echo.hold.on.to.it"

static void assert_answered(const struct answer *answer, const char *data)
{
    assert_int_equal(answer->n, 1);
    assert_int_equal(answer->st, ST_OK);
    assert_int_equal(answer->error_code, 0);
    assert_int_equal(answer->len, strlen(data));
    assert_memory_equal(answer->data, data, answer->len);
}

static void a_dropped_request_gives_its_place_back_and_tells_no_breaker(void **state)
{
    struct bus *bus = *state;
    struct answer answers[8];
    uint64_t token;

    for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
        bus_ask(bus, HOLD, "x", 10, &answers[i], &token);
        message_client_drop(bus->client, token);
        message_client_drop(bus->client, token);
    }
    assert_int_equal(bus_waiting(bus), 0);
    BUS_WAIT(bus, bus->echo.n_held == ARRAY_LEN(answers));
    echo_release(&bus->echo);
    BUS_WAIT(bus, bus_counter(bus, "hanok_nats_late_replies_total") == ARRAY_LEN(answers));
    assert_int_equal(bus_counter(bus, "hanok_nats_timeouts_total"), 0);
    assert_int_equal(breaker_state(breakers_get(bus->breakers, HOLD)), BREAKER_CLOSED);
    assert_int_equal(answers[0].n, 0);
}

static void a_silent_subject_leaves_others_a_place(void **state)
{
    struct bus *bus = *state;
    struct message_client *whole = bus->client;
    struct answer held[7], other;

    bus->client = message_client_create(&(struct message_client_config){
        .link = bus->link, .loop = bus->loop, .clock = &CLOCK_SYSTEM, .slots = 8});
    for (size_t i = 0; i < ARRAY_LEN(held); i++)
        bus_ask(bus, HOLD, "x", LONG_MS, &held[i], NULL);
    assert_int_equal(held[5].n, 0);
    assert_int_equal(held[6].st, ST_OVERLOADED);
    bus_ask(bus, "echo.say", "x", LONG_MS, &other, NULL);
    BUS_WAIT(bus, other.n > 0);
    assert_answered(&other, "x");
    BUS_WAIT(bus, bus->echo.n_held == 6);
    echo_release(&bus->echo);
    BUS_WAIT(bus, held[5].n > 0);
    bus_ask(bus, HOLD, "x", 1, &held[6], NULL); /* there is room again */
    BUS_WAIT(bus, held[6].n > 0 && bus->echo.n_held == 1);
    assert_int_equal(held[6].st, ST_TIMEOUT);
    message_client_destroy(bus->client);
    bus->client = whole;
}

static void silence_opens_the_breaker_of_that_subject_only(void **state)
{
    struct bus *bus = *state;
    struct answer answers[8], other;
    unsigned refused = 0;

    for (size_t i = 0; i < ARRAY_LEN(answers); i++)
        bus_ask(bus, HOLD, "x", 10, &answers[i], NULL);
    BUS_WAIT(bus, bus_waiting(bus) == 0);
    assert_int_equal(breaker_state(breakers_get(bus->breakers, HOLD)), BREAKER_OPEN);
    bus_ask(bus, HOLD, "x", LONG_MS, &answers[0], NULL);
    refused += answers[0].n == 1 && answers[0].st == ST_UNAVAILABLE;
    assert_int_equal(refused, 1);
    bus_ask(bus, "echo.say", "x", LONG_MS, &other, NULL);
    BUS_WAIT(bus, other.n > 0);
    assert_answered(&other, "x");
    BUS_WAIT(bus, bus->echo.n_held == ARRAY_LEN(answers));
}

static void who_has_too_much_to_do_is_alive(void **state)
{
    struct bus *bus = *state;
    struct answer answers[8];

    for (size_t i = 0; i < ARRAY_LEN(answers); i++)
        bus_ask(bus, "echo.refuse", "busy", LONG_MS, &answers[i], NULL);
    BUS_WAIT(bus, bus_waiting(bus) == 0);
    assert_int_equal(answers[7].error_code, 503);
    assert_int_equal(breaker_state(breakers_get(bus->breakers, "echo.refuse")), BREAKER_CLOSED);
}

#define BUS_TEST(name) cmocka_unit_test_setup_teardown(name, bus_setup, bus_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BUS_TEST(a_dropped_request_gives_its_place_back_and_tells_no_breaker),
        BUS_TEST(a_silent_subject_leaves_others_a_place),
        BUS_TEST(silence_opens_the_breaker_of_that_subject_only),
        BUS_TEST(who_has_too_much_to_do_is_alive),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
