/* gateway_asking_test.c - what is late or fails is asked again, where that is right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "test/cmd/gateway/gateway_fixture.h"
#include "tool/core/mem.h"
#include "tool/metrics/metrics.h"

static const char ROUTES[] = "GET /late thing.slow timeout=30000\n"
                             "GET /plain thing.slow timeout=300 hedge=no\n"
                             "POST /write thing.slow timeout=300 body=none\n"
                             "GET /flaky thing.kept timeout=30000\n"
                             "GET /once thing.kept timeout=30000 retry=0\n"
                             "POST /sign auth.login timeout=30000\n"
                             "GET /static thing.slow timeout=50 fallback={\"items\":[]}\n"
                             "GET /answered thing.slow timeout=30000 fallback={\"items\":[]}\n"
                             "GET /gone nobody.there retry=0 fallback={\"items\":[]}\n"
                             "GET /other thing.slow timeout=4000 fallback=thing.kept hedge=no\n"
                             "GET /nobody nobody.there retry=3 timeout=30000\n";

static struct problem unavailable = {.status = ST_UNAVAILABLE};

static int setup(void **state)
{
    struct gateway_fixture *f;

    if (gateway_setup(state) != 0)
        return -1;
    f = *state;
    gateway_write_routes(f, ROUTES);
    gateway_reload(&f->gw);
    return 0;
}

static int64_t counter(struct gateway_fixture *f, const char *name, const char *subject)
{
    char label[64] = "";

    metrics_label(label, sizeof(label), "subject", subject);
    return metric_value(metrics_counter(f->metrics, name, "", label));
}

static bool is_asked(struct gateway_fixture *f)
{
    return f->auth_played.n > 0;
}

static bool is_asked_thrice(struct gateway_fixture *f)
{
    return f->auth_played.n >= 3;
}

static void what_is_late_is_asked_once_more_and_the_first_answer_counts(void **state)
{
    struct gateway_fixture *f = *state;
    int fd;

    f->auth_played.data = NULL; /* the first one is silent */
    fd = gateway_put(f, "GET", "/late", "", NULL);
    gateway_turn_until(f, is_asked, "it is asked");
    f->auth_played.data = "{\"n\":2}";
    assert_int_equal(gateway_get(f, fd), 200);
    assert_true(gateway_says("{\"n\":2}"));
    assert_true(f->auth_played.n >= 2); /* a stall of this machine asks for a third */
    assert_in_range(f->auth_played.call.deadline_ms - clock_now_ms(&CLOCK_SYSTEM), 1, 29900);
    assert_true(counter(f, "hanok_hedges_total", "thing.slow") >= 1);
    assert_int_equal(counter(f, "hanok_hedges_won_total", "thing.slow"), 1);
    assert_true(gateway_nobody_waits(f)); /* the other is given up */
}

static void a_client_that_leaves_takes_all_of_it_back(void **state)
{
    struct gateway_fixture *f = *state;
    int fd;

    f->auth_played.data = NULL;
    fd = gateway_put(f, "GET", "/late", "", NULL);
    gateway_turn_until(f, is_asked_thrice, "it is asked again and again");
    close(fd);
    gateway_turn_until(f, gateway_nobody_waits, "the client's leaving is noticed");
    assert_false(gateway_busy(&f->gw));
}

static void what_may_not_be_asked_twice_is_not(void **state)
{
    static const char *const CASES[][2] = {
        {"POST", "/write"},
        {"GET",  "/plain"}
    };
    struct gateway_fixture *f = *state;

    f->auth_played.data = NULL;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        f->auth_played.n = 0;
        assert_int_equal(gateway_ask(f, CASES[i][0], CASES[i][1], "", NULL), 504);
        assert_int_equal(f->auth_played.n, 1);
    }
}

