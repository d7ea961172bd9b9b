/* token_verify_test.c - tokens somebody else wrote, row by row: signed with our key, and still
 * wrong; or right, and not signed with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "tool/core/mem.h"
#include "tool/crypto/digest.h"
#include "tool/crypto/token.h"
#include "tool/crypto/token_keys.h"

/* RFC 8037, appendix A: key and thumbprint. */
#define KID "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
#define SUB "01890a5d-ac96-774b-bcce-b302099a8057"
#define JTI "01890a5d-ac96-774b-bcce-b302099a8058"
#define ISS "\"iss\":\"hanok\","
#define AUD "\"aud\":\"api\","
#define IDS "\"sub\":\"" SUB "\",\"jti\":\"" JTI "\","
#define TIMES "\"iat\":1000,\"exp\":1900"
#define HEADER "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"" KID "\"}"
#define CLAIMS "{" ISS AUD IDS TIMES "}"
#define ROLES_127                                                                                  \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"                             \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

enum { NOW_S = 1500, TEXT_MAX = 4096 };

static struct token_pair pair;
static struct token_key_set keys;

static int derive(void **state)
{
    uint8_t seed[TOKEN_KEY_LEN];

    (void)state;
    if (sodium_base642bin(seed, sizeof seed, "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", 43,
                          NULL, NULL, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return -1;
    token_pair_derive(seed, &pair);
    keys.n = 1;
    keys.keys[0] = pair.public;
    return 0;
}

static void append(char *token, const void *data, size_t len)
{
    size_t at = strlen(token);

    digest_b64url(data, len, token + at, TEXT_MAX - at);
}

/* What we would send if these were our header and claims. */
static char *sign(const char *header, const char *claims, char token[TEXT_MAX])
{
    unsigned char signature[crypto_sign_BYTES];

    token[0] = '\0';
    append(token, header, strlen(header));
    strcat(token, ".");
    append(token, claims, strlen(claims));
    crypto_sign_detached(signature, NULL, (const unsigned char *)token, strlen(token), pair.secret);
    strcat(token, ".");
    append(token, signature, sizeof signature);
    return token;
}

static enum token_verdict verify_at(const char *token, int64_t now_s)
{
    struct token_claims claims, untouched;
    enum token_verdict got;

    memset(&claims, 0x5a, sizeof claims);
    untouched = claims;
    got = token_verify(&keys, token, strlen(token), "hanok", "api", now_s, &claims);
    if (got != TOKEN_OK)
        assert_memory_equal(&claims, &untouched, sizeof claims);
    return got;
}

static const char *verdict_name(enum token_verdict verdict)
{
    static const char *const NAMES[] = {
        [TOKEN_OK] = "ok",
        [TOKEN_MALFORMED] = "malformed",
        [TOKEN_UNKNOWN_KEY] = "unknown key",
        [TOKEN_BAD_SIGNATURE] = "bad signature",
        [TOKEN_EXPIRED] = "expired",
        [TOKEN_NOT_FOR_US] = "not for us",
    };

    return NAMES[verdict];
}

static void expect(const char *why, const char *token, enum token_verdict want)
{
    enum token_verdict got = verify_at(token, NOW_S);

    if (got != want)
        fail_msg("%s: %s, not %s", why, verdict_name(got), verdict_name(want));
}

static void our_key_signs_as_rfc_8037_says(void **state)
{
    static const char INPUT[] = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    unsigned char signature[crypto_sign_BYTES];
    char text[100];

    (void)state;
    crypto_sign_detached(signature, NULL, (const unsigned char *)INPUT, strlen(INPUT), pair.secret);
    assert_string_equal(digest_b64url(signature, sizeof signature, text, sizeof text),
                        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sV"
                        "vpAr_MuM0KAg");
    assert_string_equal(pair.public.kid, KID);
}

static void a_right_token_gives_its_claims(void **state)
{
    char token[TEXT_MAX], text[UUID_TEXT_LEN + 1];
    struct token_claims claims;

    (void)state;
    sign(HEADER, "{" ISS AUD IDS TIMES ",\"roles\":\"admin auditor\"}", token);
    assert_int_equal(token_verify(&keys, token, strlen(token), "hanok", "api", NOW_S, &claims),
                     TOKEN_OK);
    assert_string_equal(uuid_text(claims.subject, text), SUB);
    assert_string_equal(claims.jti, JTI);
    assert_string_equal(claims.roles, "admin auditor");
    assert_true(uuid_is_nil(claims.session)); /* one of before there were sessions */
    assert_int_equal(claims.issued_s, 1000);
    assert_int_equal(claims.expires_s, 1900);
    sign(HEADER, "{" ISS AUD IDS TIMES ",\"sid\":\"" JTI "\"}", token);
    assert_int_equal(token_verify(&keys, token, strlen(token), "hanok", "api", NOW_S, &claims),
                     TOKEN_OK);
    assert_string_equal(uuid_text(claims.session, text), JTI);
}

static void a_header_names_one_algorithm_and_one_key(void **state)
{
    static const struct {
        const char *why, *header;
        enum token_verdict want;
    } cases[] = {
        {"as we write it",          HEADER,                                                                     TOKEN_OK         },
        {"no typ",                  "{\"alg\":\"EdDSA\",\"kid\":\"" KID "\"}",                                  TOKEN_OK         },
        {"other order",             "{\"kid\":\"" KID "\", \"alg\":\"EdDSA\"}",                                 TOKEN_OK         },
        {"no algorithm",            "{\"kid\":\"" KID "\"}",                                                    TOKEN_MALFORMED  },
        {"alg none",                "{\"alg\":\"none\",\"kid\":\"" KID "\"}",                                   TOKEN_MALFORMED  },
        {"alg HS256",               "{\"alg\":\"HS256\",\"kid\":\"" KID "\"}",                                  TOKEN_MALFORMED  },
        {"alg Ed448",               "{\"alg\":\"Ed448\",\"kid\":\"" KID "\"}",                                  TOKEN_MALFORMED  },
        {"alg in other case",       "{\"alg\":\"eddsa\",\"kid\":\"" KID "\"}",                                  TOKEN_MALFORMED  },
        {"alg a list",              "{\"alg\":[\"EdDSA\"],\"kid\":\"" KID "\"}",                                TOKEN_MALFORMED  },
        {"alg twice",               "{\"alg\":\"none\",\"alg\":\"EdDSA\",\"kid\":\"" KID "\"}",                 TOKEN_MALFORMED  },
        {"alg twice, once escaped",
         "{\"alg\":\"EdDSA\",\"\\u0061lg\":\"none\",\"kid\":\"" KID "\"}",                                      TOKEN_MALFORMED  },
        {"typ at+jwt",              "{\"alg\":\"EdDSA\",\"typ\":\"at+jwt\",\"kid\":\"" KID "\"}",
         TOKEN_MALFORMED                                                                                                         },
        {"typ null",                "{\"alg\":\"EdDSA\",\"typ\":null,\"kid\":\"" KID "\"}",                     TOKEN_MALFORMED  },
        {"crit",                    "{\"alg\":\"EdDSA\",\"crit\":[\"b64\"],\"b64\":false,\"kid\":\"" KID "\"}",
         TOKEN_MALFORMED                                                                                                         },
        {"a key of its own",        "{\"alg\":\"EdDSA\",\"jwk\":{},\"kid\":\"" KID "\"}",                       TOKEN_MALFORMED  },
        {"no kid",                  "{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}",                                      TOKEN_MALFORMED  },
        {"kid a number",            "{\"alg\":\"EdDSA\",\"kid\":1}",                                            TOKEN_MALFORMED  },
        {"kid too short",           "{\"alg\":\"EdDSA\",\"kid\":\"kPrK\"}",                                     TOKEN_MALFORMED  },
        {"kid not known",
         "{\"alg\":\"EdDSA\",\"kid\":\"AAAA_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k\"}",                         TOKEN_UNKNOWN_KEY},
        {"something after it",      HEADER "x",                                                                 TOKEN_MALFORMED  },
        {"a list",                  "[" HEADER "]",                                                             TOKEN_MALFORMED  },
        {"not JSON",                "alg=EdDSA",                                                                TOKEN_MALFORMED  },
        {"nothing",                 "",                                                                         TOKEN_MALFORMED  },
        {"deep",                    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
         TOKEN_MALFORMED                                                                                                         },
    };
    char token[TEXT_MAX];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        expect(cases[i].why, sign(cases[i].header, CLAIMS, token), cases[i].want);
}

static void claims_are_checked_one_by_one(void **state)
{
    static const struct {
        const char *why, *claims;
        enum token_verdict want;
    } cases[] = {
        {"as we write them",             CLAIMS,                                                            TOKEN_OK        },
        {"one more that we do not know", "{" ISS AUD IDS TIMES ",\"scope\":\"x\"}",                         TOKEN_OK        },
        {"longest roles",                "{" ISS AUD IDS TIMES ",\"roles\":\"" ROLES_127 "\"}",             TOKEN_OK        },
        {"roles too long",               "{" ISS AUD IDS TIMES ",\"roles\":\"" ROLES_127 "a\"}",            TOKEN_MALFORMED },
        {"roles a list",                 "{" ISS AUD IDS TIMES ",\"roles\":[\"admin\"]}",                   TOKEN_MALFORMED },
        {"a header in roles",            "{" ISS AUD IDS TIMES ",\"roles\":\"a\\r\\nb: c\"}",               TOKEN_MALFORMED },
        {"NUL in roles",                 "{" ISS AUD IDS TIMES ",\"roles\":\"admin\\u0000\"}",              TOKEN_MALFORMED },
        {"sid null",                     "{" ISS AUD IDS TIMES ",\"sid\":null}",                            TOKEN_MALFORMED },
        {"sid no UUID",                  "{" ISS AUD IDS TIMES ",\"sid\":\"1\"}",                           TOKEN_MALFORMED },
        {"sid a number",                 "{" ISS AUD IDS TIMES ",\"sid\":1}",                               TOKEN_MALFORMED },
        {"sid twice",                    "{" ISS AUD IDS TIMES ",\"sid\":\"" SUB "\",\"sid\":\"" JTI "\"}",
         TOKEN_MALFORMED                                                                                                    },
        {"no iss",                       "{" AUD IDS TIMES "}",                                             TOKEN_NOT_FOR_US},
        {"other iss",                    "{\"iss\":\"hanok2\"," AUD IDS TIMES "}",                          TOKEN_NOT_FOR_US},
        {"no aud",                       "{" ISS IDS TIMES "}",                                             TOKEN_NOT_FOR_US},
        {"other aud",                    "{" ISS "\"aud\":\"ap\"," IDS TIMES "}",                           TOKEN_NOT_FOR_US},
        {"aud a list",                   "{" ISS "\"aud\":[\"api\"]," IDS TIMES "}",                        TOKEN_NOT_FOR_US},
        {"aud twice",                    "{" ISS "\"aud\":\"other\"," AUD IDS TIMES "}",                    TOKEN_MALFORMED },
        {"no sub",                       "{" ISS AUD "\"jti\":\"" JTI "\"," TIMES "}",                      TOKEN_MALFORMED },
        {"sub no UUID",                  "{" ISS AUD "\"sub\":\"admin\",\"jti\":\"" JTI "\"," TIMES "}",
         TOKEN_MALFORMED                                                                                                    },
        {"no jti",                       "{" ISS AUD "\"sub\":\"" SUB "\"," TIMES "}",                      TOKEN_MALFORMED },
        {"no exp",                       "{" ISS AUD IDS "\"iat\":1000}",                                   TOKEN_MALFORMED },
        {"exp a text",                   "{" ISS AUD IDS "\"iat\":1000,\"exp\":\"1900\"}",                  TOKEN_MALFORMED },
        {"exp a fraction",               "{" ISS AUD IDS "\"iat\":1000,\"exp\":1900.5}",                    TOKEN_MALFORMED },
        {"exp beyond 64 bits",           "{" ISS AUD IDS "\"iat\":1000,\"exp\":99999999999999999999}",
         TOKEN_MALFORMED                                                                                                    },
        {"exp is now",                   "{" ISS AUD IDS "\"iat\":1000,\"exp\":1500}",                      TOKEN_EXPIRED   },
        {"exp a second from now",        "{" ISS AUD IDS "\"iat\":1000,\"exp\":1501}",                      TOKEN_OK        },
        {"exp negative",                 "{" ISS AUD IDS "\"iat\":1000,\"exp\":-1}",                        TOKEN_EXPIRED   },
        {"no iat",                       "{" ISS AUD IDS "\"exp\":1900}",                                   TOKEN_MALFORMED },
        {"iat a minute ahead",           "{" ISS AUD IDS "\"iat\":1560,\"exp\":1900}",                      TOKEN_OK        },
        {"nbf a minute ahead",           "{" ISS AUD IDS TIMES ",\"nbf\":1560}",                            TOKEN_OK        },
        {"nbf further ahead",            "{" ISS AUD IDS TIMES ",\"nbf\":1561}",                            TOKEN_NOT_FOR_US},
        {"nbf a text",                   "{" ISS AUD IDS TIMES ",\"nbf\":\"1\"}",                           TOKEN_NOT_FOR_US},
        {"iat further ahead",            "{" ISS AUD IDS "\"iat\":1561,\"exp\":1900}",                      TOKEN_NOT_FOR_US},
        {"a list",                       "[]",                                                              TOKEN_MALFORMED },
        {"nothing",                      "",                                                                TOKEN_MALFORMED },
    };
    char token[TEXT_MAX];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        expect(cases[i].why, sign(HEADER, cases[i].claims, token), cases[i].want);
}

static void every_changed_character_is_noticed(void **state)
{
    char token[TEXT_MAX];

    (void)state;
    sign(HEADER, CLAIMS, token);
    for (size_t i = 0; token[i]; i++) {
        char was = token[i];

        token[i] = was == 'A' ? 'B' : 'A';
        if (verify_at(token, NOW_S) == TOKEN_OK)
            fail_msg("character %zu changed and nobody noticed", i);
        token[i] = was;
    }
    assert_int_equal(verify_at(token, NOW_S), TOKEN_OK);
}

static void the_shape_is_three_parts_without_padding(void **state)
{
    char good[TEXT_MAX], token[TEXT_MAX + 16], big[TEXT_MAX];
    const char *last;

    (void)state;
    sign(HEADER, CLAIMS, good);
    last = strrchr(good, '.');
    expect("empty", "", TOKEN_MALFORMED);
    expect("only dots", "..", TOKEN_MALFORMED);
    snprintf(token, sizeof token, "%.*s", (int)(last - good), good);
    expect("no signature", token, TOKEN_MALFORMED);
    snprintf(token, sizeof token, "%.*s.", (int)(last - good), good);
    expect("an empty signature", token, TOKEN_MALFORMED);
    snprintf(token, sizeof token, "%s.", good);
    expect("a dot behind", token, TOKEN_MALFORMED);
    snprintf(token, sizeof token, ".%s", good);
    expect("a dot before", token, TOKEN_MALFORMED);
    snprintf(token, sizeof token, "%s.e30", good);
    expect("a fourth part", token, TOKEN_MALFORMED);
    snprintf(token, sizeof token, "%s==", good);
    expect("padding", token, TOKEN_MALFORMED);
    snprintf(token, sizeof token, "%s\n", good);
    expect("a newline behind", token, TOKEN_MALFORMED);
    snprintf(token, sizeof token, " %s", good);
    expect("a space before", token, TOKEN_MALFORMED);
    memset(big, 'A', sizeof big);
    big[sizeof big - 1] = '\0';
    expect("huge", big, TOKEN_MALFORMED);
}

static void the_longest_token_fits_and_one_more_byte_does_not(void **state)
{
    char claims[1024], token[TEXT_MAX];

    (void)state;
    for (int width = 1; width < 800; width++) {
        snprintf(claims, sizeof claims, "{" ISS AUD IDS TIMES ",\"x\":\"%0*d\"}", width, 0);
        sign(HEADER, claims, token);
        if (strlen(token) > TOKEN_TEXT_MAX)
            break;
        if (strlen(token) >= TOKEN_TEXT_MAX - 2)
            expect("as long as it may be", token, TOKEN_OK);
    }
    assert_true(strlen(token) > TOKEN_TEXT_MAX);
    expect("longer", token, TOKEN_MALFORMED);
}

static void a_key_that_is_no_key_verifies_nothing(void **state)
{
    char token[TEXT_MAX];

    (void)state;
    sign(HEADER, CLAIMS, token);
    keys.keys[0].x[42] = 'p'; /* left-over bits */
    expect("malformed", token, TOKEN_BAD_SIGNATURE);
    memset(keys.keys[0].x, 'A', TOKEN_KID_LEN); /* a point of small order */
    expect("weak", token, TOKEN_BAD_SIGNATURE);
    keys.n = 0;
    expect("none", token, TOKEN_UNKNOWN_KEY);
    derive(NULL);
    expect("ours again", token, TOKEN_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_key_signs_as_rfc_8037_says),
        cmocka_unit_test(a_right_token_gives_its_claims),
        cmocka_unit_test(a_header_names_one_algorithm_and_one_key),
        cmocka_unit_test(claims_are_checked_one_by_one),
        cmocka_unit_test(every_changed_character_is_noticed),
        cmocka_unit_test(the_shape_is_three_parts_without_padding),
        cmocka_unit_test(the_longest_token_fits_and_one_more_byte_does_not),
        cmocka_unit_test(a_key_that_is_no_key_verifies_nothing),
    };

    return cmocka_run_group_tests(tests, derive, NULL);
}
