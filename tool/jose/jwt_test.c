/* jwt_test.c - tokens of others, row by row: what RFC 8725 warns of, and what real issuers send. */
#include "tool/jose/jwt.h"

#include <openssl/hmac.h>
#include <openssl/pem.h>

#include "tool/jose/made_token_test.h"

#define ISS "https://id.example.org/"
#define BODY "\"iss\":\"" ISS "\",\"aud\":\"hanok\",\"sub\":\"kim\""
#define TIMES "\"iat\":1000,\"exp\":1900"
#define CLAIMS "{" BODY "," TIMES "}"

enum { NOW_S = 1500, LEEWAY_S = 30 };

static struct made_key rsa, ec, ed, other, twin;
static struct jwk_set *keys;
static char token[MADE_TOKEN_MAX];

static const struct jwt_rule RULE = {
    .issuer = ISS,
    .audience = "hanok",
    .algorithms = 1u << JOSE_RS256 | 1u << JOSE_ES256 | 1u << JOSE_EDDSA,
    .leeway_s = LEEWAY_S,
};

static int make_keys(void **state)
{
    char json[5 * MADE_JWK_MAX], why[JWK_WHY_MAX + 1];

    (void)state;
    made_key_init(&rsa, JOSE_RS256, "r", 2048, ",\"alg\":\"RS256\"");
    made_key_init(&ec, JOSE_ES256, "e", 0, ",\"use\":\"sig\"");
    made_key_init(&ed, JOSE_EDDSA, "d", 0, "");
    made_key_init(&other, JOSE_RS256, "r", 2048, "");
    made_key_init(&twin, JOSE_EDDSA, "r", 0, "");
    snprintf(json, sizeof(json), "{\"keys\":[%s,%s,%s,%s]}", rsa.jwk, ec.jwk, ed.jwk, twin.jwk);
    keys = jwk_set_parse(json, strlen(json), why);
    return keys ? 0 : -1;
}

static int free_keys(void **state)
{
    (void)state;
    jwk_set_destroy(keys);
    made_key_fini(&rsa);
    made_key_fini(&ec);
    made_key_fini(&ed);
    made_key_fini(&other);
    made_key_fini(&twin);
    return 0;
}

static const char *const VERDICTS[] = {
    [JWT_OK] = "ok",
    [JWT_MALFORMED] = "malformed",
    [JWT_BAD_ALGORITHM] = "algorithm",
    [JWT_BAD_TYPE] = "type",
    [JWT_UNKNOWN_KEY] = "unknown key",
    [JWT_BAD_SIGNATURE] = "signature",
    [JWT_NOT_FOR_US] = "not for us",
    [JWT_TOO_EARLY] = "too early",
    [JWT_EXPIRED] = "expired",
};

static enum jwt_verdict verify_by(const struct jwt_rule *rule, const char *text, size_t len)
{
    struct jwt *jwt = NULL;
    char *exact = mem_alloc(1, len);
    enum jwt_verdict verdict;

    /* An exact copy: a byte read past its end is found. */
    memcpy(exact, text, len);
    verdict = jwt_verify(rule, keys, exact, len, NOW_S, &jwt);
    assert_true((verdict == JWT_OK) == (jwt != NULL));
    jwt_destroy(jwt);
    free(exact);
    return verdict;
}

static void expect(const char *why, const struct jwt_rule *rule, const char *text,
                   enum jwt_verdict want)
{
    enum jwt_verdict got = verify_by(rule, text, strlen(text));

    if (got != want)
        fail_msg("%s: %s, not %s", why, VERDICTS[got], VERDICTS[want]);
}

static void tokens_of_its_keys_are_believed(void **state)
{
    struct jwt *jwt = NULL;

    (void)state;
    expect("RS256", &RULE, made_token(&rsa, "{\"alg\":\"RS256\",\"kid\":\"r\"}", CLAIMS, token),
           JWT_OK);
    expect("ES256", &RULE, made_token(&ec, "{\"alg\":\"ES256\",\"kid\":\"e\"}", CLAIMS, token),
           JWT_OK);
    expect("EdDSA", &RULE, made_token(&ed, "{\"alg\":\"EdDSA\",\"kid\":\"d\"}", CLAIMS, token),
           JWT_OK);
    expect("the other key of that kid", &RULE,
           made_token(&twin, "{\"alg\":\"EdDSA\",\"kid\":\"r\"}", CLAIMS, token), JWT_OK);
    assert_int_equal(jwt_verify(&RULE, keys, token, strlen(token), NOW_S, &jwt), JWT_OK);
    assert_string_equal(jwt_subject(jwt), "kim");
    assert_int_equal(jwt_expires_s(jwt), 1900 + LEEWAY_S);
    jwt_destroy(jwt);
}

