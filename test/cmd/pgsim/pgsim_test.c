/* pgsim_test.c - hanok-pgsim over HTTP: what is answered, what is booked, and what a kill leaves.
 */
#include "test/cmd/pgsim/pgsim_process.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tool/core/clock.h"
#include "tool/core/mem.h"

static struct pgsim_process sim;

static int begin(void **state)
{
    (void)state;
    return pgsim_process_start(&sim, "");
}

static int end(void **state)
{
    (void)state;
    return pgsim_process_fini(&sim);
}

/* An operation of that key; more: its last members. */
static const char *body_of(const char *key, const char *kind, int amount, const char *more)
{
    static char body[512];

    snprintf(body, sizeof(body),
             "{\"key\":\"%s\",\"kind\":\"%s\",\"amount\":%d,\"currency\":\"KRW\",%s}", key, kind,
             amount, more);
    return body;
}

static int authorize(const char *key, const char *method, const char **reply)
{
    char more[64];

    snprintf(more, sizeof(more), "\"method\":\"%s\"", method);
    return pgsim_process_ask(&sim, "/v1/operations", body_of(key, "AUTHORIZE", 12900, more), reply);
}

static int find(const char *key, const char **reply)
{
    char path[96];

    snprintf(path, sizeof(path), "/v1/operations/%s", key);
    return pgsim_process_ask(&sim, path, NULL, reply);
}

static void summary_is(const char *want)
{
    const char *reply;

    assert_int_equal(pgsim_process_ask(&sim, "/v1/book/summary", NULL, &reply), 200);
    assert_string_equal(reply, want);
}

/* How often text holds word. */
static int count(const char *text, const char *word)
{
    int n = 0;

    for (; (text = strstr(text, word)); text += strlen(word))
        n++;
    return n;
}

static void a_key_has_its_effect_once(void **state)
{
    static const char WANT[] =
        "{\"key\":\"k1\",\"kind\":\"AUTHORIZE\",\"amount\":12900,\"currency\":\"KRW\","
        "\"state\":\"DONE\",\"at\":\"";
    char first[512];
    const char *reply;

    (void)state;
    assert_int_equal(authorize("k1", "tok_ok", &reply), 201);
    assert_memory_equal(reply, WANT, sizeof(WANT) - 1);
    TEXT_COPY(first, reply);
    assert_int_equal(authorize("k1", "tok_ok", &reply), 200);
    assert_string_equal(reply, first);
    assert_int_equal(find("k1", &reply), 200);
    assert_string_equal(reply, first);
    assert_int_equal(authorize("k1", "tok_declined", &reply), 422);
    assert_non_null(strstr(reply, "\"code\":\"key_reused\""));
    assert_int_equal(find("k2", &reply), 404);
    assert_non_null(strstr(reply, "\"code\":\"unknown_operation\""));
    summary_is("{\"operations\":1,\"captured\":{},\"refunded\":{},"
               "\"authorizedOpen\":{\"KRW\":12900}}");
}

static void mistakes_are_named(void **state)
{
    static const struct {
        const char *path, *body;
        int want;
        const char *says;
    } cases[] = {
        {"/v1/operations",       "{}",                                                                     400, "\"field\":\"key\""              },
        {"/v1/operations",       "nonsense",                                                               400, "\"code\":\"invalid_request\""   },
        {"/v1/operations",
         "{\"key\":\"a b\",\"kind\":\"PAY\",\"amount\":-1,\"currency\":\"XXZ\",\"x\":1}",                  400,
         "\"field\":\"currency\""                                                                                                                },
        {"/v1/operations",
         "{\"key\":\"a\",\"kind\":\"AUTHORIZE\",\"currency\":\"KRW\",\"method\":\"tok_ok\"}",              400,
         "\"field\":\"amount\""                                                                                                                  },
        {"/v1/operations",       "{\"key\":\"a\",\"kind\":\"CAPTURE\",\"amount\":1,\"currency\":\"KRW\"}",
         400,                                                                                                   "\"field\":\"of\""               },
        {"/v1/operations",       NULL,                                                                     405, "\"code\":\"method_not_allowed\""},
        {"/v1/operations/a%20b", NULL,                                                                     404, "\"code\":\"not_found\""         },
        {"/v1/operations/a",     "{}",                                                                     405, "\"code\":\"method_not_allowed\""},
        {"/v1/operations?x=1",   "{}",                                                                     400, "No query"                       },
        {"/v1/book?kee=a",       NULL,                                                                     400, "key, after and limit"           },
        {"/v1/book?after=a",     NULL,                                                                     404, "\"code\":\"unknown_operation\"" },
        {"/v1/control",          "{\"mode\":\"sideways\"}",                                                400, "\"field\":\"mode\""             },
        {"/v1/control",          "{\"mode\":\"up\",\"rejectPercent\":101}",                                400,
         "\"field\":\"rejectPercent\""                                                                                                           },
        {"/",                    NULL,                                                                     404, "/v1/operations"                 },
    };
    const char *reply;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (pgsim_process_ask(&sim, cases[i].path, cases[i].body, &reply) != cases[i].want ||
            !strstr(reply, cases[i].says))
            fail_msg("%s %s: %s", cases[i].path, cases[i].body ? cases[i].body : "", reply);
    }
    summary_is("{\"operations\":0,\"captured\":{},\"refunded\":{},\"authorizedOpen\":{}}");
}

