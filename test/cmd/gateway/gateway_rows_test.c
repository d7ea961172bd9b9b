/* gateway_rows_test.c - what rows of the file of routes say beyond where a request goes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/cmd/gateway/gateway_fixture.h"
#include "tool/core/mem.h"

static void use(struct gateway_fixture *f, const char *routes)
{
    const struct routing *before = f->gw.routing;

    gateway_write_routes(f, routes);
    gateway_reload(&f->gw);
    assert_ptr_not_equal(f->gw.routing, before);
}

static const char *caller(struct gateway_fixture *f)
{
    return gateway_bearer(f->issuer, (struct uuid){{1}});
}

static void only_who_has_one_of_the_roles_gets_through(void **state)
{
    struct gateway_fixture *f = *state;

    use(f, "GET /admins/{userId} user.get auth=bearer roles=support,admin\n"
           "GET /owners/{userId} user.get auth=bearer roles=shop.owner\n"
           "DELETE /users/{userId} thing.drop auth=fresh status=204 roles=admin\n"
           "DELETE /parcels/{userId} thing.drop auth=fresh status=204 roles=courier\n");
    assert_int_equal(gateway_ask(f, "GET", "/admins/1", caller(f), NULL), 200);
    assert_int_equal(f->user_played.n, 1);
    assert_int_equal(gateway_ask(f, "GET", "/owners/1", caller(f), NULL), 403);
    assert_true(gateway_says("\"code\":\"forbidden\""));
    assert_true(gateway_says("This takes another role."));
    assert_int_equal(gateway_ask(f, "GET", "/owners/1", "", NULL), 401);
    /* fresh: what auth says counts, not what the token says */
    assert_int_equal(gateway_ask(f, "DELETE", "/users/1", caller(f), NULL), 403);
    assert_int_equal(f->user_played.n, 1);
    assert_int_equal(gateway_ask(f, "DELETE", "/parcels/1", caller(f), NULL), 204);
}

static void a_body_is_as_large_as_its_row_lets_it(void **state)
{
    struct gateway_fixture *f = *state;
    static char large[2000];
    char body[200];

    use(f, "POST /small auth.login body_max=100\nPOST /any auth.login\n"
           "POST /large auth.login body_max=2KiB\n");
    snprintf(large, sizeof(large), "{\"loginId\":\"%0*d\"}", 1500, 7);
    assert_int_equal(gateway_ask(f, "POST", "/any", JSON, large), 413);
    assert_int_equal(gateway_ask(f, "POST", "/l%61rge", JSON, large), 200);
    assert_int_equal(gateway_ask(f, "POST", "/large?x=1", JSON "Content-Length: 2049\r\n", NULL),
                     413);
    snprintf(body, sizeof(body), "{\"loginId\":\"%0*d\"}", 86, 7);
    assert_int_equal(strlen(body), 100);
    assert_int_equal(gateway_ask(f, "POST", "/small", JSON, body), 200);
    strcat(body, " ");
    assert_int_equal(gateway_ask(f, "POST", "/small", JSON, body), 413);
    assert_true(gateway_says("\"code\":\"too_large\""));
    assert_int_equal(gateway_ask(f, "POST", "/any", JSON, body), 200);
}

static void a_head_and_a_query_are_as_large_as_their_row_lets_them(void **state)
{
    struct gateway_fixture *f = *state;
    char fields[12000];

    use(f, "GET /narrow thing.kept head_max=512 query_max=5\nGET /wide thing.kept head_max=10KiB\n"
           "GET /any thing.kept\n");
    snprintf(fields, sizeof(fields), "X: %0*d\r\n", 600, 7);
    assert_int_equal(gateway_ask(f, "GET", "/any", fields, NULL), 200);
    assert_int_equal(gateway_ask(f, "GET", "/n%61rrow", fields, NULL), 431);
    assert_true(gateway_says("\"code\":\"headers_too_large\""));
    assert_int_equal(gateway_ask(f, "HEAD", "/narrow", fields, NULL), 431);
    snprintf(fields, sizeof(fields), "X: %0*d\r\n", 9000, 7);
    assert_int_equal(gateway_ask(f, "GET", "/any", fields, NULL), 431);
    assert_int_equal(gateway_ask(f, "GET", "/wide", fields, NULL), 200);
    assert_int_equal(gateway_ask(f, "GET", "/narrow?a=bcd", "", NULL), 400);
    assert_int_equal(gateway_ask(f, "GET", "/narrow?a=bcde", "", NULL), 414);
    assert_true(gateway_says("\"code\":\"target_too_long\""));
    assert_int_equal(gateway_ask(f, "GET", "/any?a=bcde", "", NULL), 400);
}

