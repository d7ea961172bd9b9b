/* sweeps_test.c - sweepers as rows: what is made of them, and the slips that are named. */
#include "tool/service/sweeps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

struct shop {
    struct sweeper carts, orders;
    int64_t till;
};

static enum status act(void *arg, struct transaction *tx, const struct call *call, struct uuid id)
{
    (void)arg;
    (void)tx;
    (void)call;
    (void)id;
    return ST_OK;
}

static enum status tidy(void *self, const struct job_run *run)
{
    (void)self;
    (void)run;
    return ST_OK;
}

static const struct job JOBS[] = {
    {"tidy", 0, tidy, 1000, 1000, JOB_ONE_INSTANCE, 0},
};

static const struct service_sweep SWEEPS[] = {
    {.name = "cart",
     .sweeper = offsetof(struct shop,                                  carts),
     .arg = offsetof(struct shop, till),
     .act = act,
     .table = {"cart", "id", "state = 'OPEN'", "expires_at", "look_at"},
     .every_ms = 2000},
    { .name = "order",
     .sweeper = offsetof(struct shop, orders),
     .arg = offsetof(struct shop, till),
     .act = act,
     .table = {"orders", "id", "state = 'OPEN'", "pay_by", "look_at"},
     .every_ms = 500,
     .timeout_ms = 8000,
     .lease_ms = 9000,
     .ask_ms = 700,
     .grace_ms = 800,
     .batch = 16},
};

static const struct service SHOP = {
    .name = "shop",
    .size = sizeof(struct shop),
    ROWS_OF(jobs, JOBS),
    ROWS_OF(sweeps, SWEEPS),
    .database = true,
};

static void each_sweep_is_a_job_beside_the_services_own(void **state)
{
    struct service_jobs jobs;

    (void)state;
    service_jobs_init(&jobs, &SHOP);
    assert_int_equal(jobs.n, 3);
    assert_string_equal(jobs.rows[0].name, "tidy");
    assert_string_equal(jobs.rows[1].name, "sweep_cart");
    assert_int_equal(jobs.rows[1].self, offsetof(struct shop, carts));
    assert_true(jobs.rows[1].fn == sweeper_run && jobs.rows[1].where == JOB_EVERYWHERE);
    assert_int_equal(jobs.rows[1].every_ms, 2000);
    assert_int_equal(jobs.rows[1].timeout_ms, 5000);
    assert_string_equal(jobs.rows[2].name, "sweep_order");
    assert_int_equal(jobs.rows[2].timeout_ms, 8000);
    service_jobs_fini(&jobs);
}

/* What was made, and how much of it is left. */
struct made {
    struct sweep_rows base;
    const struct sweep_table *tables[2];
    size_t n, ended;
};

static void end_rows(struct sweep_rows *base)
{
    container_of(base, struct made, base)->ended++;
}

static const struct sweep_rows_ops OPS = {.destroy = end_rows};

static struct sweep_rows *make(void *arg, const struct sweep_table *table)
{
    struct made *made = arg;

    made->tables[made->n++] = table;
    return &made->base;
}

static void sweepers_are_made_of_rows_and_what_they_leave_out(void **state)
{
    struct shop shop = {.till = 0};
    struct made made = {.base = {&OPS}};
    struct service_run run = {.transactor = (void *)&made};
    const struct sweeper_config *carts = &shop.carts.config, *orders = &shop.orders.config;

    (void)state;
    sweeps_destroy(&SHOP, &shop); /* as after a start that came to nothing */
    sweeps_create(&SHOP, &shop, &run, make, &made);
    assert_string_equal(made.tables[1]->table, "orders");
    assert_true(carts->rows == &made.base && carts->arg == &shop.till && carts->act == act);
    assert_true(carts->transactor == run.transactor);
    assert_true(carts->lease_ms == 10000 && carts->ask_ms == 1000 && carts->grace_ms == 60000);
    assert_int_equal(carts->batch, 32);
    assert_true(orders->lease_ms == 9000 && orders->ask_ms == 700 && orders->grace_ms == 800);
    assert_int_equal(orders->batch, 16);
    sweeps_destroy(&SHOP, &shop);
    assert_int_equal(made.ended, 2);
}

static void a_slip_is_named(void **state)
{
    const struct service_sweep good = SWEEPS[0];
    struct service_sweep rows[2] = {good, SWEEPS[1]};
    struct service shop = SHOP;
    char text[256];

    (void)state;
    shop.sweeps = rows;
#define SLIP(member, value, want)                                                                  \
    do {                                                                                           \
        rows[0] = good;                                                                            \
        rows[0].member = (value);                                                                  \
        assert_string_equal(service_jobs_fault(&shop, text, sizeof(text)), (want));                \
    } while (0)
    assert_null(service_jobs_fault(&shop, text, sizeof(text)));
    SLIP(name, NULL, "sweep  has no .name");
    SLIP(act, NULL, "sweep cart has no .act");
    SLIP(table.next, NULL, "sweep cart does not say all of its .table");
    SLIP(sweeper, sizeof(struct shop),
         "sweep cart has a .sweeper or an .arg outside the service's struct");
    SLIP(batch, SWEEP_BATCH_MAX + 1, "sweep cart has too large a .batch");
    SLIP(lease_ms, 5000, "sweep cart has a .lease_ms that is over before a run's .timeout_ms");
    SLIP(name, "order", "job sweep_order is there twice");
    SLIP(every_ms, 0, "job sweep_cart has no .every_ms and .timeout_ms above 0");
    rows[0] = good;
    shop.database = false;
    assert_string_equal(service_jobs_fault(&shop, text, sizeof(text)), ".sweeps needs .database");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_sweep_is_a_job_beside_the_services_own),
        cmocka_unit_test(sweepers_are_made_of_rows_and_what_they_leave_out),
        cmocka_unit_test(a_slip_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
