/* civil_test.c - dates as DATETIME columns hold them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <time.h>

#include "tool/core/mem.h"
#include "tool/dbc/civil.h"

static void a_date_is_the_same_instant_both_ways(void **state)
{
    static const struct {
        const char *why;
        struct civil c;
        int64_t us;
    } cases[] = {
        {"the epoch",             {1970, 1, 1, 0, 0, 0, 0},           0                 },
        {"just before it",        {1969, 12, 31, 23, 59, 59, 999999}, -1                },
        {"a leap day",            {2024, 2, 29, 12, 34, 56, 123456},  1709210096123456  },
        {"the day after one",     {2024, 3, 1, 0, 0, 0, 0},           1709251200000000  },
        {"a century without one", {2100, 3, 1, 0, 0, 0, 0},           4107542400000000  },
        {"the last of DATETIME",  {9999, 12, 31, 23, 59, 59, 999999}, 253402300799999999},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct civil back = civil_from_us(cases[i].us);
        if (civil_to_us(&cases[i].c) != cases[i].us)
            fail_msg("%s: got %lld", cases[i].why, (long long)civil_to_us(&cases[i].c));
        if (memcmp(&back, &cases[i].c, sizeof(back)) != 0)
            fail_msg("%s: back as %04d-%02d-%02d", cases[i].why, back.year, back.month, back.day);
    }
}

static void every_day_agrees_with_the_library(void **state)
{
    (void)state;
    for (int64_t day = -20000; day < 60000; day++) {
        time_t seconds = (time_t)day * 86400 + 3661;
        struct civil c = civil_from_us((int64_t)seconds * 1000000);
        struct tm tm;
        assert_non_null(gmtime_r(&seconds, &tm));
        assert_int_equal(tm.tm_year + 1900, c.year);
        assert_int_equal(tm.tm_mon + 1, c.month);
        assert_int_equal(tm.tm_mday, c.day);
        assert_int_equal((int64_t)seconds * 1000000, civil_to_us(&c));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_date_is_the_same_instant_both_ways),
        cmocka_unit_test(every_day_agrees_with_the_library),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
