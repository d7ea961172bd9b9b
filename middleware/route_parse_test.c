/* route_parse_test.c - the file of routes: what is read from it, and what is said of mistakes. */
#include "middleware/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "middleware/route_table_test.h"
#include "tool/core/mem.h"

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

static void units_roles_and_lists_are_read(void **state)
{
    struct route_table *table =
        table_of("cors web origins=https://a.example,http://localhost:3000,https://[::1]:8443 "
                 "credentials=yes\n"
                 "PUT /a a.b auth=bearer timeout=2s body_max=16KiB head_max=2KiB query_max=100 "
                 "roles=admin,shop.owner\n"
                 "GET /b a.b timeout=250ms cache=private,60 cors=web\n"
                 "GET /c a.b cors=none etag=yes\n");
    const struct route *a = &table->routes[2], *b = &table->routes[3], *c = &table->routes[4];
    const struct cors *web = route_cors(table, b);

    (void)state;
    assert_int_equal(a->timeout_ms, 2000);
    assert_int_equal(a->limits.body_max, 16384);
    assert_int_equal(a->limits.head_max, 2048);
    assert_int_equal(a->limits.query_max, 100);
    assert_true(word_list_has(&a->roles, "admin") && word_list_has(&a->roles, "shop.owner"));
    assert_false(word_list_has(&a->roles, "shop"));
    assert_int_equal(b->timeout_ms, 250);
    assert_int_equal(b->cache.who, CACHE_ONE);
    assert_int_equal(b->cache.seconds, 60);
    assert_int_equal(c->cache.who, CACHE_BY_VERSION);
    assert_null(route_cors(table, a));
    assert_null(route_cors(table, c));
    assert_true(web->credentials);
    assert_int_equal(web->max_age_s, 600);
    assert_string_equal(cors_allows(web, "http://localhost:3000"), "http://localhost:3000");
    assert_string_equal(cors_allows(web, "https://[::1]:8443"), "https://[::1]:8443");
    assert_null(cors_allows(web, "https://a.example.evil"));
    assert_null(cors_allows(web, "null"));
    assert_null(cors_allows(web, ""));
    free(table);
}

static void what_is_called_default_holds_where_nothing_is_said(void **state)
{
    struct route_table *table =
        table_of("GET /a a.b\nGET /b a.b cors=none\nGET /c a.b cors=web\n"
                 "cors default origins=*\ncors web origins=https://w.example\n");

    (void)state;
    assert_string_equal(route_cors(table, &table->routes[0])->name, "default"); /* built in */
    assert_string_equal(route_cors(table, &table->routes[2])->name, "default");
    assert_null(route_cors(table, &table->routes[3]));
    assert_string_equal(route_cors(table, &table->routes[4])->name, "web");
    assert_string_equal(cors_allows(&table->cors[0], "https://any.example"), "*");
    free(table);
}

