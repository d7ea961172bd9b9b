/* refusal_test.c - a server that is reloaded takes subjects away from who hears them, and gives
 * them back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <string.h>

#include "test/support/bus.h"

#define USERS(hears)                                                                               \
    "authorization { users: [{user: any, password: any, permissions: {subscribe: [" hears          \
    "]}}] }\n"                                                                                     \
    "no_auth_user: any\n"

static const char ALL[] = USERS("\">\"");
static const char WITHOUT_SAY[] = USERS(
    "\"_INBOX.>\", \"$SRV.>\", \"echo.work\", \"echo.hold.>\", \"echo.refuse\", \"echo.huge\"");
static const char WITHOUT_TWO[] =
    USERS("\"_INBOX.>\", \"$SRV.>\", \"echo.hold.>\", \"echo.refuse\", \"echo.huge\"");

static int setup(void **state)
{
    return bus_setup_with(state, ALL, NULL);
}

static int setup_without(void **state)
{
    return bus_setup_with(state, WITHOUT_SAY, NULL);
}

static void ask_until_answered(struct bus *bus, const char *subject)
{
    struct answer answer = {.st = ST_UNAVAILABLE};

    for (int64_t until_ms = bus_give_up_ms(); answer.st != ST_OK;) {
        bus_check_patience(until_ms, "an answer");
        bus_ask(bus, subject, "{}", 5000, &answer, NULL);
        BUS_WAIT(bus, answer.n > 0);
        loop_turn(bus->loop, 10);
    }
}

static bool misses(const struct bus *bus, const char *subject)
{
    const char *missed = link_unheard(bus->echo.link);

    return missed && strcmp(missed, subject) == 0;
}

static void what_a_reload_takes_away_is_heard_again_once_it_may_be(void **state)
{
    struct bus *bus = *state;
    struct answer answer;

    ask_until_answered(bus, "echo.say");
    assert_null(link_unheard(bus->echo.link));
    assert_true(nats_server_reload(&bus->nats, WITHOUT_SAY));
    BUS_WAIT(bus, misses(bus, "echo.say"));
    assert_true(link_is_up(bus->echo.link));
    ask_until_answered(bus, "echo.work");
    bus_ask(bus, "echo.say", "{}", 5000, &answer, NULL);
    BUS_WAIT(bus, answer.n > 0);
    assert_int_equal(answer.st, ST_UNAVAILABLE);

    assert_true(nats_server_reload(&bus->nats, ALL));
    BUS_WAIT(bus, !link_unheard(bus->echo.link));
    ask_until_answered(bus, "echo.say");
    assert_int_equal(bus->echo.n_handled, 3);
}

static void each_subject_that_is_missed_is_asked_for(void **state)
{
    struct bus *bus = *state;

    assert_true(nats_server_reload(&bus->nats, WITHOUT_TWO));
    BUS_WAIT(bus, misses(bus, "echo.work") || misses(bus, "echo.say"));
    assert_true(nats_server_reload(&bus->nats, WITHOUT_SAY));
    BUS_WAIT(bus, misses(bus, "echo.say"));
    ask_until_answered(bus, "echo.work");
    assert_true(nats_server_reload(&bus->nats, ALL));
    BUS_WAIT(bus, !link_unheard(bus->echo.link));
    ask_until_answered(bus, "echo.say");
}

static void what_was_never_allowed_is_missed_too(void **state)
{
    struct bus *bus = *state;

    BUS_WAIT(bus, misses(bus, "echo.say"));
    nats_server_kill(&bus->nats);
    assert_true(nats_server_start(&bus->nats));
    BUS_WAIT(bus, !link_is_up(bus->echo.link));
    BUS_WAIT(bus, link_is_up(bus->echo.link));
    assert_true(misses(bus, "echo.say")); /* a new connection has not been refused anything yet */
    assert_true(nats_server_reload(&bus->nats, ALL));
    BUS_WAIT(bus, !link_unheard(bus->echo.link));
    ask_until_answered(bus, "echo.say");
}

static void a_stopped_service_asks_for_nothing(void **state)
{
    struct bus *bus = *state;

    assert_true(nats_server_reload(&bus->nats, WITHOUT_SAY));
    BUS_WAIT(bus, misses(bus, "echo.say"));
    responder_stop(bus->echo.server);
    BUS_WAIT(bus, responder_open(bus->echo.server) == 0);
    assert_null(link_unheard(bus->echo.link));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_a_reload_takes_away_is_heard_again_once_it_may_be,
                                        setup, bus_teardown),
        cmocka_unit_test_setup_teardown(each_subject_that_is_missed_is_asked_for, setup,
                                        bus_teardown),
        cmocka_unit_test_setup_teardown(what_was_never_allowed_is_missed_too, setup_without,
                                        bus_teardown),
        cmocka_unit_test_setup_teardown(a_stopped_service_asks_for_nothing, setup, bus_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
