/* book_query_test.c - what may stand in the query of the book. */
#include "cmd/pgsim/book_query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static void members_come_once_in_any_order(void **state)
{
    static const struct {
        const char *query;
        bool want;
        const char *key, *after;
        int64_t limit;
    } cases[] = {
        {NULL,                                        true,  "",    "",  BOOK_QUERY_ALL},
        {"key=a-1",                                   true,  "a-1", "",  BOOK_QUERY_ALL},
        {"limit=10&after=b&key=a",                    true,  "a",   "b", 10            },
        {"limit=999999999",                           true,  "",    "",  999999999     },
        {"",                                          false, "",    "",  0             },
        {"&",                                         false, "",    "",  0             },
        {"key=a&",                                    false, "",    "",  0             },
        {"key",                                       false, "",    "",  0             },
        {"key=",                                      false, "",    "",  0             },
        {"key=a&key=b",                               false, "",    "",  0             },
        {"key=a%20b",                                 false, "",    "",  0             },
        {"limit=0",                                   false, "",    "",  0             },
        {"limit=-1",                                  false, "",    "",  0             },
        {"limit=1x",                                  false, "",    "",  0             },
        {"limit=1&limit=2",                           false, "",    "",  0             },
        {"limit=1000000000",                          false, "",    "",  0             },
        {"keys=a",                                    false, "",    "",  0             },
        {"KEY=a",                                     false, "",    "",  0             },
        {"key=0123456789012345678901234567890123456", false, "",    "",  0             },
    };
    struct book_query query;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (book_query_read(cases[i].query, &query) != cases[i].want)
            fail_msg("%s", cases[i].query);
        if (!cases[i].want)
            continue;
        assert_string_equal(query.key, cases[i].key);
        assert_string_equal(query.after, cases[i].after);
        assert_int_equal(query.limit, cases[i].limit);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_come_once_in_any_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
