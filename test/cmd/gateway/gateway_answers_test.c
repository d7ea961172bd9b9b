/* gateway_answers_test.c - what is asked, what travels, what is answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cmd/gateway/routing.h"
#include "test/cmd/gateway/gateway_fixture.h"
#include "tool/core/mem.h"
#include "tool/metrics/metrics.h"

#define NO_VERB "A-METHOD-LONGER-THAN-ANY-THERE-IS"

static void each_kind_of_request_has_its_answer(void **state)
{
    static const struct {
        const char *method, *path, *fields, *body;
        int want;
        const char *part; /* somewhere in head or body */
    } cases[] = {
        {"GET",     "/welcome",         "",                                    NULL, 200, "{\"service\":\"hanok\",\"version\":"             },
        {"HEAD",    "/welcome",         "",                                    NULL, 200, "Content-Length: "                                },
        {"GET",     "/welcome?",        "",                                    NULL, 200, "hanok"                                           },
        {"GET",     "/welcome?a=b",     "",                                    NULL, 400, "\"field\":\"a\",\"reason\":\"is not known here\""},
        {"GET",     "/docs?a=b&c",      "",                                    NULL, 400, "\"field\":\"c\""                                 },
        {"POST",    "/login?a=b",       JSON,                                  "{}", 400, "\"code\":\"invalid_request\""                    },
        {"GET",     "/nothing?a=b",     "",                                    NULL, 404, "\"code\":\"not_found\""                          },
        {"GET",     "http://t/welcome", "",                                    NULL, 200, "hanok"                                           },
        {"GET",     "/health",          "",                                    NULL, 200, "{\"status\":\"ok\",\"checks\":{\"nats\":\"ok\""  },
        {"GET",     "/openapi.json",    "",                                    NULL, 200, "\"/users/{userId}\""                             },
        {"GET",     "/asyncapi.json",   "",                                    NULL, 200, "\"auth.account_created\""                        },
        {"GET",     "/docs",            "",                                    NULL, 200, "Content-Security-Policy: "                       },
        {"GET",     "/nothing",         "",                                    NULL, 404, "\"code\":\"not_found\""                          },
        {"GET",     "/welcome/",        "",                                    NULL, 404, "\"instance\":\"/welcome/\""                      },
        {"GET",     "/users/%2e%2e",    "",                                    NULL, 400, "\"code\":\"invalid_request\""                    },
        {"POST",    "/welcome",         "",                                    "",   405, "Allow: GET, HEAD, OPTIONS\r\n"                   },
        {"OPTIONS", "/login",           "",                                    NULL, 204, "Allow: POST, OPTIONS\r\n"                        },
        {"FETCH",   "/login",           "",                                    NULL, 405, "\"code\":\"method_not_allowed\""                 },
        {"POST",    "/login",           "",                                    "{}", 415, "\"code\":\"unsupported_media_type\""             },
        {"POST",    "/login",           "Content-Type: text/plain\r\n",        "{}", 415, "application/problem+json"                        },
        {"POST",    "/login",           JSON "Content-Encoding: gzip\r\n",     "{}", 415,
         "without a Content-Encoding"                                                                                                       },
        {"POST",    "/login",           JSON "Content-Encoding: Identity\r\n", "{}", 200,
         "Cache-Control: no-store"                                                                                                          },
        {"POST",    "/login",           JSON,                                  "{}", 200, "Cache-Control: no-store"                         },
        {"POST",    "/login",           JSON "Content-Length: 2000\r\n",       NULL, 413, "\"code\":\"too_large\""                          },
        {"GET",     "/welcome",         "Content-Length: x\r\n",               NULL, 400, "HTTP/1.1 400"                                    },
        {"GET",     "/welcome",         "Host: again\r\n",                     NULL, 400, "\"code\":\"invalid_request\""                    },
        {NO_VERB,   "/welcome",         "",                                    NULL, 501, "\"code\":\"not_implemented\""                    },
        {"GET",     "/users/1",         "",                                    NULL, 401, "WWW-Authenticate: Bearer\r\n"                    },
        {"GET",     "/users/1",         "Authorization: Basic eA==\r\n",       NULL, 401,
         "\"code\":\"unauthenticated\""                                                                                                     },
        {"GET",     "/users/1",         "Authorization: Bearer a.b.c\r\n",     NULL, 401,
         "WWW-Authenticate: Bearer error=\"invalid_token\"\r\n"                                                                             },
        {"GET",     "/users/1",         "Authorization: Bearer a.b.c\r\n",     NULL, 401,
         "\"code\":\"invalid_token\""                                                                                                       },
        {"GET",     "/nobody",          "",                                    NULL, 503, "Retry-After: 1\r\n"                              },
        {"GET",     "/nobody",          "",                                    NULL, 503, "\"code\":\"unavailable\""                        },
        {"POST",    "/signup",          JSON "Idempotency-Key: \x01\r\n",      "{}", 400,
         "\"code\":\"invalid_request\""                                                                                                     },
        {"POST",    "/signup",          JSON "Idempotency-Key: \r\n",          "{}", 400, "Idempotency-Key must be"                         },
    };
    struct gateway_fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int got = gateway_ask(f, cases[i].method, cases[i].path, cases[i].fields, cases[i].body);

        if (got != cases[i].want || !gateway_says(cases[i].part))
            fail_msg("%s %s %s: got '%s'", cases[i].method, cases[i].path, cases[i].fields,
                     gateway_reply);
        if (!gateway_says("X-Request-Id: "))
            fail_msg("%s %s: no request id", cases[i].method, cases[i].path);
        if (got >= 400 && !gateway_says("Content-Type: application/problem+json\r\n"))
            fail_msg("%s %s: no problem", cases[i].method, cases[i].path);
    }
}

