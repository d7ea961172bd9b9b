/* forgetting.c - see forgetting.h. */
#include "usecase/order/forgetting.h"

#include "model/account.h"
#include "tool/core/mem.h"

enum { PAGE = 100 };

/* Whether the order has ended its address knows: the order itself may have ended since it was read.
 */
static enum status forget_soon(void *row, const struct call *call, void *arg)
{
    struct order_address_row *address = row;
    int64_t now_us = clock_wall_us(call->clock);

    (void)arg;
    if (address->forget_us == ORDER_KEPT || address->forget_us == ORDER_KEPT_TO_END)
        address->forget_us = ORDER_KEPT_TO_END;
    else if (address->forget_us > now_us)
        address->forget_us = now_us;
    return ST_OK;
}

static enum status forget_page(const struct orders *orders, struct transaction *tx,
                               const struct call *call, const struct order *rows, size_t n)
{
    enum status st = ST_OK;

    for (size_t i = 0; st == ST_OK && i < n; i++) {
        st = store_change(orders->addresses, tx, call, &rows[i].order_id,
                          &(struct store_change){.fn = forget_soon}, NULL);
        st = st == ST_NOT_FOUND ? ST_OK : st;
    }
    return st;
}

enum status order_forget_person(void *self, struct transaction *tx, const struct call *call,
                                const struct event *event, const void *data)
{
    const struct orders *orders = self;
    const struct account_event *account = data;
    struct store_list list = {
        .where = {{"user_id", &account->user_id}}, .sort = "created_at", .descending = true};
    struct order *rows = mem_alloc(PAGE, sizeof(*rows)), last;
    size_t n = PAGE;
    enum status st = ST_OK;

    (void)event;
    while (st == ST_OK && n == PAGE) {
        st = store_list(orders->orders, tx, call, &list, PAGE, rows, &n);
        if (st == ST_OK)
            st = forget_page(orders, tx, call, rows, n);
        if (st != ST_OK || n < PAGE)
            break;
        last = rows[n - 1];
        list.after_key = &last.order_id;
        list.after_sort = &last.created_us;
    }
    free(rows);
    return st;
}
