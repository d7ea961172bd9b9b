/* issuer_test.c - what may stand in a file of issuers, and what their tokens come to. */
#include "middleware/issuer.h"

#include "middleware/discovery.h"
#include "middleware/issuer_url.h"
#include "tool/jose/made_token_test.h"

#define ROW "https://id.example.org/ audience=hanok"

static struct issuer_table *parse(const char *text, char why[ISSUER_WHY_MAX + 1])
{
    return issuer_table_parse("f", text, "https://own.example", why);
}

static void a_row_says_who_and_how(void **state)
{
    char why[ISSUER_WHY_MAX + 1];
    struct issuer_table *table =
        parse("# issuers\n"
              "\n" ROW "\r\n"
              "  http://127.0.0.1:8081 audience=urn:x#1 keys=/etc/jwks.json algorithms=RS256,EdDSA"
              " type=at+jwt leeway=0 claim=realm_access.roles role=boss:admin role=a:b:courier "
              "ca=/ca.pem",
              why);
    const struct issuer *first, *second;

    (void)state;
    if (!table)
        fail_msg("%s", why);
    assert_int_equal(table->n, 2);
    first = issuer_find(table, "https://id.example.org/");
    second = issuer_find(table, "http://127.0.0.1:8081");
    assert_true(first && second && !issuer_find(table, "https://id.example.org"));
    assert_true(issuer_is_remote(first) && !issuer_is_remote(second));
    assert_int_equal(first->line, 3);
    assert_int_equal(first->algorithms, 7);
    assert_true(first->leeway_s == 30 && !first->access_only && first->keys[0] == '\0');
    assert_string_equal(second->audience, "urn:x#1");
    assert_string_equal(second->keys, "/etc/jwks.json");
    assert_string_equal(second->ca, "/ca.pem");
    assert_int_equal(second->algorithms, 1u << JOSE_RS256 | 1u << JOSE_EDDSA);
    assert_true(second->access_only && second->leeway_s == 0);
    assert_string_equal(second->claim, "realm_access.roles");
    assert_int_equal(second->n_roles, 2);
    assert_string_equal(second->roles[1].theirs, "a:b");
    assert_int_equal(second->roles[1].ours, ROLE_COURIER);
    free(table);
}

static void mistakes_are_named(void **state)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"id.example.org audience=a",           "f:1: 'id.example.org' is no issuer"                      },
        {"http://id.example.org audience=a",    "f:1: 'http://id.example.org' is no issuer"               },
        {"https://id.example.org?a audience=a",
         "is no issuer: an https:// address without a query"                                              },
        {"\nhttps://id.example.org/",           "f:2: https://id.example.org/: audience= is needed"       },
        {ROW " audience",                       "'audience': options are key=value"                       },
        {ROW " audience=b",                     "audience is there twice"                                 },
        {ROW " more=b",                         "'more' is no option of an issuer"                        },
        {"https://id.example.org/ audience=",   "audience=: a text is right"                              },
        {ROW " keys=jwks.json",                 "keys=jwks.json: discovery, an https:// address"          },
        {ROW " keys=http://id.example.org/k",   "discovery, an https:// address or the path"              },
        {ROW " keys=http://127.0.0.1/k",        "an https:// address is right for"                        },
        {ROW " algorithms=none",                "a list of RS256, ES256 and EdDSA"                        },
        {ROW " algorithms=HS256",               "a list of RS256, ES256 and EdDSA"                        },
        {ROW " algorithms=",                    "a list of RS256, ES256 and EdDSA"                        },
        {ROW " algorithms=RS256,",              "a list of RS256, ES256 and EdDSA"                        },
        {ROW " type=jwt",                       "type=jwt: any or at+jwt is right"                        },
        {ROW " leeway=301",                     "leeway=301: a number from 0 to 300"                      },
        {ROW " leeway=-1",                      "leeway=-1: a number from 0 to 300"                       },
        {ROW " leeway=1s",                      "leeway=1s: a number from 0 to 300"                       },
        {ROW " claim=roles",                    "claim= and role= go together"                            },
        {ROW " role=a:admin",                   "claim= and role= go together"                            },
        {ROW " claim=roles role=a:boss",        "role=a:boss: a name of theirs, ':' and a role"           },
        {ROW " claim=roles role=:admin",        "role=:admin: a name of theirs"                           },
        {ROW " ca=ca.pem",                      "ca=ca.pem: the path of a file"                           },
        {ROW "\n" ROW,                          "f:2: https://id.example.org/ is there already, in line 1"},
        {"https://own.example audience=a",      "our own tokens are of that issuer"                       },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char why[ISSUER_WHY_MAX + 1];

        assert_null(parse(cases[i].text, why));
        if (!strstr(why, cases[i].why))
            fail_msg("%s: '%s'", cases[i].text, why);
    }
}

