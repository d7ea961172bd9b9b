/* route_test.c - the file of routes, and finding one. */
#include "middleware/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "middleware/route_path.h"
#include "tool/core/mem.h"

static const char *const BUILT_IN[] = {"/welcome", "/", NULL};

static const char TEXT[] =
    "# comment\n"
    "\n"
    "POST /signup auth.signup status=201 location=/users/{userId} wait=yes "
    "idempotency=yes # behind\n"
    "GET\t/users/{userId}   user.get auth=bearer etag=yes timeout=2000\r\n"
    "PATCH /users/{userId} member.update auth=bearer\n"
    "GET /.well-known/jwks.json auth.jwks\n"
    "GET /a/{x}/b/{y} a.b\n"
    "DELETE /users/{userId} member.withdraw body=required status=202 auth=fresh";

static struct route_table *table_of(const char *text)
{
    char why[ROUTE_WHY_MAX + 1];
    struct route_table *table = route_table_parse("t.conf", text, BUILT_IN, why);

    if (!table)
        fail_msg("%s", why);
    return table;
}

static void a_row_says_all_about_a_route(void **state)
{
    struct route_table *table = table_of(TEXT);
    const struct route *built_in = &table->routes[0], *signup = &table->routes[2],
                       *get = &table->routes[3], *remove = &table->routes[7];

    (void)state;
    assert_int_equal(table->n, 8);
    assert_int_equal(built_in->built_in, 0);
    assert_string_equal(signup->subject, "auth.signup");
    assert_int_equal(signup->location.n, 2);
    assert_string_equal(signup->location.text, "/users/");
    assert_int_equal(signup->status, 201);
    assert_int_equal(signup->timeout_ms, 5000);
    assert_true(signup->body && signup->wait && signup->idempotency && !signup->bearer);
    assert_int_equal(signup->built_in, -1);
    assert_true(get->bearer && !get->fresh && get->etag && !get->body && !get->wait);
    assert_int_equal(get->timeout_ms, 2000);
    assert_true(remove->body && remove->status == 202 && remove->bearer && remove->fresh);
    free(table);
}

static void a_class_of_rates_may_stand_anywhere(void **state)
{
    struct route_table *table =
        table_of("GET /a a.b rate=slow\nrate slow 1/60 # a minute\nGET /b a.b rate=none\n"
                 "rate gold 5/1 burst=9\nGET /c a.b rate=slow");

    (void)state;
    assert_int_equal(table->n, 5);
    assert_int_equal(table->rates.n, 2);
    assert_string_equal(table->routes[2].rate, "slow");
    assert_string_equal(table->routes[3].rate, "");
    assert_int_equal(rate_class_find(&table->rates, "slow")->rate.window_s, 60);
    assert_int_equal(rate_class_find(&table->rates, "gold")->rate.burst, 9);
    free(table);
}

