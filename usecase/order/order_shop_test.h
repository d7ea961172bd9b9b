/* order_shop_test.h - a catalog, a payment and a store service that say what they are told, and
 * keep what they have done. */
#ifndef USECASE_ORDER_ORDER_SHOP_TEST_H
#define USECASE_ORDER_ORDER_SHOP_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "protocol/catalog.h"
#include "protocol/payment.h"
#include "protocol/store.h"
#include "tool/core/mem.h"
#include "tool/remote/memory/remote_memory.h"

/* How one call goes. */
enum shop_mood {
    SHOP_WELL,
    SHOP_AWAY,   /* nobody was asked */
    SHOP_DEAF,   /* asked, silent, and nothing was done */
    SHOP_SILENT, /* done, and no answer */
    SHOP_NO,     /* refused, with the code of the shop */
    SHOP_LATER,  /* not decided yet */
    SHOP_NEVER,  /* asked, and says that nothing was done, nor will be */
};

enum { SHOP_ROWS = 32 };

/* What a saga has had done: units held or sold, money on a card. */
struct shop_row {
    struct uuid saga_id;
    int64_t amount;
    int state; /* enum hold_state; of money: HELD = authorized, RELEASED = void */
};

struct shop {
    struct remote_memory others;
    int64_t left;    /* units that can be had */
    int64_t cheaper; /* by so much for one the catalog charges less than it is asked for */
    const char *code;
    const char *ticket_code;                      /* why a ticket is not canceled */
    enum shop_mood of_stock, of_money, of_ticket; /* of each call */
    int nth; /* of which call, of either, the next is the mood; 0 = none */
    enum shop_mood of_nth;
    int calls, asked_money, asked_tickets;
    int ticket_by;   /* enum order_actor: who wanted the last one canceled */
    char method[64]; /* that was asked last */
    struct shop_row holds[SHOP_ROWS], money[SHOP_ROWS];
    size_t n_holds, n_money;
};

static struct shop_row *shop_row(struct shop_row *rows, size_t *n, struct uuid saga_id)
{
    for (size_t i = 0; i < *n; i++)
        if (uuid_equal(rows[i].saga_id, saga_id))
            return &rows[i];
    assert_true(*n < SHOP_ROWS);
    rows[*n] = (struct shop_row){.saga_id = saga_id, .state = -1};
    return &rows[(*n)++];
}

static inline int64_t shop_sum(const struct shop_row *rows, size_t n, int state)
{
    int64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += rows[i].state == state ? rows[i].amount : 0;
    return sum;
}

static enum shop_mood shop_mood(struct shop *shop, enum shop_mood mood)
{
    return ++shop->calls == shop->nth ? shop->of_nth : mood;
}

static bool shop_does(enum shop_mood mood)
{
    return mood == SHOP_WELL || mood == SHOP_SILENT;
}

static enum status shop_says(const struct shop *shop, const struct call *call, enum shop_mood mood)
{
    switch (mood) {
    case SHOP_WELL:
        return ST_OK;
    case SHOP_AWAY:
        return call_fail(call, ST_OVERLOADED, NULL, "away");
    case SHOP_NO:
        return call_fail(call, ST_CONFLICT, shop->code, "no");
    case SHOP_LATER:
        return ST_PENDING;
    case SHOP_NEVER:
        return call_fail(call, ST_UNAVAILABLE, "provider_unavailable", "never");
    case SHOP_DEAF:
    case SHOP_SILENT:
        break;
    }
    return call_fail(call, ST_TIMEOUT, NULL, "silence");
}

/* ---- stock ---- */

static void shop_charge(const struct shop *shop, const struct stock_reservation *wanted,
                        struct stock_reserved *out)
{
    *out = (struct stock_reserved){.n_lines = wanted->n_lines};
    for (size_t i = 0; i < wanted->n_lines; i++) {
        struct reserved_line *line = &out->lines[i];
        struct money sum;
        *line = (struct reserved_line){.product_id = wanted->lines[i].product_id,
                                       .name = "비빔밥",
                                       .quantity = wanted->lines[i].quantity,
                                       .unit_price = wanted->lines[i].unit_price};
        line->unit_price.amount -= shop->cheaper;
        sum = line->unit_price;
        assert_true(money_times(&sum, line->quantity) && money_add(&out->total, sum));
    }
}

static enum status shop_sold_out(const struct call *call, int64_t left)
{
    if (call->problem) {
        struct problem_error *error = &call->problem->errors[call->problem->n_errors++];
        snprintf(error->field, sizeof(error->field), "lines[0]");
        snprintf(error->reason, sizeof(error->reason), "%d left", (int)left);
    }
    return call_fail(call, ST_CONFLICT, "sold_out", "no");
}

