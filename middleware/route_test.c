/* route_test.c - finding the route of a request. */
#include "middleware/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "middleware/route_path.h"
#include "middleware/route_table_test.h"
#include "tool/core/mem.h"

static void a_request_finds_its_route_or_a_clear_no(void **state)
{
    static const struct {
        const char *method, *path;
        enum route_verdict want;
        const char *detail; /* template found, or Allow */
    } cases[] = {
        {"GET",     "/welcome",               ROUTE_FOUND,      "/welcome"                         },
        {"GET",     "/",                      ROUTE_FOUND,      "/"                                },
        {"HEAD",    "/welcome",               ROUTE_FOUND,      "/welcome"                         },
        {"POST",    "/welcome",               ROUTE_BAD_METHOD, "GET, HEAD, OPTIONS"               },
        {"get",     "/welcome",               ROUTE_BAD_METHOD, "GET, HEAD, OPTIONS"               },
        {"OPTIONS", "/signup",                ROUTE_BAD_METHOD, "POST, OPTIONS"                    },
        {"GET",     "/welcome/",              ROUTE_NOT_FOUND,  ""                                 },
        {"GET",     "/Welcome",               ROUTE_NOT_FOUND,  ""                                 },
        {"GET",     "/w%65lcome",             ROUTE_FOUND,      "/welcome"                         },
        {"GET",     "/users/42",              ROUTE_FOUND,      "/users/{userId}"                  },
        {"HEAD",    "/users/42",              ROUTE_FOUND,      "/users/{userId}"                  },
        {"PUT",     "/users/42",              ROUTE_BAD_METHOD, "GET, HEAD, PATCH, DELETE, OPTIONS"},
        {"GET",     "/users/",                ROUTE_NOT_FOUND,  ""                                 },
        {"GET",     "/users//",               ROUTE_NOT_FOUND,  ""                                 },
        {"GET",     "//users/42",             ROUTE_NOT_FOUND,  ""                                 },
        {"GET",     "/users/42/more",         ROUTE_NOT_FOUND,  ""                                 },
        {"GET",     "/.well-known/jwks.json", ROUTE_FOUND,      "/.well-known/jwks.json"           },
        {"GET",     "http://h/users/42",      ROUTE_FOUND,      "/users/{userId}"                  },
        {"GET",     "HTTPS://h:1/users/42",   ROUTE_FOUND,      "/users/{userId}"                  },
        {"GET",     "http://h",               ROUTE_FOUND,      "/"                                },
        {"GET",     "ftp://h/users/42",       ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "users/42",               ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "",                       ROUTE_BAD_PATH,   ""                                 },
        {"OPTIONS", "*",                      ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/a%2fb",           ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/a%2Fb",           ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/%00",             ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/42%00",           ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/%zz",             ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/%4",              ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/%",               ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/.",               ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/..",              ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/%2e%2e",          ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/../welcome",      ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/*",               ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/%2a",             ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/%3E",             ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/>",               ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/a b",             ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/a%20b",           ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/a%0d%0ab",        ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/a%7f",            ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/a#b",             ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/\xc3\xa9",        ROUTE_BAD_PATH,   ""                                 },
        {"GET",     "/users/%c3%a9",          ROUTE_FOUND,      "/users/{userId}"                  },
        {"GET",     "/users/%252f",           ROUTE_FOUND,      "/users/{userId}"                  },
        {"GET",     "/1/2/3/4/5/6/7/8/9/10",  ROUTE_NOT_FOUND,  ""                                 },
        {"GET",     "/1/2/3/4/5/6/7/8/9/%2f", ROUTE_BAD_PATH,   ""                                 },
    };
    struct route_table *table = table_of(TEXT);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct route_match match;
        enum route_verdict got = route_match(table, cases[i].method, cases[i].path, &match);
        const char *detail = got == ROUTE_FOUND ? match.route->path : match.allow;

        if (got != cases[i].want || strcmp(detail, cases[i].detail) != 0)
            fail_msg("%s %s: got %d '%s'", cases[i].method, cases[i].path, (int)got, detail);
    }
    free(table);
}

