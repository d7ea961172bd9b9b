/* date_test.c - which dates there are. */
#include "tool/core/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/core/sanitized_test.h"

static void only_days_that_exist_in_the_one_form_are_dates(void **state)
{
    static const struct {
        const char *text;
        bool want;
        int32_t days;
    } cases[] = {
        {"1970-01-01",  true,  0       },
        {"1969-12-31",  true,  -1      },
        {"2026-12-24",  true,  20811   },
        {"2000-02-29",  true,  11016   },
        {"2024-02-29",  true,  19782   },
        {"0001-01-01",  true,  DATE_MIN},
        {"9999-12-31",  true,  DATE_MAX},
        {"1582-10-10",  true,  -141432 }, /* proleptic: no days were skipped */
        {"1900-02-29",  false, 0       },
        {"2023-02-29",  false, 0       },
        {"2026-02-30",  false, 0       },
        {"2026-04-31",  false, 0       },
        {"2026-00-10",  false, 0       },
        {"2026-13-01",  false, 0       },
        {"2026-01-00",  false, 0       },
        {"2026-01-32",  false, 0       },
        {"0000-12-31",  false, 0       },
        {"10000-01-01", false, 0       },
        {"2026-1-01",   false, 0       },
        {"2026-01-1",   false, 0       },
        {"26-01-01",    false, 0       },
        {"2026/01/01",  false, 0       },
        {"20260101",    false, 0       },
        {"2026-01-01 ", false, 0       },
        {" 2026-01-01", false, 0       },
        {"2026-01-01Z", false, 0       },
        {"+026-01-01",  false, 0       },
        {"-026-01-01",  false, 0       },
        {"2026-01-0a",  false, 0       },
        {"",            false, 0       },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int32_t days = 4711;
        if (date_parse(cases[i].text, &days) != cases[i].want)
            fail_msg("\"%s\" %s", cases[i].text, cases[i].want ? "refused" : "accepted");
        assert_int_equal(days, cases[i].want ? cases[i].days : 4711);
    }
}

static void every_day_is_the_one_after_the_day_before(void **state)
{
    enum { FIRST = SANITIZED ? DATE_MAX - 800 * 366 : DATE_MIN };
    char text[DATE_TEXT_LEN + 1], before[DATE_TEXT_LEN + 1] = "";

    (void)state;
    for (int32_t days = FIRST; days <= DATE_MAX; days++) {
        time_t seconds = (time_t)days * 86400;
        struct tm tm;
        int32_t back;
        date_text(days, text);
        if (!date_parse(text, &back) || back != days || strcmp(before, text) >= 0)
            fail_msg("%s after %s", text, before);
        if (days % 97 == 0) { /* the C library agrees */
            char other[32];
            gmtime_r(&seconds, &tm);
            strftime(other, sizeof(other), "%m-%d", &tm);
            assert_string_equal(text + 5, other);
        }
        memcpy(before, text, sizeof(text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_days_that_exist_in_the_one_form_are_dates),
        cmocka_unit_test(every_day_is_the_one_after_the_day_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
