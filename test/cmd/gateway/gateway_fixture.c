/* gateway_fixture.c - see gateway_fixture.h. */
#include "test/cmd/gateway/gateway_fixture.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/crypto/token_folder.h"
#include "tool/metrics/metrics.h"

static const char ROUTES[] =
    "POST /signup auth.signup status=201 location=/users/{userId} wait=yes idempotency=yes\n"
    "POST /login auth.login\n"
    "GET /users/{userId} user.get auth=bearer etag=yes\n"
    "PUT /users/{userId}/things/{thing} thing.put status=204\n"
    "PATCH /things/{thing} thing.put etag=yes\n"
    "PATCH /loose/{thing} thing.put\n"
    "DELETE /users/{userId} thing.drop auth=fresh status=204 timeout=2000\n"
    "GET /kept thing.kept cache=public,60\n"
    "GET /kept/{thing} thing.kept cache=public,1\n"
    "GET /keys auth.jwks cache=public,60\n"
    "GET /slow thing.slow timeout=50\n"
    "GET /patient thing.slow timeout=30000\n"
    "GET /nobody nobody.there\n";

char gateway_reply[GATEWAY_REPLY_MAX];
int64_t gateway_beat_ms = 600000; /* longer than anybody's patience: no beat wakes a waiter */
const struct uuid GATEWAY_SESSION = {
    {1, 2, 3, 4, 5, 6, 0x77, 8, 0x89, 10, 11, 12, 13, 14, 15, 16}
};

/* ---- the services ---- */

static void hold(struct gateway_fixture *f, struct responder_request *request)
{
    assert_true(f->n_held < GATEWAY_HELD_MAX);
    f->held[f->n_held++] = request;
}

static void on_request(void *arg, struct responder_request *request)
{
    struct played *played = arg;
    const struct message *m = responder_request_message(request);
    struct message_out out = {.data = played->data};
    size_t len;
    const char *data = message_data(m, &len);

    played->n++;
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
    responder_answer(request, &out, played->problem, NULL);
}

static void on_jwks(void *arg, struct responder_request *request)
{
    struct gateway_fixture *f = arg;
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
    responder_answer(request, &(struct message_out){.data = o.buf, .len = o.len}, NULL, NULL);
}

static struct responder *play(struct gateway_fixture *f, const char *name,
                              const struct responder_spec *specs, size_t n)
{
    return responder_create(&(struct responder_config){.link = f->far,
                                                       .loop = f->loop,
                                                       .clock = &CLOCK_SYSTEM,
                                                       .name = name,
                                                       .version = "0.0.1",
                                                       .description = "played",
                                                       .endpoints = specs,
                                                       .n_endpoints = n});
}

/* ---- the test's own HTTP client ---- */

void gateway_turn_until(struct gateway_fixture *f, bool (*done)(struct gateway_fixture *f),
                        const char *what)
{
    int64_t give_up_ms = clock_now_ms(&CLOCK_SYSTEM) + GATEWAY_PATIENCE_MS;

    while (!done(f)) {
        loop_turn(f->loop, 5);
        if (clock_now_ms(&CLOCK_SYSTEM) > give_up_ms)
            fail_msg("never came true: %s", what);
    }
}

