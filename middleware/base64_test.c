/* base64_test.c - the examples of RFC 4648, 10, and bytes that are no text. */
#include "middleware/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static void bytes_become_text(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *want;
    } cases[] = {
        {"",               0, "\"\""        },
        {"f",              1, "\"Zg==\""    },
        {"fo",             2, "\"Zm8=\""    },
        {"foo",            3, "\"Zm9v\""    },
        {"foob",           4, "\"Zm9vYg==\""},
        {"fooba",          5, "\"Zm9vYmE=\""},
        {"foobar",         6, "\"Zm9vYmFy\""},
        {"\0\xff\xfe\x3f", 4, "\"AP/+Pw==\""},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char text[32];
        struct json_out o;

        json_out_init(&o, text, sizeof(text));
        base64_write(cases[i].bytes, cases[i].len, &o);
        assert_string_equal(text, cases[i].want);
        assert_int_equal(strlen(text), base64_len(cases[i].len) + 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(bytes_become_text)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