static void the_row_that_says_more_wins_wherever_it_stands(void **state)
{
    static const struct {
        const char *method, *path, *want; /* template found, or Allow */
    } cases[] = {
        {"GET",    "/orders/mine",            "/orders/mine"              },
        {"HEAD",   "/orders/mine",            "/orders/mine"              },
        {"GET",    "/orders/m%69ne",          "/orders/mine"              },
        {"GET",    "/orders/min",             "/orders/{orderId}"         },
        {"DELETE", "/orders/mine",            "/orders/{orderId}"         },
        {"PUT",    "/orders/mine",            "GET, HEAD, DELETE, OPTIONS"},
        {"GET",    "/orders/1/lines/last",    "/orders/{id}/lines/last"   },
        {"GET",    "/orders/mine/lines/last", "/orders/mine/lines/{line}" },
        {"GET",    "/orders/mine/lines/1",    "/orders/mine/lines/{line}" },
        {"GET",    "/orders/1/lines/1",       "/{any}/{id}/lines/{line}"  },
        {"GET",    "/a/b",                    "/a/{x}"                    },
        {"GET",    "/c/b",                    "/{x}/b"                    },
        {"GET",    "/c/d",                    "/{x}/{y}"                  },
    };
    struct route_table *table = table_of("GET /{x}/{y} a.b\n"
                                         "GET /orders/{orderId} a.b\n"
                                         "GET /orders/mine a.b\n"
                                         "DELETE /orders/{orderId} a.b\n"
                                         "GET /{any}/{id}/lines/{line} a.b\n"
                                         "GET /orders/{id}/lines/last a.b\n"
                                         "GET /orders/mine/lines/{line} a.b\n"
                                         "GET /{x}/b a.b\n"
                                         "GET /a/{x} a.b\n");

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct route_match match;
        enum route_verdict got = route_match(table, cases[i].method, cases[i].path, &match);
        const char *found = got == ROUTE_FOUND ? match.route->path : match.allow;

        if (strcmp(found, cases[i].want) != 0)
            fail_msg("%s %s: got '%s'", cases[i].method, cases[i].path, found);
    }
    free(table);
}

static void parameters_are_decoded_once(void **state)
{
    struct route_table *table = table_of(TEXT);
    struct route_match match;

    (void)state;
    assert_int_equal(route_match(table, "GET", "/a/%2541%41/b/x+y", &match), ROUTE_FOUND);
    assert_int_equal(match.n_params, 2);
    assert_string_equal(match.params[0].name, "x");
    assert_string_equal(match.params[0].value, "%41A");
    assert_string_equal(match.params[1].name, "y");
    assert_string_equal(match.params[1].value, "x+y");
    free(table);
}

static void a_long_path_is_of_no_route_and_still_looked_at(void **state)
{
    static const size_t LENGTHS[] = {505, 506, 510, 511, 512, 513, 1023, 8000};
    struct route_table *table = table_of(TEXT);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(LENGTHS); i++) {
        char path[8100] = "/users/";
        struct route_match match;
        size_t n = LENGTHS[i];

        memset(path + 7, 'a', n);
        assert_int_equal(route_match(table, "GET", path, &match),
                         n + 6 < ROUTE_DECODED_MAX ? ROUTE_FOUND : ROUTE_NOT_FOUND);
        strcpy(path + 7 + n, "/%00");
        assert_int_equal(route_match(table, "GET", path, &match), ROUTE_BAD_PATH);
    }
    free(table);
}

static void the_routes_we_ship_are_right(void **state)
{
    char why[ROUTE_WHY_MAX + 1];
    struct route_table *table = route_table_load("deploy/gateway/routes.conf", BUILT_IN, why);

    (void)state;
    if (!table)
        fail_msg("%s", why);
    for (size_t i = 0; i < table->n; i++) {
        const struct route *route = &table->routes[i];

        /* Path parameters go into the message: a GET with one has a body to the service. */
        assert_true(route->built_in >= 0 || route->subject[0]);
        assert_true(route->location.n == 0 || route->status == 201 || route->status == 202);
    }
    free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_finds_its_route_or_a_clear_no),
        cmocka_unit_test(the_row_that_says_more_wins_wherever_it_stands),
        cmocka_unit_test(parameters_are_decoded_once),
        cmocka_unit_test(a_long_path_is_of_no_route_and_still_looked_at),
        cmocka_unit_test(the_routes_we_ship_are_right),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