static void a_wrong_line_is_named_with_what_would_be_right(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"GET /a",                                     "t.conf:1: a route is METHOD /path subject key=value"   },
        {"\n\nHEAD /a a.b",                            "t.conf:3: 'HEAD' is no method"                         },
        {"get /a a.b",                                 "'get' is no method"                                    },
        {"GET a a.b",                                  "'a' is no path"                                        },
        {"GET /a/ a.b",                                "/a/: segments are of letters"                          },
        {"GET /a//b a.b",                              "/a//b: segments are of letters"                        },
        {"GET /{} a.b",                                "/{}: segments"                                         },
        {"GET /{1x} a.b",                              "/{1x}: segments"                                       },
        {"GET /a*b a.b",                               "/a*b: segments"                                        },
        {"GET /1/2/3/4/5/6/7/8/9 a.b",                 "at most 8 segments"                                    },
        {"GET /{a}/{b}/{c}/{d}/{e} a.b",               "at most 4 parameters"                                  },
        {"GET /a user",                                "'user' is no subject"                                  },
        {"GET /a user..get",                           "'user..get' is no subject"                             },
        {"GET /a user.*",                              "'user.*' is no subject"                                },
        {"GET /a user.get auth",                       "'auth': options are key=value"                         },
        {"GET /a user.get auth=yes",                   "auth=yes: none, bearer or fresh is right"              },
        {"GET /a user.get status=404",                 "status=404: a number from 200 to 299 is right"         },
        {"GET /a user.get timeout=0",
         "timeout=0: a number from 1 to 60000 (ms, or 1s for 1000) is right"                                   },
        {"GET /a user.get timeout=61s",                "timeout=61s: a number"                                 },
        {"GET /a user.get timeout=1h",                 "timeout=1h: a number"                                  },
        {"GET /a user.get timeout=1ss",                "timeout=1ss: a number"                                 },
        {"GET /a user.get status=200s",                "status=200s: a number"                                 },
        {"GET /a user.get location=users",             "location=users: a path template"                       },
        {"GET /a user.get location=/{x",               "location=/{x: a path template"                         },
        {"GET /a user.get location=/x}",               "location=/x}: a path template"                         },
        {"GET /a user.get location=/{}",               "location=/{}: a path template"                         },
        {"GET /a user.get location=/{{x}}",            "location=/{{x}}: a path template"                      },
        {"GET /a a.b wait=no wait=no",                 "wait is there twice"                                   },
        {"GET /{a}/b/{a} a.b",                         "/{a}/b/{a}: {a} is there twice"                        },
        {"GET /a user.get auth=bearer cash=yes",
         "'cash' is no option: auth, body, body_max, cache, "                                                  },
        {"GET /a a.b cache=yes",                       "cache=yes: no-store, private, private,SECONDS or public,SECONDS, "
                                 "1 to 31536000, is right"                     },
        {"GET /a a.b cache=public,0",                  "cache=public,0: no-store, private"                     },
        {"GET /a a.b cache=public",                    "cache=public: no-store, private"                       },
        {"GET /a a.b auth=bearer cache=public,1",      "GET /a: what anyone may keep"                          },
        {"POST /a a.b cache=private",                  "POST /a: only what GET answers may be kept"            },
        {"POST /a user.registry",                      "user.registry is asked by other services only"         },
        {"GET /a/{x} auth.signup.status",              "/a/{x}: {x} is nothing that auth.signup.status takes"  },
        {"GET /a/{kty} auth.jwks",                     "/a/{kty}: {kty} is nothing that auth.jwks takes"       },
        {"POST /a/{password} auth.login",
         "/a/{password}: {password} is nothing that auth.login takes"                                          },
        {"POST /a auth.login location=/{x}",           "location: {x} is nothing that auth.login answers"      },
        {"POST /a auth.login location=/{accessToken}",
         "location: {accessToken} is nothing that auth.login answers"                                          },
        {"GET /a/{x} a.b\nGET /a/{y} a.c",
         "t.conf:2: GET /a/{y} is there already, as /a/{x} in line 1"                                          },
        {"GET /a a.b\n\nGET /a a.c",                   "t.conf:3: GET /a is there already, as /a in line 1"    },
        {"GET /a/{x} a.b\nPUT /a/{y} a.c",             "t.conf:2: /a/{y} is called /a/{x} in line 1"           },
        {"GET /welcome a.b",                           "GET /welcome is there already: it is the gateway's own"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char why[ROUTE_WHY_MAX + 1];

        assert_null(route_table_parse("t.conf", cases[i].text, BUILT_IN, why));
        if (!strstr(why, cases[i].want))
            fail_msg("%s: got '%s'", cases[i].text, why);
    }
}

static void each_wrong_size_role_and_header_is_named(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"POST /a a.b body_max=0",
         "body_max=0: a number from 1 to 262144 (bytes, or 1KiB for 1024) is right"                            },
        {"POST /a a.b body_max=257KiB",                  "body_max=257KiB: a number"                           },
        {"POST /a a.b body_max=9999999999999999999KiB",
         "body_max=9999999999999999999KiB: a number"                                                           },
        {"GET /a a.b body_max=5",                        "GET /a: there is no body: body_max= has to go"       },
        {"GET /a a.b head_max=255",
         "head_max=255: a number from 256 to 65536 (bytes, or 1KiB for 1024) is right"                         },
        {"GET /a a.b head_max=65KiB",                    "head_max=65KiB: a number"                            },
        {"GET /a a.b query_max=0",                       "query_max=0: a number from 1 to 65536"               },
        {"GET /a a.b head_max=1KiB query_max=1024",
         "GET /a: the query is part of the head: query_max= below head_max= is right"                          },
        {"GET /a user.get auth=bearer query_max=9",
         "GET /a: nothing is taken from a query: query_max= has to go"                                         },
        {"GET /a - gather=a:user.get query_max=9",
         "GET /a: nothing is taken from a query: query_max= has to go"                                         },
        {"GET /a a.b auth=bearer roles=",                "roles=: roles of letters"                            },
        {"GET /a a.b auth=bearer roles=a,,b",            "roles=a,,b: roles of letters"                        },
        {"GET /a a.b auth=bearer roles=a,b,",            "roles=a,b,: roles of letters"                        },
        {"GET /a a.b auth=bearer roles=a,b,a",           "roles=a,b,a: roles of letters"                       },
        {"GET /a a.b auth=bearer roles=a/b",             "roles=a/b: roles of letters"                         },
        {"GET /a a.b headers=",                          "headers=: at most 6 names of header fields"          },
        {"GET /a a.b headers=A,",                        "headers=A,: at most 6"                               },
        {"GET /a a.b headers=A-B,a-b",                   "headers=A-B,a-b: at most 6"                          },
        {"GET /a a.b headers=Auth-Subject",              "none of Auth-* and Nats-*, is right"                 },
        {"GET /a a.b headers=A--B",                      "headers=A--B: at most 6"                             },
        {"GET /a a.b headers=1A",                        "headers=1A: at most 6"                               },
        {"GET /a a.b headers=A_B",                       "headers=A_B: at most 6"                              },
        {"GET /a a.b headers=A,B,C,D,E,F,G",             "headers=A,B,C,D,E,F,G: at most 6"                    },
        {"GET /a a.b auth=bearer headers=Authorization", "GET /a: access tokens stay here"                     },
        {"GET /a a.b raw=yes",                           "GET /a: raw=yes is of a body: body=required is right"},
        {"GET /a a.b roles=admin",
         "GET /a: roles are those of a verified caller: auth=bearer is right"                                  },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char why[ROUTE_WHY_MAX + 1];

        assert_null(route_table_parse("t.conf", cases[i].text, BUILT_IN, why));
        if (!strstr(why, cases[i].want))
            fail_msg("%s: got '%s'", cases[i].text, why);
    }
}

