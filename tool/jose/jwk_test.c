/* jwk_test.c - which keys of others are taken, and what they say of signatures. */
#include "tool/jose/jwk.h"

#include "tool/jose/made_token_test.h"

/* RFC 8037, appendix A. */
#define ED_X "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
/* RFC 7517, appendix A.1. */
#define EC_X "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"
#define EC_Y "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"
#define ED(more) "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\"" ED_X "\"" more "}"
#define ED_OF(x) "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\"" x "\"}"
#define EC(more)                                                                                   \
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\"" more "}"

static struct made_key rsa, weak, huge;

static int make_keys(void **state)
{
    (void)state;
    made_key_init(&rsa, JOSE_RS256, "k", 2048, "");
    made_key_init(&weak, JOSE_RS256, "k", 1024, "");
    made_key_init(&huge, JOSE_RS256, "k", 2048, "");
    return 0;
}

static int free_keys(void **state)
{
    (void)state;
    made_key_fini(&rsa);
    made_key_fini(&weak);
    made_key_fini(&huge);
    return 0;
}

static size_t count(const char *json, char why[JWK_WHY_MAX + 1])
{
    struct jwk_set *set = jwk_set_parse(json, strlen(json), why);
    size_t n = set ? jwk_set_count(set) : 0;

    jwk_set_destroy(set);
    return n;
}