static void what_fails_is_asked_again(void **state)
{
    struct gateway_fixture *f = *state;
    int fd;

    f->auth_played.problem = &unavailable;
    fd = gateway_put(f, "GET", "/flaky", "", NULL);
    gateway_turn_until(f, is_asked, "it is asked");
    f->auth_played.problem = NULL;
    assert_int_equal(gateway_get(f, fd), 200);
    assert_int_equal(f->auth_played.n, 2);
    assert_int_equal(counter(f, "hanok_retries_total", "thing.kept"), 1);
}

static void it_is_asked_again_so_often_and_no_more(void **state)
{
    static struct problem overloaded = {.status = ST_OVERLOADED};
    static const struct {
        const char *method, *path, *body;
        struct problem *problem;
        unsigned want;
    } cases[] = {
        {"GET",  "/flaky", NULL, &unavailable, 3},
        {"GET",  "/once",  NULL, &unavailable, 1},
        {"GET",  "/flaky", NULL, &overloaded,  1}, /* which more requests would make worse */
        {"POST", "/sign",  "{}", &unavailable, 1},
    };
    struct gateway_fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        f->auth_played.n = 0;
        f->auth_played.problem = cases[i].problem;
        f->auth_played.data = cases[i].problem == &overloaded ? "{\"code\":\"overloaded\"}" : "{}";
        assert_int_equal(gateway_ask(f, cases[i].method, cases[i].path, JSON, cases[i].body), 503);
        if (f->auth_played.n != cases[i].want)
            fail_msg("case %zu: asked %u times", i, f->auth_played.n);
    }
    assert_int_equal(gateway_ask(f, "GET", "/nobody", "", NULL), 503);
    assert_int_equal(counter(f, "hanok_retries_total", "nobody.there"), 3);
}

static void an_answer_of_the_row_stands_in_for_a_service_that_does_not_answer(void **state)
{
    static const char *const PATHS[] = {"/static", "/gone"};
    struct gateway_fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(PATHS); i++) {
        f->auth_played.data = NULL;
        assert_int_equal(gateway_ask(f, "GET", PATHS[i], "", NULL), 200);
        assert_true(gateway_says("\r\n\r\n{\"items\":[]}"));
        assert_true(gateway_says("no-store"));
    }
    assert_int_equal(counter(f, "hanok_fallbacks_total", "thing.slow"), 1);
    f->auth_played.data = "{\"items\":[1]}"; /* a service that does answer is believed */
    assert_int_equal(gateway_ask(f, "GET", "/answered", "", NULL), 200);
    assert_true(gateway_says("{\"items\":[1]}"));
    f->auth_played.problem = &(struct problem){.status = ST_NOT_FOUND};
    assert_int_equal(gateway_ask(f, "GET", "/answered", "", NULL), 404);
}

static void another_subject_stands_in_too(void **state)
{
    struct gateway_fixture *f = *state;
    int fd;

    f->auth_played.data = NULL;
    fd = gateway_put(f, "GET", "/other", "", NULL);
    gateway_turn_until(f, is_asked, "it is asked");
    f->auth_played.data = "{\"items\":[2]}";
    assert_int_equal(gateway_get(f, fd), 200);
    assert_true(gateway_says("{\"items\":[2]}"));
    assert_int_equal(f->auth_played.n, 2);
    assert_int_equal(counter(f, "hanok_fallbacks_total", "thing.slow"), 1);
}

/* An outage is not asked for more than a few more tries, however many ask. */
static void retries_have_a_budget(void **state)
{
    struct gateway_fixture *f = *state;

    for (int i = 0; i < 60; i++)
        assert_int_equal(gateway_ask(f, "GET", "/nobody", "", NULL), 503);
    assert_in_range(counter(f, "hanok_retries_total", "nobody.there"), 20, 170);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, gateway_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_late_is_asked_once_more_and_the_first_answer_counts),
        TEST(a_client_that_leaves_takes_all_of_it_back),
        TEST(what_may_not_be_asked_twice_is_not),
        TEST(what_fails_is_asked_again),
        TEST(it_is_asked_again_so_often_and_no_more),
        TEST(an_answer_of_the_row_stands_in_for_a_service_that_does_not_answer),
        TEST(another_subject_stands_in_too),
        TEST(retries_have_a_budget),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