static void each_wrong_line_of_names_is_named(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"GET /a a.b inflight=5",
         "inflight=5: LOW..HIGH, two numbers from 1 to 16384, the lower one first, is right"                     },
        {"GET /a a.b inflight=5..4",                    "inflight=5..4: LOW..HIGH"                               },
        {"GET /a a.b inflight=0..4",                    "inflight=0..4: LOW..HIGH"                               },
        {"GET /a a.b inflight=1..16385",                "inflight=1..16385: LOW..HIGH"                           },
        {"GET /a a.b inflight=12345678901234567890..4", "LOW..HIGH"                                              },
        {"GET /a a.b rate=No",                          "rate=No: none, or the name of a class is right"         },
        {"rate a 1/1\nGET /a a.b rate=b\nGET /b a.b",
         "t.conf:2: rate=b: there is no such class: a row as rate b 600/60 is missing"                           },
        {"\nrate a 1",                                  "t.conf:2: class a: REQUESTS/SECONDS"                    },
        {"rate a.x 1/1",                                "t.conf:1: class a.x: the row of the class itself"       },
        {"GET /a a.b rate=a.x",                         "t.conf:1: rate=a.x: none, or the name of a class"       },
        {"rate",                                        "t.conf:1: a class is rate NAME REQUESTS/SECONDS burst=N"},
        {"GET /a a.b cors=x",                           "t.conf:1: cors=x: there is no line 'cors x ...'"        },
        {"GET /a a.b cors=",                            "cors=: a name of at most 31 letters"                    },
        {"cors",                                        "cors: a name of letters"                                },
        {"cors none origins=*",
         "cors: a name of letters, digits, '-' and '_' comes next, but not 'none'"                               },
        {"cors a/b origins=*",                          "cors: a name of letters"                                },
        {"cors x",                                      "cors x: origins= is missing"                            },
        {"cors x origins=*\ncors x origins=*",          "t.conf:2: cors x is there already"                      },
        {"cors x origin=*",
         "'origin' is no option: credentials, exposes, headers, max_age and origins are"                         },
        {"cors x origins=* credentials=yes",
         "t.conf:1: cors x: every page there is could act in its visitors' names"                                },
        {"cors x origins=*,https://a.example",          "cors x: origins: * is all"                              },
        {"cors x origins=https://a.example/",
         "origins=https://a.example/: origins as https://shop.example"                                           },
        {"cors x origins=https://a.example:443",        "origins as https://shop.example"                        },
        {"cors x origins=http://a.example:80",          "origins as https://shop.example"                        },
        {"cors x origins=https://A.example",            "origins as https://shop.example"                        },
        {"cors x origins=https://",                     "origins as https://shop.example"                        },
        {"cors x origins=https://a:",                   "origins as https://shop.example"                        },
        {"cors x origins=https://a:0",                  "origins as https://shop.example"                        },
        {"cors x origins=https://[::1",                 "origins as https://shop.example"                        },
        {"cors x origins=https://u@a",                  "origins as https://shop.example"                        },
        {"cors x origins=a.example",                    "origins as https://shop.example"                        },
        {"cors x origins=null",                         "origins as https://shop.example"                        },
        {"cors x origins=https://a headers=X:Y",        "headers=X:Y: names of header fields"                    },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char why[ROUTE_WHY_MAX + 1];

        assert_null(route_table_parse("t.conf", cases[i].text, BUILT_IN, why));
        if (!strstr(why, cases[i].want))
            fail_msg("%s: got '%s'", cases[i].text, why);
    }
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
        cmocka_unit_test(units_roles_and_lists_are_read),
        cmocka_unit_test(what_is_called_default_holds_where_nothing_is_said),
        cmocka_unit_test(a_wrong_line_is_named_with_what_would_be_right),
        cmocka_unit_test(each_wrong_size_role_and_header_is_named),
        cmocka_unit_test(each_wrong_line_of_names_is_named),
        cmocka_unit_test(a_file_that_is_not_there_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