int gateway_put(struct gateway_fixture *f, const char *method, const char *path, const char *fields,
                const char *body)
{
    struct sockaddr_in addr = {.sin_family = AF_INET,
                               .sin_port = htons((uint16_t)http_server_port(f->gw.server)),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    char request[16384];
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
int gateway_get(struct gateway_fixture *f, int fd)
{
    int64_t give_up_ms = clock_now_ms(&CLOCK_SYSTEM) + GATEWAY_PATIENCE_MS;
    size_t used = 0;
    ssize_t n;

    while ((n = recv(fd, gateway_reply + used, sizeof(gateway_reply) - 1 - used, MSG_DONTWAIT)) !=
           0) {
        used += n > 0 ? (size_t)n : 0;
        gateway_reply[used] = '\0';
        loop_turn(f->loop, 5);
        if (clock_now_ms(&CLOCK_SYSTEM) > give_up_ms)
            fail_msg("no answer: '%s'", gateway_reply);
    }
    close(fd);
    return strncmp(gateway_reply, "HTTP/1.1 ", 9) == 0 ? (int)strtol(gateway_reply + 9, NULL, 10)
                                                       : 0;
}

int gateway_ask(struct gateway_fixture *f, const char *method, const char *path, const char *fields,
                const char *body)
{
    return gateway_get(f, gateway_put(f, method, path, fields, body));
}

#define JSON "Content-Type: application/json\r\n"

bool gateway_says(const char *part)
{
    return strstr(gateway_reply, part) != NULL;
}

const char *gateway_bearer(struct token_issuer *issuer, struct uuid subject)
{
    static char field[TOKEN_TEXT_MAX + 64];
    struct call call = {.clock = &CLOCK_SYSTEM, .deadline_ms = INT64_MAX};
    char token[TOKEN_TEXT_MAX + 1];
    int64_t expires_in_s;

    assert_int_equal(
        issuer->ops->issue(issuer, &call, subject, GATEWAY_SESSION, "admin", token, &expires_in_s),
        ST_OK);
    snprintf(field, sizeof(field), "Authorization: Bearer %s\r\n", token);
    return field;
}

/* ---- set-up ---- */

struct token_issuer *gateway_issuer(const char *dir)
{
    char trouble[TOKEN_WHY_MAX + 1];
    const char *why = "";
    struct token_issuer *made =
        token_issuer_create(&(struct token_issuer_config){.folder = token_folder_create(
                                                              dir, 600, &ENTROPY_SYSTEM, trouble),
                                                          .clock = &CLOCK_SYSTEM,
                                                          .issuer = "hanok",
                                                          .audience = "hanok",
                                                          .lifetime_s = 600,
                                                          .entropy = &ENTROPY_SYSTEM},
                            &why);

    if (!made)
        fail_msg("%s", why);
    return made;
}

void gateway_write_routes(const struct gateway_fixture *f, const char *routes)
{
    FILE *file = fopen(f->gw.routes_file, "w");

    assert_non_null(file);
    fputs(routes, file);
    fclose(file);
}

bool gateway_links_are_up(struct gateway_fixture *f)
{
    return link_is_up(f->link) && link_is_up(f->far);
}

bool gateway_keys_are_known(struct gateway_fixture *f)
{
    const char *why;

    return gateway_ready(&f->gw, &why);
}

static void start_services(struct gateway_fixture *f)
{
    const struct responder_spec auth[] = {
        {.subject = "auth.jwks",   .fn = on_jwks,    .arg = f              },
        {.subject = "auth.signup", .fn = on_request, .arg = &f->auth_played},
        {.subject = "auth.login",  .fn = on_request, .arg = &f->auth_played},
        {.subject = "thing.put",   .fn = on_request, .arg = &f->auth_played},
        {.subject = "thing.kept",  .fn = on_request, .arg = &f->auth_played},
        {.subject = "thing.slow",  .fn = on_request, .arg = &f->auth_played},
    };
    const struct responder_spec check[] = {
        {.subject = "auth.check", .fn = on_request, .arg = &f->check_played},
    };
    const struct responder_spec user[] = {
        {.subject = "user.get",   .fn = on_request, .arg = &f->user_played},
        {.subject = "thing.drop", .fn = on_request, .arg = &f->user_played},
    };

    f->auth_played = f->user_played = (struct played){.f = f, .data = "{}"};
    f->check_played = (struct played){.f = f, .data = "{\"roles\":\"courier\",\"more\":1}"};
    memcpy(f->auth_specs, auth, sizeof(auth));
    memcpy(f->check_specs, check, sizeof(check));
    memcpy(f->user_specs, user, sizeof(user));
    f->auth = play(f, "auth", f->auth_specs, ARRAY_LEN(auth));
    f->check = play(f, "auth", f->check_specs, ARRAY_LEN(f->check_specs));
    f->user = play(f, "user", f->user_specs, ARRAY_LEN(user));
}

static int set_up(void **state, bool no_jwks)
{
    struct gateway_fixture *f = MEM_NEW(struct gateway_fixture);

    f->no_jwks = no_jwks; /* before anybody may ask for them */
    log_init("gateway", LOG_WARN);
    log_set_fd(-1);
    if (!nats_server_init(&f->nats, ""))
        return -1;
    TEXT_COPY(f->dir, "/tmp/hanok-test-XXXXXX");
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
    f->issuer = gateway_issuer(f->dir);
    f->issuer->ops->keys(f->issuer, &f->keys);
    snprintf(f->gw.listen, sizeof(f->gw.listen), "127.0.0.1:0");
    snprintf(f->gw.routes_file, sizeof(f->gw.routes_file), "%s/routes.conf", f->dir);
    TEXT_COPY(f->gw.trust.header, TRUST_X_FORWARDED);
    TEXT_COPY(f->gw.security.hsts, "max-age=1");
    TEXT_COPY(f->gw.security.referrer_policy, "no-referrer");
    TEXT_COPY(f->gw.token_issuer, "hanok");
    TEXT_COPY(f->gw.token_audience, "hanok");
    f->gw.rate_limit = true;
    f->gw.body_max_bytes = 1000;
    f->gw.live_max = 10;
    f->gw.live_max_of_caller = 3;
    f->gw.live_beat_ms = gateway_beat_ms;
    f->gw.head_max_bytes = 8192;
    f->gw.head_timeout_ms = f->gw.body_timeout_ms = 60000;
    gateway_write_routes(f, ROUTES);
    assert_int_equal(gateway_start(&f->gw, &(struct service_run){.loop = f->loop,
                                                                 .clock = &CLOCK_SYSTEM,
                                                                 .entropy = &ENTROPY_SYSTEM,
                                                                 .metrics = f->metrics,
                                                                 .client = f->client,
                                                                 .link = f->link}),
                     ST_OK);
    gateway_turn_until(f, gateway_links_are_up, "NATS is up");
    *state = f;
    return 0;
}

int gateway_setup_without_keys(void **state)
{
    return set_up(state, true);
}

int gateway_setup(void **state)
{
    if (set_up(state, false) != 0)
        return -1;
    gateway_turn_until(*state, gateway_keys_are_known, "the keys are known");
    return 0;
}

static bool nothing_is_open(struct gateway_fixture *f)
{
    return responder_open(f->auth) + responder_open(f->check) + responder_open(f->user) == 0;
}

int gateway_teardown(void **state)
{
    struct gateway_fixture *f = *state;
    char command[96];

    f->issuer->ops->destroy(f->issuer);
    for (unsigned i = 0; i < f->n_held; i++)
        responder_answer(f->held[i], &(struct message_out){.data = "{}", .len = 2}, NULL, NULL);
    gateway_turn_until(f, nothing_is_open, "all is answered");
    responder_destroy(f->auth);
    responder_destroy(f->check);
    responder_destroy(f->user);
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

static int64_t waiting(struct gateway_fixture *f)
{
    return metric_value(metrics_gauge(f->metrics, "hanok_nats_requests_in_flight", "", ""));
}

bool gateway_nobody_waits(struct gateway_fixture *f)
{
    return waiting(f) == 0;
}

bool gateway_somebody_waits(struct gateway_fixture *f)
{
    return waiting(f) == 1;
}
