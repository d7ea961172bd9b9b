/* ledger_balances.c - see ledger_balances.h. */
#include "dataservice/payment/mysql/ledger_balances.h"

#include <stdlib.h>
#include <string.h>

#include "model/payinfo.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/statement.h"

/* The sum of many BIGINTs is a DECIMAL. */
static const char SQL_BALANCES[] =
    "SELECT account, currency, CAST(SUM(amount) AS SIGNED) FROM ledger_entry"
    " GROUP BY account, currency ORDER BY account, currency LIMIT ?";

static enum status read_rows(struct dbc_conn *conn, const struct call *call,
                             struct ledger_balances *all)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_BALANCES);
    enum status st;

    dbc_bind_int(s, LEDGER_BALANCES_MAX);
    st = dbc_execute(s, call);
    for (all->n_items = 0; st == ST_OK && all->n_items < LEDGER_BALANCES_MAX && dbc_next(s);
         all->n_items++) {
        struct ledger_balance *one = &all->items[all->n_items];
        dbc_col_text(s, one->account, sizeof(one->account));
        dbc_col_text(s, one->balance.currency, sizeof(one->balance.currency));
        dbc_col_int(s, &one->balance.amount);
    }
    return dbc_done(s, st);
}

/* Currencies cannot make up for each other. */
static int64_t difference(const struct ledger_balances *all)
{
    int64_t out = 0;

    for (size_t i = 0; i < all->n_items; i++) {
        const char *currency = all->items[i].balance.currency;
        int64_t sum = 0;
        bool counted = false;

        for (size_t k = 0; k < all->n_items; k++) {
            bool same = strcmp(all->items[k].balance.currency, currency) == 0;
            counted |= same && k < i;
            sum += same ? all->items[k].balance.amount : 0;
        }
        out += counted ? 0 : llabs(sum);
    }
    return out;
}

enum status ledger_balances_read(void *self, const struct call *call, const void *in, void *out)
{
    struct ledger_balances_reader *reader = self;
    struct ledger_balances *all = out;
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(reader->db, call, &conn);

    (void)in;
    if (st == ST_OK)
        st = read_rows(conn, call, all);
    dbc_give(reader->db, conn);
    all->sum = difference(all);
    return st;
}

enum status ledger_balances_watch(void *self, const struct job_run *run)
{
    struct ledger_balances_reader *reader = self;
    struct ledger_balances *all = MEM_NEW(struct ledger_balances);
    enum status st = ledger_balances_read(self, run->call, NULL, all);

    if (st == ST_OK)
        metric_set(reader->difference, all->sum);
    if (st == ST_OK && all->sum != 0)
        log_error("the ledger is out of balance", LOG_INT("difference", all->sum));
    free(all);
    return st;
}
