/* job_rows_test.c - mistakes in a table of jobs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/job/job.h"

static enum status do_work(void *self, const struct job_run *run)
{
    (void)self;
    (void)run;
    return ST_OK;
}

static void mistakes_in_rows_are_named(void **state)
{
    static const struct {
        struct job rows[2];
        bool leases;
        const char *fault;
    } CASES[] = {
        {{{"a", 0, do_work, 1, 1, JOB_EVERYWHERE, 0}, {"b", 0, do_work, 1, 1, JOB_ONE_INSTANCE, 0}},
         true,  NULL                                              },
        {{{"a", 0, do_work, 1, 1, JOB_EVERYWHERE, 0}, {"b", 0, do_work, 1, 1, JOB_ONE_INSTANCE, 0}},
         false, "job b is for one instance, which needs .database"},
        {{{"a", 0, do_work, 1, 1, JOB_EVERYWHERE, 0}, {"a", 0, do_work, 1, 1, JOB_EVERYWHERE, 0}},
         true,  "job a is there twice"                            },
        {{{"a", 0, do_work, 1, 1, JOB_EVERYWHERE, 0}, {"B", 0, do_work, 1, 1, JOB_EVERYWHERE, 0}},
         true,  "job 1 has no name of a-z, 0-9 and _"             },
        {{{"a", 0, do_work, 1, 1, JOB_EVERYWHERE, 0}, {"b", 0, NULL, 1, 1, JOB_EVERYWHERE, 0}},
         true,  "job b has no .fn"                                },
        {{{"a", 0, do_work, 1, 1, JOB_EVERYWHERE, 0}, {"b", 64, do_work, 1, 1, JOB_EVERYWHERE, 0}},
         true,  "job b has a .self outside the service's struct"  },
        {{{"a", 0, do_work, 1, 1, JOB_EVERYWHERE, 0}, {"b", 0, do_work, 0, 1, JOB_EVERYWHERE, 0}},
         true,  "job b has no .every_ms and .timeout_ms above 0"  },
    };
    char text[128];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        const char *fault =
            job_rows_fault(CASES[i].rows, 2, 64, CASES[i].leases, text, sizeof(text));

        if (CASES[i].fault)
            assert_string_equal(fault, CASES[i].fault);
        else
            assert_null(fault);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_rows_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
