/* table_self_test.c - a row that was forgotten to name its .self is refused, whatever its table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/core/uuid.h"
#include "tool/service/table_check.h"

struct happened {
    struct uuid id;
};

static const struct operation BUY = {.subject = "shop.buy"};
static const struct descriptor HAPPENED_DATA = {.name = "Happened",
                                                .size = sizeof(struct happened)};
static const struct event_type HAPPENED = {"other.thing_happened", "", &HAPPENED_DATA, 0};
static const struct service_pool POOLS[] = {
    {"work", 1, 1},
};

static enum status run(void *self, const struct call *call, const void *in, void *out)
{
    (void)self;
    (void)call;
    (void)in;
    (void)out;
    return ST_OK;
}

static enum status hear(void *self, struct transaction *tx, const struct call *call,
                        const struct event *event, const void *data)
{
    (void)tx;
    (void)event;
    return run(self, call, data, NULL);
}

static enum status tidy(void *self, const struct job_run *job)
{
    (void)job;
    return run(self, NULL, NULL, NULL);
}

static enum status look_at(void *arg, struct transaction *tx, const struct call *call,
                           struct uuid id)
{
    (void)tx;
    (void)id;
    return run(arg, call, NULL, NULL);
}

static void a_row_that_names_no_self_is_refused(void **state)
{
    static const struct {
        struct endpoint endpoint;
        struct hearing hearing;
        struct job job;
        struct service_sweep sweep;
        const char *want;
    } cases[] = {
        {.endpoint = {ENDPOINT(BUY, run, struct nothing, struct nothing), .pool = "work",
                      .timeout_ms = 1},
         .want = "endpoint shop.buy"                                                          },
        {.hearing = {.type = &HAPPENED, .fn = hear, .kind = HEAR_IN_ORDER},
         .want = "hearing other.thing_happened"                                               },
        {.job = {"tidy", 0, tidy, 1000, 1000, JOB_ONE_INSTANCE, 0},         .want = "job tidy"},
        {.sweep = {.name = "cart",
                   .sweeper = 8,
                   .act = look_at,
                   .table = {"cart", "id", "open = 1", "due", "next"},
                   .every_ms = 1000},
         .want = "sweep cart"                                                                 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct service shop = {.name = "shop",
                               .size = 8 + sizeof(struct sweeper),
                               .pools = POOLS,
                               .n_pools = 1,
                               .endpoints = &cases[i].endpoint,
                               .n_endpoints = cases[i].endpoint.op != NULL,
                               .hears = &cases[i].hearing,
                               .n_hears = cases[i].hearing.fn != NULL,
                               .jobs = &cases[i].job,
                               .n_jobs = cases[i].job.fn != NULL,
                               .sweeps = &cases[i].sweep,
                               .n_sweeps = cases[i].sweep.act != NULL,
                               .database = true};
        char buf[160], want[160];

        snprintf(want, sizeof(want), "%s names no .self, and the service no .unnamed_self",
                 cases[i].want);
        assert_string_equal(table_fault(&shop, buf, sizeof(buf)), want);
        shop.unnamed_self = IS_FIRST(struct happened, id);
        assert_null(table_fault(&shop, buf, sizeof(buf)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_that_names_no_self_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
