/* text_kind_test.c - what of a text can be seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/text/text.h"

static void each_character_is_of_one_kind(void **state)
{
    static const struct {
        const char *text;
        unsigned want;
    } rows[] = {
        {"",                               0                         },
        {"Alice",                          TEXT_SEEN                 },
        {"Jean Paul",                      TEXT_SEEN | TEXT_SPACE    },
        {"하나\u00a0\u3000\u1680",       TEXT_SEEN | TEXT_SPACE    },
        {"jose\u0301",                     TEXT_SEEN | TEXT_MARK     },
        {"\u0301\u20dd",                   TEXT_MARK                 },
        {"👩\u200d👩\u200d👧",       TEXT_SEEN | TEXT_JOINER   }, /* a family */
        {"می\u200cخواهم",           TEXT_SEEN | TEXT_JOINER   }, /* Persian */
        {"❤\ufe0f",                      TEXT_SEEN | TEXT_JOINER   },
        {"\u200b\u2060\ufeff\u00ad\u034f", TEXT_UNSEEN               }, /* zero width */
        {"\u3164\u115f\u1160\uffa0\u2800", TEXT_UNSEEN               }, /* fillers */
        {"\u200e\u200f\u061c",             TEXT_UNSEEN               }, /* marks */
        {"\U000e0067",                     TEXT_UNSEEN               }, /* a tag */
        {"\u202a",                         TEXT_FORBIDDEN            },
        {"\u202e",                         TEXT_FORBIDDEN            },
        {"\u2066",                         TEXT_FORBIDDEN            },
        {"\u2069",                         TEXT_FORBIDDEN            },
        {"\u2028",                         TEXT_FORBIDDEN            },
        {"\u2029",                         TEXT_FORBIDDEN            },
        {"\ufdd0",                         TEXT_FORBIDDEN            },
        {"\U0010ffff",                     TEXT_FORBIDDEN            },
        {"\t",                             TEXT_FORBIDDEN            },
        {"\x7f",                           TEXT_FORBIDDEN            },
        {"\xc2\x85",                       TEXT_FORBIDDEN            },
        {"a\xff",                          TEXT_SEEN | TEXT_FORBIDDEN},
        {"\U0003ffff",                     TEXT_FORBIDDEN            },
        {"\u0378",                         TEXT_UNASSIGNED           },
        {"\ue000",                         TEXT_SEEN                 }, /* private */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        unsigned got = text_kinds(rows[i].text, strlen(rows[i].text));
        if (got != rows[i].want)
            fail_msg("row %zu, %s: %#x", i, rows[i].text, got);
    }
}

static void only_what_is_asked_for_is_looked_at(void **state)
{
    (void)state;
    assert_int_equal(text_kinds("ab cd", 2), TEXT_SEEN);
    assert_int_equal(text_kinds("é", 1), TEXT_FORBIDDEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_character_is_of_one_kind),
        cmocka_unit_test(only_what_is_asked_for_is_looked_at),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
