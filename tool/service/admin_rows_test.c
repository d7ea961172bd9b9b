/* admin_rows_test.c - what every service answers to its operators, as rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/service/admin_rows.h"
#include "tool/service/process.h"
#include "tool/service/table_check.h"

static bool serves(const struct admin_rows *admin, const char *subject)
{
    for (size_t i = 0; i < admin->n; i++)
        if (strcmp(admin->operations[i].subject, subject) == 0)
            return true;
    return false;
}

static void a_service_answers_what_it_has(void **state)
{
    struct admin_rows admin;

    (void)state;
    admin_rows_init(&admin, &(struct service){.name = "edge"});
    assert_true(serves(&admin, "edge.admin.status"));
    assert_true(serves(&admin, "edge.admin.breaker.list"));
    assert_false(serves(&admin, "edge.admin.saga.list"));
    admin_rows_fini(&admin);
    admin_rows_init(&admin, &(struct service){.name = "shop", .database = true, .sagas = true});
    assert_true(serves(&admin, "shop.admin.saga.compensate"));
    admin_rows_fini(&admin);
}

/* As the rows of any service: sizes, subjects, pools. Those of the loop thread have no pool. */
static void each_row_is_without_fault(void **state)
{
    static const struct service_pool POOLS[] = {
        {ADMIN_POOL, 1, 1}
    };
    struct service shop = {.name = "shop",
                           .database = true,
                           .sagas = true,
                           .unnamed_self = true,
                           .size = sizeof(struct process),
                           .pools = POOLS,
                           .n_pools = 1};
    struct admin_rows admin;
    const char *fault;
    char text[256];

    (void)state;
    admin_rows_init(&admin, &shop);
    for (size_t i = 0; i < admin.n; i++) {
        assert_int_equal(admin.rows[i].op->access.kind, ACCESS_ROLE);
        assert_string_equal(admin.rows[i].op->access.roles, "operator");
        if (!admin.rows[i].pool)
            admin.rows[i].pool = ADMIN_POOL;
    }
    shop.endpoints = admin.rows;
    shop.n_endpoints = admin.n;
    fault = table_fault(&shop, text, sizeof(text));
    if (fault)
        fail_msg("%s", fault);
    admin_rows_fini(&admin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_service_answers_what_it_has),
        cmocka_unit_test(each_row_is_without_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