static void there_are_not_too_many(void **state)
{
    char text[4096] = "", why[ISSUER_WHY_MAX + 1];
    struct issuer_table *table;
    size_t at = 0;

    (void)state;
    for (int i = 0; i < ISSUERS_MAX; i++)
        at += (size_t)snprintf(text + at, sizeof(text) - at, "https://i%d.example audience=a\n", i);
    table = parse(text, why);
    assert_int_equal(table->n, ISSUERS_MAX);
    free(table);
    snprintf(text + at, sizeof(text) - at, "https://more.example audience=a\n");
    assert_null(parse(text, why));
    assert_null(issuer_table_load("/nowhere/issuers.conf", "", why));
    assert_string_equal(why, "/nowhere/issuers.conf: No such file or directory");
    table = parse("", why);
    assert_int_equal(table->n, 0);
    free(table);
}

static void addresses_are_encrypted_or_our_own(void **state)
{
    static const struct {
        const char *url;
        bool want;
    } cases[] = {
        {"https://id.example.org",           true },
        {"https://id.example.org:8443/a?b",  true },
        {"https://[2001:db8::1]/",           true },
        {"http://127.0.0.1:8080/a",          true },
        {"http://localhost",                 true },
        {"http://[::1]:80/",                 true },
        {"http://id.example.org/",           false},
        {"http://127.0.0.1.example.org/",    false},
        {"http://localhost.example.org/",    false},
        {"http://127.0.0.1@example.org/",    false},
        {"http://localhost:80@example.org/", false},
        {"https://user@example.org/",        false},
        {"https://",                         false},
        {"https:///path",                    false},
        {"https://a b",                      false},
        {"https://a/#b",                     false},
        {"https://a:123456/",                false},
        {"https://[::1",                     false},
        {"https://[]",                       false},
        {"HTTPS://a",                        false},
        {"ftp://a",                          false},
        {"file:///etc/passwd",               false},
        {"https://a\r\nHost: b",             false},
        {"",                                 false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (issuer_url_fits(cases[i].url) != cases[i].want)
            fail_msg("%s", cases[i].url);
}

static void a_document_is_of_its_issuer(void **state)
{
#define DOCUMENT(iss, uri) "{\"issuer\":\"" iss "\",\"jwks_uri\":\"" uri "\",\"more\":[]}"
    static const struct {
        const char *json, *issuer, *why;
    } cases[] = {
        {DOCUMENT("https://a/",             "https://b/k"),  "https://a/",                                  ""},
        {DOCUMENT("http://127.0.0.1:1",                                 "http://127.0.0.1:1/k"),                    "http://127.0.0.1:1",          ""},
        {DOCUMENT("https://a",                               "https://b/k"),                                              "https://a/",                                                               "the document is of another issuer"},
        {DOCUMENT("https://A/",                     "https://b/k"),"https://a/","the document is of another issuer"},
        {DOCUMENT("https://a/","http://b/k"),                                               "https://a/",                                                                                                                       "jwks_uri is no https:// address"},
        {DOCUMENT("https://a/",             "http://127.0.0.1/k"),                 "https://a/",
         "jwks_uri is no https:// address"},
        {DOCUMENT("https://a/",                                 "file:///etc/passwd"),                            "https://a/",
         "jwks_uri is no https:// address"},
        {"{\"issuer\":\"https://a/\"}", "https://a/",                "the document has no jwks_uri"                                        },
        {"{\"issuer\":1,\"jwks_uri\":\"https://b/k\"}",                     "https://a/",
         "the document is no JSON object with an issuer"                                                              },
        {"{\"issuer\":\"https://a/\",\"issuer\":\"https://a/\"}",                     "https://a/",
         "the document is no JSON object with an issuer"},
        {"<html>", "https://a/",    "the document is no JSON object with an issuer"},
    };
    char url[DISCOVERY_URL_MAX + 1];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char why[DISCOVERY_WHY_MAX + 1];
        bool ok = discovery_read(cases[i].json, strlen(cases[i].json), cases[i].issuer, url, why);

        if (ok != !cases[i].why[0] || strcmp(why, cases[i].why) != 0)
            fail_msg("%s: '%s'", cases[i].json, why);
    }
    discovery_url("https://a/realms/b", url);
    assert_string_equal(url, "https://a/realms/b/.well-known/openid-configuration");
    discovery_url("https://a/", url);
    assert_string_equal(url, "https://a/.well-known/openid-configuration");
}

static void their_roles_come_to_ours(void **state)
{
    static const struct {
        const char *claims, *want;
    } cases[] = {
        {"\"groups\":[\"boss\",\"x\"]",              "admin"        },
        {"\"groups\":[\"users:write\",\"boss\"]",    "admin courier"},
        {"\"groups\":[\"boss\",\"boss\",\"chief\"]", "admin"        },
        {"\"groups\":\"boss users:write\"",          "admin courier"},
        {"\"groups\":[\"admin\",\"operator\",\"\"]", ""             },
        {"\"groups\":{\"boss\":true}",               ""             },
        {"\"roles\":[\"boss\"]",                     ""             },
    };
    char why[ISSUER_WHY_MAX + 1], key_why[JWK_WHY_MAX + 1], json[MADE_JWK_MAX + 20];
    struct issuer_table *table = parse(ROW " claim=groups role=boss:admin role=chief:admin"
                                           " role=users:write:courier",
                                       why);
    struct made_key key;
    struct jwk_set *keys;

    (void)state;
    made_key_init(&key, JOSE_EDDSA, "k", 0, "");
    snprintf(json, sizeof(json), "{\"keys\":[%s]}", key.jwk);
    keys = jwk_set_parse(json, strlen(json), key_why);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char claims[512], token[MADE_TOKEN_MAX];
        struct outside_claims said;

        snprintf(claims, sizeof(claims),
                 "{\"iss\":\"https://id.example.org/\",\"aud\":\"hanok\",\"sub\":\"kim\","
                 "\"exp\":1900,%s}",
                 cases[i].claims);
        made_token(&key, "{\"alg\":\"EdDSA\",\"kid\":\"k\"}", claims, token);
        assert_int_equal(issuer_check(&table->issuers[0], keys, token, strlen(token), 1500, &said),
                         TOKEN_OK);
        assert_string_equal(said.roles, cases[i].want);
        assert_string_equal(said.subject, "kim");
        assert_int_equal(issuer_check(&table->issuers[0], NULL, token, strlen(token), 1500, &said),
                         TOKEN_UNKNOWN_KEY);
        assert_int_equal(issuer_check(&table->issuers[0], keys, token, strlen(token), 1931, &said),
                         TOKEN_EXPIRED);
    }
    jwk_set_destroy(keys);
    made_key_fini(&key);
    free(table);
}

static void the_help_names_all(void **state)
{
    char text[4096] = "";
    FILE *out = fmemopen(text, sizeof(text), "w");

    (void)state;
    issuer_help_write(out);
    fclose(out);
    for (const char *const *name =
             (const char *const[]){"audience=", "keys=", "algorithms=", "type=", "leeway=",
                                   "claim=", "role=", "ca=", NULL};
         *name; name++)
        assert_non_null(strstr(text, *name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_says_who_and_how),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(there_are_not_too_many),
        cmocka_unit_test(addresses_are_encrypted_or_our_own),
        cmocka_unit_test(a_document_is_of_its_issuer),
        cmocka_unit_test(their_roles_come_to_ours),
        cmocka_unit_test(the_help_names_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
