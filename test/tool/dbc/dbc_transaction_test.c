/* dbc_transaction_test.c - connections that run transactions, and what is left on them afterwards:
 * nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <stdatomic.h>

#include "test/tool/dbc/dbc_fixture.h"
#include "tool/core/mem.h"
#include "tool/dbc/transactor.h"

static const char SQL_ID[] = "SELECT CONNECTION_ID()";

/* A transaction that asks the database for a number; or one that writes a row. */
struct body {
    struct dbc_fixture *f;
    const char *sql;
    const char *name; /* of the row */
    enum status end;
    int64_t n;
};

static enum status run_body(struct transaction *tx, const struct call *call, void *arg)
{
    struct body *body = arg;
    enum status st = ST_OK;

    if (body->sql)
        body->n = dbc_select_int(body->f, dbc_tx_conn(tx), body->sql, NULL);
    if (body->name)
        st = dbc_insert_row(dbc_tx_conn(tx), call, test_uuid(), body->name, 1, 0);
    return st == ST_OK ? body->end : st;
}

static int64_t asked_in_tx(struct dbc_fixture *f, const char *sql)
{
    struct body body = {.f = f, .sql = sql};
    struct call call = test_call();

    assert_status(ST_OK, transactor_run(f->transactor, &call, run_body, &body));
    return body.n;
}

static void write_in_tx(struct dbc_fixture *f, const char *name, enum status end)
{
    struct body body = {.f = f, .name = name, .end = end};
    struct call call = test_call();

    assert_status(end, transactor_run(f->transactor, &call, run_body, &body));
}

static void write_alone(struct dbc_fixture *f, const char *name)
{
    struct dbc_conn *conn = dbc_taken(f);
    struct call call = test_call();

    assert_status(ST_OK, dbc_insert_row(conn, &call, test_uuid(), name, 1, 0));
    dbc_give(f->pool, conn);
}

static void a_transaction_has_no_round_trip_but_its_statements_and_its_commit(void **state)
{
    static const char SQL[] =
        "SELECT CAST(VARIABLE_VALUE AS SIGNED) FROM"
        " information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'QUESTIONS'";
    struct dbc_fixture *f = *state;
    int64_t id = asked_in_tx(f, SQL_ID), before = asked_in_tx(f, SQL);

    assert_int_equal(before + 2, asked_in_tx(f, SQL)); /* a commit, and the question itself */
    assert_int_equal(id, asked_in_tx(f, SQL_ID));
}

static void each_kind_keeps_its_connections(void **state)
{
    struct dbc_fixture *f = *state;
    int64_t in_tx, alone;
    struct dbc_conn *both[2] = {dbc_taken(f), dbc_taken(f)};

    dbc_give(f->pool, both[0]);
    dbc_give(f->pool, both[1]);
    in_tx = asked_in_tx(f, SQL_ID);
    alone = dbc_select_int(f, NULL, SQL_ID, NULL);
    assert_int_not_equal(in_tx, alone);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(in_tx, asked_in_tx(f, SQL_ID));
        assert_int_equal(alone, dbc_select_int(f, NULL, SQL_ID, NULL));
    }
}

/* On the only connection there is. */
static void a_connection_serves_both_kinds_in_turns(void **state)
{
    struct dbc_fixture *f = *state, one = *f;
    int64_t id;

    one.config.connections = 1;
    one.pool = dbc_pool_create(&one.config, &CLOCK_SYSTEM);
    one.transactor = dbc_transactor_create(one.pool);
    id = dbc_select_int(&one, NULL, SQL_ID, NULL);
    for (int i = 0; i < 3; i++) {
        char refused[20], alone[20], done[20];
        test_name("refused", refused, sizeof(refused));
        test_name("alone", alone, sizeof(alone));
        test_name("done", done, sizeof(done));
        write_in_tx(&one, refused, ST_CONFLICT);
        write_alone(&one, alone);
        assert_int_equal(1, dbc_count_rows(f, NULL, alone)); /* by another: at once */
        write_in_tx(&one, done, ST_OK);
        assert_int_equal(1, dbc_count_rows(f, NULL, done));
        assert_int_equal(0, dbc_count_rows(f, NULL, refused));
        assert_int_equal(0, asked_in_tx(&one, "SELECT @@autocommit"));
        assert_int_equal(1, dbc_select_int(&one, NULL, "SELECT @@autocommit", NULL));
        assert_int_equal(id, dbc_select_int(&one, NULL, SQL_ID, NULL));
    }
    one.transactor->ops->destroy(one.transactor);
    dbc_pool_destroy(one.pool);
}

