/* roles_test.c - roles over a memory store. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/auth.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/store/memory/store_memory.h"
#include "usecase/auth/roles.h"

static void roles_are_granted_shown_and_revoked(void **state)
{
    struct memdb *db = memdb_create();
    struct roles roles = {store_memory_create(db, &ACCOUNT_TABLE)};
    struct account account = {.id = {{1}}, .login_id = "alice", .status = ACCOUNT_ACTIVE};
    struct account_query query = {"alice"};
    struct role_change change = {"alice", ROLE_COURIER};
    struct problem problem = {0};
    struct call call = {.clock = &CLOCK_SYSTEM,
                        .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + 10000,
                        .problem = &problem};
    struct account_view view = {0};

    (void)state;
    log_set_fd(-1);
    assert_int_equal(store_insert(roles.accounts, NULL, &call, &account, NULL), ST_OK);
    assert_int_equal(roles_show(&roles, &call, &query, &view), ST_OK);
    assert_string_equal(view.roles, "");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(roles_grant(&roles, &call, &change, &view), ST_OK);
        assert_string_equal(view.roles, "courier");
    }
    change.role = ROLE_ADMIN;
    assert_int_equal(roles_grant(&roles, &call, &change, &view), ST_OK);
    assert_int_equal(roles_show(&roles, &call, &query, &view), ST_OK);
    assert_string_equal(view.roles, "admin courier");
    assert_true(uuid_equal(view.user_id, account.id));
    assert_int_equal(roles_revoke(&roles, &call, &change, &view), ST_OK);
    assert_string_equal(view.roles, "courier");
    TEXT_COPY(change.login_id, "nobody");
    assert_int_equal(roles_grant(&roles, &call, &change, &view), ST_NOT_FOUND);
    assert_true(operation_declares(&AUTH_ADMIN_USER_GRANT, ST_NOT_FOUND, problem.code));
    store_destroy(roles.accounts);
    memdb_destroy(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roles_are_granted_shown_and_revoked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
