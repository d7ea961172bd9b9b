/* hazards.c - see hazards.h. */
#include "tool/dbc/hazards.h"

#include <stdio.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"

/* Of MariaDB and MySQL alike; where one has a word the other has a number. */
static const struct dbc_hazard HAZARDS[] = {
    {"innodb_flush_log_at_trx_commit", "@@GLOBAL.innodb_flush_log_at_trx_commit <> 1",
     "a power loss takes back what was answered: set it to 1"           },
    {"sync_binlog",                    "@@GLOBAL.log_bin AND @@GLOBAL.sync_binlog <> 1",
     "a power loss takes back what replicas have been told: set it to 1"},
    {"innodb_doublewrite",             "@@GLOBAL.innodb_doublewrite IN ('OFF', '0', 'DETECT_ONLY')",
     "a page half written at a power loss cannot be mended: turn it on" },
};

enum { SQL_MAX = 256 };

static enum status ask(struct dbc_conn *conn, const struct call *call,
                       const struct dbc_hazard *hazard, dbc_hazard_fn fn, void *arg)
{
    char sql[SQL_MAX], value[DBC_HAZARD_VALUE_MAX + 1] = "";
    struct dbc_stmt *s;
    bool unsafe;
    enum status st;
    int n = snprintf(sql, sizeof(sql), "SELECT CAST(@@GLOBAL.%s AS CHAR) FROM DUAL WHERE %s",
                     hazard->setting, hazard->when);

    ASSERT(n > 0 && n < SQL_MAX);
    s = dbc_prepare(conn, sql);
    st = dbc_execute(s, call);
    unsafe = st == ST_OK && dbc_next(s);
    if (unsafe)
        dbc_col_text(s, value, sizeof(value));
    st = dbc_done(s, st);
    if (unsafe && st == ST_OK)
        fn(arg, hazard, value);
    return st;
}

enum status dbc_hazards(struct dbc_pool *pool, const struct call *call, dbc_hazard_fn fn, void *arg)
{
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(pool, call, &conn);

    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < ARRAY_LEN(HAZARDS) && st == ST_OK; i++)
        st = ask(conn, call, &HAZARDS[i], fn, arg);
    dbc_give(pool, conn);
    return st;
}
