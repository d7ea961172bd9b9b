/* provider_test.c - the payment provider, asked by tool/outside: hanok-pgsim as it is, and a server
 * that lies, is silent, and leaves. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/provider.h"
#include "test/cmd/pgsim/pgsim_process.h"
#include "test/support/web_server.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/metrics/metrics.h"
#include "tool/outside/outsider.h"
#include "tool/resilience/breaker.h"

enum { PATIENCE_MS = 120000, SOON_MS = 2000 };

struct world {
    struct pgsim_process sim;
    struct web_server web;
    struct breakers *breakers;
    struct metrics *metrics;
    struct remote *provider; /* pgsim */
    struct remote *liar;     /* the web server */
};

static const struct outside_row ROWS[] = {
    {&PROVIDER_ASK,  "POST /v1/operations",      0    },
    {&PROVIDER_FIND, "GET /v1/operations/{key}", 0    },
    {&PROVIDER_BOOK, "GET /v1/book",             65536},
};

static struct remote *provider_at(struct world *world, unsigned port, int timeout_ms)
{
    char url[64];

    snprintf(url, sizeof(url), "http://127.0.0.1:%u", port);
    return outsider_create(&(struct outsider_config){.name = "payment_provider",
                                                     .url = url,
                                                     .timeout_ms = timeout_ms,
                                                     .rows = ROWS,
                                                     .n_rows = ARRAY_LEN(ROWS),
                                                     .breakers = world->breakers,
                                                     .metrics = world->metrics});
}

static int begin(void **state)
{
    struct world *world = MEM_NEW(struct world);

    log_set_fd(-1);
    pgsim_process_start(&world->sim, "");
    web_server_init(&world->web, 0);
    world->breakers = breakers_create(&CLOCK_SYSTEM, BREAKER_DEFAULTS, BREAKER_DEFAULTS_N);
    world->metrics = metrics_create();
    world->provider = provider_at(world, world->sim.port, PATIENCE_MS);
    world->liar = provider_at(world, (unsigned)world->web.port, PATIENCE_MS);
    *state = world;
    return 0;
}

static int end(void **state)
{
    struct world *world = *state;
    int code = pgsim_process_fini(&world->sim);

    outsider_destroy(world->provider);
    outsider_destroy(world->liar);
    web_server_fini(&world->web);
    breakers_destroy(world->breakers);
    metrics_destroy(world->metrics);
    free(world);
    return code;
}

static struct call call_of(int64_t ms)
{
    return (struct call){.clock = &CLOCK_SYSTEM, .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + ms};
}

static struct provider_operation operation(int kind, const char *key, int64_t amount,
                                           const char *method, const char *of)
{
    struct provider_operation made = {
        .kind = kind, .money = {amount, "KRW"}
    };

    TEXT_COPY(made.key, key);
    TEXT_COPY(made.method, method);
    TEXT_COPY(made.of, of);
    return made;
}

/* out is as it was without an answer; that nobody was asked is said where that is so. */
static enum status ask_of(struct remote *provider, int64_t ms, const struct operation *op,
                          const void *in, void *out)
{
    const struct call call = call_of(ms);
    bool asked;
    enum status st = provider->ops->ask(provider, &call, op, in, out, &asked);

    assert_int_equal(asked, st != ST_UNAVAILABLE);
    return st;
}

static enum status ask_within(struct remote *provider, int64_t ms,
                              const struct provider_operation *asked, struct provider_outcome *out)
{
    struct provider_entry entry = {.outcome.state = -1};
    enum status st = ask_of(provider, ms, &PROVIDER_ASK, asked, &entry);

    *out = entry.outcome;
    return st;
}

static enum status find(struct remote *provider, const char *key, struct provider_outcome *out)
{
    struct provider_entry entry = {.outcome.state = -1};
    struct provider_query query;
    enum status st;

    TEXT_COPY(query.key, key);
    st = ask_of(provider, PATIENCE_MS, &PROVIDER_FIND, &query, &entry);
    *out = entry.outcome;
    return st;
}

static enum status read_book(struct remote *provider, const char *after, int64_t limit,
                             struct provider_page *page)
{
    struct provider_since since = {.limit = limit};

    TEXT_COPY(since.after, after);
    return ask_of(provider, PATIENCE_MS, &PROVIDER_BOOK, &since, page);
}

