/* fetcher_test.c - who asks again and again: connections are kept, and what was never asked is told
 * from what may have been. */
#include "tool/fetch/fetch.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test/support/web_server.h"
#include "tool/core/mem.h"

enum { PATIENCE_MS = 120000 };

struct world {
    struct web_server web;
    struct fetcher *fetcher;
};

static int begin(void **state)
{
    /* clang-format off */
    static const struct web_page PAGES[] = {
        {.path = "/kept", .status = 200, .body = "{}", .keeps = true},
        {.path = "/gone", .status = 410, .body = "no more"},
        {.path = "/silent"},
        {.path = "/closes", .closes = true},
        {.path = "/last", .closes = true, .stops = true},
        {.path = "/endless", .status = 200, .body = "{", .padding = 1 << 20},
    };
    /* clang-format on */
    struct world *world = MEM_NEW(struct world);

    web_server_init(&world->web, 0);
    for (size_t i = 0; i < ARRAY_LEN(PAGES); i++)
        web_server_page(&world->web, &PAGES[i]);
    world->fetcher = fetcher_create();
    *state = world;
    return 0;
}

static int end(void **state)
{
    struct world *world = *state;

    fetcher_destroy(world->fetcher);
    web_server_fini(&world->web);
    free(world);
    return 0;
}

static enum fetch_end ask(struct world *world, int port, const char *path, const char *body,
                          long timeout_ms, struct fetch_answer *answer)
{
    static const char *const FIELDS[] = {"Content-Type: application/json", "X-Own: 1", NULL};
    const struct fetch_rule rule = {.size_max = 4096, .timeout_ms = timeout_ms, .plain = true};
    char url[128], why[FETCH_WHY_MAX + 1] = "";
    struct fetch_question question = {.url = url, .body = body, .fields = FIELDS};
    enum fetch_end got;

    snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", port, path);
    question.len = body ? strlen(body) : 0;
    *answer = (struct fetch_answer){.status = 0};
    got = fetcher_ask(world->fetcher, &question, &rule, answer, why);
    assert_int_equal(got != FETCH_ANSWERED, why[0] != '\0');
    return got;
}

static void what_is_posted_comes_as_it_was(void **state)
{
    struct world *world = *state;
    struct fetch_answer answer;
    char request[WEB_REQUEST_MAX + 1];

    assert_int_equal(ask(world, world->web.port, "/gone", "{\"a\":1}", PATIENCE_MS, &answer),
                     FETCH_ANSWERED);
    assert_int_equal(answer.status, 410);
    assert_string_equal(answer.body, "no more");
    assert_int_equal(answer.len, 7);
    free(answer.body);
    web_server_request(&world->web, request);
    assert_non_null(strstr(request, "POST /gone HTTP/1.1\r\n"));
    assert_non_null(strstr(request, "\r\nContent-Type: application/json\r\n"));
    assert_non_null(strstr(request, "\r\nX-Own: 1\r\n"));
    assert_non_null(strstr(request, "\r\n\r\n{\"a\":1}"));
    assert_int_equal(ask(world, world->web.port, "/gone", NULL, PATIENCE_MS, &answer),
                     FETCH_ANSWERED);
    free(answer.body);
    web_server_request(&world->web, request);
    assert_non_null(strstr(request, "GET /gone HTTP/1.1\r\n"));
    assert_null(strstr(request, "Content-Length"));
}

static void a_connection_is_kept(void **state)
{
    struct world *world = *state;
    struct fetch_answer answer;

    for (int i = 0; i < 5; i++) {
        assert_int_equal(
            ask(world, world->web.port, "/kept", i % 2 ? "{}" : NULL, PATIENCE_MS, &answer),
            FETCH_ANSWERED);
        assert_string_equal(answer.body, "{}");
        free(answer.body);
    }
    assert_int_equal(world->web.n, 5);
    assert_int_equal(world->web.n_connections, 1);
}

static void what_never_left_is_told_from_what_may_have(void **state)
{
    static const struct {
        const char *path;
        int port; /* 0 = the server's */
        long timeout_ms;
        enum fetch_end want;
    } cases[] = {
        {"/kept",    1, PATIENCE_MS, FETCH_NEVER_ASKED},
        {"/closes",  0, PATIENCE_MS, FETCH_NOT_KNOWN  },
        {"/endless", 0, PATIENCE_MS, FETCH_NOT_KNOWN  },
        {"/silent",  0, 200,         FETCH_NOT_KNOWN  },
    };
    struct world *world = *state;
    struct fetch_answer answer;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int port = cases[i].port ? cases[i].port : world->web.port;

        if (ask(world, port, cases[i].path, "{}", cases[i].timeout_ms, &answer) != cases[i].want)
            fail_msg("%s", cases[i].path);
        assert_null(answer.body);
    }
}

/* libcurl asks again by itself where a kept connection has ended; that this finds nobody does not
 * mean that nobody was asked. */
static void what_was_asked_stays_asked_when_it_is_tried_again_in_vain(void **state)
{
    struct world *world = *state;
    struct fetch_answer answer;

    assert_int_equal(ask(world, world->web.port, "/kept", "{}", PATIENCE_MS, &answer),
                     FETCH_ANSWERED);
    free(answer.body);
    assert_int_equal(ask(world, world->web.port, "/last", "{}", PATIENCE_MS, &answer),
                     FETCH_NOT_KNOWN);
    assert_int_equal(world->web.n, 2);
    assert_int_equal(world->web.n_connections, 1);
    assert_int_equal(ask(world, world->web.port, "/kept", "{}", PATIENCE_MS, &answer),
                     FETCH_NEVER_ASKED);
}

static void *ask_often(void *arg)
{
    struct fetch_answer answer;

    for (int i = 0; i < 20; i++) {
        assert_int_equal(
            ask(arg, ((struct world *)arg)->web.port, "/gone", "{}", PATIENCE_MS, &answer),
            FETCH_ANSWERED);
        free(answer.body);
    }
    return NULL;
}

static void many_ask_at_a_time(void **state)
{
    enum { N = 8 };
    struct world *world = *state;
    pthread_t threads[N];

    for (size_t i = 0; i < N; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_often, world), 0);
    for (size_t i = 0; i < N; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(world->web.n, N * 20);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_posted_comes_as_it_was),
        TEST(a_connection_is_kept),
        TEST(what_never_left_is_told_from_what_may_have),
        TEST(what_was_asked_stays_asked_when_it_is_tried_again_in_vain),
        TEST(many_ask_at_a_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