static enum status shop_reserve(void *self, const struct call *call, const void *in, void *out)
{
    struct shop *shop = self;
    const struct stock_reservation *wanted = in;
    enum shop_mood mood = shop_mood(shop, shop->of_stock);
    struct shop_row *hold;
    int64_t units = 0;

    if (!shop_does(mood))
        return shop_says(shop, call, mood);
    for (size_t i = 0; i < wanted->n_lines; i++)
        units += wanted->lines[i].quantity;
    hold = shop_row(shop->holds, &shop->n_holds, wanted->saga_id);
    if (hold->state == HOLD_RELEASED)
        return call_fail(call, ST_CONFLICT, "cancelled", "no");
    if (hold->state < 0 && units > shop->left)
        return shop_sold_out(call, shop->left);
    if (hold->state < 0) {
        hold->state = HOLD_HELD;
        hold->amount = units;
        shop->left -= units;
    }
    shop_charge(shop, wanted, out);
    return shop_says(shop, call, mood);
}

static enum status shop_settle(struct shop *shop, const struct call *call, struct uuid saga_id,
                               int from, int to)
{
    enum shop_mood mood = shop_mood(shop, shop->of_stock == SHOP_NO ? SHOP_WELL : shop->of_stock);
    struct shop_row *hold;

    if (!shop_does(mood))
        return shop_says(shop, call, mood);
    hold = shop_row(shop->holds, &shop->n_holds, saga_id);
    if (to == HOLD_RELEASED && hold->state == from)
        shop->left += hold->amount;
    if (hold->state == from || hold->state < 0)
        hold->state = to;
    return shop_says(shop, call, mood);
}

static enum status shop_release(void *self, const struct call *call, const void *in, void *out)
{
    const struct stock_order *order = in;

    ((struct stock_held *)out)->state = HOLD_RELEASED;
    return shop_settle(self, call, order->saga_id, HOLD_HELD, HOLD_RELEASED);
}

static enum status shop_commit(void *self, const struct call *call, const void *in, void *out)
{
    struct shop *shop = self;
    const struct stock_order *order = in;
    enum status st = shop_settle(shop, call, order->saga_id, HOLD_HELD, HOLD_COMMITTED);

    ((struct stock_held *)out)->state =
        shop_row(shop->holds, &shop->n_holds, order->saga_id)->state;
    return st;
}

/* ---- money ---- */

static enum status shop_authorize(void *self, const struct call *call, const void *in, void *out)
{
    struct shop *shop = self;
    const struct payment_authorization *wanted = in;
    enum shop_mood mood = shop_mood(shop, shop->of_money);
    struct shop_row *money;

    (void)out;
    shop->asked_money += mood != SHOP_AWAY;
    snprintf(shop->method, sizeof(shop->method), "%s", wanted->method);
    money = shop_row(shop->money, &shop->n_money, wanted->saga_id);
    if (mood == SHOP_NO && money->state == HOLD_HELD)
        mood = SHOP_WELL; /* it has said yes already, whoever heard it */
    if (!shop_does(mood))
        return shop_says(shop, call, mood);
    if (money->state == HOLD_RELEASED)
        return call_fail(call, ST_CONFLICT, "cancelled", "no");
    money->state = HOLD_HELD;
    money->amount = wanted->amount;
    return shop_says(shop, call, mood);
}

static enum status shop_void(void *self, const struct call *call, const void *in, void *out)
{
    struct shop *shop = self;
    const struct payment_order *order = in;
    enum shop_mood mood = shop_mood(shop, SHOP_WELL);

    (void)out;
    if (shop_does(mood))
        shop_row(shop->money, &shop->n_money, order->saga_id)->state = HOLD_RELEASED;
    return shop_says(shop, call, mood);
}

/* ---- tickets ---- */

static enum status shop_cancel_ticket(void *self, const struct call *call, const void *in,
                                      void *out)
{
    struct shop *shop = self;
    enum shop_mood mood = shop_mood(shop, shop->of_ticket);

    shop->asked_tickets += mood != SHOP_AWAY;
    shop->ticket_by = ((const struct ticket_cancel *)in)->by;
    if (mood == SHOP_NO)
        return call_fail(call, ST_CONFLICT, shop->ticket_code, "no");
    *(struct ticket_canceled *)out = (struct ticket_canceled){TICKET_CANCELED};
    return shop_says(shop, call, mood);
}

static const struct remote_answer SHOP_ANSWERS[] = {
    {&CATALOG_STOCK_RESERVE, shop_reserve      },
    {&CATALOG_STOCK_RELEASE, shop_release      },
    {&CATALOG_STOCK_COMMIT,  shop_commit       },
    {&PAYMENT_AUTHORIZE,     shop_authorize    },
    {&PAYMENT_VOID,          shop_void         },
    {&STORE_TICKET_CANCEL,   shop_cancel_ticket},
};

#endif
