/* gateway_in_flight_test.c - no more are on their way at once than a route lets in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "test/cmd/gateway/gateway_fixture.h"
#include "tool/core/mem.h"

#define HELD "GET /held thing.slow timeout=60000 "

static void read_routes(struct gateway_fixture *f, const char *routes)
{
    gateway_write_routes(f, routes);
    gateway_reload(&f->gw);
}

static bool two_are_held(struct gateway_fixture *f)
{
    return f->n_held >= 2;
}

static void answer_held(struct gateway_fixture *f)
{
    while (f->n_held > 0)
        responder_answer(f->held[--f->n_held], &(struct message_out){.data = "{}", .len = 2}, NULL,
                         NULL);
}

static int ask_held(struct gateway_fixture *f)
{
    return gateway_ask(f, "GET", "/held", "", NULL);
}

static void more_than_the_most_is_a_503_until_one_is_back(void **state)
{
    struct gateway_fixture *f = *state;
    int fds[2];

    read_routes(f, HELD "inflight=1..2\nGET /kept thing.kept");
    f->auth_played.data = NULL;
    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        fds[i] = gateway_put(f, "GET", "/held", "", NULL);
    gateway_turn_until(f, two_are_held, "two are on their way");
    assert_int_equal(ask_held(f), 503);
    assert_true(gateway_says("\"code\":\"overloaded\""));
    assert_true(gateway_says("Retry-After: "));
    assert_int_equal(f->n_held, 2); /* nothing was sent */
    f->auth_played.data = "{}";
    assert_int_equal(gateway_ask(f, "GET", "/kept", "", NULL), 200); /* others go on */
    answer_held(f);
    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        assert_int_equal(gateway_get(f, fds[i]), 200);
    assert_int_equal(ask_held(f), 200);
    assert_int_equal(metric_value(metrics_counter(f->metrics, "hanok_http_overloaded_total", "",
                                                  "route=\"/held\"")),
                     1);
}

static void who_leaves_makes_room(void **state)
{
    struct gateway_fixture *f = *state;
    int fd;

    read_routes(f, HELD "inflight=1..1");
    f->auth_played.data = NULL;
    fd = gateway_put(f, "GET", "/held", "", NULL);
    gateway_turn_until(f, gateway_somebody_waits, "it is on its way");
    assert_int_equal(ask_held(f), 503);
    close(fd);
    gateway_turn_until(f, gateway_nobody_waits, "its leaving is noticed");
    f->auth_played.data = "{}";
    assert_int_equal(ask_held(f), 200);
}

static void a_reload_sets_another_most(void **state)
{
    struct gateway_fixture *f = *state;
    int fds[2];

    read_routes(f, HELD "inflight=1..1");
    assert_int_equal(ask_held(f), 200);
    read_routes(f, HELD "inflight=1..2");
    f->auth_played.data = NULL;
    for (size_t i = 0; i < 2; i++)
        fds[i] = gateway_put(f, "GET", "/held", "", NULL);
    gateway_turn_until(f, two_are_held, "two are on their way");
    assert_int_equal(ask_held(f), 503);
    answer_held(f);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(gateway_get(f, fds[i]), 200);
}

static bool one_is_kept(struct gateway_fixture *f)
{
    return f->gw.n_held == 1;
}

static bool none_is_kept(struct gateway_fixture *f)
{
    return f->gw.n_held == 0;
}

/* As after many refusals, in a second that does not end. */
static void of_many_that_are_refused_the_rest_hears_later(void **state)
{
    struct gateway_fixture *f = *state;
    int fd;

    f->gw.n_refused = 1000;
    f->gw.refusing_since_ms = clock_now_ms(&CLOCK_SYSTEM) + 3600000;
    assert_int_equal(gateway_ask(f, "GET", "/nobody", "", NULL), 503); /* is asked all the same */
    read_routes(f, HELD "inflight=1..1");
    f->auth_played.data = NULL;
    gateway_put(f, "GET", "/held", "", NULL);
    gateway_turn_until(f, gateway_somebody_waits, "it is on its way");
    fd = gateway_put(f, "GET", "/held", "", NULL);
    gateway_turn_until(f, one_is_kept, "it is refused, and not told yet");
    close(fd);
    gateway_turn_until(f, none_is_kept, "its leaving is noticed");
    assert_int_equal(ask_held(f), 503);
    assert_true(gateway_says("\"code\":\"overloaded\""));
    assert_true(none_is_kept(f));
}

/* All turns take too long, and have for a while. */
static void of_all_routes_no_more_are_sent_on_than_a_turn_can_take(void **state)
{
    struct gateway_fixture *f = *state;
    struct turn_limit *limit = &f->gw.turns.limit;
    int fds[4], refused = 0;

    read_routes(f, HELD "inflight=1..100\nGET /kept thing.kept");
    *limit = (struct turn_limit){.target_ms = -1,
                                 .calm_ms = 3600000,
                                 .least = 1,
                                 .limit = 1,
                                 .refused_ms = clock_now_ms(&CLOCK_SYSTEM)};
    /* What they ask is there before the loop looks: more than one in its turn. */
    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        fds[i] = gateway_put(f, "GET", i % 2 ? "/held" : "/kept", "", NULL);
    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        refused += gateway_get(f, fds[i]) == 503;
    assert_true(refused > 0 && refused < (int)ARRAY_LEN(fds));
    assert_int_equal(
        metric_value(metrics_counter(f->metrics, "hanok_http_overloaded_total", "", "route=\"*\"")),
        refused);
    limit->target_ms = GATEWAY_PATIENCE_MS;
    limit->calm_ms = 0;
    assert_int_equal(gateway_ask(f, "GET", "/kept", "", NULL), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(more_than_the_most_is_a_503_until_one_is_back,
                                        gateway_setup, gateway_teardown),
        cmocka_unit_test_setup_teardown(who_leaves_makes_room, gateway_setup, gateway_teardown),
        cmocka_unit_test_setup_teardown(of_many_that_are_refused_the_rest_hears_later,
                                        gateway_setup, gateway_teardown),
        cmocka_unit_test_setup_teardown(a_reload_sets_another_most, gateway_setup,
                                        gateway_teardown),
        cmocka_unit_test_setup_teardown(of_all_routes_no_more_are_sent_on_than_a_turn_can_take,
                                        gateway_setup, gateway_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
