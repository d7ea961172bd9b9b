/* zone_test.c - zones whose clocks stand all year, and no others. */
#include "tool/core/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static void zones_are_seconds_east_of_greenwich(void **state)
{
    static const struct {
        const char *name;
        int64_t east_s;
    } cases[] = {
        {"Asia/Seoul",   32400 },
        {"Asia/Kolkata", 19800 },
        {"UTC",          0     },
        {"+09:00",       32400 },
        {"-03:30",       -12600},
        {"+14:00",       50400 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t east_s = -1;
        assert_true(zone_read(cases[i].name, &east_s));
        assert_int_equal(east_s, cases[i].east_s);
    }
}

static void zones_whose_clocks_go_back_are_none(void **state)
{
    static const char *const WRONG[] = {"Europe/Berlin", "",       "seoul", "+9",
                                        "+15:00",        "+09:60", "09:00", "+0x:00"};
    int64_t east_s;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(WRONG); i++)
        if (zone_read(WRONG[i], &east_s))
            fail_msg("%s is taken", WRONG[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zones_are_seconds_east_of_greenwich),
        cmocka_unit_test(zones_whose_clocks_go_back_are_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
