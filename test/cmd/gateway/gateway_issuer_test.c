/* gateway_issuer_test.c - who comes with a token of an issuer outside: its keys from a file or over
 * HTTP, and auth's word on who that is here. */
#include <unistd.h>

#include "test/cmd/gateway/gateway_fixture.h"
#include "test/support/web_server.h"
#include "tool/core/mem.h"
#include "tool/jose/made_token_test.h"

#define ISS "https://id.example.org/"
#define KIM "01890a5d-ac96-774b-bcce-b302099a8057"

enum { TEXT_MAX = 16384 };

static struct made_key rsa, ec, ed;
static struct played identity;
static struct responder *auth;

/* ---- auth ---- */

static struct call asked;

static void on_identity(void *arg, struct responder_request *request)
{
    const struct message *m = responder_request_message(request);
    struct message_out out = {.data = identity.data};
    size_t len;
    const char *data = message_data(m, &len);

    (void)arg;
    identity.n++;
    message_read_call(m, &CLOCK_SYSTEM, 1000, &asked);
    snprintf(identity.body, sizeof(identity.body), "%.*s", (int)len, data);
    out.len = strlen(out.data);
    responder_answer(request, &out, identity.problem, NULL);
}

static void play_auth(struct gateway_fixture *f)
{
    static const struct responder_spec SPECS[] = {
        {.subject = "auth.identity", .fn = on_identity}
    };

    identity = (struct played){.data = "{\"userId\":\"" KIM "\",\"more\":1}"};
    auth = responder_create(&(struct responder_config){.link = f->far,
                                                       .loop = f->loop,
                                                       .clock = &CLOCK_SYSTEM,
                                                       .name = "auth",
                                                       .version = "0.0.1",
                                                       .description = "played",
                                                       .endpoints = SPECS,
                                                       .n_endpoints = ARRAY_LEN(SPECS)});
}

/* ---- issuers ---- */