static void the_book_is_told_in_parts(void **state)
{
    const char *reply;

    (void)state;
    authorize("a1", "tok_ok", NULL);
    authorize("a2", "tok_ok", NULL);
    assert_int_equal(pgsim_process_ask(&sim, "/v1/operations",
                                       body_of("c1", "CAPTURE", 12900, "\"of\":\"a1\""), NULL),
                     201);
    assert_int_equal(pgsim_process_ask(&sim, "/v1/operations",
                                       body_of("r1", "REFUND", 900, "\"of\":\"c1\""), NULL),
                     201);
    assert_int_equal(pgsim_process_ask(&sim, "/v1/book", NULL, &reply), 200);
    assert_int_equal(count(reply, "\"key\""), 4);
    assert_true(strstr(reply, "\"a1\"") < strstr(reply, "\"a2\""));
    assert_int_equal(pgsim_process_ask(&sim, "/v1/book?key=a1", NULL, &reply), 200);
    assert_int_equal(count(reply, "\"key\""), 3);
    assert_null(strstr(reply, "\"a2\""));
    assert_int_equal(pgsim_process_ask(&sim, "/v1/book?limit=1&after=a2", NULL, &reply), 200);
    assert_int_equal(count(reply, "\"key\""), 1);
    assert_non_null(strstr(reply, "\"c1\""));
    assert_int_equal(pgsim_process_ask(&sim, "/v1/book?after=r1", NULL, &reply), 200);
    assert_string_equal(reply, "{\"items\":[]}");
    summary_is("{\"operations\":4,\"captured\":{\"KRW\":12900},\"refunded\":{\"KRW\":900},"
               "\"authorizedOpen\":{\"KRW\":12900}}");
}

static void cards_answer_in_their_ways(void **state)
{
    const char *reply;
    int64_t since_ms;

    (void)state;
    assert_int_equal(authorize("no", "tok_declined", &reply), 201);
    assert_non_null(strstr(reply, "\"state\":\"DECLINED\",\"reason\":\"declined\""));

    assert_int_equal(authorize("f", "tok_flaky_2", NULL), 500);
    assert_int_equal(find("f", NULL), 404);
    assert_int_equal(authorize("f", "tok_flaky_2", NULL), 500);
    assert_int_equal(authorize("f", "tok_flaky_2", NULL), 201);
    assert_int_equal(authorize("f", "tok_flaky_2", NULL), 200);

    assert_int_equal(authorize("n", "tok_no_answer", NULL), 0);
    assert_int_equal(find("n", &reply), 200);
    assert_non_null(strstr(reply, "\"state\":\"DONE\""));
    assert_int_equal(authorize("n", "tok_no_answer", NULL), 0);

    since_ms = clock_now_ms(&CLOCK_SYSTEM);
    assert_int_equal(authorize("s", "tok_slow_3s", NULL), 201);
    assert_true(clock_now_ms(&CLOCK_SYSTEM) - since_ms >= 3000);
    assert_int_equal(authorize("s", "tok_slow_3s", NULL), 200);
    summary_is("{\"operations\":4,\"captured\":{},\"refunded\":{},"
               "\"authorizedOpen\":{\"KRW\":38700}}");
}

