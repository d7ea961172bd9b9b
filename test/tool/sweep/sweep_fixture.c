/* sweep_fixture.c - see sweep_fixture.h. */
#include "test/tool/sweep/sweep_fixture.h"

#include <string.h>

#include "test/support/mariadb_server.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/transactor.h"
#include "tool/memdb/memdb_table.h"
#include "tool/sweep/memory/sweep_rows_memory.h"
#include "tool/sweep/mysql/sweep_rows_mysql.h"

enum { CONNECTIONS = 12 };

struct hold {
    struct uuid id;
    int state;
    int64_t expires_us, sweep_us;
};

static const char *const STATES[] = {"HELD", "RELEASED", "COMMITTED", NULL};
/* clang-format off */
static const struct column COLUMNS[] = {
    COLUMN(struct hold, id,         "id",         COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct hold, state,      "state",      COLUMN_ENUM, 0, .names = STATES),
    COLUMN(struct hold, expires_us, "expires_at", COLUMN_TIME, 0),
    COLUMN(struct hold, sweep_us,   "sweep_at",   COLUMN_TIME, COLUMN_ASIDE),
};
/* clang-format on */
static const struct table HOLD = TABLE(struct hold, COLUMNS, "hold");
static const struct sweep_table SWEPT = {"hold", "id", "state = 'HELD'", "expires_at", "sweep_at"};
static struct mariadb_server server;
static struct holds in_memory, in_mariadb;

static bool has_id(const void *row, const void *id)
{
    return uuid_equal(((const struct hold *)row)->id, *(const struct uuid *)id);
}

int holds_in_memory(void **state)
{
    struct holds *holds = &in_memory;

    holds->memory = memdb_create();
    holds->clock = test_clock();
    holds->table = memdb_table(holds->memory, "hold", sizeof(struct hold));
    holds->transactor = memdb_transactor_create(holds->memory);
    holds->rows = sweep_rows_memory_create(holds->memory, &holds->clock.base, &HOLD, &SWEPT);
    *state = holds;
    return 0;
}

int holds_in_mariadb(void **state)
{
    struct holds *holds = &in_mariadb;
    struct dbc_config config;

    holds->clock = test_clock();
    if (!mariadb_server_init(&server, NULL) ||
        !mariadb_server_sql(&server, "CREATE DATABASE shop") ||
        !mariadb_server_sql(&server, "CREATE TABLE shop.hold (id BINARY(16) PRIMARY KEY,"
                                     " state VARCHAR(16) NOT NULL, expires_at DATETIME(6) NOT NULL,"
                                     " sweep_at DATETIME(6) NOT NULL, KEY due (state, sweep_at))"))
        return -1;
    config = mariadb_server_config(&server, "shop", CONNECTIONS);
    holds->mariadb = dbc_pool_create(&config, &CLOCK_SYSTEM);
    holds->transactor = dbc_transactor_create(holds->mariadb);
    holds->rows = sweep_rows_mysql_create(holds->mariadb, &SWEPT);
    *state = holds;
    return 0;
}

int holds_gone(void **state)
{
    struct holds *holds = *state;

    holds->rows->ops->destroy(holds->rows);
    holds->transactor->ops->destroy(holds->transactor);
    dbc_pool_destroy(holds->mariadb);
    memdb_destroy(holds->memory);
    mariadb_server_fini(&server);
    return 0;
}

/* One statement about one hold on its own. */
static int64_t ask_sql(struct holds *holds, const char *sql, const struct uuid *id, int64_t number)
{
    struct call call = test_call();
    struct dbc_conn *conn = NULL;
    struct dbc_stmt *s;
    int64_t answer = -1;

    assert_status(ST_OK, dbc_take(holds->mariadb, &call, &conn));
    s = dbc_prepare(conn, sql);
    if (id)
        dbc_bind_uuid(s, *id);
    if (number != 0)
        dbc_bind_int(s, number);
    assert_status(ST_OK, dbc_execute(s, &call));
    if (dbc_next(s))
        dbc_col_int(s, &answer);
    assert_status(ST_OK, dbc_done(s, ST_OK));
    dbc_give(holds->mariadb, conn);
    return answer;
}

struct uuid hold_add(struct holds *holds, int64_t due_for_ms)
{
    struct uuid id = test_uuid();
    int64_t due_us = clock_wall_us(&holds->clock.base) - due_for_ms * 1000;
    struct hold hold = {.id = id, .expires_us = due_us, .sweep_us = due_us};

    if (holds->mariadb) {
        ask_sql(holds,
                "INSERT INTO hold SELECT ?, 'HELD', t, t FROM"
                " (SELECT NOW(6) - INTERVAL ? MICROSECOND AS t) AS due",
                &id, due_for_ms * 1000 + 1);
        return id;
    }
    memdb_join(holds->memory, NULL);
    memdb_insert(holds->table, NULL, &hold);
    memdb_leave(holds->memory, NULL);
    return id;
}

int hold_state(struct holds *holds, struct uuid id)
{
    struct hold hold;

    if (holds->mariadb)
        return (int)ask_sql(
            holds,
            "SELECT FIELD(state, 'HELD', 'RELEASED', 'COMMITTED') - 1 FROM hold WHERE id = ?", &id,
            0);
    assert_status(ST_OK, memdb_read(holds->memory, holds->table, NULL, has_id, &id, &hold));
    return hold.state;
}

enum status hold_set(struct holds *holds, struct transaction *tx, const struct call *call,
                     struct uuid id, int state)
{
    struct hold hold;
    size_t at;

    if (holds->mariadb) {
        struct dbc_stmt *s = dbc_prepare(dbc_tx_conn(tx), "UPDATE hold SET state = ? WHERE id = ?");
        dbc_bind_text(s, STATES[state]);
        dbc_bind_uuid(s, id);
        return dbc_done(s, dbc_execute(s, call));
    }
    memdb_join(holds->memory, tx);
    at = (size_t)memdb_find(holds->table, has_id, &id);
    hold = *(const struct hold *)memdb_row(holds->table, at);
    hold.state = state;
    memdb_update(holds->table, tx, at, &hold);
    memdb_leave(holds->memory, tx);
    return ST_OK;
}

/* In the database the looks that are to come go forward instead. */
void holds_set_back(struct holds *holds)
{
    if (holds->mariadb)
        ask_sql(holds,
                "UPDATE hold SET sweep_at = sweep_at + INTERVAL 1 HOUR,"
                " expires_at = expires_at + INTERVAL 1 HOUR",
                NULL, 0);
    else
        holds->clock.ahead_us -= 3600 * INT64_C(1000000);
}

void holds_clear(struct holds *holds)
{
    if (holds->mariadb) {
        ask_sql(holds, "DELETE FROM hold", NULL, 0);
        return;
    }
    memdb_join(holds->memory, NULL);
    while (memdb_count(holds->table) > 0)
        memdb_remove(holds->table, NULL, 0);
    memdb_leave(holds->memory, NULL);
}