static void headers_say_what_they_may(void **state)
{
    static const struct {
        const char *why, *header;
        enum jwt_verdict want;
    } cases[] = {
        {"Keycloak's spaces",    "{\"alg\" : \"EdDSA\",\"typ\" : \"JWT\",\"kid\" : \"d\"}",            JWT_OK           },
        {"an access token",      "{\"alg\":\"EdDSA\",\"typ\":\"at+jwt\",\"kid\":\"d\"}",               JWT_OK           },
        {"the long name of it",  "{\"alg\":\"EdDSA\",\"typ\":\"application/AT+JWT\",\"kid\":\"d\"}",
         JWT_OK                                                                                                         },
        {"a thumbprint",         "{\"alg\":\"EdDSA\",\"kid\":\"d\",\"x5t\":\"abc\"}",                  JWT_OK           },
        {"a logout token",       "{\"alg\":\"EdDSA\",\"typ\":\"logout+jwt\",\"kid\":\"d\"}",
         JWT_BAD_TYPE                                                                                                   },
        {"a proof",              "{\"alg\":\"EdDSA\",\"typ\":\"dpop+jwt\",\"kid\":\"d\"}",             JWT_BAD_TYPE     },
        {"a type of no text",    "{\"alg\":\"EdDSA\",\"typ\":1,\"kid\":\"d\"}",                        JWT_BAD_TYPE     },
        {"no algorithm",         "{\"kid\":\"d\"}",                                                    JWT_MALFORMED    },
        {"none",                 "{\"alg\":\"none\",\"kid\":\"d\"}",                                   JWT_BAD_ALGORITHM},
        {"NONE",                 "{\"alg\":\"NoNe\",\"kid\":\"d\"}",                                   JWT_BAD_ALGORITHM},
        {"a shared secret",      "{\"alg\":\"HS256\",\"kid\":\"d\"}",                                  JWT_BAD_ALGORITHM},
        {"another spelling",     "{\"alg\":\"eddsa\",\"kid\":\"d\"}",                                  JWT_BAD_ALGORITHM},
        {"one more algorithm",   "{\"alg\":\"EdDSA\",\"alg\":\"none\",\"kid\":\"d\"}",                 JWT_MALFORMED    },
        {"a list of algorithms", "{\"alg\":[\"EdDSA\"],\"kid\":\"d\"}",                                JWT_MALFORMED    },
        {"another's algorithm",  "{\"alg\":\"RS256\",\"kid\":\"d\"}",                                  JWT_UNKNOWN_KEY  },
        {"and the other's",      "{\"alg\":\"ES256\",\"kid\":\"d\"}",                                  JWT_UNKNOWN_KEY  },
        {"an unknown key",       "{\"alg\":\"EdDSA\",\"kid\":\"x\"}",                                  JWT_UNKNOWN_KEY  },
        {"another's key",        "{\"alg\":\"EdDSA\",\"kid\":\"r\"}",                                  JWT_BAD_SIGNATURE},
        {"no kid",               "{\"alg\":\"EdDSA\"}",                                                JWT_MALFORMED    },
        {"a kid of no text",     "{\"alg\":\"EdDSA\",\"kid\":1}",                                      JWT_MALFORMED    },
        {"a kid with an end",    "{\"alg\":\"EdDSA\",\"kid\":\"d\\u0000\"}",                           JWT_MALFORMED    },
        {"SQL as a kid",         "{\"alg\":\"EdDSA\",\"kid\":\"' OR 1=1 --\"}",                        JWT_UNKNOWN_KEY  },
        {"a file as a kid",      "{\"alg\":\"EdDSA\",\"kid\":\"../../dev/null\"}",                     JWT_UNKNOWN_KEY  },
        {"what must be known",   "{\"alg\":\"EdDSA\",\"kid\":\"d\",\"crit\":[\"exp\"]}",
         JWT_MALFORMED                                                                                                  },
        {"text as it is",        "{\"alg\":\"EdDSA\",\"kid\":\"d\",\"b64\":false,\"crit\":[\"b64\"]}",
         JWT_MALFORMED                                                                                                  },
        {"no object",            "[\"EdDSA\"]",                                                        JWT_MALFORMED    },
        {"nothing",              "",                                                                   JWT_MALFORMED    },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        expect(cases[i].why, &RULE, made_token(&ed, cases[i].header, CLAIMS, token), cases[i].want);
}

static void claims_say_what_they_must(void **state)
{
    static const struct {
        const char *why, *claims;
        enum jwt_verdict want;
    } cases[] = {
        {"one audience of several",
         "{\"iss\":\"" ISS "\",\"aud\":[\"a\",\"hanok\"],\"sub\":\"kim\"," TIMES "}",                              JWT_OK        },
        {"fractions of a second",            "{" BODY ",\"iat\":1000.5,\"exp\":1900.25}",                          JWT_OK        },
        {"no iat",                           "{" BODY ",\"exp\":1900}",                                            JWT_OK        },
        {"expired, within leeway",           "{" BODY ",\"exp\":1471}",                                            JWT_OK        },
        {"expired, by the leeway",           "{" BODY ",\"exp\":1470}",                                            JWT_EXPIRED   },
        {"early, within leeway",             "{" BODY ",\"exp\":1900,\"nbf\":1530,\"iat\":1530}",                  JWT_OK        },
        {"not yet",                          "{" BODY ",\"exp\":1900,\"nbf\":1531}",                               JWT_TOO_EARLY },
        {"made in the future",               "{" BODY ",\"exp\":1900,\"iat\":1531}",                               JWT_TOO_EARLY },
        {"for ever",                         "{" BODY "}",                                                         JWT_MALFORMED },
        {"an end of text",                   "{" BODY ",\"exp\":\"1900\"}",                                        JWT_MALFORMED },
        {"an end far away",                  "{" BODY ",\"exp\":1e300}",                                           JWT_MALFORMED },
        {"an end long ago",                  "{" BODY ",\"exp\":-1}",                                              JWT_MALFORMED },
        {"a null as a beginning",            "{" BODY ",\"exp\":1900,\"nbf\":null}",                               JWT_MALFORMED },
        {"two ends",                         "{" BODY ",\"exp\":1000,\"exp\":1900}",                               JWT_MALFORMED },
        {"another audience",                 "{\"iss\":\"" ISS "\",\"aud\":\"hanok2\",\"sub\":\"kim\"," TIMES "}",
         JWT_NOT_FOR_US                                                                                                          },
        {"an empty audience",                "{\"iss\":\"" ISS "\",\"aud\":[],\"sub\":\"kim\"," TIMES "}",
         JWT_NOT_FOR_US                                                                                                          },
        {"no audience",                      "{\"iss\":\"" ISS "\",\"sub\":\"kim\"," TIMES "}",                    JWT_NOT_FOR_US},
        {"an audience in another",
         "{\"iss\":\"" ISS "\",\"aud\":[[\"hanok\"]],\"sub\":\"kim\"," TIMES "}",                                  JWT_NOT_FOR_US},
        {"without its slash",
         "{\"iss\":\"https://id.example.org\",\"aud\":\"hanok\",\"sub\":\"kim\"," TIMES "}",
         JWT_NOT_FOR_US                                                                                                          },
        {"in capitals",
         "{\"iss\":\"https://ID.example.org/\",\"aud\":\"hanok\",\"sub\":\"kim\"," TIMES "}",
         JWT_NOT_FOR_US                                                                                                          },
        {"no issuer",                        "{\"aud\":\"hanok\",\"sub\":\"kim\"," TIMES "}",                      JWT_NOT_FOR_US},
        {"nobody",                           "{\"iss\":\"" ISS "\",\"aud\":\"hanok\"," TIMES "}",                  JWT_MALFORMED },
        {"an empty name",                    "{\"iss\":\"" ISS "\",\"aud\":\"hanok\",\"sub\":\"\"," TIMES "}",
         JWT_MALFORMED                                                                                                           },
        {"a number as a name",               "{\"iss\":\"" ISS "\",\"aud\":\"hanok\",\"sub\":1," TIMES "}",
         JWT_MALFORMED                                                                                                           },
        {"a name of two lines",
         "{\"iss\":\"" ISS "\",\"aud\":\"hanok\",\"sub\":\"kim\\r\\nAuth-Roles: admin\"," TIMES "}",
         JWT_MALFORMED                                                                                                           },
        {"a name with a control of Latin-1",
         "{\"iss\":\"" ISS "\",\"aud\":\"hanok\",\"sub\":\"kim\\u0085\"," TIMES "}",                               JWT_MALFORMED },
        {"a name in Korean",                 "{\"iss\":\"" ISS "\",\"aud\":\"hanok\",\"sub\":\"김\"," TIMES "}",
         JWT_OK                                                                                                                  },
        {"a name with an end",
         "{\"iss\":\"" ISS "\",\"aud\":\"hanok\",\"sub\":\"kim\\u0000x\"," TIMES "}",
         JWT_MALFORMED                                                                                                           },
        {"two names",                        "{" BODY ",\"sub\":\"lee\"," TIMES "}",                               JWT_MALFORMED },
        {"no object",                        "\"kim\"",                                                            JWT_MALFORMED },
        {"something behind it",              CLAIMS "{}",                                                          JWT_MALFORMED },
        {"nothing",                          "",                                                                   JWT_MALFORMED },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        expect(cases[i].why, &RULE,
               made_token(&ed, "{\"alg\":\"EdDSA\",\"kid\":\"d\"}", cases[i].claims, token),
               cases[i].want);
}

static void an_issuer_has_the_algorithms_of_its_rule(void **state)
{
    struct jwt_rule one = RULE, access = RULE;

    (void)state;
    one.algorithms = 1u << JOSE_RS256;
    expect("the other way", &one,
           made_token(&ed, "{\"alg\":\"EdDSA\",\"kid\":\"d\"}", CLAIMS, token), JWT_BAD_ALGORITHM);
    expect("its own", &one, made_token(&rsa, "{\"alg\":\"RS256\",\"kid\":\"r\"}", CLAIMS, token),
           JWT_OK);
    access.access_only = true;
    expect("an id token", &access,
           made_token(&ed, "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"d\"}", CLAIMS, token),
           JWT_BAD_TYPE);
    expect("of no type", &access,
           made_token(&ed, "{\"alg\":\"EdDSA\",\"kid\":\"d\"}", CLAIMS, token), JWT_BAD_TYPE);
    expect("an access token", &access,
           made_token(&ed, "{\"alg\":\"EdDSA\",\"typ\":\"at+jwt\",\"kid\":\"d\"}", CLAIMS, token),
           JWT_OK);
}

/* Signs by HMAC, with what everybody knows as its secret. */
static char *signed_by_what_is_public(const char *header, const void *secret, size_t len)
{
    unsigned char mac[32];
    unsigned n = sizeof(mac);
    size_t at = made_text(header, CLAIMS, token);

    HMAC(EVP_sha256(), secret, (int)len, (const unsigned char *)token, at, mac, &n);
    token[at++] = '.';
    made_b64(mac, n, token + at, sizeof(token) - at);
    return token;
}

static void a_public_key_is_no_secret(void **state)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *pem;
    size_t len;

    (void)state;
    assert_int_equal(PEM_write_bio_PUBKEY(bio, rsa.key), 1);
    len = (size_t)BIO_get_mem_data(bio, &pem);
    expect("HS256", &RULE, signed_by_what_is_public("{\"alg\":\"HS256\",\"kid\":\"r\"}", pem, len),
           JWT_BAD_ALGORITHM);
    expect("as if by RSA", &RULE,
           signed_by_what_is_public("{\"alg\":\"RS256\",\"kid\":\"r\"}", pem, len),
           JWT_BAD_SIGNATURE);
    BIO_free(bio);
}

static void a_token_brings_no_key_of_its_own(void **state)
{
    char header[3 * MADE_JWK_MAX];

    (void)state;
    snprintf(header, sizeof(header),
             "{\"alg\":\"RS256\",\"kid\":\"r\",\"jwk\":%s,\"jku\":\"http://127.0.0.1:1/jwks\","
             "\"x5u\":\"http://127.0.0.1:1/x5\",\"x5c\":[\"abc\"]}",
             other.jwk);
    expect("another's key", &RULE, made_token(&other, header, CLAIMS, token), JWT_BAD_SIGNATURE);
}

static void signatures_have_one_form(void **state)
{
    static const char HEADER[] = "{\"alg\":\"ES256\",\"kid\":\"e\"}";
    unsigned char raw[MADE_SIGNATURE_MAX] = {0};
    size_t at = made_text(HEADER, CLAIMS, token);

    (void)state;
    token[at] = '\0';
    expect("without one", &RULE, token, JWT_MALFORMED);
    strcpy(token + at, ".");
    expect("an empty one", &RULE, token, JWT_BAD_SIGNATURE);
    for (size_t len = 0; len < 70; len++) {
        made_b64(raw, len, token + at + 1, sizeof(token) - at - 1);
        expect("zeros", &RULE, token, JWT_BAD_SIGNATURE);
    }
    made_sign(&ec, token, at, raw);
    made_b64(raw, 64, token + at + 1, sizeof(token) - at - 1);
    expect("the right one", &RULE, token, JWT_OK);
    strcat(token, "=");
    expect("padded", &RULE, token, JWT_MALFORMED);
    made_b64(raw, 65, token + at + 1, sizeof(token) - at - 1);
    expect("and a byte more", &RULE, token, JWT_BAD_SIGNATURE);
    made_b64(raw, 64, token + at + 1, sizeof(token) - at - 1);
    strcat(token, ".x");
    expect("and a part more", &RULE, token, JWT_MALFORMED);
}

static void a_token_that_was_changed_is_not_believed(void **state)
{
    const struct made_key *makers[] = {&rsa, &ec, &ed};
    char header[64];

    (void)state;
    for (size_t k = 0; k < ARRAY_LEN(makers); k++) {
        size_t len;

        snprintf(header, sizeof(header), "{\"alg\":\"%s\",\"kid\":\"%s\"}",
                 JOSE_ALG_NAMES[makers[k]->alg], makers[k]->kid);
        made_token(makers[k], header, CLAIMS, token);
        len = strlen(token);
        for (size_t i = 0; i < len; i++) {
            char was = token[i];

            token[i] = was == 'A' ? 'B' : 'A';
            assert_int_not_equal(verify_by(&RULE, token, len), JWT_OK);
            token[i] = was;
            assert_int_not_equal(verify_by(&RULE, token, i), JWT_OK);
        }
        assert_int_equal(verify_by(&RULE, token, len), JWT_OK);
    }
}

static void an_endless_token_is_malformed(void **state)
{
    char claims[JWT_TEXT_MAX + 1];
    int n = snprintf(claims, sizeof(claims), "{" BODY "," TIMES ",\"more\":\"");

    (void)state;
    memset(claims + n, 'a', sizeof(claims) - (size_t)n);
    strcpy(claims + 2900, "\"}");
    made_token(&ed, "{\"alg\":\"EdDSA\",\"kid\":\"d\"}", claims, token);
    assert_true(strlen(token) <= JWT_TEXT_MAX);
    expect("a long one", &RULE, token, JWT_OK);
    memset(claims + 2900, 'a', 200);
    strcpy(claims + 3100, "\"}");
    expect("one too long", &RULE,
           made_token(&ed, "{\"alg\":\"EdDSA\",\"kid\":\"d\"}", claims, token), JWT_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_of_its_keys_are_believed),
        cmocka_unit_test(headers_say_what_they_may),
        cmocka_unit_test(claims_say_what_they_must),
        cmocka_unit_test(an_issuer_has_the_algorithms_of_its_rule),
        cmocka_unit_test(a_public_key_is_no_secret),
        cmocka_unit_test(a_token_brings_no_key_of_its_own),
        cmocka_unit_test(signatures_have_one_form),
        cmocka_unit_test(a_token_that_was_changed_is_not_believed),
        cmocka_unit_test(an_endless_token_is_malformed),
    };

    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