static void what_travels_is_the_gateways_word(void **state)
{
    static const char TRACE[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    struct gateway_fixture *f = *state;
    struct played *played = &f->user_played;
    struct uuid id = uuid_v7(&CLOCK_SYSTEM, &ENTROPY_SYSTEM);
    char fields[4096], id_text[UUID_TEXT_LEN + 1];

    snprintf(fields, sizeof(fields),
             "%sX-Request-Id: r-1\r\ntraceparent: %s\r\nAuth-Subject: x\r\nAuth-Roles: root\r\n"
             "Auth-Session: 01890a5d-ac96-774b-bcce-b302099a8057\r\nAuth-Client: 10.0.0.1\r\n"
             "Auth-Agent: mine\r\nUser-Agent: nose/1 \xc3\xa4 (by test)\r\n"
             "Request-Timeout: 1\r\nIdempotency-Key: k\r\nPrefer: wait=5\r\n",
             gateway_bearer(f->issuer, id), TRACE);
    assert_int_equal(gateway_ask(f, "GET", "/users/42", fields, NULL), 200);
    assert_string_equal(played->call.user, uuid_text(id, id_text));
    assert_string_equal(played->call.roles, "admin");
    assert_true(uuid_equal(played->call.session, GATEWAY_SESSION));
    assert_string_equal(played->call.client, "127.0.0.1");
    assert_string_equal(played->call.agent, "nose/1  (by test)");
    assert_string_equal(played->call.request_id, "r-1");
    assert_memory_equal(played->call.traceparent, TRACE, 36);
    assert_string_not_equal(played->call.traceparent, TRACE);
    assert_string_equal(played->call.idempotency_key, ""); /* not on this route */
    assert_false(played->has_prefer);
    assert_true(call_left_ms(&played->call) > 2000);
    assert_string_equal(played->body, "{\"userId\":\"42\"}");
}

static void who_shows_no_token_has_an_address_and_nothing_else(void **state)
{
    struct gateway_fixture *f = *state;
    const struct call *call = &f->auth_played.call;
    char fields[1024];

    snprintf(fields, sizeof(fields),
             JSON "%sAuth-Subject: 01890a5d-ac96-774b-bcce-b302099a8057\r\nAuth-Roles: admin\r\n"
                  "Auth-Session: 01890a5d-ac96-774b-bcce-b302099a8057\r\nAuth-Client: 10.0.0.1\r\n"
                  "Auth-Agent: mine\r\nUser-Agent: %0300d\r\n",
             gateway_bearer(f->issuer, (struct uuid){{1}}), 7);
    assert_int_equal(gateway_ask(f, "POST", "/login", fields, "{}"), 200);
    assert_string_equal(call->user, "");
    assert_string_equal(call->roles, "");
    assert_true(uuid_is_nil(call->session));
    assert_string_equal(call->client, "127.0.0.1");
    assert_int_equal(strlen(call->agent), CALL_AGENT_MAX);
    assert_int_equal(gateway_ask(f, "POST", "/login", JSON, "{}"), 200);
    assert_string_equal(call->agent, "");
}

static void a_route_forwards_what_its_row_says(void **state)
{
    struct gateway_fixture *f = *state;
    struct played *played = &f->auth_played;

    played->data = "{\"userId\":\"u-1\"}";
    assert_int_equal(gateway_ask(f, "POST", "/signup",
                                 JSON "Idempotency-Key: k-1\r\nPrefer: wait=99\r\n", "{\"a\":1}"),
                     201);
    assert_true(gateway_says("Location: /users/u-1\r\n"));
    assert_true(gateway_says("\r\n\r\n{\"userId\":\"u-1\"}"));
    assert_string_equal(played->body, "{\"a\":1}");
    assert_string_equal(played->call.idempotency_key, "k-1");
    assert_int_equal(played->call.wait_ms, 10000);
    assert_true(call_left_ms(&played->call) > 10000); /* the route's own 5 s come on top */

    played->data = "{\"userId\":\"/../x\"}";
    assert_int_equal(gateway_ask(f, "POST", "/signup", JSON, "{}"), 201);
    assert_false(gateway_says("Location: "));

    played->data = "";
    assert_int_equal(gateway_ask(f, "PUT", "/users/a%41/things/b", JSON, "{\"n\":1}"), 204);
    assert_string_equal(played->body, "{\"userId\":\"aA\",\"thing\":\"b\",\"n\":1}");
    assert_false(gateway_says("Content-Length"));
    assert_int_equal(gateway_ask(f, "PUT", "/users/a/things/b", JSON, "{\"thing\":1}"), 400);
    assert_true(gateway_says("\"field\":\"thing\""));
    assert_int_equal(gateway_ask(f, "PUT", "/users/a/things/b", JSON, "{"), 400);
}

struct list_query {
    char user_id[64];
    int64_t limit;
};

static void a_query_travels_in_the_message(void **state)
{
    static const struct field fields[] = {
        FIELD(struct list_query, user_id, "userId", FIELD_TEXT, FIELD_IN_PATH, .doc = "Whose."),
        FIELD(struct list_query, limit, "limit", FIELD_INT, FIELD_IN_QUERY, .doc = "How many."),
    };
    static const struct descriptor query = DESCRIPTOR(struct list_query, "Query", fields, "");
    static const struct operation list = {.subject = "user.get", .request = &query};
    struct gateway_fixture *f = *state;
    struct route_match match;
    char bearer[4096];

    snprintf(bearer, sizeof(bearer), "%s", gateway_bearer(f->issuer, (struct uuid){{1}}));
    assert_int_equal(gateway_ask(f, "GET", "/users/42?limit=5", bearer, NULL), 400);
    assert_true(gateway_says("\"field\":\"limit\""));
    assert_int_equal(route_match(f->gw.routing->table, "GET", "/users/42", &match), ROUTE_FOUND);
    f->gw.routing->table->routes[match.route - f->gw.routing->table->routes].op = &list;
    assert_int_equal(gateway_ask(f, "GET", "/users/42?limit=5", bearer, NULL), 200);
    assert_string_equal(f->user_played.body, "{\"userId\":\"42\",\"limit\":5}");
    assert_int_equal(gateway_ask(f, "GET", "/users/42?limit=x&a=b", bearer, NULL), 400);
    assert_true(gateway_says("{\"field\":\"limit\",\"reason\":\"must be a whole number\"}"));
    assert_true(gateway_says("{\"field\":\"a\",\"reason\":\"is not known here\"}"));
    assert_true(gateway_says("\"instance\":\"/users/42\""));
}

static void a_services_no_is_passed_on(void **state)
{
    struct gateway_fixture *f = *state;
    struct played *played = &f->auth_played;
    struct problem problem = {.retry_after_s = 7};

    problem_field(&problem, "name", "must be short");
    problem_set(&problem, ST_CONFLICT, "login_id_taken", "This one is taken.");
    played->data = "{\"type\":\"about:blank\",\"title\":\"Conflict\",\"status\":409,\"code\":"
                   "\"login_id_taken\",\"detail\":\"This one is taken.\",\"errors\":[{\"field\":"
                   "\"name\",\"reason\":\"must be short\"}],\"inside\":\"secret\"}";
    played->problem = &problem;
    assert_int_equal(gateway_ask(f, "POST", "/login", JSON "X-Request-Id: r-1\r\n", "{}"), 409);
    assert_true(gateway_says("Content-Type: application/problem+json\r\n"));
    assert_true(gateway_says("\"code\":\"login_id_taken\""));
    assert_true(gateway_says("\"instance\":\"/login\",\"requestId\":\"r-1\""));
    assert_true(gateway_says("[{\"field\":\"name\",\"reason\":\"must be short\"}]"));
    assert_true(gateway_says("Retry-After: 7\r\n"));
    assert_false(gateway_says("secret"));
}

static void what_a_service_should_not_say_stays_inside(void **state)
{
    static const struct {
        const char *code;
        int want;
    } cases[] = {
        {"500", 500},
        {"418", 500},
        {"200", 500},
        {"x",   500},
        {"599", 500},
        {"404", 404},
        {"503", 503},
        {"504", 504}
    };
    struct gateway_fixture *f = *state;
    struct played *played = &f->auth_played;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        played->data = "table user is gone";
        played->header[0] = (struct message_header){HEADER_ERROR_CODE, cases[i].code};
        if (gateway_ask(f, "POST", "/login", JSON, "{}") != cases[i].want ||
            gateway_says("table") || !gateway_says("\"code\":\""))
            fail_msg("%s: got '%s'", cases[i].code, gateway_reply);
    }
}

