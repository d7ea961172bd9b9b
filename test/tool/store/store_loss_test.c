/* store_loss_test.c - what is MariaDB's alone: queries of one's own, connections that die. */
#include <stdio.h>

#include "test/tool/store/thing_server.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/dbc_text.h"
#include "tool/dbc/transactor.h"
#include "tool/store/mysql/store_mysql.h"

enum { CONNECTIONS_MAX = 32 };

static void a_query_of_its_own_reads_whole_rows(void **state)
{
    struct thing_server *w = *state;
    struct thing want[] = {thing_made(1, "a", "A"), thing_made(2, "b", "B")}, got;
    struct call call = test_call();
    struct dbc_conn *conn = NULL;
    struct dbc_stmt *s;
    size_t n = 0;
    char sql[512];

    want[1].has_rank = true;
    want[1].rank = -7;
    for (size_t i = 0; i < 2; i++)
        assert_status(ST_OK, store_insert(w->things, NULL, &call, &want[i], NULL));
    snprintf(sql, sizeof(sql), "SELECT %s, amount + 1 FROM thing WHERE amount > ? ORDER BY seat",
             store_columns(w->things));
    assert_status(ST_OK, dbc_take(w->pool, &call, &conn));
    s = dbc_prepare(conn, sql);
    dbc_bind_int(s, 0);
    assert_status(ST_OK, dbc_execute(s, &call));
    for (; n < 2 && dbc_next(s); n++) {
        int64_t more;
        store_read(s, &THING_TABLE, &got);
        dbc_col_int(s, &more);
        thing_assert_equal(&want[n], &got);
        assert_int_equal(want[n].amount + 1, more);
    }
    assert_status(ST_OK, dbc_done(s, ST_OK));
    dbc_give(w->pool, conn);
    assert_int_equal(2, n);
    for (size_t i = 0; i < 2; i++)
        assert_status(ST_OK, store_remove(w->things, NULL, &call, &want[i].id, NULL, NULL));
}

static int64_t questions(struct dbc_conn *conn, const struct call *call)
{
    struct dbc_stmt *s =
        dbc_prepare(conn, "SELECT CAST(VARIABLE_VALUE AS SIGNED) FROM"
                          " information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'QUESTIONS'");
    int64_t n = -1;

    assert_status(ST_OK, dbc_execute(s, call));
    if (dbc_next(s))
        dbc_col_int(s, &n);
    assert_status(ST_OK, dbc_done(s, ST_OK));
    return n;
}

static enum status turn_counted(struct transaction *tx, const struct call *call, void *arg)
{
    static const enum thing_state NEW = THING_NEW, OLD = THING_OLD;
    struct thing_server *w = arg;
    int64_t before = questions(dbc_tx_conn(tx), call);

    assert_status(ST_OK, store_turn(w->things, tx, call, &(struct uuid){{1}}, "state", &NEW, &OLD));
    assert_int_equal(before + 2, questions(dbc_tx_conn(tx), call)); /* one, and the question */
    return ST_OK;
}

static void a_column_turns_by_one_statement(void **state)
{
    struct thing_server *w = *state;
    struct transactor *transactor = dbc_transactor_create(w->pool);
    struct thing row = thing_made(1, "a", "A");
    struct call call = test_call();

    assert_status(ST_OK, store_insert(w->things, NULL, &call, &row, NULL));
    assert_status(ST_OK, transactor_run(transactor, &call, turn_counted, w));
    assert_status(ST_OK, store_remove(w->things, NULL, &call, &row.id, NULL, NULL));
    transactor->ops->destroy(transactor);
}

/* Ends every other connection to the schema. */
static void kill_all(struct thing_server *w)
{
    struct call call = test_call();
    struct dbc_conn *conn = NULL;
    struct dbc_stmt *s;
    int64_t ids[CONNECTIONS_MAX];
    size_t n = 0;

    assert_status(ST_OK, dbc_take(w->admin, &call, &conn));
    s = dbc_prepare(conn, "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = 'store' AND"
                          " ID <> CONNECTION_ID()");
    assert_status(ST_OK, dbc_execute(s, &call));
    while (n < CONNECTIONS_MAX && dbc_next(s))
        dbc_col_int(s, &ids[n++]);
    assert_status(ST_OK, dbc_done(s, ST_OK));
    while (n > 0) {
        char sql[48], why[128];
        snprintf(sql, sizeof(sql), "KILL %lld", (long long)ids[--n]);
        dbc_run_text(conn, sql, why, sizeof(why)); /* one may have ended by itself */
    }
    dbc_give(w->admin, conn);
}

struct losing {
    struct thing_server *w;
    int left; /* so often its connection dies */
};

static enum status add_one(void *row, const struct call *call, void *arg)
{
    struct losing *losing = arg;

    (void)call;
    ((struct thing *)row)->amount++;
    if (losing->left-- > 0)
        kill_all(losing->w);
    return ST_OK;
}

static void a_change_whose_connection_dies_happens_once(void **state)
{
    struct thing_server *w = *state;
    struct thing row = thing_made(1, "a", "A"), got;
    struct call call = test_call();

    assert_status(ST_OK, store_insert(w->things, NULL, &call, &row, NULL));
    for (int times = 1; times <= 3; times++) {
        struct losing losing = {w, times};
        struct store_change change = {.fn = add_one, .arg = &losing};
        assert_status(ST_OK, store_change(w->things, NULL, &call, &row.id, &change, &got));
        assert_int_equal(-1, losing.left); /* each time from the start */
        assert_int_equal(row.amount + times, got.amount);
        assert_int_equal(1 + times, got.version);
    }
    assert_status(ST_OK, store_remove(w->things, NULL, &call, &row.id, NULL, NULL));
}

/* A removal is guarded by the row as it is under the lock. */
static enum status lose_then_refuse(void *row, const struct call *call, void *arg)
{
    struct losing *losing = arg;

    (void)row;
    (void)call;
    if (losing->left-- > 0) {
        kill_all(losing->w);
        return ST_OK;
    }
    return ST_FORBIDDEN;
}

static void a_removal_whose_connection_dies_is_asked_again(void **state)
{
    struct thing_server *w = *state;
    struct thing row = thing_made(1, "a", "A");
    struct losing losing = {w, 1};
    struct call call = test_call();

    assert_status(ST_OK, store_insert(w->things, NULL, &call, &row, NULL));
    assert_status(ST_FORBIDDEN,
                  store_remove(w->things, NULL, &call, &row.id, lose_then_refuse, &losing));
    assert_status(ST_OK, store_find(w->things, NULL, &call, NULL, &row.id, &row));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_query_of_its_own_reads_whole_rows),
        cmocka_unit_test(a_column_turns_by_one_statement),
        cmocka_unit_test(a_change_whose_connection_dies_happens_once),
        cmocka_unit_test(a_removal_whose_connection_dies_is_asked_again),
    };

    return cmocka_run_group_tests(tests, thing_server_set_up, thing_server_tear_down);
}
