/* gateway_edge_test.c - what the edge says to browsers, and what it writes down. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "test/cmd/gateway/gateway_fixture.h"
#include "tool/core/mem.h"

/* ---- headers ---- */

static void hsts_is_told_to_who_came_by_https(void **state)
{
    struct gateway_fixture *f = *state;
    static const struct {
        const char *fields;
        bool told;
    } cases[] = {
        {"",                                                              false},
        {"X-Forwarded-For: 198.51.100.7\r\n",                             false},
        {"X-Forwarded-For: 198.51.100.7\r\nX-Forwarded-Proto: http\r\n",  false},
        {"X-Forwarded-For: 198.51.100.7\r\nX-Forwarded-Proto: https\r\n", true },
    };

    for (int trusted = 0; trusted < 2; trusted++) {
        assert_true(trusted_proxies_parse(trusted ? "127.0.0.1" : "", &f->gw.trust.proxies));
        for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
            assert_int_equal(gateway_ask(f, "GET", "/kept", cases[i].fields, NULL), 200);
            if (gateway_says("\r\nStrict-Transport-Security: max-age=1\r\n") !=
                (trusted && cases[i].told))
                fail_msg("%s, trusted: %d: %s", cases[i].fields, trusted, gateway_reply);
        }
    }
    f->gw.security.hsts[0] = '\0';
    assert_int_equal(gateway_ask(f, "GET", "/kept", cases[3].fields, NULL), 200);
    assert_false(gateway_says("Strict-Transport-Security"));
}

static void other_headers_are_as_they_are_set(void **state)
{
    struct gateway_fixture *f = *state;

    TEXT_COPY(f->gw.security.referrer_policy, "same-origin");
    TEXT_COPY(f->gw.security.permissions_policy, "camera=()");
    TEXT_COPY(f->gw.security.opener_policy, "same-origin");
    TEXT_COPY(f->gw.security.resource_policy, "same-site");
    assert_int_equal(gateway_ask(f, "GET", "/nowhere", "", NULL), 404);
    assert_true(gateway_says("\r\nReferrer-Policy: same-origin\r\n"));
    assert_true(gateway_says("\r\nPermissions-Policy: camera=()\r\n"));
    assert_true(gateway_says("\r\nCross-Origin-Opener-Policy: same-origin\r\n"));
    assert_true(gateway_says("\r\nCross-Origin-Resource-Policy: same-site\r\n"));
    f->gw.security.referrer_policy[0] = f->gw.security.permissions_policy[0] = '\0';
    f->gw.security.opener_policy[0] = f->gw.security.resource_policy[0] = '\0';
    assert_int_equal(gateway_ask(f, "GET", "/nowhere", "", NULL), 404);
    assert_false(gateway_says("Policy: same"));
    assert_false(gateway_says("Referrer-Policy"));
    assert_false(gateway_says("Permissions-Policy"));
    assert_true(gateway_says("X-Content-Type-Options: nosniff"));
}