static void write_file(const struct gateway_fixture *f, const char *name, const char *text)
{
    char path[128], next[140];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", f->dir, name);
    snprintf(next, sizeof(next), "%s.new", path);
    file = fopen(next, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(rename(next, path), 0);
}

static void write_keys(const struct gateway_fixture *f, const char *first, const char *second)
{
    char json[TEXT_MAX];

    snprintf(json, sizeof(json), "{\"keys\":[%s%s%s]}", first, second[0] ? "," : "", second);
    write_file(f, "jwks.json", json);
}

static void use_issuers(struct gateway_fixture *f, const char *rows)
{
    write_file(f, "issuers.conf", rows);
    snprintf(f->gw.issuers_file, sizeof(f->gw.issuers_file), "%s/issuers.conf", f->dir);
    gateway_reload(&f->gw);
}

static void use_file(struct gateway_fixture *f)
{
    char rows[TEXT_MAX];

    snprintf(rows, sizeof(rows),
             ISS " audience=hanok keys=%s/jwks.json claim=groups role=boss:admin\n", f->dir);
    use_issuers(f, rows);
}

static int begin(void **state)
{
    struct gateway_fixture *f;

    if (gateway_setup(state) != 0)
        return -1;
    f = *state;
    made_key_init(&rsa, JOSE_RS256, "r", 2048, "");
    made_key_init(&ec, JOSE_ES256, "e", 0, "");
    made_key_init(&ed, JOSE_EDDSA, "d", 0, "");
    play_auth(f);
    write_keys(f, rsa.jwk, ec.jwk);
    use_file(f);
    return 0;
}

static int end(void **state)
{
    responder_destroy(auth);
    auth = NULL;
    made_key_fini(&rsa);
    made_key_fini(&ec);
    made_key_fini(&ed);
    return gateway_teardown(state);
}

/* An Authorization field, of a token that is good for an hour. */
static const char *field_of(const struct made_key *key, const char *issuer, const char *subject)
{
    static char field[MADE_TOKEN_MAX + 64];
    char header[64], claims[512], token[MADE_TOKEN_MAX];
    int64_t now_s = clock_wall_us(&CLOCK_SYSTEM) / 1000000;

    snprintf(header, sizeof(header), "{\"alg\":\"%s\",\"kid\":\"%s\"}", JOSE_ALG_NAMES[key->alg],
             key->kid);
    snprintf(claims, sizeof(claims),
             "{\"iss\":\"%s\",\"aud\":\"hanok\",\"sub\":\"%s\",\"iat\":%lld,\"exp\":%lld,"
             "\"groups\":[\"boss\",\"x\"]}",
             issuer, subject, (long long)now_s, (long long)now_s + 3600);
    snprintf(field, sizeof(field), "Authorization: Bearer %s\r\n",
             made_token(key, header, claims, token));
    return field;
}

static int ask(struct gateway_fixture *f, const struct made_key *key, const char *subject)
{
    return gateway_ask(f, "GET", "/users/42", field_of(key, ISS, subject), NULL);
}

/* As kim of the issuer named by. */
static int ask_until(struct gateway_fixture *f, const struct made_key *key, const char *by,
                     int want)
{
    int64_t give_up_ms = clock_now_ms(&CLOCK_SYSTEM) + GATEWAY_PATIENCE_MS;
    int status;

    while ((status = gateway_ask(f, "GET", "/users/42", field_of(key, by, "kim"), NULL)) != want &&
           clock_now_ms(&CLOCK_SYSTEM) < give_up_ms)
        loop_turn(f->loop, 50);
    return status;
}

/* ---- tests ---- */

static void he_travels_under_an_id_of_ours(void **state)
{
    struct gateway_fixture *f = *state;
    const struct call *told = &f->user_played.call;

    assert_int_equal(ask(f, &rsa, "kim"), 200);
    assert_string_equal(told->user, KIM);
    assert_string_equal(told->roles, "admin");
    assert_true(uuid_is_nil(told->session));
    assert_int_equal(identity.n, 1);
    assert_string_equal(identity.body, "{\"issuer\":\"" ISS "\",\"subject\":\"kim\"}");
    assert_string_equal(asked.user, "");
    assert_int_equal(ask(f, &ec, "lee"), 200);
    assert_int_equal(identity.n, 2);
}

static void auth_is_not_asked_again_for_a_token_it_has_just_told(void **state)
{
    struct gateway_fixture *f = *state;
    char field[MADE_TOKEN_MAX + 64];

    TEXT_COPY(field, field_of(&ec, ISS, "kim"));
    for (int i = 0; i < 3; i++)
        assert_int_equal(gateway_ask(f, "GET", "/users/42", field, NULL), 200);
    assert_int_equal(identity.n, 1);
    assert_string_equal(f->user_played.call.user, KIM);
    /* But where the route says so. */
    for (int i = 0; i < 2; i++)
        assert_int_equal(gateway_ask(f, "DELETE", "/users/42", field, NULL), 204);
    assert_int_equal(identity.n, 3);
    assert_int_equal(f->check_played.n, 0); /* he has no session here */
    assert_string_equal(f->user_played.call.roles, "admin");
}

static void without_auths_word_nobody_comes_in(void **state)
{
    struct gateway_fixture *f = *state;
    struct problem trouble = {.status = ST_UNAVAILABLE};

    identity.problem = &trouble;
    assert_int_equal(ask(f, &ec, "kim"), 503);
    trouble.status = ST_INVALID;
    assert_int_equal(ask(f, &ec, "kim"), 500);
    identity.problem = NULL;
    identity.data = "{}";
    assert_int_equal(ask(f, &ec, "kim"), 500);
    assert_int_equal(f->user_played.n, 0);
    identity.data = "{\"userId\":\"" KIM "\"}";
    assert_int_equal(ask(f, &ec, "kim"), 200);
}

static void others_are_refused(void **state)
{
    struct gateway_fixture *f = *state;
    struct made_key stranger;

    made_key_init(&stranger, JOSE_ES256, "e", 0, "");
    assert_int_equal(ask(f, &stranger, "kim"), 401);
    assert_true(gateway_says("invalid_token"));
    made_key_fini(&stranger);
    assert_int_equal(
        gateway_ask(f, "GET", "/users/42", field_of(&ec, "https://id.example.org", "kim"), NULL),
        401);
    assert_int_equal(gateway_ask(f, "GET", "/users/42", field_of(&ec, "hanok", "kim"), NULL), 401);
    assert_int_equal(
        gateway_ask(f, "GET", "/users/42", gateway_bearer(f->issuer, GATEWAY_SESSION), NULL), 200);
    /* Ours, of nobody. */
    assert_int_equal(
        gateway_ask(f, "GET", "/users/42", gateway_bearer(f->issuer, (struct uuid){{0}}), NULL),
        200);
    assert_int_equal(identity.n, 0);
}

static void keys_of_a_file_are_followed(void **state)
{
    struct gateway_fixture *f = *state;

    assert_int_equal(ask(f, &ec, "kim"), 200);
    write_keys(f, ed.jwk, rsa.jwk);
    assert_int_equal(ask_until(f, &ed, ISS, 200), 200);
    assert_int_equal(ask(f, &ec, "kim"), 401);
    assert_int_equal(ask(f, &rsa, "kim"), 200);
    write_file(f, "jwks.json", "{}"); /* a mistake: what was right before still is */
    assert_int_equal(ask_until(f, &ec, ISS, 503), 503);
    assert_int_equal(ask(f, &ed, "kim"), 200);
}

static void a_file_with_a_mistake_changes_nothing(void **state)
{
    struct gateway_fixture *f = *state;

    assert_int_equal(ask(f, &ec, "kim"), 200);
    use_issuers(f, ISS " audience=hanok keys=nothing");
    assert_int_equal(ask(f, &ec, "kim"), 200);
    use_issuers(f, "hanok audience=hanok keys=/nothing");
    assert_int_equal(ask(f, &ec, "kim"), 200);
    use_issuers(f, "# nobody any more\n");
    assert_int_equal(ask(f, &ec, "kim"), 401);
    use_file(f);
    assert_int_equal(ask(f, &ec, "kim"), 200);
}

static void without_its_keys_it_is_us_who_are_not_ready(void **state)
{
    struct gateway_fixture *f = *state;

    use_issuers(f, ISS " audience=hanok keys=/nowhere/jwks.json");
    assert_int_equal(ask(f, &ec, "kim"), 503);
    assert_int_equal(ask(f, &ec, "kim"), 503);
    assert_int_equal(
        gateway_ask(f, "GET", "/users/42", gateway_bearer(f->issuer, GATEWAY_SESSION), NULL), 200);
}

/* Those that wait while the table is read again are looked at by the new one. */
static void nobody_is_lost_when_the_table_is_read_again(void **state)
{
    struct gateway_fixture *f = *state;
    int fd;

    use_file(f);
    fd = gateway_put(f, "GET", "/users/42", field_of(&ec, ISS, "kim"), NULL);
    for (int i = 0; i < 20; i++) {
        loop_turn(f->loop, 0);
        use_file(f);
    }
    assert_int_equal(gateway_get(f, fd), 200);
}

/* ---- over HTTP ---- */

static char issuer[64];

static void publish(struct web_server *web, const char *named, const char *keys_path)
{
    struct web_page page = {.path = "/.well-known/openid-configuration", .status = 200};

    snprintf(page.body, sizeof(page.body), "{\"issuer\":\"%s\",\"jwks_uri\":\"%s%s\"}", named,
             issuer, keys_path);
    web_server_page(web, &page);
    page = (struct web_page){.path = "/keys", .status = 200};
    snprintf(page.body, sizeof(page.body), "{\"keys\":[%s,%s]}", rsa.jwk, ec.jwk);
    web_server_page(web, &page);
}

static void keys_are_found_by_discovery(void **state)
{
    struct gateway_fixture *f = *state;
    struct web_server web;

    web_server_init(&web, 0);
    snprintf(issuer, sizeof(issuer), "http://127.0.0.1:%d", web.port);
    publish(&web, issuer, "/keys");
    for (int by_keys = 0; by_keys < 2; by_keys++) {
        char rows[256], keys[128] = "";

        if (by_keys)
            snprintf(keys, sizeof(keys), " keys=%s/keys", issuer);
        snprintf(rows, sizeof(rows), "%s audience=hanok%s", issuer, keys);
        use_issuers(f, rows);
        assert_int_equal(ask_until(f, &ec, issuer, 200), 200);
        assert_string_equal(f->user_played.call.user, KIM);
        assert_string_equal(f->user_played.call.roles, "");
    }
    web_server_fini(&web);
}

static void discovery_is_not_believed_about_another(void **state)
{
    struct gateway_fixture *f = *state;
    struct web_server web;
    char rows[128], slash[80];

    web_server_init(&web, 0);
    snprintf(issuer, sizeof(issuer), "http://127.0.0.1:%d", web.port);
    snprintf(slash, sizeof(slash), "%s/", issuer);
    publish(&web, slash, "/keys");
    snprintf(rows, sizeof(rows), "%s audience=hanok", issuer);
    use_issuers(f, rows);
    assert_int_equal(ask_until(f, &ec, issuer, 503), 503);
    assert_int_equal(ask_until(f, &ec, issuer, 503), 503);
    publish(&web, issuer, "/keys"); /* and is asked again */
    assert_int_equal(ask_until(f, &ec, issuer, 200), 200);
    web_server_fini(&web);
}

/* Whoever sends tokens of keys that nobody has does not make us ask for each. */
static void an_issuer_is_not_asked_for_each_key(void **state)
{
    struct gateway_fixture *f = *state;
    struct web_server web;
    char rows[128];
    unsigned before;

    web_server_init(&web, 0);
    snprintf(issuer, sizeof(issuer), "http://127.0.0.1:%d", web.port);
    publish(&web, issuer, "/keys");
    snprintf(rows, sizeof(rows), "%s audience=hanok", issuer);
    use_issuers(f, rows);
    assert_int_equal(ask_until(f, &ec, issuer, 200), 200);
    before = atomic_load(&web.n);
    for (int i = 0; i < 50; i++)
        assert_int_equal(gateway_ask(f, "GET", "/users/42", field_of(&ed, issuer, "kim"), NULL),
                         401);
    assert_in_range(atomic_load(&web.n), before, before + 8);
    web_server_fini(&web);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(he_travels_under_an_id_of_ours),
        TEST(auth_is_not_asked_again_for_a_token_it_has_just_told),
        TEST(without_auths_word_nobody_comes_in),
        TEST(others_are_refused),
        TEST(keys_of_a_file_are_followed),
        TEST(a_file_with_a_mistake_changes_nothing),
        TEST(without_its_keys_it_is_us_who_are_not_ready),
        TEST(nobody_is_lost_when_the_table_is_read_again),
        TEST(keys_are_found_by_discovery),
        TEST(discovery_is_not_believed_about_another),
        TEST(an_issuer_is_not_asked_for_each_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