static void who_may_keep_an_answer_is_said(void **state)
{
    static const struct {
        const char *method, *path;
        bool etag;
        const char *want, *vary; /* NULL = none */
    } cases[] = {
        {"GET",  "/own/1",     true,  "private, no-cache",   "Authorization, Accept"},
        {"HEAD", "/own/1",     true,  "private, no-cache",   "Authorization, Accept"},
        {"GET",  "/own/1",     false, "no-store",            "Accept"               },
        {"GET",  "/secret/1",  true,  "no-store",            "Accept"               },
        {"GET",  "/checked/1", false, "private, no-cache",   "Authorization"        },
        {"GET",  "/minute/1",  true,  "private, max-age=60", "Authorization, Accept"},
        {"GET",  "/kept",      true,  "public, max-age=60",  NULL                   },
        {"GET",  "/public",    true,  "private, no-cache",   "Accept"               },
    };
    struct gateway_fixture *f = *state;

    use(f, "GET /own/{userId} user.get auth=bearer etag=yes\n"
           "GET /secret/{userId} user.get auth=bearer etag=yes cache=no-store\n"
           "GET /checked/{userId} user.get auth=bearer cache=private\n"
           "GET /minute/{userId} user.get auth=bearer etag=yes cache=private,60\n"
           "GET /kept thing.kept cache=public,60\n"
           "GET /public thing.kept etag=yes\n");
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *value = cases[i].etag ? "\"3\"" : NULL;
        char wanted[64];

        f->user_played.header[0] = (struct message_header){value ? HEADER_ETAG : NULL, value};
        f->auth_played.header[0] = f->user_played.header[0];
        assert_int_equal(gateway_ask(f, cases[i].method, cases[i].path, caller(f), NULL), 200);
        snprintf(wanted, sizeof(wanted), "Cache-Control: %s\r\n", cases[i].want);
        if (!gateway_says(wanted))
            fail_msg("%s: got '%s'", cases[i].path, gateway_reply);
        snprintf(wanted, sizeof(wanted), "Vary: %s\r\n", cases[i].vary ? cases[i].vary : "");
        assert_int_equal(gateway_says(cases[i].vary ? wanted : "Vary: "), cases[i].vary != NULL);
    }
}

static void bytes_and_headers_travel_as_members(void **state)
{
    struct gateway_fixture *f = *state;

    use(f, "POST /hooks/{provider} thing.kept raw=yes headers=Content-Type,X-Sign body_max=1KiB\n"
           "POST /plain thing.kept headers=Shop-Id\nGET /read thing.kept headers=Shop-Id\n");
    assert_int_equal(gateway_ask(f, "POST", "/hooks/pg",
                                 "Content-Type: text/plain\r\nX-Sign: v1=a\"\r\n", "a\xff\n"),
                     200);
    assert_string_equal(f->auth_played.body, "{\"provider\":\"pg\",\"contentType\":\"text/plain\","
                                             "\"xSign\":\"v1=a\\\"\",\"body\":\"Yf8K\"}");
    assert_int_equal(gateway_ask(f, "POST", "/hooks/pg", "", ""), 200);
    assert_string_equal(f->auth_played.body, "{\"provider\":\"pg\",\"body\":\"\"}");
    assert_int_equal(gateway_ask(f, "POST", "/hooks/pg", "X-Sign: a\r\nX-Sign: b\r\n", "x"), 400);
    assert_true(gateway_says("\"field\":\"X-Sign\",\"reason\":\"is there twice\""));
    assert_int_equal(gateway_ask(f, "POST", "/hooks/pg", "X-Sign: \xc3\xa4\r\n", "x"), 400);
    assert_true(gateway_says("must be printable ASCII"));
    assert_int_equal(gateway_ask(f, "POST", "/plain", JSON "Shop-Id: 7\r\n", "{\"a\":1}"), 200);
    assert_string_equal(f->auth_played.body, "{\"shopId\":\"7\",\"a\":1}");
    assert_int_equal(gateway_ask(f, "POST", "/plain", JSON, "{\"shopId\":1}"), 400);
    assert_true(gateway_says("\"field\":\"shopId\""));
    assert_int_equal(gateway_ask(f, "GET", "/read", "shop-id: 8\r\n", NULL), 200);
    assert_string_equal(f->auth_played.body, "{\"shopId\":\"8\"}");
    assert_int_equal(gateway_ask(f, "GET", "/openapi.json", "", NULL), 200);
    assert_true(gateway_says("{\"name\":\"Shop-Id\",\"in\":\"header\",\"required\":false,"));
    assert_true(gateway_says("\"requestBody\":{\"required\":true,\"content\":{\"*/*\":{"));
}