static void a_wrong_line_is_named_with_what_would_be_right(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"GET /a",                                     "t.conf:1: a route is METHOD /path subject key=value"           },
        {"\n\nHEAD /a a.b",                            "t.conf:3: 'HEAD' is no method"                                 },
        {"get /a a.b",                                 "'get' is no method"                                            },
        {"GET a a.b",                                  "'a' is no path"                                                },
        {"GET /a/ a.b",                                "/a/: segments are of letters"                                  },
        {"GET /a//b a.b",                              "/a//b: segments are of letters"                                },
        {"GET /{} a.b",                                "/{}: segments"                                                 },
        {"GET /{1x} a.b",                              "/{1x}: segments"                                               },
        {"GET /a*b a.b",                               "/a*b: segments"                                                },
        {"GET /1/2/3/4/5/6/7/8/9 a.b",                 "at most 8 segments"                                            },
        {"GET /{a}/{b}/{c}/{d}/{e} a.b",               "at most 4 parameters"                                          },
        {"GET /a user",                                "'user' is no subject"                                          },
        {"GET /a user..get",                           "'user..get' is no subject"                                     },
        {"GET /a user.*",                              "'user.*' is no subject"                                        },
        {"GET /a user.get auth",                       "'auth': options are key=value"                                 },
        {"GET /a user.get auth=yes",                   "auth=yes: none, bearer or fresh is right"                      },
        {"GET /a user.get status=404",                 "status=404: a number from 200 to 299 is right"                 },
        {"GET /a user.get timeout=0",                  "timeout=0: a number from 1 to 60000 is right"                  },
        {"GET /a user.get timeout=1s",                 "timeout=1s: a number"                                          },
        {"GET /a user.get location=users",             "location=users: a path template"                               },
        {"GET /a user.get location=/{x",               "location=/{x: a path template"                                 },
        {"GET /a user.get location=/x}",               "location=/x}: a path template"                                 },
        {"GET /a user.get location=/{}",               "location=/{}: a path template"                                 },
        {"GET /a user.get location=/{{x}}",            "location=/{{x}}: a path template"                              },
        {"GET /a a.b wait=no wait=no",                 "wait is there twice"                                           },
        {"GET /{a}/b/{a} a.b",                         "/{a}/b/{a}: {a} is there twice"                                },
        {"GET /a user.get auth=bearer cash=yes",       "'cash' is no option: auth, body, cache, "                      },
        {"GET /a a.b cache=yes",                       "cache=yes: no-store or public,SECONDS, 1 to 31536000, is right"},
        {"GET /a a.b cache=public,0",                  "cache=public,0: no-store or"                                   },
        {"GET /a a.b cache=public",                    "cache=public: no-store or"                                     },
        {"GET /a a.b auth=bearer cache=public,1",      "GET /a: what anyone may keep"                                  },
        {"POST /a user.registry",                      "user.registry is asked by other services only"                 },
        {"GET /a/{x} auth.signup.status",              "/a/{x}: {x} is nothing that auth.signup.status takes"          },
        {"GET /a/{kty} auth.jwks",                     "/a/{kty}: {kty} is nothing that auth.jwks takes"               },
        {"POST /a/{password} auth.login",
         "/a/{password}: {password} is nothing that auth.login takes"                                                  },
        {"POST /a auth.login location=/{x}",           "location: {x} is nothing that auth.login answers"              },
        {"POST /a auth.login location=/{accessToken}",
         "location: {accessToken} is nothing that auth.login answers"                                                  },
        {"GET /a/{x} a.b\nGET /a/{y} a.c",
         "t.conf:2: GET /a/{y} is there already, as /a/{x} in line 1"                                                  },
        {"GET /a a.b\n\nGET /a a.c",                   "t.conf:3: GET /a is there already, as /a in line 1"            },
        {"GET /a/{x} a.b\nPUT /a/{y} a.c",             "t.conf:2: /a/{y} is called /a/{x} in line 1"                   },
        {"GET /a a.b rate=No",                         "rate=No: none, or the name of a class is right"                },
        {"rate a 1/1\nGET /a a.b rate=b\nGET /b a.b",
         "t.conf:2: rate=b: there is no such class: a row as rate b 600/60 is missing"                                 },
        {"\nrate a 1",                                 "t.conf:2: class a: REQUESTS/SECONDS"                           },
        {"rate",                                       "t.conf:1: a class is rate NAME REQUESTS/SECONDS burst=N"       },
        {"GET /welcome a.b",                           "GET /welcome is there already: it is the gateway's own"        },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char why[ROUTE_WHY_MAX + 1];

        assert_null(route_table_parse("t.conf", cases[i].text, BUILT_IN, why));
        if (!strstr(why, cases[i].want))
            fail_msg("%s: got '%s'", cases[i].text, why);
    }
}

