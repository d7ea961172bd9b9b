/* ledger.c - see ledger.h. */
#include "usecase/payment/ledger.h"

#include "protocol/payment.h"
#include "tool/core/assert.h"
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
