/* payinfos.c - see payinfos.h. */
#include "usecase/payment/payinfos.h"

#include "protocol/payment.h"
#include "tool/core/mem.h"
#include "tool/encoder/patch.h"
#include "usecase/payment/owners.h"

static struct payinfo_line line_of(const struct payment_case *p, const struct payment *payment)
{
    struct payinfo_line line = {
        .payment = payment_state_of(payment),
        .created_us = payment->created_us,
    };

    TEXT_COPY(line.method.brand, p->provider_name);
    return line;
}

/* ---- a list ---- */

static enum status read_page(const struct payment_case *p, const struct call *call,
                             const struct payinfo_list_query *query, struct store_list *list,
                             struct payinfo_page *page)
{
    const size_t limit = (size_t)query->page.limit;
    struct payment *rows = mem_alloc(limit, sizeof(*rows));
    enum status st = store_list(p->payments, NULL, call, list, limit, rows, &page->n_items);

    for (size_t i = 0; st == ST_OK && i < page->n_items; i++)
        page->items[i] = line_of(p, &rows[i]);
    if (st == ST_OK && page->n_items == limit)
        cursor_seal(p->cursors, PAYMENT_LIST.request, query,
                    &(struct cursor){.id = rows[limit - 1].payment_id,
                                     .number = rows[limit - 1].created_us},
                    page->next_cursor);
    free(rows);
    return st;
}

/* Those of a store, everybody's, or the caller's own. */
static enum status whose(const struct payment_case *p, const struct call *call,
                         const struct payinfo_list_query *query, const struct uuid *caller,
                         struct store_equal *where)
{
    bool runs;
    enum status st;

    if (uuid_is_nil(query->store_id)) {
        if (!call_has_role(call, "admin"))
            *where = (struct store_equal){"user_id", caller};
        return ST_OK;
    }
    st = store_is_run_by(p, NULL, call, query->store_id, &runs);
    if (st == ST_OK && !runs)
        return call_fail(call, ST_FORBIDDEN, NULL, "It is another's store.");
    *where = (struct store_equal){"store_id", &query->store_id};
    return st;
}

enum status payinfo_list(void *self, const struct call *call, const void *in, void *out)
{
    const struct payment_case *p = self;
    const struct payinfo_list_query *query = in;
    struct store_list list = {.sort = "created_at", .descending = true};
    struct uuid caller;
    struct cursor after;
    bool is_set;
    enum status st = cursor_open(p->cursors, call, PAYMENT_LIST.request, query, &after, &is_set);

    if (st != ST_OK)
        return st;
    if (!uuid_parse(call->user, &caller))
        return ST_UNAUTHENTICATED;
    st = whose(p, call, query, &caller, &list.where[0]);
    if (st != ST_OK)
        return st;
    if (given_has(PAYMENT_LIST.request, query, offsetof(struct payinfo_list_query, status)))
        list.where[list.where[0].column ? 1 : 0] = (struct store_equal){"status", &query->status};
    if (is_set) {
        list.after_key = &after.id;
        list.after_sort = &after.number;
    }
    return read_page(p, call, query, &list, out);
}

/* ---- one ---- */

static enum status read_operations(const struct payment_case *p, const struct call *call,
                                   const struct payment *payment, struct payinfo *info)
{
    const struct store_list newest = {
        .where = {{"payment_id", &payment->payment_id}}, .sort = "created_at", .descending = true};
    struct payment_operation *rows = mem_alloc(PAYINFO_OPERATIONS_MAX, sizeof(*rows));
    enum status st = store_list(p->operations, NULL, call, &newest, PAYINFO_OPERATIONS_MAX, rows,
                                &info->n_operations);

    for (size_t i = 0; st == ST_OK && i < info->n_operations; i++) {
        struct payinfo_operation *op = &info->operations[i];
        *op = (struct payinfo_operation){.operation_id = rows[i].operation_id,
                                         .kind = rows[i].kind,
                                         .state = rows[i].state,
                                         .amount = rows[i].money,
                                         .at_us = rows[i].created_us};
        TEXT_COPY(op->reason, rows[i].reason);
    }
    free(rows);
    return st;
}

enum status payinfo_read(void *self, const struct call *call, const void *in, void *out)
{
    const struct payment_case *p = self;
    const struct payinfo_query *query = in;
    struct payinfo *info = out;
    struct payment payment;
    struct uuid caller;
    bool runs = false;
    enum status st = store_find(p->payments, NULL, call, "order_id", &query->order_id, &payment);

    if (st == ST_OK)
        st = store_is_run_by(p, NULL, call, payment.store_id, &runs);
    if (st == ST_OK && !runs &&
        (!uuid_parse(call->user, &caller) || !uuid_equal(caller, payment.user_id)))
        st = ST_NOT_FOUND;
    if (st == ST_NOT_FOUND)
        return call_fail(call, st, NULL, "There is no payment for that order.");
    if (st != ST_OK)
        return st;
    info->line = line_of(p, &payment);
    info->n_actions =
        states_actions(&PAYMENT_STATES, payment.status, runs ? PAYMENT_BY_OPERATOR : 0,
                       info->actions, ARRAY_LEN(info->actions));
    return read_operations(p, call, &payment, info);
}

void payinfo_export(const void *row, void *data)
{
    *(struct payment_event *)data = payment_state_of(row);
}
