/* digest_test.c - known answers, and the one thing of our own: parts cannot slide into each other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/crypto/digest.h"

static void sha256_gives_the_known_answers(void **state)
{
    static const struct {
        const char *text, *hex;
    } cases[] = {
        {"",    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    };
    uint8_t digest[DIGEST_LEN];
    char hex[DIGEST_HEX_LEN + 1];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        digest_sha256(cases[i].text, strlen(cases[i].text), digest);
        assert_string_equal(digest_hex(digest, hex), cases[i].hex);
    }
}

static void hmac_puts_the_length_before_each_part(void **state)
{
    const char *parts[] = {"a", "bc"}, *slid[] = {"ab", "c"};
    uint8_t digest[DIGEST_LEN], other[DIGEST_LEN];
    char hex[DIGEST_HEX_LEN + 1];

    (void)state;
    digest_hmac("key", 3, parts, 2, digest);
    /* HMAC-SHA-256("key", 00 00 00 00 00 00 00 01 'a' 00 00 00 00 00 00 00 02 'b' 'c') */
    assert_string_equal(digest_hex(digest, hex),
                        "ba41d3aaace0b4bb31fb49a559ae1df182e1fd8add9b6b3b5603e6cb342dce22");
    digest_hmac("key", 3, slid, 2, other);
    assert_false(digest_equal(digest, other, sizeof digest));
    digest_hmac("key", 3, parts, 2, other);
    assert_true(digest_equal(digest, other, sizeof digest));
}

static void base64url_has_no_padding_and_its_own_alphabet(void **state)
{
    char out[DIGEST_B64_LEN + 1];
    uint8_t zeros[32] = {0};

    (void)state;
    assert_string_equal(digest_b64url("\xfb\xff", 2, out, sizeof out), "-_8");
    assert_int_equal(strlen(digest_b64url(zeros, sizeof zeros, out, sizeof out)), DIGEST_B64_LEN);
}

static void an_etag_is_the_digest_in_quotes(void **state)
{
    char etag[DIGEST_ETAG_LEN + 1];

    (void)state;
    digest_etag("abc", 3, etag);
    assert_string_equal(etag, "\"ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0\"");
}

static void base64url_has_one_form(void **state)
{
    static const struct {
        const char *text;
        bool want;
    } cases[] = {
        {"AQID",  true },
        {"AQI",   true },
        {"_-8",   true },
        {"",      true },
        {"AQJ",   false},
        {"A",     false},
        {"AQI=",  false},
        {"+/8",   false},
        {"AQI D", false},
        {"AQIDB", false},
    };
    uint8_t bytes[8];
    char text[16];
    size_t len;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (digest_from_b64url(cases[i].text, bytes, sizeof(bytes), &len) != cases[i].want)
            fail_msg("\"%s\" %s", cases[i].text, cases[i].want ? "refused" : "accepted");
        if (cases[i].want)
            assert_string_equal(digest_b64url(bytes, len, text, sizeof(text)), cases[i].text);
    }
    assert_false(digest_from_b64url("AQIDBAUGBwgJ", bytes, sizeof(bytes), &len)); /* 9 bytes */
}

static void base64_has_its_padding(void **state)
{
    static const struct {
        const char *text;
        bool want;
    } cases[] = {
        {"",      true },
        {"AQI=",  true },
        {"+/8=",  true },
        {"AQI",   false},
        {"-_8=",  false},
        {"AQI =", false},
        {"A===",  false},
    };
    uint8_t bytes[8];
    size_t len;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (digest_from_base64(cases[i].text, bytes, sizeof(bytes), &len) != cases[i].want)
            fail_msg("\"%s\" %s", cases[i].text, cases[i].want ? "refused" : "accepted");
    assert_true(digest_from_base64("+/8=", bytes, sizeof(bytes), &len));
    assert_int_equal(len, 2);
    assert_memory_equal(bytes, "\xfb\xff", 2);
    assert_false(digest_from_base64("AQIDBAUGBwgJ", bytes, sizeof(bytes), &len)); /* 9 bytes */
}

static void a_tag_is_of_its_key_and_its_data(void **state)
{
    uint8_t key[DIGEST_KEY_LEN], other[DIGEST_KEY_LEN], tag[DIGEST_TAG_LEN], again[DIGEST_TAG_LEN];

    (void)state;
    digest_derive("secret", "one", key);
    digest_derive("secret", "two", other);
    assert_memory_not_equal(key, other, sizeof(key));
    digest_derive("Secret", "one", other);
    assert_memory_not_equal(key, other, sizeof(key));
    digest_tag(key, "data", 4, tag);
    digest_tag(other, "data", 4, again);
    assert_memory_not_equal(tag, again, sizeof(tag));
    digest_tag(key, "date", 4, again);
    assert_memory_not_equal(tag, again, sizeof(tag));
    digest_derive("secret", "one", other);
    digest_tag(other, "data", 4, again);
    assert_memory_equal(tag, again, sizeof(tag));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_gives_the_known_answers),
        cmocka_unit_test(hmac_puts_the_length_before_each_part),
        cmocka_unit_test(base64url_has_no_padding_and_its_own_alphabet),
        cmocka_unit_test(an_etag_is_the_digest_in_quotes),
        cmocka_unit_test(base64url_has_one_form),
        cmocka_unit_test(base64_has_its_padding),
        cmocka_unit_test(a_tag_is_of_its_key_and_its_data),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
