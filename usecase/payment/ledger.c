/* ledger.c - see ledger.h. */
#include "usecase/payment/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/payment.h"
#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"

enum { SIDES = 2 };

static enum status enter_all(struct payment_case *p, struct transaction *tx,
                             const struct call *call, struct ledger_entry entries[], size_t n)
{
    enum status st = ST_OK;
    int64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += entries[i].money.amount;
    ASSERT(sum == 0);
    for (size_t i = 0; i < n && st == ST_OK; i++)
        st = store_insert(p->ledger, tx, call, &entries[i], NULL);
    return st;
}

/* The first account has so much more, the second so much less. */
static enum status enter_pair(struct payment_case *p, struct transaction *tx,
                              const struct call *call, struct uuid transaction_id,
                              const char *const accounts[SIDES], struct money money)
{
    struct ledger_entry entries[SIDES] = {0};
    struct uuid first = uuid_v7(call->clock, p->entropy);

    for (int64_t i = 0; i < SIDES; i++) {
        entries[i].entry_id = first; /* in their order also when they are of the same moment */
        entries[i].entry_id.b[15] = (uint8_t)((first.b[15] & 0xfe) | i);
        entries[i].transaction_id = transaction_id;
        entries[i].seq = i;
        TEXT_COPY(entries[i].account, accounts[i]);
        entries[i].money = money;
        entries[i].money.amount = i == 0 ? money.amount : -money.amount;
    }
    return enter_all(p, tx, call, entries, SIDES);
}

enum status ledger_enter(struct payment_case *p, struct transaction *tx, const struct call *call,
                         const struct payment_operation *op)
{
    static const char *const ACCOUNTS[SIDES] = {LEDGER_RECEIVABLE, LEDGER_PAYABLE};
    struct money money = op->money;

    if (op->kind != PAYMENT_KIND_CAPTURE && op->kind != PAYMENT_KIND_REFUND)
        return ST_OK;
    money.amount = op->kind == PAYMENT_KIND_CAPTURE ? money.amount : -money.amount;
    return enter_pair(p, tx, call, op->operation_id, ACCOUNTS, money);
}

enum status ledger_settle(struct payment_case *p, struct transaction *tx, const struct call *call,
                          struct uuid settlement_id, struct money money)
{
    static const char *const ACCOUNTS[SIDES] = {LEDGER_BANK, LEDGER_RECEIVABLE};
    enum status st = enter_pair(p, tx, call, settlement_id, ACCOUNTS, money);

    return st == ST_CONFLICT ? ST_OK : st;
}

enum status ledger_entries(void *self, const struct call *call, const void *in, void *out)
{
    const struct payment_case *p = self;
    const struct ledger_query *query = in;
    const size_t limit = (size_t)query->page.limit;
    struct ledger_page *page = out;
    struct store_list list = {.sort = "at", .descending = true};
    struct cursor after;
    bool is_set;
    enum status st =
        cursor_open(p->cursors, call, PAYMENT_LEDGER_ENTRIES.request, query, &after, &is_set);

    if (st != ST_OK)
        return st;
    if (query->account[0])
        list.where[0] = (struct store_equal){"account", query->account};
    if (is_set) {
        list.after_key = &after.id;
        list.after_sort = &after.number;
    }
    st = store_list(p->ledger, NULL, call, &list, limit, page->items, &page->n_items);
    if (st == ST_OK && page->n_items == limit)
        cursor_seal(p->cursors, PAYMENT_LEDGER_ENTRIES.request, query,
                    &(struct cursor){.id = page->items[limit - 1].entry_id,
                                     .number = page->items[limit - 1].at_us},
                    page->next_cursor);
    return st;
}

/* ---- what the accounts come to ---- */

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

enum status ledger_balances(void *self, const struct call *call, const void *in, void *out)
{
    static const struct store_sums SUMS = {
        "amount", {"account", "currency"}
    };
    const struct payment_case *p = self;
    struct ledger_balances *all = out;
    struct ledger_entry *sums = mem_alloc(LEDGER_BALANCES_MAX, sizeof(*sums));
    enum status st =
        store_sum(p->ledger, NULL, call, &SUMS, LEDGER_BALANCES_MAX, sums, &all->n_items);

    (void)in;
    for (size_t i = 0; st == ST_OK && i < all->n_items; i++) {
        TEXT_COPY(all->items[i].account, sums[i].account);
        all->items[i].balance = sums[i].money;
    }
    all->sum = st == ST_OK ? difference(all) : 0;
    free(sums);
    return st;
}

enum status ledger_watch(void *self, const struct job_run *run)
{
    struct ledger_balances *all = MEM_NEW(struct ledger_balances);
    struct payment_case *p = self;
    enum status st = ledger_balances(p, run->call, NULL, all);

    if (st == ST_OK)
        metric_set(p->ledger_difference, all->sum);
    if (st == ST_OK && all->sum != 0)
        log_error("the ledger is out of balance", LOG_INT("difference", all->sum));
    free(all);
    return st;
}
