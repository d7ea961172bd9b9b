/* gateway_test.c - the gateway between real HTTP and a real NATS; the services are played. One
 * thread turns the one loop, so nothing happens behind the test's back. */
#include "cmd/gateway/gateway.h"

#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "test/support/nats_server.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/message/endpoint.h"
#include "tool/metrics/metrics.h"

enum { PATIENCE_MS = 30000, REPLY_MAX = 65536, HELD_MAX = 64 };

static const char ROUTES[] =
    "POST /signup auth.signup status=201 location=/users/{userId} wait=yes idempotency=yes\n"
    "POST /login auth.login\n"
    "GET /users/{userId} user.get auth=bearer etag=yes\n"
    "PUT /users/{userId}/things/{thing} auth.put status=204\n"
    "GET /slow auth.slow timeout=50\n"
    "GET /patient auth.slow timeout=30000\n"
    "GET /nobody nobody.there\n";

/* A service that says what the test told it to. */
struct played {
    struct fixture *f;
    const char *data; /* NULL = no answer at all */
    struct message_header header[2];
    struct problem *problem;
    struct call call; /* of the last request, as it came */
    char body[256];
    bool has_prefer;
};

struct fixture {
    struct nats_server nats;
    struct loop *loop;
    struct metrics *metrics;
    struct link *link, *far; /* the gateway's, the services' */
    struct message_client *client;
    struct endpoint_spec auth_specs[5], user_specs[1];
    struct endpoint_server *auth, *user;
    struct played auth_played, user_played;
    struct endpoint_request *held[HELD_MAX]; /* that are not answered until the end */
    unsigned n_held, n_jwks;
    bool no_jwks;
    char dir[64];
    struct token_issuer *issuer;
    struct token_key_set keys; /* that auth.jwks tells */
    struct gateway gw;
};

static char text[REPLY_MAX]; /* what came over HTTP last */

/* ---- the services ---- */

static void hold(struct fixture *f, struct endpoint_request *request)
{
    assert_true(f->n_held < HELD_MAX);
    f->held[f->n_held++] = request;
}

static void on_request(void *arg, struct endpoint_request *request)
{
    struct played *played = arg;
    const struct message *m = endpoint_request_message(request);
    struct message_out out = {.data = played->data};
    size_t len;
    const char *data = message_data(m, &len);

    message_read_call(m, &CLOCK_SYSTEM, 1000, &played->call);
    snprintf(played->body, sizeof(played->body), "%.*s", (int)len, data);
    played->has_prefer = message_header(m, HEADER_PREFER) != NULL;
    if (!played->data) {
        hold(played->f, request);
        return;
    }
    out.len = strlen(played->data);
    for (size_t i = 0; i < ARRAY_LEN(played->header) && played->header[i].name; i++)
        message_add_header(&out, played->header[i].name, played->header[i].value);
    endpoint_answer(request, &out, played->problem);
}

static void on_jwks(void *arg, struct endpoint_request *request)
{
    struct fixture *f = arg;
    char json[4096];
    struct json_out o;

    f->n_jwks++;
    if (f->no_jwks) {
        hold(f, request);
        return;
    }
    json_out_init(&o, json, sizeof(json));
    json_out_open(&o, '{');
    json_out_key(&o, "keys");
    json_out_open(&o, '[');
    for (size_t i = 0; i < f->keys.n; i++) {
        json_out_open(&o, '{');
        json_out_member(&o, "kty", "OKP");
        json_out_member(&o, "crv", "Ed25519");
        json_out_member(&o, "kid", f->keys.keys[i].kid);
        json_out_member(&o, "x", f->keys.keys[i].x);
        json_out_member(&o, "use", "sig");
        json_out_member(&o, "alg", "EdDSA");
        json_out_close(&o, '}');
    }
    json_out_close(&o, ']');
    json_out_close(&o, '}');
    endpoint_answer(request, &(struct message_out){.data = o.buf, .len = o.len}, NULL);
}

