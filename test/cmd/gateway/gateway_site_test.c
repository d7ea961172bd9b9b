/* gateway_site_test.c - files over HTTP, where no route is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "cmd/gateway/site_answer.h"
#include "test/cmd/gateway/gateway_fixture.h"
#include "tool/core/mem.h"

static const char ROUTES[] = "POST /login auth.login\n"
                             "GET /users/{userId} user.get auth=bearer etag=yes\n"
                             "site app fallback=/index.html\n"
                             "site assets path=/assets cache=public,31536000\n";

static void write_file(const struct gateway_fixture *f, const char *name, const char *text)
{
    char path[256];
    FILE *file;

    snprintf(path, sizeof(path), "%s/site/%s", f->dir, name);
    file = fopen(path, "we");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int set_up(void **state)
{
    struct gateway_fixture *f;
    char path[128];

    if (gateway_setup(state) != 0)
        return -1;
    f = *state;
    snprintf(f->gw.site_dir, sizeof(f->gw.site_dir), "%s/site", f->dir);
    TEXT_COPY(f->gw.site_policy, SITE_POLICY);
    snprintf(path, sizeof(path), "%s/site", f->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof(path), "%s/site/assets", f->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    write_file(f, "index.html", "<p>home");
    write_file(f, "logo.svg", "<svg/>");
    write_file(f, "login", "a file of that name");
    write_file(f, "assets/app.js", "run()");
    write_file(f, "assets/app.js.gz", "packed");
    gateway_write_routes(f, ROUTES);
    gateway_reload(&f->gw);
    return 0;
}

static void a_page_has_type_etag_and_a_strict_policy(void **state)
{
    struct gateway_fixture *f = *state;

    assert_int_equal(gateway_ask(f, "GET", "/?from=mail", "", NULL), 200);
    assert_true(gateway_says("\r\n\r\n<p>home"));
    assert_true(gateway_says("Content-Type: text/html; charset=utf-8\r\n"));
    assert_true(gateway_says("\r\nETag: \""));
    assert_true(gateway_says("Cache-Control: private, no-cache\r\n"));
    assert_true(gateway_says("\r\nContent-Security-Policy: " SITE_POLICY "\r\n"));
    assert_true(gateway_says("X-Content-Type-Options: nosniff\r\n"));
    assert_int_equal(gateway_ask(f, "GET", "/logo.svg", "", NULL), 200);
    assert_true(gateway_says("default-src 'none'; base-uri 'none'"));
    assert_int_equal(gateway_ask(f, "HEAD", "/", "", NULL), 200);
    assert_true(gateway_says("Content-Length: 7\r\n"));
    assert_false(gateway_says("<p>home"));
}

static void what_is_known_is_not_sent_again(void **state)
{
    struct gateway_fixture *f = *state;
    const char *etag;
    char fields[128];

    assert_int_equal(gateway_ask(f, "GET", "/", "", NULL), 200);
    etag = strstr(gateway_reply, "\r\nETag: ");
    assert_non_null(etag);
    snprintf(fields, sizeof(fields), "If-None-Match: %.*s\r\n", (int)strcspn(etag + 8, "\r"),
             etag + 8);
    assert_int_equal(gateway_ask(f, "GET", "/", fields, NULL), 304);
    write_file(f, "index.html", "<p>another");
    gateway_reload(&f->gw);
    assert_int_equal(gateway_ask(f, "GET", "/", fields, NULL), 200);
}

static void what_is_packed_goes_to_who_can_unpack_it(void **state)
{
    struct gateway_fixture *f = *state;

    assert_int_equal(gateway_ask(f, "GET", "/assets/app.js", "Accept-Encoding: br, gzip\r\n", NULL),
                     200);
    assert_true(gateway_says("\r\n\r\npacked"));
    assert_true(gateway_says("Content-Encoding: gzip\r\n"));
    assert_true(gateway_says("Vary: Accept-Encoding\r\n"));
    assert_true(gateway_says("Cache-Control: public, max-age=31536000, immutable\r\n"));
    assert_int_equal(
        gateway_ask(f, "GET", "/assets/app.js", "Accept-Encoding: gzip;q=0, x\r\n", NULL), 200);
    assert_true(gateway_says("\r\n\r\nrun()"));
    assert_true(gateway_says("Vary: Accept-Encoding\r\n"));
    assert_false(gateway_says("Content-Encoding"));
}

static void a_browser_that_wants_a_page_gets_the_fallback(void **state)
{
    struct gateway_fixture *f = *state;

    assert_int_equal(gateway_ask(f, "GET", "/orders/7", "Accept: text/html, */*;q=0.8\r\n", NULL),
                     200);
    assert_true(gateway_says("<p>home"));
    assert_int_equal(gateway_ask(f, "GET", "/orders/7", "Accept: application/json\r\n", NULL), 404);
    assert_int_equal(gateway_ask(f, "GET", "/assets/none.js", "Accept: text/html\r\n", NULL), 404);
    assert_int_equal(gateway_ask(f, "GET", "/users/1", "Accept: text/html\r\n", NULL), 401);
    assert_int_equal(gateway_ask(f, "GET", "/%2e%2e/passwd", "Accept: text/html\r\n", NULL), 400);
}