static void routes_of_a_bucket_stand_in_for_those_of_the_file(void **state)
{
    struct gateway_fixture *f = *state;

    gateway_take_bucket(&f->gw, "GET /bucket thing.kept");
    assert_int_equal(gateway_ask(f, "GET", "/bucket", "", NULL), 200);
    gateway_take_bucket(&f->gw, "GET /worse thing");
    assert_int_equal(gateway_ask(f, "GET", "/bucket", "", NULL), 200);
    assert_int_equal(gateway_ask(f, "GET", "/kept", "", NULL), 404);
    gateway_reload(&f->gw); /* keeps to the bucket */
    assert_int_equal(gateway_ask(f, "GET", "/bucket", "", NULL), 200);
    gateway_take_bucket(&f->gw, NULL);
    assert_int_equal(gateway_ask(f, "GET", "/bucket", "", NULL), 404);
    assert_int_equal(gateway_ask(f, "GET", "/kept", "", NULL), 200);
}

/* ---- pages of other origins ---- */

#define SHOP "Origin: https://shop.example\r\n"
#define EVIL "Origin: https://shop.example.evil\r\n"
#define WANTS(method) "Access-Control-Request-Method: " method "\r\n"

static const char SHARED[] =
    "cors default origins=https://shop.example,http://localhost:3000 credentials=yes exposes=X-A\n"
    "cors anyone origins=* max_age=5 headers=X-B\n"
    "GET /users/{userId} user.get auth=bearer etag=yes\n"
    "PATCH /users/{userId} thing.put\n"
    "GET /open thing.kept cache=public,60 cors=anyone\n"
    "GET /closed thing.kept cors=none\n";

static void a_preflight_says_what_a_page_may_ask(void **state)
{
    static const struct {
        const char *path, *fields;
        int want;
        const char *part, *not_part; /* NULL = any */
    } cases[] = {
        {"/users/1", SHOP WANTS("PATCH"),             204,
         "Access-Control-Allow-Methods: GET, HEAD, PATCH, OPTIONS\r\n",                                               NULL                  },
        {"/users/1", SHOP WANTS("PATCH"),             204,
         "Access-Control-Allow-Origin: https://shop.example\r\n",                                                     NULL                  },
        {"/users/1", SHOP WANTS("HEAD"),              204, "Access-Control-Allow-Credentials: true\r\n",              NULL                  },
        {"/users/1", SHOP WANTS("GET"),               204, "Access-Control-Max-Age: 600\r\n",                         NULL                  },
        {"/users/1", SHOP WANTS("GET"),               204,
         "Access-Control-Allow-Headers: Authorization, Content-Type, Idempotency-Key, If-Match, ",                    NULL                  },
        {"/users/1", SHOP WANTS("GET"),               204, "Vary: Access-Control-Request-Method, Origin\r\n",
         NULL                                                                                                                               },
        {"/users/1", EVIL WANTS("GET"),               204, "Vary: Access-Control-Request-Method, Origin\r\n",
         "Access-Control-Allow"                                                                                                             },
        {"/users/1", SHOP WANTS("PUT"),               204, "Allow: GET, HEAD, PATCH, OPTIONS\r\n",
         "Access-Control-Allow"                                                                                                             },
        {"/users/1", SHOP,                            204, "Allow: GET, HEAD, PATCH, OPTIONS\r\n",                    "Access-Control-Allow"},
        {"/users/1", "",                              204, "Allow: GET, HEAD, PATCH, OPTIONS\r\n",                    "Access-Control-Allow"},
        {"/users/1", "Origin: null\r\n" WANTS("GET"), 204, "Allow: ",                                                 "Access-Control-Allow"},
        {"/open",    EVIL WANTS("GET"),               204, "Access-Control-Allow-Origin: *\r\n",                      "Credentials"         },
        {"/open",    EVIL WANTS("GET"),               204, "tracestate, X-B\r\n",                                     "Origin, "            },
        {"/open",    EVIL WANTS("GET"),               204, "Access-Control-Max-Age: 5\r\n",                           NULL                  },
        {"/closed",  SHOP WANTS("GET"),               204, "Allow: GET, HEAD, OPTIONS\r\n",
         "Access-Control-Allow"                                                                                                             },
        {"/welcome", SHOP WANTS("GET"),               204,
         "Access-Control-Allow-Origin: https://shop.example\r\n",                                                     NULL                  },
        {"/nothing", SHOP WANTS("GET"),               404, "\"code\":\"not_found\"",                                  NULL                  },
        {"*",        "",                              204, "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n", NULL                  },
    };
    struct gateway_fixture *f = *state;

    use(f, SHARED);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int got = gateway_ask(f, "OPTIONS", cases[i].path, cases[i].fields, NULL);

        if (got != cases[i].want || !gateway_says(cases[i].part) ||
            (cases[i].not_part && gateway_says(cases[i].not_part)))
            fail_msg("%s %s: got '%s'", cases[i].path, cases[i].fields, gateway_reply);
    }
    assert_int_equal(f->user_played.n + f->auth_played.n, 0);
}

