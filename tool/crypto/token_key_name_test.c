/* token_key_name_test.c - what a key file's name says, and what it does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/crypto/token_key_name.h"

static void a_name_says_when_its_key_begins_to_sign(void **state)
{
    static const struct {
        const char *name;
        int64_t begins_s;
    } cases[] = {
        {"20261129T013000Z-kPrK_qmx.key",  1795915800  },
        {"20261129T013000Z.key",           1795915800  },
        {"20261129T013000Z-any thing.key", 1795915800  },
        {"19700101T000001Z-kPrK_qmx.key",  1           },
        {"20240229T235959Z-kPrK_qmx.key",  1709251199  },
        {"99991231T235959Z-kPrK_qmx.key",  253402300799},
 /* these sign from their first day */
        {"19700101T000000Z-kPrK_qmx.key",  0           },
        {"19691231T235959Z-kPrK_qmx.key",  0           },
        {"20230229T000000Z-kPrK_qmx.key",  0           },
        {"20261129T240000Z-kPrK_qmx.key",  0           },
        {"20261129T016000Z-kPrK_qmx.key",  0           },
        {"20261129T013060Z-kPrK_qmx.key",  0           },
        {"20261129T013000-kPrK_qmx.key",   0           },
        {"20261129T013000Zx.key",          0           },
        {"20261129t013000z-kPrK_qmx.key",  0           },
        {"2026-11-29T01:30:00Z-kPrK.key",  0           },
        {"20261129T013000Z",               0           },
        {"20261129T01300",                 0           },
        {".20261129T013000Z-x.key",        0           },
        {"token.key",                      0           },
        {"",                               0           },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (token_key_name_begins_s(cases[i].name) != cases[i].begins_s)
            fail_msg("%s: %lld", cases[i].name, (long long)token_key_name_begins_s(cases[i].name));
}

static void what_is_made_is_read_and_sorts_by_time(void **state)
{
    static const int64_t TIMES[] = {0,          1,          951782400,   1795915799,
                                    1795915800, 4102444800, 253402300799};
    char name[TOKEN_KEY_NAME_LEN + 1], before[TOKEN_KEY_NAME_LEN + 1] = "";

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(TIMES); i++) {
        token_key_name_make(TIMES[i], "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", name);
        assert_true(token_key_name_is(name));
        assert_int_equal(token_key_name_begins_s(name), TIMES[i]);
        assert_true(strcmp(before, name) < 0);
        TEXT_COPY(before, name);
    }
    assert_string_equal(name, "99991231T235959Z-kPrK_qmx.key");
}

static void a_key_is_a_file_by_its_name(void **state)
{
    (void)state;
    assert_true(token_key_name_is("a.key"));
    assert_false(token_key_name_is(".key"));
    assert_false(token_key_name_is(".new.key"));
    assert_false(token_key_name_is("a.key~"));
    assert_false(token_key_name_is("key"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_says_when_its_key_begins_to_sign),
        cmocka_unit_test(what_is_made_is_read_and_sorts_by_time),
        cmocka_unit_test(a_key_is_a_file_by_its_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