static void who_leaves_the_last_slash_out_is_shown_the_way(void **state)
{
    static const struct {
        const char *path, *location;
    } cases[] = {
        {"/shop",       "\r\nLocation: /shop/\r\n"    },
        {"/%73hop?a=1", "\r\nLocation: /shop/?a=1\r\n"},
    };
    struct gateway_fixture *f = *state;
    char path[512];

    snprintf(path, sizeof(path), "%s/site/shop", f->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    write_file(f, "shop/index.html", "<p>shop");
    gateway_reload(&f->gw);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(gateway_ask(f, "GET", cases[i].path, "Accept: text/html\r\n", NULL), 308);
        assert_true(gateway_says(cases[i].location));
        assert_true(gateway_says("Cache-Control: private, no-cache\r\n"));
    }
    snprintf(path, sizeof(path), "/shop?%0300d", 1);
    assert_int_equal(gateway_ask(f, "HEAD", path, "", NULL), 308);
    assert_true(gateway_says("\r\nLocation: /shop/\r\n")); /* no room for the rest */
    assert_int_equal(gateway_ask(f, "GET", "/shop/", "", NULL), 200);
    assert_int_equal(gateway_ask(f, "GET", "/assets", "", NULL), 404); /* has no page */
    assert_int_equal(gateway_ask(f, "GET", "//shop", "", NULL), 404);
    assert_int_equal(gateway_ask(f, "POST", "/shop", JSON, "{}"), 404);
}

static void routes_and_files_go_together(void **state)
{
    struct gateway_fixture *f = *state;

    assert_int_equal(gateway_ask(f, "POST", "/login", JSON, "{}"), 200);
    assert_int_equal(gateway_ask(f, "GET", "/login", "", NULL), 200);
    assert_true(gateway_says("a file of that name"));
    assert_int_equal(gateway_ask(f, "PUT", "/login", JSON, "{}"), 405);
    assert_true(gateway_says("Allow: POST"));
    assert_int_equal(gateway_ask(f, "POST", "/logo.svg", JSON, "{}"), 405);
    assert_true(gateway_says("Allow: GET, HEAD, OPTIONS\r\n"));
    assert_int_equal(gateway_ask(f, "OPTIONS", "/logo.svg", "", NULL), 204);
    assert_true(gateway_says("Allow: GET, HEAD, OPTIONS\r\n"));
    assert_int_equal(gateway_ask(f, "GET", "/nothing", "", NULL), 404);
}

static void a_bad_folder_changes_nothing(void **state)
{
    struct gateway_fixture *f = *state;

    write_file(f, "a b.txt", "?");
    gateway_write_routes(f, "GET /other thing.kept\n");
    gateway_reload(&f->gw);
    assert_int_equal(gateway_ask(f, "GET", "/other", "", NULL), 404);
    assert_int_equal(gateway_ask(f, "GET", "/", "", NULL), 200);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, gateway_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_page_has_type_etag_and_a_strict_policy),
        TEST(what_is_known_is_not_sent_again),
        TEST(what_is_packed_goes_to_who_can_unpack_it),
        TEST(a_browser_that_wants_a_page_gets_the_fallback),
        TEST(who_leaves_the_last_slash_out_is_shown_the_way),
        TEST(routes_and_files_go_together),
        TEST(a_bad_folder_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