static void keys_that_can_be_used_are_taken(void **state)
{
    static char even[MADE_JWK_MAX], big[MADE_JWK_MAX];
    const struct {
        const char *why, *jwk;
        size_t want;
    } cases[] = {
        {"Ed25519",                  ED(""),                                                                  1},
        {"for signatures",           ED(",\"use\":\"sig\",\"alg\":\"EdDSA\""),                                1},
        {"to verify",                ED(",\"key_ops\":[\"verify\"]"),                                         1},
        {"with what is not known",   ED(",\"x5c\":[\"abc\"],\"more\":{}"),                                    1},
        {"P-256",                    EC(""),                                                                  1},
        {"RSA",                      rsa.jwk,                                                                 1},
        {"for encryption",           ED(",\"use\":\"enc\""),                                                  0},
        {"use is no text",           ED(",\"use\":1"),                                                        0},
        {"to sign only",             ED(",\"key_ops\":[\"sign\"]"),                                           0},
        {"of another algorithm",     ED(",\"alg\":\"RS256\""),                                                0},
        {"none",                     ED(",\"alg\":\"none\""),                                                 0},
        {"RSA-PSS",                  EC(",\"alg\":\"PS256\""),                                                0},
        {"a private one",            ED(",\"d\":\"" ED_X "\""),                                               0},
        {"a shared secret",          "{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"c2VjcmV0\"}",                    0},
        {"without kid",              "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" ED_X "\"}",              0},
        {"an empty kid",             "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"\",\"x\":\"" ED_X "\"}",
         0                                                                                                     },
        {"X25519",                   "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"kid\":\"k\",\"x\":\"" ED_X "\"}", 0},
        {"of small order",           ED_OF("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),                    0},
        {"zero",                     ED_OF("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),                    0},
        {"too short",                ED_OF("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcH"),                       0},
        {"padded",                   ED_OF(ED_X "="),                                                         0},
        {"not on the curve",
         "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k\",\"x\":\"" EC_X "\",\"y\":\"" EC_X "\"}",
         0                                                                                                     },
        {"nowhere",                  "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k\",\"x\":\"" EC_X "\"}",   0},
        {"P-384",
         "{\"kty\":\"EC\",\"crv\":\"P-384\",\"kid\":\"k\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\"}",
         0                                                                                                     },
        {"RSA of 1024 bits",         weak.jwk,                                                                0},
        {"RSA, exponent 2",          even,                                                                    0},
        {"RSA, an endless exponent", big,                                                                     0},
        {"no object",                "\"k\"",                                                                 0},
    };
    char n[1400];

    (void)state;
    made_number(&huge, OSSL_PKEY_PARAM_RSA_N, n, sizeof(n));
    snprintf(even, sizeof(even), "{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"%s\",\"e\":\"Ag\"}", n);
    snprintf(big, sizeof(big),
             "{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"%s\",\"e\":\"AQAAAAAAAAAAAAAB\"}", n);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char json[3000], why[JWK_WHY_MAX + 1];
        size_t got;

        snprintf(json, sizeof(json), "{\"keys\":[%s]}", cases[i].jwk);
        got = count(json, why);
        if (got != cases[i].want || (got == 0) != (why[0] != '\0'))
            fail_msg("%s: %zu keys, '%s'", cases[i].why, got, why);
    }
}

static void a_set_is_an_object_with_keys(void **state)
{
    static const struct {
        const char *json, *why;
    } cases[] = {
        {"",                          "not a key set: an object with \"keys\" is right"},
        {"[]",                        "not a key set: an object with \"keys\" is right"},
        {"{}",                        "not a key set: an object with \"keys\" is right"},
        {"{\"keys\":{}}",             "not a key set: an object with \"keys\" is right"},
        {"{\"keys\":[]} x",           "not a key set: an object with \"keys\" is right"},
        {"{\"keys\":[],\"keys\":[]}", "not a key set: an object with \"keys\" is right"},
        {"{\"keys\":[]}",             "no key in it can be used here"                  },
        {"<html>not found</html>",    "not a key set: an object with \"keys\" is right"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char why[JWK_WHY_MAX + 1];

        assert_int_equal(count(cases[i].json, why), 0);
        assert_string_equal(why, cases[i].why);
    }
}

static void a_set_that_is_too_large_is_none(void **state)
{
    char *json = mem_alloc(1, JWK_JSON_MAX + 2), why[JWK_WHY_MAX + 1];

    (void)state;
    memset(json, ' ', JWK_JSON_MAX + 1);
    memcpy(json, "{\"keys\":[" ED("") "]}", strlen("{\"keys\":[" ED("") "]}"));
    assert_null(jwk_set_parse(json, JWK_JSON_MAX + 1, why));
    json[JWK_JSON_MAX] = '\0';
    assert_int_equal(count(json, why), 1);
    free(json);
}

static void keys_are_found_by_kid_and_algorithm(void **state)
{
    static const char JSON[] = "{\"keys\":[" ED("") "," EC("") "," ED_OF(EC_X) "]}";
    char why[JWK_WHY_MAX + 1];
    struct jwk_set *set = jwk_set_parse(JSON, strlen(JSON), why), *less;

    (void)state;
    assert_int_equal(jwk_set_count(set), 2);
    assert_non_null(jwk_set_find(set, "k", JOSE_EDDSA));
    assert_non_null(jwk_set_find(set, "k", JOSE_ES256));
    assert_ptr_not_equal(jwk_set_find(set, "k", JOSE_EDDSA), jwk_set_find(set, "k", JOSE_ES256));
    assert_null(jwk_set_find(set, "k", JOSE_RS256));
    assert_null(jwk_set_find(set, "K", JOSE_EDDSA));
    assert_null(jwk_set_find(set, "", JOSE_EDDSA));
    less = jwk_set_parse("{\"keys\":[" ED("") "]}", strlen("{\"keys\":[" ED("") "]}"), why);
    assert_false(jwk_set_same(set, less));
    assert_true(jwk_set_same(set, set) && jwk_set_same(less, less));
    jwk_set_destroy(less);
    jwk_set_destroy(set);
}

static void no_more_keys_than_there_is_room_for(void **state)
{
    char *json = mem_alloc(1, 16384), why[JWK_WHY_MAX + 1];
    size_t at = (size_t)sprintf(json, "{\"keys\":[");

    (void)state;
    for (int i = 0; i < JWK_SET_MAX + 8; i++)
        at += (size_t)sprintf(
            json + at, "%s{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"%d\",\"x\":\"" ED_X "\"}",
            i ? "," : "", i);
    sprintf(json + at, "]}");
    assert_int_equal(count(json, why), JWK_SET_MAX);
    free(json);
}

static void algorithms_have_one_spelling(void **state)
{
    (void)state;
    assert_int_equal(jose_alg_find("RS256"), JOSE_RS256);
    assert_int_equal(jose_alg_find("ES256"), JOSE_ES256);
    assert_int_equal(jose_alg_find("EdDSA"), JOSE_EDDSA);
    for (const char *const *name = (const char *const[]){"none", "None", "", "HS256", "rs256",
                                                         "RS384", "PS256", "ES256K", "ES512", NULL};
         *name; name++)
        assert_int_equal(jose_alg_find(*name), JOSE_ALGS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_that_can_be_used_are_taken),
        cmocka_unit_test(a_set_is_an_object_with_keys),
        cmocka_unit_test(a_set_that_is_too_large_is_none),
        cmocka_unit_test(keys_are_found_by_kid_and_algorithm),
        cmocka_unit_test(no_more_keys_than_there_is_room_for),
        cmocka_unit_test(algorithms_have_one_spelling),
    };

    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