static void operations_are_asked_and_found(void **state)
{
    static const struct {
        int kind;
        const char *key;
        int64_t amount;
        const char *method, *of;
        int want;
        const char *reason;
    } cases[] = {
        {PROVIDER_AUTHORIZE, "a1", 12900, "tok_ok",                 "",   PROVIDER_DONE,     ""                },
        {PROVIDER_AUTHORIZE, "a1", 12900, "tok_ok",                 "",   PROVIDER_DONE,     ""                },
        {PROVIDER_CAPTURE,   "c1", 12900, "",                       "a1", PROVIDER_DONE,     ""                },
        {PROVIDER_REFUND,    "r1", 12901, "",                       "a1", PROVIDER_DECLINED, "exceeds_captured"},
        {PROVIDER_REFUND,    "r2", 900,   "",                       "a1", PROVIDER_DONE,     ""                },
        {PROVIDER_AUTHORIZE, "a2", 1,     "tok_insufficient_funds", "",   PROVIDER_DECLINED,
         "insufficient_funds"                                                                                  },
        {PROVIDER_VOID,      "v3", 1,     "",                       "a3", PROVIDER_DONE,     ""                },
        {PROVIDER_AUTHORIZE, "a3", 1,     "tok_ok",                 "",   PROVIDER_DECLINED, "voided"          },
    };
    struct world *world = *state;
    struct provider_outcome out;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct provider_operation asked =
            operation(cases[i].kind, cases[i].key, cases[i].amount, cases[i].method, cases[i].of);

        assert_int_equal(ask_within(world->provider, PATIENCE_MS, &asked, &out), ST_OK);
        if (out.state != cases[i].want || strcmp(out.reason, cases[i].reason) != 0)
            fail_msg("%s: %d %s", cases[i].key, out.state, out.reason);
        assert_int_equal(find(world->provider, cases[i].key, &out), ST_OK);
        assert_int_equal(out.state, cases[i].want);
        assert_string_equal(out.reason, cases[i].reason);
    }
    assert_int_equal(find(world->provider, "a9", &out), ST_NOT_FOUND);
    assert_int_equal(out.state, -1);
}

static void its_book_is_read_in_pages(void **state)
{
    enum { N = 70 };
    struct world *world = *state;
    struct provider_page page = {.n_items = PROVIDER_PAGE_MAX};
    char after[PROVIDER_KEY_SIZE] = "";
    struct provider_outcome out;
    int64_t read = 0;

    for (int i = 0; i < N; i++) {
        struct provider_operation asked = operation(PROVIDER_AUTHORIZE, "", i + 1, "tok_ok", "");

        snprintf(asked.key, sizeof(asked.key), "key-%d", i);
        assert_int_equal(ask_within(world->provider, PATIENCE_MS, &asked, &out), ST_OK);
    }
    while (page.n_items == PROVIDER_PAGE_MAX) {
        assert_int_equal(read_book(world->provider, after, PROVIDER_PAGE_MAX, &page), ST_OK);
        for (size_t i = 0; i < page.n_items; i++)
            assert_int_equal(page.items[i].operation.money.amount, ++read);
        TEXT_COPY(after, page.items[page.n_items - 1].operation.key);
    }
    assert_int_equal(read, N);
    assert_int_equal(read_book(world->provider, "key-7", 3, &page), ST_OK);
    assert_int_equal(page.n_items, 3);
    assert_string_equal(page.items[0].operation.key, "key-8");
    assert_string_equal(page.items[0].operation.money.currency, "KRW");
    assert_int_equal(read_book(world->provider, "key-69", 3, &page), ST_OK);
    assert_int_equal(page.n_items, 0);
    assert_int_equal(read_book(world->provider, "nobody", 3, &page), ST_NOT_FOUND);
}

