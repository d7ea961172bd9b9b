/* webhooks_test.c - what hanok-pgsim tells of itself, and how. */
#include "test/cmd/pgsim/pgsim_process.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "test/support/web_server.h"
#include "tool/core/clock.h"
#include "tool/core/mem.h"
#include "tool/crypto/webhook.h"

static struct web_server web;
static struct pgsim_process sim;

static void hook_answers(int status)
{
    struct web_page page = {.path = "/hook", .status = status};

    web_server_page(&web, &page);
}

static int begin(void **state)
{
    char url[64];

    (void)state;
    web_server_init(&web, 0);
    hook_answers(200);
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/hook", web.port);
    return pgsim_process_start(&sim, url);
}

static int end(void **state)
{
    int code = pgsim_process_fini(&sim);

    (void)state;
    web_server_fini(&web);
    return code;
}

static void post(const char *body)
{
    assert_int_equal(pgsim_process_ask(&sim, "/v1/operations", body, NULL), 201);
}

static void authorize(const char *key, const char *method)
{
    char body[256];

    snprintf(body, sizeof(body),
             "{\"key\":\"%s\",\"kind\":\"AUTHORIZE\",\"amount\":1000,\"currency\":\"JPY\","
             "\"method\":\"%s\"}",
             key, method);
    post(body);
}

/* The body of the last one, whose signature must be right. */
static const char *last_told(char request[WEB_REQUEST_MAX + 1])
{
    char signature[WEBHOOK_SIGNATURE_MAX + 1], *field, *body;

    web_server_request(&web, request);
    field = strstr(request, "\r\n" WEBHOOK_SIGNATURE_HEADER ": ");
    body = strstr(request, "\r\n\r\n");
    assert_true(field && body);
    field += sizeof("\r\n" WEBHOOK_SIGNATURE_HEADER ": ") - 1;
    snprintf(signature, sizeof(signature), "%.*s", (int)strcspn(field, "\r"), field);
    body += 4;
    assert_true(webhook_is_signed(PGSIM_SECRET, signature, body, strlen(body),
                                  clock_wall_us(&CLOCK_SYSTEM) / 1000000));
    assert_non_null(strstr(request, "\r\nContent-Type: application/json\r\n"));
    return body;
}

static void each_operation_is_told_and_signed(void **state)
{
    static const char WANT[] =
        "{\"id\":\"evt_a1\",\"type\":\"payment.authorized\",\"key\":\"a1\",\"kind\":\"AUTHORIZE\","
        "\"amount\":1000,\"currency\":\"JPY\",\"state\":\"DONE\",\"at\":\"";
    char request[WEB_REQUEST_MAX + 1];

    (void)state;
    authorize("a1", "tok_ok");
    assert_true(web_server_wait(&web, 1));
    assert_memory_equal(last_told(request), WANT, sizeof(WANT) - 1);
    authorize("a2", "tok_declined");
    assert_true(web_server_wait(&web, 2));
    assert_non_null(strstr(last_told(request), "\"type\":\"payment.declined\""));
    post("{\"key\":\"v1\",\"kind\":\"VOID\",\"currency\":\"JPY\",\"of\":\"a1\"}");
    assert_true(web_server_wait(&web, 3));
    assert_non_null(strstr(last_told(request), "\"type\":\"payment.voided\""));
}

static void it_is_told_until_it_is_taken(void **state)
{
    char request[WEB_REQUEST_MAX + 1];

    (void)state;
    hook_answers(404);
    authorize("a1", "tok_ok");
    assert_true(web_server_wait(&web, 2));
    hook_answers(204);
    assert_true(web_server_wait(&web, 3));
    assert_non_null(strstr(last_told(request), "\"id\":\"evt_a1\""));
}

static void cards_tell_in_their_ways(void **state)
{
    char request[WEB_REQUEST_MAX + 1];

    (void)state;
    authorize("a1", "tok_webhook_first");
    assert_int_equal(web.n, 1); /* before it was answered */

    authorize("a2", "tok_webhook_twice");
    assert_true(web_server_wait(&web, 3));
    assert_non_null(strstr(last_told(request), "\"id\":\"evt_a2\""));

    authorize("a3", "tok_webhook_reversed");
    post(
        "{\"key\":\"c3\",\"kind\":\"CAPTURE\",\"amount\":1000,\"currency\":\"JPY\",\"of\":\"a3\"}");
    assert_true(web_server_wait(&web, 5));
    assert_non_null(strstr(last_told(request), "\"id\":\"evt_a3\""));
}

/* Nobody there, nor silence, keeps operations waiting, nor the process from its end. */
static void who_does_not_listen_holds_nothing_up(void **state)
{
    (void)state;
    hook_answers(0);
    authorize("a1", "tok_ok");
    assert_true(web_server_wait(&web, 1));
    authorize("a2", "tok_ok");
    pgsim_process_end(&sim, SIGTERM);
    pgsim_process_restart(&sim);
    authorize("a3", "tok_ok");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, begin, end)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(each_operation_is_told_and_signed),
        TEST(it_is_told_until_it_is_taken),
        TEST(cards_tell_in_their_ways),
        TEST(who_does_not_listen_holds_nothing_up),
    };

    PGSIM_PROCESS_MAIN(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