static void what_is_accepted_and_not_decided_is_a_202_with_its_reply(void **state)
{
    struct gateway_fixture *f = *state;

    f->auth_played.data = "{\"sagaId\":\"1\"}";
    f->auth_played.header[0] = (struct message_header){HEADER_ERROR_CODE, "202"};
    assert_int_equal(gateway_ask(f, "POST", "/login", JSON, "{}"), 202);
    assert_true(gateway_says("Content-Type: application/json\r\n"));
    assert_true(gateway_says("{\"sagaId\":\"1\"}"));
}

static void a_document_that_is_known_is_not_sent_again(void **state)
{
    struct gateway_fixture *f = *state;
    static const char *const documents[] = {"/openapi.json", "/asyncapi.json"};
    const char *etag;
    char fields[256];

    for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
        assert_int_equal(gateway_ask(f, "GET", documents[i], "", NULL), 200);
        assert_true(gateway_says("Cache-Control: no-cache\r\n"));
        etag = strstr(gateway_reply, "ETag: ");
        assert_non_null(etag);
        etag += strlen("ETag: ");
        snprintf(fields, sizeof(fields), "If-None-Match: %.*s\r\n", (int)strcspn(etag, "\r"), etag);
        assert_int_equal(gateway_ask(f, "GET", documents[i], fields, NULL), 304);
        assert_false(gateway_says("\"info\""));
        assert_int_equal(gateway_ask(f, "GET", documents[i], "If-None-Match: \"x\"\r\n", NULL),
                         200);
    }
}