/* Done, and not said; not done, and not said; said too late. */
static void what_is_not_known_is_found_out(void **state)
{
    static const struct {
        const char *method;
        int64_t ms;
        enum status want, found;
    } cases[] = {
        {"tok_no_answer",  PATIENCE_MS, ST_UNCERTAIN, ST_OK       },
        {"tok_flaky_2",    PATIENCE_MS, ST_UNCERTAIN, ST_NOT_FOUND},
        {"tok_late_15s",   1000,        ST_TIMEOUT,   ST_OK       },
        {"tok_black_hole", 1000,        ST_TIMEOUT,   ST_NOT_FOUND},
    };
    struct world *world = *state;
    struct provider_outcome out;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct provider_operation asked =
            operation(PROVIDER_AUTHORIZE, "", 100, cases[i].method, "");
        enum status got;

        snprintf(asked.key, sizeof(asked.key), "k%zu", i);
        got = ask_within(world->provider, cases[i].ms, &asked, &out);
        if (got != cases[i].want || out.state != -1)
            fail_msg("%s: %s", cases[i].method, status_name(got));
        got = find(world->provider, asked.key, &out);
        if (got != cases[i].found)
            fail_msg("%s is found: %s", cases[i].method, status_name(got));
    }
}

/* As soon as nobody listens, and then by the breaker, without asking any more. */
static void who_is_away_was_never_asked(void **state)
{
    struct world *world = *state;
    struct provider_operation asked = operation(PROVIDER_AUTHORIZE, "a1", 100, "tok_ok", "");
    struct provider_outcome out;

    assert_int_equal(ask_within(world->provider, PATIENCE_MS, &asked, &out), ST_OK);
    assert_int_equal(ask_within(world->provider, 0, &asked, &out), ST_UNAVAILABLE); /* no time */
    pgsim_process_end(&world->sim, SIGKILL);
    for (int i = 0; i < 8; i++)
        assert_int_equal(ask_within(world->provider, PATIENCE_MS, &asked, &out), ST_UNAVAILABLE);
    assert_int_equal(find(world->provider, "a1", &out), ST_UNAVAILABLE);
    pgsim_process_restart(&world->sim);
    for (int64_t until = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;
         find(world->provider, "a1", &out) != ST_OK;)
        assert_true(clock_now_ms(&CLOCK_SYSTEM) < until);
    assert_int_equal(out.state, PROVIDER_DONE);
}

static void a_breaker_opens_over_outages_and_closes_again(void **state)
{
    struct world *world = *state;
    struct provider_operation asked = operation(PROVIDER_AUTHORIZE, "a1", 100, "tok_ok", "");
    struct provider_outcome out;
    enum status st = ST_OK;

    pgsim_process_control(&world->sim, "{\"mode\":\"down\"}");
    for (int i = 0; i < 50 && st != ST_UNAVAILABLE; i++) {
        st = ask_within(world->provider, PATIENCE_MS, &asked, &out);
        assert_true(st == ST_UNCERTAIN || st == ST_UNAVAILABLE);
    }
    assert_int_equal(st, ST_UNAVAILABLE);
    pgsim_process_control(&world->sim, "{\"mode\":\"up\"}");
    for (int64_t until = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS; st != ST_OK;) {
        st = ask_within(world->provider, PATIENCE_MS, &asked, &out);
        assert_true(clock_now_ms(&CLOCK_SYSTEM) < until);
    }
    assert_int_equal(out.state, PROVIDER_DONE);
}

