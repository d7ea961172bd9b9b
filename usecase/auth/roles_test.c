/* roles_test.c - roles over a memory store. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/auth.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/outbox/memory/outbox_memory.h"
#include "tool/store/memory/store_memory.h"
#include "usecase/auth/roles.h"

struct office {
    struct memdb *db;
    struct roles roles;
    struct sessions sessions;
    struct account account;
    struct problem problem;
    struct call call;
    struct account_view view;
};

static int setup(void **state)
{
    struct office *o = MEM_NEW(struct office);

    log_set_fd(-1);
    o->db = memdb_create();
    o->roles = (struct roles){
        .accounts = store_memory_create(o->db, &ACCOUNT_TABLE),
        .transactor = memdb_transactor_create(o->db),
        .outbox = outbox_memory_create(o->db, &CLOCK_SYSTEM, &ENTROPY_SYSTEM),
    };
    o->sessions = (struct sessions){
        .accounts = o->roles.accounts,
        .sessions = store_memory_create(o->db, &SESSION_TABLE),
        .transactor = o->roles.transactor,
        .outbox = o->roles.outbox,
        .entropy = &ENTROPY_SYSTEM,
        .limits = {.max = 20, .idle_s = 3600, .lifetime_s = 3600},
    };
    o->roles.sessions = &o->sessions;
    o->account = (struct account){.id = {{1}}, .login_id = "alice", .status = ACCOUNT_ACTIVE};
    o->call = (struct call){.clock = &CLOCK_SYSTEM,
                            .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + 60000,
                            .problem = &o->problem};
    assert_int_equal(store_insert(o->roles.accounts, NULL, &o->call, &o->account, NULL), ST_OK);
    *state = o;
    return 0;
}

static int teardown(void **state)
{
    struct office *o = *state;

    store_destroy(o->roles.accounts);
    store_destroy(o->sessions.sessions);
    outbox_destroy(o->roles.outbox);
    o->roles.transactor->ops->destroy(o->roles.transactor);
    memdb_destroy(o->db);
    free(o);
    return 0;
}

static enum status grant(struct office *o, const char *login_id, enum role role)
{
    struct role_change change = {.role = (int)role};

    TEXT_COPY(change.login_id, login_id);
    return roles_grant(&o->roles, &o->call, &change, &o->view);
}

static enum status revoke(struct office *o, const char *login_id, enum role role)
{
    struct role_change change = {.role = (int)role};

    TEXT_COPY(change.login_id, login_id);
    return roles_revoke(&o->roles, &o->call, &change, &o->view);
}

static void an_account_is_shown_to_its_owner(void **state)
{
    struct office *o = *state;
    struct own_account_query query = {o->account.id};

    assert_int_equal(roles_show_own(&o->roles, &o->call, &query, &o->view), ST_OK);
    assert_string_equal(o->view.login_id, "alice");
    assert_int_equal(o->view.status, ACCOUNT_ACTIVE);
    query.user_id = (struct uuid){{9}};
    assert_int_equal(roles_show_own(&o->roles, &o->call, &query, &o->view), ST_NOT_FOUND);
    assert_string_equal(o->problem.detail, "The account is gone.");
}

static void roles_are_granted_shown_and_revoked(void **state)
{
    struct office *o = *state;
    struct account_query query = {"alice"};

    assert_int_equal(roles_show(&o->roles, &o->call, &query, &o->view), ST_OK);
    assert_string_equal(o->view.roles, "");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(grant(o, "alice", ROLE_COURIER), ST_OK);
        assert_string_equal(o->view.roles, "courier");
    }
    assert_int_equal(grant(o, "alice", ROLE_ADMIN), ST_OK);
    assert_int_equal(roles_show(&o->roles, &o->call, &query, &o->view), ST_OK);
    assert_string_equal(o->view.roles, "admin courier");
    assert_true(uuid_equal(o->view.user_id, o->account.id));
    assert_int_equal(revoke(o, "alice", ROLE_ADMIN), ST_OK);
    assert_string_equal(o->view.roles, "courier");
    assert_int_equal(grant(o, "nobody", ROLE_ADMIN), ST_NOT_FOUND);
    assert_true(operation_declares(&AUTH_ADMIN_USER_GRANT, ST_NOT_FOUND, o->problem.code));
}

static void what_changes_a_role_is_said_and_nothing_else(void **state)
{
    static const struct {
        const char *why;
        enum status (*fn)(struct office *, const char *, enum role);
        enum role role;
        const char *type, *data; /* NULL = nothing is said */
    } cases[] = {
        {"granted",             grant,  ROLE_COURIER,  "auth.role_granted", "courier" },
        {"again",               grant,  ROLE_COURIER,  NULL,                NULL      },
        {"another",             grant,  ROLE_OPERATOR, "auth.role_granted", "operator"},
        {"revoked",             revoke, ROLE_COURIER,  "auth.role_revoked", "courier" },
        {"revoked again",       revoke, ROLE_COURIER,  NULL,                NULL      },
        {"it never had it",     revoke, ROLE_PARTNER,  NULL,                NULL      },
        {"granted, once taken", grant,  ROLE_COURIER,  "auth.role_granted", "courier" },
    };
    struct office *o = *state;
    struct outbox_row rows[8];
    size_t said = 0;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        size_t before = said;
        assert_int_equal(cases[i].fn(o, "alice", cases[i].role), ST_OK);
        said = outbox_memory_said(o->roles.outbox, &o->account.id, rows, ARRAY_LEN(rows));
        if (said - before != (cases[i].type != NULL))
            fail_msg("%s: %zu events", cases[i].why, said - before);
        if (!cases[i].type)
            continue;
        assert_string_equal(rows[before].type, cases[i].type);
        assert_non_null(strstr(rows[before].json, cases[i].data));
    }
}

static enum status log_in(struct transaction *tx, const struct call *call, void *arg)
{
    struct office *o = arg;
    struct refresh_token token;

    return session_begin(&o->sessions, tx, call, o->account.id, &token);
}

static void an_operator_ends_every_session(void **state)
{
    struct office *o = *state;
    const struct store_list all = {.where = {{"user_id", &o->account.id}}};
    struct account_query query = {.login_id = "alice"};
    struct session rows[4];
    size_t n;

    for (int i = 0; i < 2; i++)
        assert_int_equal(transactor_run(o->roles.transactor, &o->call, log_in, o), ST_OK);
    for (int i = 0; i < 2; i++) { /* the second time there is none left */
        assert_int_equal(roles_logout(&o->roles, &o->call, &query, &o->view), ST_OK);
        assert_true(uuid_equal(o->view.user_id, o->account.id));
        assert_int_equal(store_list(o->sessions.sessions, NULL, &o->call, &all, 4, rows, &n),
                         ST_OK);
        assert_int_equal(n, 0);
    }
    query = (struct account_query){.login_id = "nobody"};
    assert_int_equal(roles_logout(&o->roles, &o->call, &query, &o->view), ST_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_account_is_shown_to_its_owner, setup, teardown),
        cmocka_unit_test_setup_teardown(roles_are_granted_shown_and_revoked, setup, teardown),
        cmocka_unit_test_setup_teardown(an_operator_ends_every_session, setup, teardown),
        cmocka_unit_test_setup_teardown(what_changes_a_role_is_said_and_nothing_else, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