static void a_page_may_read_what_its_origin_is_let_in_to(void **state)
{
    static const struct {
        const char *path, *fields;
        int want;
        const char *part, *not_part;
    } cases[] = {
        {"/welcome", SHOP, 200, "Access-Control-Allow-Origin: https://shop.example\r\n", NULL            },
        {"/welcome", SHOP, 200, "Access-Control-Expose-Headers: ETag, Location, ",       NULL            },
        {"/welcome", SHOP, 200, "X-View-Lag, X-A\r\n",                                   NULL            },
        {"/welcome", SHOP, 200, "Vary: Origin\r\n",                                      NULL            },
        {"/welcome", EVIL, 200, "Vary: Origin\r\n",                                      "Access-Control"},
        {"/welcome", "",   200, "Vary: Origin\r\n",                                      "Access-Control"},
        {"/users/1", SHOP, 401, "Access-Control-Allow-Origin: https://shop.example\r\n", NULL            },
        {"/nothing", SHOP, 404, "Access-Control-Allow-Origin: https://shop.example\r\n", NULL            },
        {"/open",    EVIL, 200, "Access-Control-Allow-Origin: *\r\n",                    "Vary"          },
        {"/open",    "",   200, "Access-Control-Allow-Origin: *\r\n",                    "Credentials"   },
        {"/closed",  SHOP, 200, "{}",                                                    "Access-Control"},
    };
    struct gateway_fixture *f = *state;
    char fields[4096];

    use(f, SHARED);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int got = gateway_ask(f, "GET", cases[i].path, cases[i].fields, NULL);

        if (got != cases[i].want || !gateway_says(cases[i].part) ||
            (cases[i].not_part && gateway_says(cases[i].not_part)))
            fail_msg("%s %s: got '%s'", cases[i].path, cases[i].fields, gateway_reply);
    }
    f->user_played.header[0] = (struct message_header){HEADER_ETAG, "\"3\""};
    snprintf(fields, sizeof(fields), "%s%s", caller(f), SHOP);
    assert_int_equal(gateway_ask(f, "GET", "/users/1", fields, NULL), 200);
    assert_true(gateway_says("Vary: Authorization, Accept, Origin\r\n"));
}

static void without_such_rows_nobody_elses_page_reads_anything(void **state)
{
    struct gateway_fixture *f = *state;

    assert_int_equal(gateway_ask(f, "GET", "/welcome", SHOP, NULL), 200);
    assert_false(gateway_says("Access-Control") || gateway_says("Vary"));
    assert_int_equal(gateway_ask(f, "OPTIONS", "/login", SHOP WANTS("POST"), NULL), 204);
    assert_false(gateway_says("Access-Control-Allow"));
    assert_true(gateway_says("Allow: POST, OPTIONS\r\n"));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, gateway_setup, gateway_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_who_has_one_of_the_roles_gets_through),
        TEST(a_body_is_as_large_as_its_row_lets_it),
        TEST(a_head_and_a_query_are_as_large_as_their_row_lets_them),
        TEST(who_may_keep_an_answer_is_said),
        TEST(bytes_and_headers_travel_as_members),
        TEST(routes_of_a_bucket_stand_in_for_those_of_the_file),
        TEST(a_preflight_says_what_a_page_may_ask),
        TEST(a_page_may_read_what_its_origin_is_let_in_to),
        TEST(without_such_rows_nobody_elses_page_reads_anything),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