/* Nothing that does not say what became of an operation is taken for an answer. */
static void lies_are_not_believed(void **state)
{
#define ANSWER(key, kind, amount, currency, state)                                                 \
    "{\"key\":\"" key "\",\"kind\":\"" kind "\",\"amount\":" amount ",\"currency\":\"" currency    \
    "\",\"state\":\"" state "\",\"at\":\"2026-11-29T08:00:00Z\",\"more\":[1]}"
    static const struct {
        int status;
        const char *body;
        enum status asked, found;
    } cases[] = {
        {201,           ANSWER("a1",     "AUTHORIZE",          "100",                                    "KRW", "DONE"), ST_OK, ST_OK},
        {200,      ANSWER("a1",                "AUTHORIZE",                               "100",                                                                       "KRW", "DONE"), ST_OK, ST_OK},
        {200,ANSWER("a1","AUTHORIZE","100","KRW", "MAYBE"), ST_UNCERTAIN, ST_UNCERTAIN},
        {200,        "{}",                  ST_UNCERTAIN,                                      ST_UNCERTAIN                                                                           },
        {200,  "<html>welcome</html>",                           ST_UNCERTAIN,                                                                        ST_UNCERTAIN                                                                                                                                                                        },
        {204, "",                ST_UNCERTAIN,                                  ST_UNCERTAIN                                                              },
        {302, "",                ST_UNCERTAIN,ST_UNCERTAIN},
        {404, "<html>no such page</html>",                ST_UNCERTAIN,ST_UNCERTAIN},
        {404, "{\"code\":\"not_found\"}",                ST_UNCERTAIN, ST_UNCERTAIN},
        {404, "{\"code\":\"unknown_operation\"}",                ST_UNCERTAIN,                                      ST_NOT_FOUND                                                                                                                },
        {422, "{\"code\":\"key_reused\"}",                ST_UNCERTAIN,                                                                        ST_UNCERTAIN                                                                                                                                                                                                                                                             },
        {429, "{}",                ST_UNCERTAIN,                                  ST_UNCERTAIN                                                               },
    };
    struct world *world = *state;
    const struct provider_operation asked = operation(PROVIDER_AUTHORIZE, "a1", 100, "tok_ok", "");
    struct provider_outcome out;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct web_page page = {.path = "/v1/operations", .status = cases[i].status};
        enum status got;

        TEXT_COPY(page.body, cases[i].body);
        web_server_page(&world->web, &page);
        TEXT_COPY(page.path, "/v1/operations/a1");
        web_server_page(&world->web, &page);
        got = ask_within(world->liar, PATIENCE_MS, &asked, &out);
        if (got != cases[i].asked || (out.state != -1) != (got == ST_OK))
            fail_msg("%d %s: asked, %s", cases[i].status, cases[i].body, status_name(got));
        got = find(world->liar, "a1", &out);
        if (got != cases[i].found || (out.state != -1) != (got == ST_OK))
            fail_msg("%d %s: found, %s", cases[i].status, cases[i].body, status_name(got));
    }
}

static void silence_and_farewells_are_not_known(void **state)
{
    struct world *world = *state;
    const struct provider_operation asked = operation(PROVIDER_AUTHORIZE, "a1", 100, "tok_ok", "");
    struct web_page page = {.path = "/v1/operations"};
    struct remote *hasty = provider_at(world, (unsigned)world->web.port, SOON_MS);
    struct provider_outcome out;
    enum status st;

    web_server_page(&world->web, &page);
    assert_int_equal(ask_within(hasty, PATIENCE_MS, &asked, &out), ST_UNCERTAIN);
    st = ask_within(world->liar, SOON_MS, &asked, &out);
    assert_true(st == ST_TIMEOUT || st == ST_UNCERTAIN); /* whose clock ended it */
    page.closes = true;
    web_server_page(&world->web, &page);
    assert_int_equal(ask_within(world->liar, PATIENCE_MS, &asked, &out), ST_UNCERTAIN);
    outsider_destroy(hasty);
}

static void each_call_is_counted_and_timed(void **state)
{
    struct world *world = *state;
    const struct provider_operation asked = operation(PROVIDER_AUTHORIZE, "a1", 100, "tok_ok", "");
    struct provider_outcome out;
    size_t len;
    char *text;

    assert_int_equal(ask_within(world->provider, PATIENCE_MS, &asked, &out), ST_OK);
    assert_int_equal(find(world->provider, "a9", &out), ST_NOT_FOUND);
    text = metrics_text(world->metrics, &len);
    assert_non_null(strstr(text, "hanok_outside_calls_total{who=\"payment_provider\","
                                 "operation=\"provider.ask\",outcome=\"answered\"} 1\n"));
    assert_non_null(strstr(text, "hanok_outside_calls_total{who=\"payment_provider\","
                                 "operation=\"provider.find\",outcome=\"refused\"} 1\n"));
    assert_non_null(strstr(text, "hanok_outside_seconds_count{who=\"payment_provider\","
                                 "operation=\"provider.ask\"} 1\n"));
    free(text);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, begin, end)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(operations_are_asked_and_found),
        TEST(its_book_is_read_in_pages),
        TEST(what_is_not_known_is_found_out),
        TEST(who_is_away_was_never_asked),
        TEST(a_breaker_opens_over_outages_and_closes_again),
        TEST(lies_are_not_believed),
        TEST(silence_and_farewells_are_not_known),
        TEST(each_call_is_counted_and_timed),
    };

    PGSIM_PROCESS_MAIN(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
