/* connection_limit_test.c - never more connections than descriptors. */
#include "tool/http/connection_limit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static void it_leaves_descriptors_for_the_rest(void **state)
{
    static const struct {
        unsigned wanted;
        uint64_t files;
        unsigned want;
    } cases[] = {
        {0,       20000,      19800  },
        {0,       401,        201    },
        {0,       400,        200    },
        {0,       399,        200    },
        {0,       256,        128    },
        {0,       64,         32     },
        {0,       1,          1      },
        {0,       0,          1      },
        {0,       UINT64_MAX, 1 << 20},
        {20,      20000,      20     },
        {1000000, 20000,      19800  },
        {300,     256,        128    },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        unsigned got = connection_limit(cases[i].wanted, cases[i].files);

        if (got != cases[i].want)
            fail_msg("%u of %llu: got %u", cases[i].wanted, (unsigned long long)cases[i].files,
                     got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_leaves_descriptors_for_the_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