static struct endpoint_server *play(struct fixture *f, const char *name,
                                    const struct endpoint_spec *specs, size_t n)
{
    return endpoint_server_create(&(struct endpoint_server_config){.link = f->far,
                                                                   .loop = f->loop,
                                                                   .clock = &CLOCK_SYSTEM,
                                                                   .name = name,
                                                                   .version = "0.0.1",
                                                                   .description = "played",
                                                                   .endpoints = specs,
                                                                   .n_endpoints = n});
}

/* ---- the test's own HTTP client ---- */

static void turn_until(struct fixture *f, bool (*done)(struct fixture *f), const char *what)
{
    int64_t give_up_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;

    while (!done(f)) {
        loop_turn(f->loop, 5);
        if (clock_now_ms(&CLOCK_SYSTEM) > give_up_ms)
            fail_msg("never came true: %s", what);
    }
}

static int put(struct fixture *f, const char *method, const char *path, const char *fields,
               const char *body)
{
    struct sockaddr_in addr = {.sin_family = AF_INET,
                               .sin_port = htons((uint16_t)http_server_port(f->gw.server)),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    char request[8192];
    int len =
        snprintf(request, sizeof(request), "%s %s HTTP/1.1\r\nHost: t\r\nConnection: close\r\n%s",
                 method, path, fields);

    if (body)
        len += snprintf(request + len, sizeof(request) - (size_t)len, "Content-Length: %zu\r\n",
                        strlen(body));
    len += snprintf(request + len, sizeof(request) - (size_t)len, "\r\n%s", body ? body : "");
    assert_int_equal(connect(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
    assert_int_equal(send(fd, request, (size_t)len, MSG_NOSIGNAL), len);
    return fd;
}

/* Reads the whole answer into text; its status. */
static int get(struct fixture *f, int fd)
{
    int64_t give_up_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;
    size_t used = 0;
    ssize_t n;

    while ((n = recv(fd, text + used, sizeof(text) - 1 - used, MSG_DONTWAIT)) != 0) {
        used += n > 0 ? (size_t)n : 0;
        text[used] = '\0';
        loop_turn(f->loop, 5);
        if (clock_now_ms(&CLOCK_SYSTEM) > give_up_ms)
            fail_msg("no answer: '%s'", text);
    }
    close(fd);
    return strncmp(text, "HTTP/1.1 ", 9) == 0 ? atoi(text + 9) : 0;
}

static int ask(struct fixture *f, const char *method, const char *path, const char *fields,
               const char *body)
{
    return get(f, put(f, method, path, fields, body));
}

#define JSON "Content-Type: application/json\r\n"

static bool says(const char *part)
{
    return strstr(text, part) != NULL;
}

static const char *bearer(struct fixture *f, struct token_issuer *issuer, struct uuid subject)
{
    static char field[TOKEN_TEXT_MAX + 64];
    struct call call = {.clock = &CLOCK_SYSTEM, .deadline_ms = INT64_MAX};
    char token[TOKEN_TEXT_MAX + 1];
    int64_t expires_in_s;

    (void)f;
    assert_int_equal(issuer->ops->issue(issuer, &call, subject, "admin", token, &expires_in_s),
                     ST_OK);
    snprintf(field, sizeof(field), "Authorization: Bearer %s\r\n", token);
    return field;
}

/* ---- set-up ---- */

static struct token_issuer *make_issuer(const char *dir)
{
    const char *why = "";
    struct token_issuer *issuer =
        token_issuer_create(&(struct token_issuer_config){.key_dir = dir,
                                                          .issuer = "hanok",
                                                          .audience = "hanok",
                                                          .lifetime_s = 600,
                                                          .entropy = &ENTROPY_SYSTEM},
                            &why);

    if (!issuer)
        fail_msg("%s", why);
    return issuer;
}

static void write_routes(const struct fixture *f, const char *routes)
{
    FILE *file = fopen(f->gw.routes_file, "w");

    assert_non_null(file);
    fputs(routes, file);
    fclose(file);
}

static bool links_are_up(struct fixture *f)
{
    return link_is_up(f->link) && link_is_up(f->far);
}

static bool keys_are_known(struct fixture *f)
{
    const char *why;

    return gateway_ready(&f->gw, &why);
}

static void start_services(struct fixture *f)
{
    const struct endpoint_spec auth[] = {
        {.subject = "auth.jwks",   .fn = on_jwks,    .arg = f              },
        {.subject = "auth.signup", .fn = on_request, .arg = &f->auth_played},
        {.subject = "auth.login",  .fn = on_request, .arg = &f->auth_played},
        {.subject = "auth.put",    .fn = on_request, .arg = &f->auth_played},
        {.subject = "auth.slow",   .fn = on_request, .arg = &f->auth_played},
    };
    const struct endpoint_spec user[] = {
        {.subject = "user.get", .fn = on_request, .arg = &f->user_played},
    };

    f->auth_played = f->user_played = (struct played){.f = f, .data = "{}"};
    memcpy(f->auth_specs, auth, sizeof(auth));
    memcpy(f->user_specs, user, sizeof(user));
    f->auth = play(f, "auth", f->auth_specs, ARRAY_LEN(auth));
    f->user = play(f, "user", f->user_specs, ARRAY_LEN(user));
}

static int setup(void **state)
{
    struct fixture *f = MEM_NEW(struct fixture);

    log_init("gateway", LOG_WARN);
    log_set_fd(-1);
    if (!nats_server_init(&f->nats, ""))
        return -1;
    strcpy(f->dir, "/tmp/hanok-test-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    f->loop = loop_create(&CLOCK_SYSTEM);
    f->metrics = metrics_create();
    f->link =
        link_create(&(struct link_config){.url = f->nats.url, .name = "gateway", .loop = f->loop});
    f->far =
        link_create(&(struct link_config){.url = f->nats.url, .name = "services", .loop = f->loop});
    f->client = message_client_create(&(struct message_client_config){
        .link = f->link, .loop = f->loop, .clock = &CLOCK_SYSTEM, .metrics = f->metrics});
    start_services(f);
    f->issuer = make_issuer(f->dir);
    f->issuer->ops->keys(f->issuer, &f->keys);
    snprintf(f->gw.listen, sizeof(f->gw.listen), "127.0.0.1:0");
    snprintf(f->gw.routes_file, sizeof(f->gw.routes_file), "%s/routes.conf", f->dir);
    strcpy(f->gw.token_issuer, "hanok");
    strcpy(f->gw.token_audience, "hanok");
    f->gw.body_max_bytes = 1000;
    f->gw.head_max_bytes = 8192;
    f->gw.head_timeout_ms = f->gw.body_timeout_ms = 60000;
    write_routes(f, ROUTES);
    assert_int_equal(gateway_start(&f->gw, &(struct service_run){.loop = f->loop,
                                                                 .clock = &CLOCK_SYSTEM,
                                                                 .entropy = &ENTROPY_SYSTEM,
                                                                 .metrics = f->metrics,
                                                                 .client = f->client,
                                                                 .link = f->link}),
                     ST_OK);
    turn_until(f, links_are_up, "NATS is up");
    *state = f;
    return 0;
}

static int setup_with_keys(void **state)
{
    if (setup(state) != 0)
        return -1;
    turn_until(*state, keys_are_known, "the keys are known");
    return 0;
}

static bool nothing_is_open(struct fixture *f)
{
    return endpoint_server_open(f->auth) + endpoint_server_open(f->user) == 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    char command[96];

    f->issuer->ops->destroy(f->issuer);
    for (unsigned i = 0; i < f->n_held; i++)
        endpoint_answer(f->held[i], &(struct message_out){.data = "{}", .len = 2}, NULL);
    turn_until(f, nothing_is_open, "all is answered");
    endpoint_server_destroy(f->auth);
    endpoint_server_destroy(f->user);
    gateway_stop(&f->gw);
    message_client_destroy(f->client);
    link_destroy(f->link);
    link_destroy(f->far);
    loop_destroy(f->loop);
    metrics_destroy(f->metrics);
    nats_server_fini(&f->nats);
    snprintf(command, sizeof(command), "rm -r '%s'", f->dir);
    assert_int_equal(system(command), 0);
    free(f);
    return 0;
}

/* ---- the tests ---- */

static void each_kind_of_request_has_its_answer(void **state)
{
    static const struct {
        const char *method, *path, *fields, *body;
        int want;
        const char *says; /* somewhere in head or body */
    } cases[] = {
        {"GET",     "/welcome",         "",                                NULL, 200, "{\"service\":\"hanok\",\"version\":"           },
        {"HEAD",    "/welcome",         "",                                NULL, 200, "Content-Length: "                              },
        {"GET",     "/welcome?a=b",     "",                                NULL, 200, "hanok"                                         },
        {"GET",     "http://t/welcome", "",                                NULL, 200, "hanok"                                         },
        {"GET",     "/health",          "",                                NULL, 200, "{\"status\":\"ok\",\"checks\":{\"nats\":\"ok\""},
        {"GET",     "/openapi.json",    "",                                NULL, 200, "\"/users/{userId}\""                           },
        {"GET",     "/docs",            "",                                NULL, 200, "Content-Security-Policy: "                     },
        {"GET",     "/nothing",         "",                                NULL, 404, "\"code\":\"not_found\""                        },
        {"GET",     "/welcome/",        "",                                NULL, 404, "\"instance\":\"/welcome/\""                    },
        {"GET",     "/users/%2e%2e",    "",                                NULL, 400, "\"code\":\"invalid_request\""                  },
        {"POST",    "/welcome",         "",                                "",   405, "Allow: GET, HEAD\r\n"                          },
        {"OPTIONS", "/login",           "",                                NULL, 405, "Allow: POST\r\n"                               },
        {"FETCH",   "/login",           "",                                NULL, 405, "\"code\":\"method_not_allowed\""               },
        {"POST",    "/login",           "",                                "{}", 415, "\"code\":\"unsupported_media_type\""           },
        {"POST",    "/login",           "Content-Type: text/plain\r\n",    "{}", 415, "application/problem+json"                      },
        {"POST",    "/login",           JSON,                              "{}", 200, "Cache-Control: no-store"                       },
        {"POST",    "/login",           JSON "Content-Length: 2000\r\n",   NULL, 413, "\"code\":\"too_large\""                        },
        {"GET",     "/welcome",         "Content-Length: x\r\n",           NULL, 400, "HTTP/1.1 400"                                  },
        {"GET",     "/welcome",         "Host: again\r\n",                 NULL, 400, "\"code\":\"invalid_request\""                  },
        {"GET",     "/welcome",         "Transfer-Encoding: gzip\r\n",     NULL, 501,
         "\"code\":\"not_implemented\""                                                                                               },
        {"GET",     "/users/1",         "",                                NULL, 401, "WWW-Authenticate: Bearer\r\n"                  },
        {"GET",     "/users/1",         "Authorization: Basic eA==\r\n",   NULL, 401,
         "\"code\":\"unauthenticated\""                                                                                               },
        {"GET",     "/users/1",         "Authorization: Bearer a.b.c\r\n", NULL, 401,
         "WWW-Authenticate: Bearer error=\"invalid_token\"\r\n"                                                                       },
        {"GET",     "/users/1",         "Authorization: Bearer a.b.c\r\n", NULL, 401,
         "\"code\":\"invalid_token\""                                                                                                 },
        {"GET",     "/nobody",          "",                                NULL, 503, "Retry-After: 1\r\n"                            },
        {"GET",     "/nobody",          "",                                NULL, 503, "\"code\":\"unavailable\""                      },
        {"POST",    "/signup",          JSON "Idempotency-Key: \x01\r\n",  "{}", 400,
         "\"code\":\"invalid_request\""                                                                                               },
        {"POST",    "/signup",          JSON "Idempotency-Key: \r\n",      "{}", 400, "Idempotency-Key must be"                       },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int got = ask(f, cases[i].method, cases[i].path, cases[i].fields, cases[i].body);

        if (got != cases[i].want || !says(cases[i].says))
            fail_msg("%s %s %s: got '%s'", cases[i].method, cases[i].path, cases[i].fields, text);
        if (!says("Content-Length: x") && got != 400 && !says("X-Request-Id: "))
            fail_msg("%s %s: no request id", cases[i].method, cases[i].path);
    }
}

static void a_request_id_is_kept_when_sound_and_made_otherwise(void **state)
{
    struct fixture *f = *state;

    ask(f, "GET", "/nothing", "X-Request-Id: My-1._id\r\n", NULL);
    assert_true(says("X-Request-Id: My-1._id\r\n"));
    assert_true(says("\"requestId\":\"My-1._id\""));
    ask(f, "GET", "/nothing", "X-Request-Id: no good\r\n", NULL);
    assert_false(says("no good"));
    assert_true(says("X-Request-Id: "));
}

static void what_travels_is_the_gateways_word(void **state)
{
    static const char TRACE[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    struct fixture *f = *state;
    struct played *played = &f->user_played;
    struct uuid id = uuid_v7(&CLOCK_SYSTEM, &ENTROPY_SYSTEM);
    char fields[4096], id_text[UUID_TEXT_LEN + 1];

    snprintf(fields, sizeof(fields),
             "%sX-Request-Id: r-1\r\ntraceparent: %s\r\nAuth-Subject: x\r\nAuth-Roles: root\r\n"
             "Request-Timeout: 1\r\nIdempotency-Key: k\r\nPrefer: wait=5\r\n",
             bearer(f, f->issuer, id), TRACE);
    assert_int_equal(ask(f, "GET", "/users/42", fields, NULL), 200);
    assert_string_equal(played->call.subject, uuid_text(id, id_text));
    assert_string_equal(played->call.roles, "admin");
    assert_string_equal(played->call.request_id, "r-1");
    assert_memory_equal(played->call.traceparent, TRACE, 36);
    assert_string_not_equal(played->call.traceparent, TRACE);
    assert_string_equal(played->call.idempotency_key, ""); /* not on this route */
    assert_false(played->has_prefer);
    assert_true(call_left_ms(&played->call) > 2000);
    assert_string_equal(played->body, "{\"userId\":\"42\"}");
}

static void a_route_forwards_what_its_row_says(void **state)
{
    struct fixture *f = *state;
    struct played *played = &f->auth_played;

    played->data = "{\"userId\":\"u-1\"}";
    assert_int_equal(
        ask(f, "POST", "/signup", JSON "Idempotency-Key: k-1\r\nPrefer: wait=99\r\n", "{\"a\":1}"),
        201);
    assert_true(says("Location: /users/u-1\r\n"));
    assert_true(says("\r\n\r\n{\"userId\":\"u-1\"}"));
    assert_string_equal(played->body, "{\"a\":1}");
    assert_string_equal(played->call.idempotency_key, "k-1");
    assert_int_equal(played->call.wait_ms, 10000);
    assert_true(call_left_ms(&played->call) > 10000); /* the route's own 5 s come on top */

    played->data = "{\"userId\":\"/../x\"}";
    assert_int_equal(ask(f, "POST", "/signup", JSON, "{}"), 201);
    assert_false(says("Location: "));

    played->data = "";
    assert_int_equal(ask(f, "PUT", "/users/a%41/things/b", JSON, "{\"n\":1}"), 204);
    assert_string_equal(played->body, "{\"userId\":\"aA\",\"thing\":\"b\",\"n\":1}");
    assert_false(says("Content-Length"));
    assert_int_equal(ask(f, "PUT", "/users/a/things/b", JSON, "{\"thing\":1}"), 400);
    assert_true(says("\"field\":\"thing\""));
    assert_int_equal(ask(f, "PUT", "/users/a/things/b", JSON, "{"), 400);
}

static void a_services_no_is_passed_on(void **state)
{
    struct fixture *f = *state;
    struct played *played = &f->auth_played;
    struct problem problem = {.retry_after_s = 7};

    problem_field(&problem, "name", "must be short");
    problem_set(&problem, ST_CONFLICT, "login_id_taken", "This one is taken.");
    played->data = "{\"type\":\"about:blank\",\"title\":\"Conflict\",\"status\":409,\"code\":"
                   "\"login_id_taken\",\"detail\":\"This one is taken.\",\"errors\":[{\"field\":"
                   "\"name\",\"reason\":\"must be short\"}],\"inside\":\"secret\"}";
    played->problem = &problem;
    assert_int_equal(ask(f, "POST", "/login", JSON "X-Request-Id: r-1\r\n", "{}"), 409);
    assert_true(says("Content-Type: application/problem+json\r\n"));
    assert_true(says("\"code\":\"login_id_taken\""));
    assert_true(says("\"instance\":\"/login\",\"requestId\":\"r-1\""));
    assert_true(says("[{\"field\":\"name\",\"reason\":\"must be short\"}]"));
    assert_true(says("Retry-After: 7\r\n"));
    assert_false(says("secret"));
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
    struct fixture *f = *state;
    struct played *played = &f->auth_played;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        played->data = "table user is gone";
        played->header[0] = (struct message_header){HEADER_ERROR_CODE, cases[i].code};
        if (ask(f, "POST", "/login", JSON, "{}") != cases[i].want || says("table") ||
            !says("\"code\":\""))
            fail_msg("%s: got '%s'", cases[i].code, text);
    }
}

static void an_etag_that_is_known_saves_the_body(void **state)
{
    struct fixture *f = *state;
    char fields[4096];

    f->user_played.data = "{\"name\":\"a\"}";
    f->user_played.header[0] = (struct message_header){HEADER_ETAG, "\"3\""};
    snprintf(fields, sizeof(fields), "%s", bearer(f, f->issuer, (struct uuid){{1}}));
    assert_int_equal(ask(f, "GET", "/users/1", fields, NULL), 200);
    assert_true(says("ETag: \"3\"\r\n"));
    strcat(fields, "If-None-Match: \"1\", W/\"3\"\r\n");
    assert_int_equal(ask(f, "GET", "/users/1", fields, NULL), 304);
    assert_true(says("ETag: \"3\"\r\n"));
    assert_false(says("name"));
    assert_int_equal(ask(f, "HEAD", "/users/1", fields, NULL), 304);
}

static void no_answer_in_time_is_a_504(void **state)
{
    struct fixture *f = *state;

    f->auth_played.data = NULL;
    assert_int_equal(ask(f, "GET", "/slow", "", NULL), 504);
    assert_true(says("\"code\":\"timeout\""));
}

static bool nobody_waits(struct fixture *f)
{
    return message_client_waiting(f->client) == 0;
}

static bool somebody_waits(struct fixture *f)
{
    return message_client_waiting(f->client) == 1;
}

static void a_client_that_left_is_forgotten(void **state)
{
    struct fixture *f = *state;
    int fd;

    f->auth_played.data = NULL;
    fd = put(f, "GET", "/patient", "", NULL);
    turn_until(f, somebody_waits, "the message is out");
    close(fd);
    turn_until(f, nobody_waits, "the client's leaving is noticed");
    assert_false(gateway_busy(&f->gw));
}

static void a_lost_link_is_a_503_and_comes_back(void **state)
{
    struct fixture *f = *state;
    int fd;

    f->auth_played.data = NULL;
    fd = put(f, "GET", "/patient", "", NULL);
    turn_until(f, somebody_waits, "the message is out");
    nats_server_kill(&f->nats);
    assert_int_equal(get(f, fd), 503);
    assert_int_equal(ask(f, "POST", "/login", JSON, "{}"), 503);
    assert_true(says("\"code\":\"unavailable\""));
    assert_int_equal(ask(f, "GET", "/health", "", NULL), 503);
    assert_true(says("\"nats\":\"unavailable\""));
    assert_true(nats_server_start(&f->nats));
    turn_until(f, links_are_up, "NATS is up again");
    f->auth_played.data = "{}";
    assert_int_equal(ask(f, "POST", "/login", JSON, "{}"), 200);
}

static void without_keys_nobody_is_let_in_and_nobody_refused(void **state)
{
    struct fixture *f = *state;
    const char *why;
    char fields[4096];

    snprintf(fields, sizeof(fields), "%s", bearer(f, f->issuer, (struct uuid){{1}}));
    assert_int_equal(ask(f, "GET", "/users/1", fields, NULL), 503);
    assert_int_equal(ask(f, "GET", "/health", "", NULL), 503);
    assert_true(says("\"tokenKeys\":\"unavailable\""));
    assert_false(gateway_ready(&f->gw, &why));
    f->no_jwks = false;
    turn_until(f, keys_are_known, "the keys are known");
    assert_int_equal(ask(f, "GET", "/users/1", fields, NULL), 200);
}

static int setup_without_keys(void **state)
{
    if (setup(state) != 0)
        return -1;
    ((struct fixture *)*state)->no_jwks = true;
    return 0;
}

static void a_new_key_is_fetched_once_for_all_who_wait(void **state)
{
    enum { N = 20 };
    struct fixture *f = *state;
    struct token_issuer *other;
    char dir[80], fields[4096];
    unsigned before = f->n_jwks;
    int fds[N];

    snprintf(dir, sizeof(dir), "%s/other", f->dir);
    other = make_issuer(dir);
    snprintf(fields, sizeof(fields), "%s", bearer(f, other, (struct uuid){{1}}));
    for (int i = 0; i < N; i++)
        fds[i] = put(f, "GET", "/users/1", fields, NULL);
    for (int i = 0; i < N; i++) {
        assert_int_equal(get(f, fds[i]), 401); /* the key is nobody's we know */
        assert_true(says("invalid_token"));
    }
    assert_true(f->n_jwks >= before + 1 && f->n_jwks <= before + 3);

    other->ops->keys(other, &f->keys); /* now it is auth's */
    for (int i = 0; i < N; i++)
        fds[i] = put(f, "GET", "/users/1", fields, NULL);
    for (int i = 0; i < N; i++)
        assert_int_equal(get(f, fds[i]), 200);
    assert_true(f->n_jwks <= before + 6);
    /* The old key is gone from the set, and with it what was signed by it. */
    snprintf(fields, sizeof(fields), "%s", bearer(f, f->issuer, (struct uuid){{1}}));
    assert_int_equal(ask(f, "GET", "/users/1", fields, NULL), 401);
    other->ops->destroy(other);
}

static void a_reload_takes_good_routes_and_leaves_bad_ones(void **state)
{
    struct fixture *f = *state;
    int fd;

    f->auth_played.data = NULL;
    fd = put(f, "GET", "/patient", "", NULL);
    turn_until(f, somebody_waits, "the message is out");
    write_routes(f, "GET /other auth.login\n");
    gateway_reload(&f->gw);
    f->auth_played.data = "{}";
    assert_int_equal(ask(f, "GET", "/other", "", NULL), 200);
    assert_int_equal(ask(f, "POST", "/login", JSON, "{}"), 404);
    write_routes(f, "GET /third\n");
    gateway_reload(&f->gw);
    assert_int_equal(ask(f, "GET", "/other", "", NULL), 200);
    close(fd); /* who was on the way under the old routes still ends */
    turn_until(f, nobody_waits, "the client's leaving is noticed");
}

static void every_answer_is_counted_by_route_and_status(void **state)
{
    struct fixture *f = *state;
    size_t len;
    char *page;

    ask(f, "GET", "/users/1", "", NULL);
    ask(f, "GET", "/users/2", "", NULL);
    ask(f, "GET", "/nothing", "", NULL);
    page = metrics_text(f->metrics, &len);
    assert_non_null(
        strstr(page, "hanok_http_requests_total{route=\"/users/{userId}\",status=\"401\"} 2\n"));
    assert_non_null(strstr(page, "hanok_http_requests_total{route=\"-\",status=\"404\"} 1\n"));
    assert_non_null(strstr(page, "hanok_http_connections "));
    free(page);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup_with_keys, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_kind_of_request_has_its_answer),
        TEST(a_request_id_is_kept_when_sound_and_made_otherwise),
        TEST(what_travels_is_the_gateways_word),
        TEST(a_route_forwards_what_its_row_says),
        TEST(a_services_no_is_passed_on),
        TEST(what_a_service_should_not_say_stays_inside),
        TEST(an_etag_that_is_known_saves_the_body),
        TEST(no_answer_in_time_is_a_504),
        TEST(a_client_that_left_is_forgotten),
        TEST(a_lost_link_is_a_503_and_comes_back),
        cmocka_unit_test_setup_teardown(without_keys_nobody_is_let_in_and_nobody_refused,
                                        setup_without_keys, teardown),
        TEST(a_new_key_is_fetched_once_for_all_who_wait),
        TEST(a_reload_takes_good_routes_and_leaves_bad_ones),
        TEST(every_answer_is_counted_by_route_and_status),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