static void a_request_finds_its_route_or_a_clear_no(void **state)
{
    static const struct {
        const char *method, *path;
        enum route_verdict want;
        const char *detail; /* template found, or Allow */
    } cases[] = {
        {"GET",     "/welcome",               ROUTE_FOUND,      "/welcome"                },
        {"GET",     "/",                      ROUTE_FOUND,      "/"                       },
        {"HEAD",    "/welcome",               ROUTE_FOUND,      "/welcome"                },
        {"POST",    "/welcome",               ROUTE_BAD_METHOD, "GET, HEAD"               },
        {"get",     "/welcome",               ROUTE_BAD_METHOD, "GET, HEAD"               },
        {"OPTIONS", "/signup",                ROUTE_BAD_METHOD, "POST"                    },
        {"GET",     "/welcome/",              ROUTE_NOT_FOUND,  ""                        },
        {"GET",     "/Welcome",               ROUTE_NOT_FOUND,  ""                        },
        {"GET",     "/w%65lcome",             ROUTE_FOUND,      "/welcome"                },
        {"GET",     "/users/42",              ROUTE_FOUND,      "/users/{userId}"         },
        {"HEAD",    "/users/42",              ROUTE_FOUND,      "/users/{userId}"         },
        {"PUT",     "/users/42",              ROUTE_BAD_METHOD, "GET, HEAD, PATCH, DELETE"},
        {"GET",     "/users/",                ROUTE_NOT_FOUND,  ""                        },
        {"GET",     "/users//",               ROUTE_NOT_FOUND,  ""                        },
        {"GET",     "//users/42",             ROUTE_NOT_FOUND,  ""                        },
        {"GET",     "/users/42/more",         ROUTE_NOT_FOUND,  ""                        },
        {"GET",     "/.well-known/jwks.json", ROUTE_FOUND,      "/.well-known/jwks.json"  },
        {"GET",     "http://h/users/42",      ROUTE_FOUND,      "/users/{userId}"         },
        {"GET",     "HTTPS://h:1/users/42",   ROUTE_FOUND,      "/users/{userId}"         },
        {"GET",     "http://h",               ROUTE_FOUND,      "/"                       },
        {"GET",     "ftp://h/users/42",       ROUTE_BAD_PATH,   ""                        },
        {"GET",     "users/42",               ROUTE_BAD_PATH,   ""                        },
        {"GET",     "",                       ROUTE_BAD_PATH,   ""                        },
        {"OPTIONS", "*",                      ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/a%2fb",           ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/a%2Fb",           ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/%00",             ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/42%00",           ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/%zz",             ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/%4",              ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/%",               ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/.",               ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/..",              ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/%2e%2e",          ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/../welcome",      ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/*",               ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/%2a",             ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/%3E",             ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/>",               ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/a b",             ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/a%20b",           ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/a%0d%0ab",        ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/a%7f",            ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/a#b",             ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/\xc3\xa9",        ROUTE_BAD_PATH,   ""                        },
        {"GET",     "/users/%c3%a9",          ROUTE_FOUND,      "/users/{userId}"         },
        {"GET",     "/users/%252f",           ROUTE_FOUND,      "/users/{userId}"         },
        {"GET",     "/1/2/3/4/5/6/7/8/9/10",  ROUTE_NOT_FOUND,  ""                        },
        {"GET",     "/1/2/3/4/5/6/7/8/9/%2f", ROUTE_BAD_PATH,   ""                        },
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
        {"GET",    "/orders/mine",            "/orders/mine"             },
        {"HEAD",   "/orders/mine",            "/orders/mine"             },
        {"GET",    "/orders/m%69ne",          "/orders/mine"             },
        {"GET",    "/orders/min",             "/orders/{orderId}"        },
        {"DELETE", "/orders/mine",            "/orders/{orderId}"        },
        {"PUT",    "/orders/mine",            "GET, HEAD, DELETE"        },
        {"GET",    "/orders/1/lines/last",    "/orders/{id}/lines/last"  },
        {"GET",    "/orders/mine/lines/last", "/orders/mine/lines/{line}"},
        {"GET",    "/orders/mine/lines/1",    "/orders/mine/lines/{line}"},
        {"GET",    "/orders/1/lines/1",       "/{any}/{id}/lines/{line}" },
        {"GET",    "/a/b",                    "/a/{x}"                   },
        {"GET",    "/c/b",                    "/{x}/b"                   },
        {"GET",    "/c/d",                    "/{x}/{y}"                 },
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

static void a_file_that_is_not_there_is_named(void **state)
{
    char why[ROUTE_WHY_MAX + 1];

    (void)state;
    assert_null(route_table_load("/nowhere/routes.conf", BUILT_IN, why));
    assert_string_equal(why, "/nowhere/routes.conf: No such file or directory");
    assert_null(route_table_load("/", BUILT_IN, why));
    assert_string_equal(why, "/: Is a directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_says_all_about_a_route),
        cmocka_unit_test(a_class_of_rates_may_stand_anywhere),
        cmocka_unit_test(a_wrong_line_is_named_with_what_would_be_right),
        cmocka_unit_test(a_request_finds_its_route_or_a_clear_no),
        cmocka_unit_test(the_row_that_says_more_wins_wherever_it_stands),
        cmocka_unit_test(parameters_are_decoded_once),
        cmocka_unit_test(a_long_path_is_of_no_route_and_still_looked_at),
        cmocka_unit_test(the_routes_we_ship_are_right),
        cmocka_unit_test(a_file_that_is_not_there_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