static void a_header_that_will_not_do_is_no_setting(void **state)
{
    static const struct {
        const char *text;
        bool header, hsts;
    } cases[] = {
        {"",                                             true,  true },
        {"max-age=0",                                    true,  true },
        {"Max-Age=31536000; includeSubDomains; preload", true,  true },
        {"max-age=31536000;includeSubDomains",           true,  true },
        {"max-age=",                                     true,  false},
        {"max-age=1x",                                   true,  false},
        {"includeSubDomains",                            true,  false},
        {"max-age=1\r\nX-Evil: 1",                       false, false},
        {"max-age=1;\xc3\xa9",                           false, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if ((security_header_check(cases[i].text) == NULL) != cases[i].header ||
            (security_hsts_check(cases[i].text) == NULL) != cases[i].hsts)
            fail_msg("'%s'", cases[i].text);
}

/* ---- the access log ---- */

static char file[96], text[2 * ACCESS_LOG_KEPT_BYTES];

static void keep_a_log(struct gateway_fixture *f, const char *format)
{
    snprintf(file, sizeof(file), "%s/access.log", f->dir);
    f->gw.access = access_log_create(f->loop, f->metrics, file, format);
    assert_non_null(f->gw.access);
}

static const char *written(const char *name)
{
    FILE *in = fopen(name, "r");

    assert_non_null(in);
    text[fread(text, 1, sizeof(text) - 1, in)] = '\0';
    fclose(in);
    return text;
}

static bool all_is_written(struct gateway_fixture *f)
{
    (void)f;
    return strstr(written(file), "/nobody") != NULL;
}

static void each_answer_is_a_line(void **state)
{
    struct gateway_fixture *f = *state;
    char *line;

    keep_a_log(f, ACCESS_LOG_COMBINED);
    f->auth_played.data = "{\"kept\":1}";
    gateway_ask(f, "GET", "/kept", "User-Agent: tester\r\nReferer: https://a.example/b?c\r\n",
                NULL);
    gateway_ask(f, "HEAD", "/kept", "", NULL);
    gateway_ask(f, "GET", "/users/secret", "", NULL);
    gateway_ask(f, "GET", "/nowhere/secret", "", NULL);
    gateway_ask(f, "GET", "/nobody", "", NULL);
    gateway_turn_until(f, all_is_written, "five lines");
    line = strsep(&(char *){text}, "\n");
    assert_non_null(strstr(line, "127.0.0.1 - - ["));
    assert_non_null(
        strstr(line, "\"GET /kept HTTP/1.1\" 200 10 \"https://a.example/b\" \"tester\""));
    written(file);
    assert_non_null(strstr(text, "\"HEAD /kept HTTP/1.1\" 200 0 "));
    assert_non_null(strstr(text, "\"GET /users/{userId} HTTP/1.1\" 401 "));
    assert_non_null(strstr(text, "\"GET - HTTP/1.1\" 404 "));
    assert_null(strstr(text, "secret"));
}

static void a_log_that_was_put_away_is_begun_again(void **state)
{
    struct gateway_fixture *f = *state;
    char old[sizeof(file) + 4];
    struct stat made;

    keep_a_log(f, ACCESS_LOG_JSON);
    assert_int_equal(gateway_ask(f, "GET", "/kept", "", NULL), 200);
    snprintf(old, sizeof(old), "%s.1", file);
    assert_int_equal(rename(file, old), 0);
    gateway_reload(&f->gw);
    gateway_ask(f, "GET", "/nobody", "", NULL);
    gateway_turn_until(f, all_is_written, "a line in the new file");
    assert_null(strstr(text, "/kept"));
    assert_non_null(strstr(written(old), "\"route\":\"/kept\",\"status\":200"));
    assert_null(strstr(text, "/nobody"));
    assert_int_equal(stat(file, &made), 0);
    assert_int_equal(made.st_mode & 07, 0);
}

static int64_t dropped(struct gateway_fixture *f)
{
    return metric_value(
        metrics_counter(f->metrics, "hanok_access_log_lines_dropped_total", "", ""));
}

static void add_line(struct access_log *log)
{
    struct call call = {.client = "198.51.100.7"};

    access_log_add(log, &(struct access_entry){.call = &call, .method = "GET", .route = "/filler"});
}

/* A pipe of which nobody reads: what it does not hold is kept, then dropped, and later lines are
 * whole again. */
static void who_does_not_read_it_stops_nobody(void **state)
{
    struct gateway_fixture *f = *state;
    int reader;
    ssize_t n;

    snprintf(file, sizeof(file), "%s/pipe", f->dir);
    assert_int_equal(mkfifo(file, 0600), 0);
    reader = open(file, O_RDONLY | O_NONBLOCK);
    f->gw.access = access_log_create(f->loop, f->metrics, file, ACCESS_LOG_JSON);
    assert_non_null(f->gw.access);
    for (int i = 0; i < 100000 && dropped(f) == 0; i++)
        add_line(f->gw.access);
    assert_true(dropped(f) > 0);
    assert_int_equal(gateway_ask(f, "GET", "/kept", "", NULL), 200);
    do {
        n = read(reader, text, sizeof(text));
        assert_true(n < 0 ? errno == EAGAIN : n > 0);
        loop_turn(f->loop, 100);
    } while (n > 0);
    add_line(f->gw.access);
    loop_turn(f->loop, 0);
    n = read(reader, text, sizeof(text));
    assert_true(n > 0);
    text[n] = '\0';
    assert_ptr_equal(strstr(text, "{\"time\""), text);
    assert_ptr_equal(strchr(text, '\n'), text + n - 1);
    close(reader);
    add_line(f->gw.access); /* and who has left, neither */
    loop_turn(f->loop, 0);
    assert_int_equal(gateway_ask(f, "GET", "/kept", "", NULL), 200);
}

static void a_log_that_cannot_be_is_no_log(void **state)
{
    struct gateway_fixture *f = *state;

    assert_null(access_log_create(f->loop, f->metrics, "/nowhere/access.log", ACCESS_LOG_JSON));
    assert_int_equal(errno, ENOENT);
    access_log_add(NULL, NULL);
    access_log_reopen(NULL);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, gateway_setup, gateway_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(hsts_is_told_to_who_came_by_https),
        TEST(other_headers_are_as_they_are_set),
        cmocka_unit_test(a_header_that_will_not_do_is_no_setting),
        TEST(each_answer_is_a_line),
        TEST(a_log_that_was_put_away_is_begun_again),
        TEST(who_does_not_read_it_stops_nobody),
        TEST(a_log_that_cannot_be_is_no_log),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