/* Who says nothing keeps nobody: it ends at once when it is told to. */
static void silence_is_not_done(void **state)
{
    static const char *const FIELDS[] = {"Content-Type: application/json", NULL};
    const struct fetch_rule rule = {.size_max = 4096, .timeout_ms = 300, .plain = true};
    char url[64], why[FETCH_WHY_MAX + 1];
    struct fetch_question question = {.url = url, .fields = FIELDS};
    struct fetch_answer answer;
    const char *reply;

    (void)state;
    snprintf(url, sizeof(url), "http://127.0.0.1:%u/v1/operations", sim.port);
    question.body = body_of("b", "AUTHORIZE", 1, "\"method\":\"tok_black_hole\"");
    question.len = strlen(question.body);
    assert_int_equal(fetcher_ask(sim.fetcher, &question, &rule, &answer, why), FETCH_NOT_KNOWN);
    assert_int_equal(find("b", &reply), 404);

    question.body = body_of("l", "AUTHORIZE", 1, "\"method\":\"tok_late_15s\"");
    question.len = strlen(question.body);
    assert_int_equal(fetcher_ask(sim.fetcher, &question, &rule, &answer, why), FETCH_NOT_KNOWN);
    assert_int_equal(find("l", &reply), 200);
    assert_non_null(strstr(reply, "\"state\":\"DONE\""));
}

static void it_is_switched(void **state)
{
    const char *reply;
    int64_t since_ms;

    (void)state;
    pgsim_process_control(&sim, "{\"mode\":\"down\"}");
    assert_int_equal(authorize("a", "tok_ok", &reply), 503);
    assert_non_null(strstr(reply, "\"code\":\"provider_down\""));
    assert_int_equal(find("a", NULL), 503);
    assert_int_equal(pgsim_process_ask(&sim, "/v1/book", NULL, &reply), 200);
    assert_string_equal(reply, "{\"items\":[]}");

    pgsim_process_control(&sim, "{\"mode\":\"slow\",\"ms\":200}");
    since_ms = clock_now_ms(&CLOCK_SYSTEM);
    assert_int_equal(find("a", NULL), 404);
    assert_int_equal(authorize("a", "tok_ok", NULL), 201);
    assert_true(clock_now_ms(&CLOCK_SYSTEM) - since_ms >= 400);

    pgsim_process_control(&sim, "{\"mode\":\"up\",\"rejectPercent\":100}");
    assert_int_equal(authorize("b", "tok_ok", &reply), 201);
    assert_non_null(strstr(reply, "\"reason\":\"rejected\""));
    pgsim_process_control(&sim, "{\"mode\":\"up\"}");
    assert_int_equal(authorize("c", "tok_ok", &reply), 201);
    assert_non_null(strstr(reply, "\"state\":\"DONE\""));
}

static void a_kill_leaves_what_was_answered(void **state)
{
    char before[8192];
    const char *reply;
    FILE *book;

    (void)state;
    for (int i = 0; i < 20; i++) {
        char key[16];

        snprintf(key, sizeof(key), "k%d", i);
        assert_int_equal(authorize(key, i % 5 ? "tok_ok" : "tok_declined", NULL), 201);
    }
    assert_int_equal(pgsim_process_ask(&sim, "/v1/book", NULL, &reply), 200);
    TEXT_COPY(before, reply);
    pgsim_process_end(&sim, SIGKILL);
    book = fopen(sim.book, "a");
    fputs("{\"key\":\"k99\",\"kind\":\"AUTHOR", book); /* as a crash may leave it */
    fclose(book);
    pgsim_process_restart(&sim);
    assert_int_equal(pgsim_process_ask(&sim, "/v1/book", NULL, &reply), 200);
    assert_string_equal(reply, before);
    assert_int_equal(authorize("k1", "tok_ok", NULL), 200);
    assert_int_equal(authorize("k99", "tok_ok", NULL), 201);
    pgsim_process_end(&sim, SIGTERM);
    pgsim_process_restart(&sim);
    assert_int_equal(find("k99", NULL), 200);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, begin, end)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(a_key_has_its_effect_once),
        TEST(mistakes_are_named),
        TEST(the_book_is_told_in_parts),
        TEST(cards_answer_in_their_ways),
        TEST(silence_is_not_done),
        TEST(it_is_switched),
        TEST(a_kill_leaves_what_was_answered),
    };

    PGSIM_PROCESS_MAIN(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
