/* fetch_test.c - what is fetched, and what is not. */
#include "tool/fetch/fetch.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "test/support/certificates.h"
#include "test/support/server_process.h"
#include "test/support/web_server.h"
#include "tool/core/mem.h"

static struct web_server web;

static int begin(void **state)
{
    /* clang-format off */
    static const struct web_page PAGES[] = {
        {.path = "/keys", .status = 200, .body = "{\"keys\":[]}"},
        {.path = "/moved", .status = 302, .location = "/keys"},
        {.path = "/gone", .status = 410, .body = "{\"keys\":[]}"},
        {.path = "/endless", .status = 200, .body = "{", .padding = 1 << 20},
        {.path = "/silent"},
        {.path = "/file", .status = 302, .location = "file:///"},
    };
    /* clang-format on */

    (void)state;
    web_server_init(&web, 0);
    for (size_t i = 0; i < ARRAY_LEN(PAGES); i++)
        web_server_page(&web, &PAGES[i]);
    return 0;
}

static int end(void **state)
{
    (void)state;
    web_server_fini(&web);
    return 0;
}

static bool get(const char *scheme, const char *path, const struct fetch_rule *rule, char **body,
                size_t *len, char why[FETCH_WHY_MAX + 1])
{
    char url[256];

    snprintf(url, sizeof(url), "%s://127.0.0.1:%d%s", scheme, web.port, path);
    return fetch_get(url, rule, body, len, why);
}

static void a_page_is_fetched(void **state)
{
    const struct fetch_rule rule = {.size_max = 11, .timeout_ms = 30000, .plain = true};
    char why[FETCH_WHY_MAX + 1], *body = NULL;
    size_t len = 0;

    (void)state;
    if (!get("http", "/keys", &rule, &body, &len, why))
        fail_msg("%s", why);
    assert_int_equal(len, 11);
    assert_memory_equal(body, "{\"keys\":[]}", 11);
    free(body);
}

static void anything_else_is_refused(void **state)
{
    static const struct {
        const char *scheme, *path;
        bool plain;
        long timeout_ms;
        const char *why;
    } cases[] = {
        {"http",  "/gone",    true,  30000, "the answer is a 410"                        },
        {"http",  "/moved",   true,  30000, "the answer is a 302"                        },
        {"http",  "/file",    true,  30000, "the answer is a 302"                        },
        {"http",  "/nothing", true,  30000, "the answer is a 404"                        },
        {"http",  "/endless", true,  30000, "more than 4096 bytes are answered"          },
        {"http",  "/silent",  true,  200,   "Timeout was reached"                        },
        {"http",  "/keys",    false, 30000, "Unsupported protocol"                       },
        {"file",  "/keys",    true,  30000, "URL using bad/illegal format or missing URL"},
        {"https", "/keys",    true,  30000, "Unsupported protocol"                       },
        {"https", "/keys",    false, 30000, "SSL connect error"                          },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct fetch_rule rule = {
            .size_max = 4096, .timeout_ms = cases[i].timeout_ms, .plain = cases[i].plain};
        char why[FETCH_WHY_MAX + 1], *body = NULL;
        size_t len;

        assert_false(get(cases[i].scheme, cases[i].path, &rule, &body, &len, why));
        if (strcmp(why, cases[i].why) != 0)
            fail_msg("%s://%s: '%s'", cases[i].scheme, cases[i].path, why);
        assert_null(body);
    }
}

static void who_is_told_to_stop_stops(void **state)
{
    static const atomic_bool STOP = true;
    const struct fetch_rule rule = {
        .size_max = 4096, .timeout_ms = 600000, .plain = true, .stop = &STOP};
    char why[FETCH_WHY_MAX + 1], *body = NULL;
    size_t len;

    (void)state;
    assert_false(get("http", "/silent", &rule, &body, &len, why));
}

static void nobody_is_there(void **state)
{
    const struct fetch_rule rule = {.size_max = 4096, .timeout_ms = 30000, .plain = true};
    char why[FETCH_WHY_MAX + 1], *body = NULL;
    size_t len;

    (void)state;
    assert_false(fetch_get("http://127.0.0.1:1/", &rule, &body, &len, why));
    assert_string_equal(why, "Couldn't connect to server");
}

/* Over TLS, from a server whose CA is named, or is not. */
static void a_server_is_known_by_its_ca(void **state)
{
    static const struct {
        const char *ca, *host;
        bool want;
    } cases[] = {
        {"ours.pem",   "127.0.0.1", true },
        {"theirs.pem", "127.0.0.1", false},
        {"",           "127.0.0.1", false}, /* the system's do not know it */
        {"ours.pem",   "localhost", false}, /* it is no certificate of that name */
        {"none.pem",   "127.0.0.1", false},
    };
    char dir[] = "/tmp/hanok-test-XXXXXX", path[256], command[64], accept[32];
    unsigned port = server_free_port();
    const char *argv[] = {"openssl", "s_server", "-quiet",          "-WWW", "-accept",
                          accept,    "-cert",    "ours-server.pem", "-key", "ours-server.key",
                          NULL};
    struct server_process *server;

    (void)state;
    assert_non_null(mkdtemp(dir));
    assert_true(certificates_make(dir, "ours", 2) && certificates_make(dir, "theirs", 2));
    assert_int_equal(chdir(dir), 0);
    assert_int_equal(system("echo '{}' >keys"), 0);
    snprintf(accept, sizeof(accept), "127.0.0.1:%u", port);
    server = server_process_start(argv, "server.log");
    assert_true(server && server_process_wait_port(server, port, 30000));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct fetch_rule rule = {.size_max = 100, .timeout_ms = 30000};
        char url[64], why[FETCH_WHY_MAX + 1], *body = NULL;
        size_t len;

        snprintf(url, sizeof(url), "https://%s:%u/keys", cases[i].host, port);
        snprintf(path, sizeof(path), "%s/%s", dir, cases[i].ca);
        rule.ca = cases[i].ca[0] ? path : "";
        if (fetch_get(url, &rule, &body, &len, why) != cases[i].want)
            fail_msg("%s by %s: '%s'", url, cases[i].ca, why);
        free(body);
    }
    server_process_stop(server, SIGTERM);
    snprintf(command, sizeof(command), "rm -r '%s'", dir);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_fetched),           cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(who_is_told_to_stop_stops),   cmocka_unit_test(nobody_is_there),
        cmocka_unit_test(a_server_is_known_by_its_ca),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