static int64_t open_transactions(struct dbc_fixture *f)
{
    struct call call = test_call();
    struct dbc_conn *conn = NULL;
    int64_t n;

    assert_status(ST_OK, dbc_take(f->admin, &call, &conn));
    n = dbc_select_int(f, conn, "SELECT COUNT(*) FROM information_schema.INNODB_TRX", NULL);
    dbc_give(f->admin, conn);
    return n;
}

/* An open one would hold up who changes the table, and show its reader the past. */
static void no_transaction_is_left_open_however_it_ended(void **state)
{
    static const struct {
        const char *why, *sql, *name;
        enum status end;
    } cases[] = {
        {"read, and was committed", "SELECT COUNT(*) FROM t",            NULL,    ST_OK      },
        {"read, and was refused",   "SELECT COUNT(*) FROM t",            NULL,    ST_INVALID },
        {"locked, and was refused", "SELECT COUNT(*) FROM t FOR UPDATE", NULL,    ST_INVALID },
        {"wrote, and was refused",  "SELECT COUNT(*) FROM t",            "wrote", ST_CONFLICT},
        {"did nothing",             NULL,                                NULL,    ST_OK      },
        {"refused at once",         NULL,                                NULL,    ST_CONFLICT},
    };
    struct dbc_fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct body body = {
            .f = f, .sql = cases[i].sql, .name = cases[i].name, .end = cases[i].end};
        struct call call = test_call();
        assert_status(cases[i].end, transactor_run(f->transactor, &call, run_body, &body));
        if (!mariadb_server_sql(&f->server,
                                "ALTER TABLE dbc.t COMMENT 'held up', LOCK = EXCLUSIVE"))
            fail_msg("the table is held by one that %s", cases[i].why);
        if (open_transactions(f) != 0)
            fail_msg("open is one that %s", cases[i].why);
    }
}

static void what_others_commit_is_seen_by_the_next_transaction(void **state)
{
    static const char SQL[] = "SELECT COUNT(*) FROM t WHERE name = 'news'";
    struct dbc_fixture *f = *state;

    assert_int_equal(0, asked_in_tx(f, SQL));
    write_alone(f, "news");
    assert_int_equal(1, asked_in_tx(f, SQL));
}

/* A row, and who stands still before he has committed it, until another has got through. */
struct standstill {
    struct dbc_fixture *f;
    char name[20];
    atomic_bool written, passed;
};

static enum status write_and_stand_still(struct transaction *tx, const struct call *call, void *arg)
{
    struct standstill *s = arg;
    enum status st = dbc_insert_row(dbc_tx_conn(tx), call, test_uuid(), s->name, 1, 0);

    atomic_store(&s->written, st == ST_OK);
    while (!atomic_load(&s->passed))
        poll(NULL, 0, 10);
    return st;
}

static void write_behind(struct standstill *s)
{
    enum status st = ST_UNAVAILABLE;

    while (!atomic_load(&s->written))
        poll(NULL, 0, 10);
    while (st == ST_UNAVAILABLE) { /* a lock that is not given up in time */
        struct dbc_conn *conn = dbc_taken(s->f);
        struct call call = test_call();
        st = dbc_insert_row(conn, &call, test_uuid(), s->name, 2, 0);
        dbc_give(s->f->pool, conn);
    }
    assert_status(ST_OK, st);
    atomic_store(&s->passed, true);
}

static void stand_or_pass(void *arg, int i)
{
    struct standstill *s = arg;
    struct call call = test_call();

    if (i > 0)
        write_behind(s);
    else
        assert_status(ST_UNCERTAIN,
                      transactor_run(s->f->transactor, &call, write_and_stand_still, s));
}

/* A process that is paused, a machine that hangs: what it has locked is not locked for ever. */
static void who_stands_still_in_a_transaction_loses_it(void **state)
{
    struct standstill s = {.f = *state};

    test_name("still", s.name, sizeof(s.name));
    test_race(2, stand_or_pass, &s);
    assert_int_equal(1, dbc_count_rows(s.f, NULL, s.name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_transaction_has_no_round_trip_but_its_statements_and_its_commit),
        cmocka_unit_test(each_kind_keeps_its_connections),
        cmocka_unit_test(a_connection_serves_both_kinds_in_turns),
        cmocka_unit_test(no_transaction_is_left_open_however_it_ended),
        cmocka_unit_test(what_others_commit_is_seen_by_the_next_transaction),
        cmocka_unit_test(who_stands_still_in_a_transaction_loses_it),
    };

    return cmocka_run_group_tests(tests, dbc_fixture_set_up, dbc_fixture_tear_down) +
           cmocka_run_group_tests_name("over TLS", tests, dbc_fixture_set_up_tls,
                                       dbc_fixture_tear_down);
}
