/* mistakes_test.c - the simulation is worth its time: each of the mistakes that are easily made
 * with events is found within the seeds that are run by default. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "test/simulation/sim_day.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"

enum { SEEDS = 10000 };

static const struct {
    const char *name;
    struct sim_mistakes mistakes;
} MISTAKES[] = {
    {"acknowledged before the commit",               {.acks_first = true}},
    {"only rows above the last one are read",        {.above_last = true}},
    {"marked before the stream has acknowledged it", {.claims = true}    },
    {"nobody asks what the stream has lost",         {.believes = true}  },
};

static void every_mistake_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(MISTAKES); i++) {
        struct sim_day day = {.mistakes = MISTAKES[i].mistakes};
        struct sim_tally tally = {0};
        const char *wrong = NULL;
        while (!wrong && day.seed < SEEDS) {
            day.seed++;
            wrong = sim_day_run(&day, &tally);
        }
        print_message("# %s: seed %" PRIu64 ": %s\n", MISTAKES[i].name, day.seed,
                      wrong ? wrong : "nothing is found");
        assert_non_null(wrong);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mistake_is_found),
    };

    log_set_fd(-1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