static void how_far_a_view_is_behind_is_passed_on(void **state)
{
    struct gateway_fixture *f = *state;
    const char *bearer = gateway_bearer(f->issuer, (struct uuid){{1}});

    f->user_played.data = "{\"name\":\"a\"}";
    assert_int_equal(gateway_ask(f, "GET", "/users/1", bearer, NULL), 200);
    assert_false(gateway_says("X-View-Lag"));
    f->user_played.header[0] = (struct message_header){HEADER_VIEW_LAG, "12"};
    bearer = gateway_bearer(f->issuer, (struct uuid){{1}});
    assert_int_equal(gateway_ask(f, "GET", "/users/1", bearer, NULL), 200);
    assert_true(gateway_says("X-View-Lag: 12\r\n"));
}

static void an_etag_that_is_known_saves_the_body(void **state)
{
    struct gateway_fixture *f = *state;
    char fields[4096];

    f->user_played.data = "{\"name\":\"a\"}";
    f->user_played.header[0] = (struct message_header){HEADER_ETAG, "\"3\""};
    snprintf(fields, sizeof(fields), "%s", gateway_bearer(f->issuer, (struct uuid){{1}}));
    assert_int_equal(gateway_ask(f, "GET", "/users/1", fields, NULL), 200);
    assert_true(gateway_says("ETag: \"3\"\r\n"));
    strcat(fields, "If-None-Match: \"1\", W/\"3\"\r\n");
    assert_int_equal(gateway_ask(f, "GET", "/users/1", fields, NULL), 304);
    assert_true(gateway_says("ETag: \"3\"\r\n"));
    assert_false(gateway_says("name"));
    assert_int_equal(gateway_ask(f, "HEAD", "/users/1", fields, NULL), 304);
}

