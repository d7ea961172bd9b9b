/* text_form_test.c - the same word from two keyboards, in two cases, as a domain. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/core/sanitized_test.h"
#include "tool/text/text.h"

typedef bool (*form_fn)(const char *text, char *out, size_t size);

struct row {
    const char *text, *want; /* NULL = refused */
};

static void check(const char *name, form_fn form, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char out[512];
        bool made = form(rows[i].text, out, sizeof(out));
        if (made != (rows[i].want != NULL) || strcmp(out, made ? rows[i].want : "") != 0)
            fail_msg("%s of %s: %s", name, rows[i].text, made ? out : "refused");
    }
}

static void composed_and_decomposed_become_one(void **state)
{
    static const struct row rows[] = {
        {"",                                     ""            },
        {"Alice",                                "Alice"       },
        {"jose\u0301",                           "jos\u00e9"   },
        {"jos\u00e9",                            "jos\u00e9"   },
        {"\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"      },
        {"한글",                               "한글"      },
        {"\u212b",                               "\u00c5"      }, /* Angstrom */
        {"\u0958",                               "\u0915\u093c"}, /* longer than it was */
        {"\ufb01",                               "\ufb01"      }, /* no compatibility mapping */
        {"\xff",                                 NULL          },
        {"a\xed\xa0\x80",                        NULL          }, /* a surrogate */
        {"\xc3",                                 NULL          },
    };

    (void)state;
    check("nfc", text_nfc, rows, ARRAY_LEN(rows));
}

static void case_is_folded_in_every_script(void **state)
{
    static const struct row rows[] = {
        {"ALICE",          "alice"             },
        {"ИВАН",       "иван"          },
        {"ÉCOLE",         "école"            },
        {"E\u0301COLE",    "école"            },
        {"Straße",        "strasse"           },
        {"STRASSE",        "strasse"           },
        {"ΣΊΣΥΦΟΣ", "σίσυφοσ"    },
        {"σίσυφος", "σίσυφοσ"    },
        {"\u0130",         "i\u0307"           }, /* no Turkish locale */
        {"\ufb03",         "ffi"               },
        {"\u1fb7\u0345",   "\u1fb6\u03b9\u03b9"},
        {"안녕",         "안녕"            },
        {"\xff",           NULL                },
    };

    (void)state;
    check("fold", text_fold, rows, ARRAY_LEN(rows));
}

static void a_password_is_an_opaque_string(void **state)
{
    static const struct row rows[] = {
        {"correct horse",                  "correct horse"     },
        {"Correct\u00a0Horse",             "Correct Horse"     },
        {"\u3000\u1680\u2009x",            "   x"              },
        {"\u2001",                         " "                 },
        {"Jack of \u2666s",                "Jack of \u2666s"   }, /* RFC 8265, 4.3 */
        {"\u03c0\u00df\u00e5",             "\u03c0\u00df\u00e5"},
        {"foo bar",                        "foo bar"           },
        {"\uff21\uff42\uff43",             "\uff21\uff42\uff43"}, /* width stays */
        {"\u1107\u1175\u1106\u1175\u11af", "비밀"            },
        {"\xff",                           NULL                },
    };

    (void)state;
    check("opaque", text_opaque, rows, ARRAY_LEN(rows));
}

static void a_domain_has_one_spelling(void **state)
{
    static const struct row rows[] = {
        {"Example.ORG",           "example.org"              },
        {"bücher.example",       "xn--bcher-kva.example"    },
        {"BÜCHER.Example",       "xn--bcher-kva.example"    },
        {"bu\u0308cher.example",  "xn--bcher-kva.example"    },
        {"XN--BCHER-KVA.example", "xn--bcher-kva.example"    },
        {"faß.de",               "xn--fa-hia.de"            }, /* not transitional */
        {"почта.рф",       "xn--80a1acny.xn--p1ai"    },
        {"한빛。한국",       "xn--xx3br43b.xn--3e0b707e"},
 /* IDNA has no say in ASCII, and what it refuses is folded. */
        {"a_b.example",           "a_b.example"              },
        {"[192.0.2.1]",           "[192.0.2.1]"              },
        {"É_É.example",         "xn--_-9fab.example"       },
        {"Ü\u2603.-é",          "ü\u2603.-é"             },
        {"\xff.example",          NULL                       },
    };

    (void)state;
    check("domain", text_domain, rows, ARRAY_LEN(rows));
}

static void what_does_not_fit_is_refused(void **state)
{
    char out[8];

    (void)state;
    assert_true(text_nfc("1234567", out, sizeof(out)));
    assert_false(text_nfc("12345678", out, sizeof(out)));
    assert_string_equal(out, "");
    assert_false(text_nfc("éééé", out, sizeof(out)));
    assert_true(text_nfc("e\u0301e\u0301e\u0301", out, sizeof(out)));
    assert_false(text_fold("ABCDEFGH", out, sizeof(out)));
    assert_false(text_opaque("éééé", out, sizeof(out)));
    assert_false(text_domain("é.é", out, sizeof(out)));
}

static size_t put(uint32_t c, char text[5])
{
    size_t n = 0;

    if (c < 0x80) {
        text[n++] = (char)c;
    } else if (c < 0x800) {
        text[n++] = (char)(0xC0 | c >> 6);
        text[n++] = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        text[n++] = (char)(0xE0 | c >> 12);
        text[n++] = (char)(0x80 | (c >> 6 & 0x3F));
        text[n++] = (char)(0x80 | (c & 0x3F));
    } else {
        text[n++] = (char)(0xF0 | c >> 18);
        text[n++] = (char)(0x80 | (c >> 12 & 0x3F));
        text[n++] = (char)(0x80 | (c >> 6 & 0x3F));
        text[n++] = (char)(0x80 | (c & 0x3F));
    }
    text[n] = '\0';
    return n;
}

/* With sanitizers, which look for other mistakes and take twenty times as long, few of those planes
 * where there is nothing assigned, or nothing that anybody else could know of. */
static uint32_t after(uint32_t c)
{
    enum { NOTHING = 0x32400, TAGS = 0xE0000, PRIVATE = 0xE0200, STRIDE = 251 };

    if (SANITIZED &&
        ((c >= NOTHING && c + STRIDE < TAGS) || (c >= PRIVATE && c + STRIDE < 0x10FFFF)))
        return c + STRIDE;
    return c + 1;
}

static void no_character_changes_twice_or_outgrows_its_bounds(void **state)
{
    static const form_fn forms[] = {text_nfc, text_fold, text_opaque};

    (void)state;
    for (uint32_t c = 1; c <= 0x10FFFF; c = after(c)) {
        char text[5], once[64], twice[64];
        size_t n = put(c, text);
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
            assert_true(forms[i](text, once, sizeof(once)));
            assert_true(forms[i](once, twice, sizeof(twice)));
            if (strcmp(once, twice) != 0 || strlen(once) > 3 * n)
                fail_msg("U+%04X, form %zu: %s, then %s", c, i, once, twice);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(composed_and_decomposed_become_one),
        cmocka_unit_test(case_is_folded_in_every_script),
        cmocka_unit_test(a_password_is_an_opaque_string),
        cmocka_unit_test(a_domain_has_one_spelling),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(no_character_changes_twice_or_outgrows_its_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
