/* site_test.c - a folder becomes a table of paths, and nothing else of the machine does. */
#include "middleware/site.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/core/mem.h"

struct fixture {
    char dir[64];
    struct route_table *routes;
    struct site *site;
};

static void write_at(const char *dir, const char *name, const char *text)
{
    char path[256];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    file = fopen(path, "we");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void make_folder(const char *dir, const char *name)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    assert_int_equal(mkdir(path, 0700), 0);
}

static void make_link(const char *dir, const char *name, const char *to)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    assert_int_equal(symlink(to, path), 0);
}

static struct route_table *routes_of(const char *text)
{
    static const char *const NONE[] = {NULL};
    char why[ROUTE_WHY_MAX + 1];
    struct route_table *routes = route_table_parse("routes", text, NONE, why);

    if (!routes)
        fail_msg("%s", why);
    return routes;
}

static void load(struct fixture *f, const char *rows)
{
    char why[SITE_WHY_MAX + 1];

    free(f->routes);
    site_destroy(f->site);
    f->routes = routes_of(rows);
    f->site = site_load(f->dir, f->routes, why);
    if (!f->site)
        fail_msg("%s", why);
}

static int set_up(void **state)
{
    struct fixture *f = MEM_NEW(struct fixture);

    TEXT_COPY(f->dir, "/tmp/hanok-site-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    write_at(f->dir, "index.html", "<p>home");
    make_folder(f->dir, "assets");
    write_at(f->dir, "assets/app.js", "run()");
    write_at(f->dir, "assets/app.js.gz", "gz");
    write_at(f->dir, "assets/app.js.br", "br");
    write_at(f->dir, "assets/app.js.gz.br", "packed twice");
    write_at(f->dir, "lone.gz", "an archive");
    write_at(f->dir, ".secret", "no");
    make_folder(f->dir, ".well-known");
    write_at(f->dir, ".well-known/security.txt", "Contact: me");
    load(f, "");
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[96];

    site_destroy(f->site);
    free(f->routes);
    snprintf(command, sizeof(command), "rm -r '%s'", f->dir);
    assert_int_equal(system(command), 0);
    free(f);
    return 0;
}

static void a_file_has_its_type_its_forms_and_their_etags(void **state)
{
    const struct fixture *f = *state;
    const struct site_file *app = site_find(f->site, "/assets/app.js");

    assert_non_null(app);
    assert_string_equal(app->type, "text/javascript; charset=utf-8");
    assert_true(app->runs && app->varies);
    assert_string_equal(app->forms[SITE_PLAIN].data, "run()");
    assert_string_equal(app->forms[SITE_GZIP].data, "gz");
    assert_string_equal(app->forms[SITE_BROTLI].data, "br");
    assert_string_not_equal(app->forms[SITE_PLAIN].etag, app->forms[SITE_GZIP].etag);
    assert_string_equal(site_find(f->site, "/lone.gz")->type, "application/octet-stream");
    assert_int_equal(site_size(f->site), 5);
}

static void only_what_is_in_the_table_can_be_had(void **state)
{
    static const char *const nothing[] = {
        "/assets",           "/assets/",           "/.secret",
        "/assets/app.js.gz", "/assets/../lone.gz", "/%2e%2e/x",
        "/assets%2fapp.js",  "/index.html/",       "//index.html",
        "index.html",        "/index.html%00",     "/INDEX.html",
        "/assets//app.js",
    };
    const struct fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(nothing); i++)
        if (site_find(f->site, nothing[i]))
            fail_msg("%s", nothing[i]);
    assert_ptr_equal(site_find(f->site, "/"), site_find(f->site, "/index.html"));
    assert_non_null(site_find(f->site, "/%69ndex.html"));
    assert_non_null(site_find(f->site, "/.well-known/security.txt"));
}

static void a_folder_with_a_page_is_found_without_its_slash(void **state)
{
    static const char *const nothing[] = {
        "/", "/shop/", "/assets", "//shop", "/shop/index.html", "/%73hop/.", "shop"};
    const struct fixture *f = *state;

    make_folder(f->dir, "shop");
    write_at(f->dir, "shop/index.html", "<p>shop");
    load(*state, "");
    assert_string_equal(site_find_folder(f->site, "/shop")->path, "/shop/index.html");
    assert_ptr_equal(site_find_folder(f->site, "/%73hop"), site_find(f->site, "/shop/"));
    for (size_t i = 0; i < ARRAY_LEN(nothing); i++)
        if (site_find_folder(f->site, nothing[i]))
            fail_msg("%s", nothing[i]);
}

static void links_are_followed_inside_only(void **state)
{
    struct fixture *f = *state;
    char why[SITE_WHY_MAX + 1];

    make_link(f->dir, "inside.html", "index.html");
    make_link(f->dir, "round", ".");
    load(f, "");
    assert_string_equal(site_find(f->site, "/inside.html")->forms[SITE_PLAIN].data, "<p>home");
    assert_null(site_find(f->site, "/round/index.html"));
    make_link(f->dir, "passwd", "/etc/passwd");
    assert_null(site_load(f->dir, f->routes, why));
    assert_non_null(strstr(why, "/passwd cannot be opened in the folder"));
}

static void what_no_path_can_name_is_said(void **state)
{
    struct fixture *f = *state;
    char why[SITE_WHY_MAX + 1];

    write_at(f->dir, "a b.txt", "?");
    assert_null(site_load(f->dir, f->routes, why));
    assert_non_null(strstr(why, "/a b.txt has a name that no path can have"));
    assert_null(site_load("/nowhere/at/all", f->routes, why));
    assert_string_equal(why, "/nowhere/at/all cannot be read (No such file or directory)");
    assert_non_null(site_check("/nowhere/at/all"));
    assert_null(site_check(""));
}

static void the_longest_row_counts_and_names_the_fallback(void **state)
{
    struct fixture *f = *state;
    char why[SITE_WHY_MAX + 1];
    struct route_table *wrong = routes_of("site app fallback=/none.html\n");

    load(f, "site app fallback=/index.html\nsite assets path=/assets cache=public,31536000\n");
    assert_string_equal(site_row_of(f->routes, "/a/b")->name, "app");
    assert_string_equal(site_row_of(f->routes, "/assetsx")->name, "app");
    assert_string_equal(site_row_of(f->routes, "/assets/x")->name, "assets");
    assert_ptr_equal(site_fallback(f->site, site_row_of(f->routes, "/a/b")),
                     site_find(f->site, "/"));
    assert_null(site_fallback(f->site, site_row_of(f->routes, "/assets/x")));
    assert_null(site_load(f->dir, wrong, why));
    assert_string_equal(why, "site app: fallback=/none.html is not among the files");
    free(wrong);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_has_its_type_its_forms_and_their_etags),
        TEST(only_what_is_in_the_table_can_be_had),
        TEST(a_folder_with_a_page_is_found_without_its_slash),
        TEST(links_are_followed_inside_only),
        TEST(what_no_path_can_name_is_said),
        TEST(the_longest_row_counts_and_names_the_fallback),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
