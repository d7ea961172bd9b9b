/* jwt_claim_test.c - what is read from a token: its issuer before it is believed, texts after. */
#include "tool/jose/jwt.h"

#include "tool/jose/made_token_test.h"

#define ISS "https://id.example.org/"
#define BODY "\"iss\":\"" ISS "\",\"aud\":\"hanok\",\"sub\":\"kim\""
#define TIMES "\"iat\":1000,\"exp\":1900"
#define CLAIMS "{" BODY "," TIMES "}"

static struct made_key ed;
static struct jwk_set *keys;
static char token[MADE_TOKEN_MAX];

static const struct jwt_rule RULE = {
    .issuer = ISS,
    .audience = "hanok",
    .algorithms = 1u << JOSE_EDDSA,
};

static int make_keys(void **state)
{
    char json[MADE_JWK_MAX + 20], why[JWK_WHY_MAX + 1];

    (void)state;
    made_key_init(&ed, JOSE_EDDSA, "d", 0, "");
    snprintf(json, sizeof(json), "{\"keys\":[%s]}", ed.jwk);
    keys = jwk_set_parse(json, strlen(json), why);
    return keys ? 0 : -1;
}

static int free_keys(void **state)
{
    (void)state;
    jwk_set_destroy(keys);
    made_key_fini(&ed);
    return 0;
}

static void an_issuer_can_be_peeked_at(void **state)
{
    char issuer[JWT_ISSUER_MAX + 1] = "";

    (void)state;
    made_token(&ed, "{}", CLAIMS, token);
    assert_true(jwt_peek_issuer(token, strlen(token), issuer));
    assert_string_equal(issuer, ISS);
    for (const char *const *claims = (const char *const[]){"{}", "{\"iss\":1}", "[]", "",
                                                           "{\"iss\":\"a\",\"iss\":\"b\"}", NULL};
         *claims; claims++) {
        made_token(&ed, "{}", *claims, token);
        assert_false(jwt_peek_issuer(token, strlen(token), issuer));
    }
    assert_false(jwt_peek_issuer("a.b", 3, issuer));
    assert_false(jwt_peek_issuer("", 0, issuer));
}

static void gather(void *arg, const char *text)
{
    char *all = arg;

    sprintf(all + strlen(all), "[%s]", text);
}

static void texts_of_claims_are_found(void **state)
{
    static const struct {
        const char *claim, *want;
    } cases[] = {
        {"roles",                   "[a][b c]"       },
        {"scope",                   "[users:read][x]"},
        {"realm_access.roles",      "[r]"            },
        {"https://x.example/roles", "[u]"            },
        {"realm_access",            ""               },
        {"realm_access.roles.more", ""               },
        {"nothing",                 ""               },
        {"nothing.at.all",          ""               },
        {"",                        ""               },
        {".",                       ""               },
        {"n",                       ""               },
    };
    struct jwt *jwt = NULL;

    (void)state;
    made_token(&ed, "{\"alg\":\"EdDSA\",\"kid\":\"d\"}",
               "{" BODY "," TIMES
               ",\"roles\":[\"a\",1,\"b c\",[\"x\"]],\"scope\":\" users:read  x \",\"n\":7,"
               "\"realm_access\":{\"roles\":[\"r\"]},\"https://x.example/roles\":[\"u\"]}",
               token);
    assert_int_equal(jwt_verify(&RULE, keys, token, strlen(token), 1500, &jwt), JWT_OK);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char all[200] = "";

        jwt_each_text(jwt, cases[i].claim, gather, all);
        assert_string_equal(all, cases[i].want);
    }
    jwt_destroy(jwt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_issuer_can_be_peeked_at),
        cmocka_unit_test(texts_of_claims_are_found),
    };

    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