#define PATCH "Content-Type: application/merge-patch+json\r\n"

static void a_patch_may_say_what_it_is_a_patch_of(void **state)
{
    static const struct {
        const char *path, *fields;
        int want;
        int64_t if_version;
        const char *part;
    } cases[] = {
        {"/things/1", PATCH,                                          200, 0,                "{}"                              },
        {"/things/1", JSON,                                           200, 0,                "{}"                              },
        {"/things/1", "Content-Type: text/plain\r\n",                 415, 0,
         "Accept-Patch: application/merge-patch+json, application/json\r\n"                                                    },
        {"/things/1", PATCH "If-Match: \"3\"\r\n",                    200, 3,                "{}"                              },
        {"/things/1", PATCH "If-Match: *\r\n",                        200, CALL_ANY_VERSION, "{}"                              },
        {"/things/1", PATCH "If-Match: W/\"3\"\r\n",                  412, 0,                "\"code\":\"precondition_failed\""},
        {"/things/1", PATCH "If-Match: \"abc\"\r\n",                  412, 0,                "is not the version"              },
        {"/things/1", PATCH "If-Match: 3\r\n",                        400, 0,                "If-Match must be"                },
        {"/things/1", PATCH "If-Match: \"1\", \"2\"\r\n",             400, 0,                "If-Match must be"                },
        {"/things/1", PATCH "If-Match: \"1\"\r\nIf-Match: \"2\"\r\n", 400, 0,                "If-Match must be"                },
        {"/loose/1",  PATCH "If-Match: \"3\"\r\n",                    200, 0,                "{}"                              },
    };
    struct gateway_fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        f->auth_played.call.if_version = 0;
        if (gateway_ask(f, "PATCH", cases[i].path, cases[i].fields, "{}") != cases[i].want ||
            !gateway_says(cases[i].part) || f->auth_played.call.if_version != cases[i].if_version)
            fail_msg("%s: got '%s'", cases[i].fields, gateway_reply);
    }
    assert_int_equal(gateway_ask(f, "POST", "/login", PATCH, "{}"), 415);
    assert_false(gateway_says("Accept-Patch"));
}

static void a_stale_version_is_a_412(void **state)
{
    struct gateway_fixture *f = *state;
    struct problem problem = {.status = ST_STALE};

    f->auth_played.data = "{}";
    f->auth_played.problem = &problem;
    assert_int_equal(gateway_ask(f, "PATCH", "/things/1", PATCH "If-Match: \"3\"\r\n", "{}"), 412);
    assert_true(gateway_says("\"code\":\"precondition_failed\""));
}

static void every_answer_is_counted_by_route_and_status(void **state)
{
    struct gateway_fixture *f = *state;
    size_t len;
    char *page;

    gateway_ask(f, "GET", "/users/1", "", NULL);
    gateway_ask(f, "GET", "/users/2", "", NULL);
    gateway_ask(f, "GET", "/nothing", "", NULL);
    page = metrics_text(f->metrics, &len);
    assert_non_null(
        strstr(page, "hanok_http_requests_total{route=\"/users/{userId}\",status=\"401\"} 2\n"));
    assert_non_null(strstr(page, "hanok_http_requests_total{route=\"-\",status=\"404\"} 1\n"));
    assert_non_null(strstr(page, "hanok_http_connections "));
    free(page);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, gateway_setup, gateway_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_kind_of_request_has_its_answer),
        TEST(what_travels_is_the_gateways_word),
        TEST(who_shows_no_token_has_an_address_and_nothing_else),
        TEST(a_route_forwards_what_its_row_says),
        TEST(a_query_travels_in_the_message),
        TEST(a_services_no_is_passed_on),
        TEST(what_a_service_should_not_say_stays_inside),
        TEST(what_is_accepted_and_not_decided_is_a_202_with_its_reply),
        TEST(a_document_that_is_known_is_not_sent_again),
        TEST(how_far_a_view_is_behind_is_passed_on),
        TEST(an_etag_that_is_known_saves_the_body),
        TEST(a_patch_may_say_what_it_is_a_patch_of),
        TEST(a_stale_version_is_a_412),
        TEST(every_answer_is_counted_by_route_and_status),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
