/* sim_shop_check.c - what must hold of a shop once the dust has settled: the stock, the orders, and
 * what was said of them. The numbers are those of the invariants (docs/shop.md). */
#include <string.h>

#include "dataservice/capacity/hold_store.h"
#include "dataservice/capacity/memory/capacity_rows_memory.h"
#include "dataservice/capacity/slot_store.h"
#include "dataservice/catalog/catalog_tables.h"
#include "dataservice/order/order_store.h"
#include "protocol/order.h"
#include "test/simulation/sim_shop_rows.h"
#include "tool/core/mem.h"
#include "tool/outbox/memory/outbox_memory.h"

/* ---- I1: stock ---- */

static const struct hold *hold_of(struct sim_shop *shop, struct uuid id)
{
    struct memdb_table *holds = sim_rows(shop->catalog, &HOLD_TABLE);

    for (size_t i = 0; i < memdb_count(holds); i++) {
        const struct hold *hold = memdb_row(holds, i);
        if (uuid_equal(hold->id, id))
            return hold;
    }
    return NULL;
}

/* By the lines of holds. */
static void count_units(struct sim_shop *shop, struct uuid slot_id, int64_t units[])
{
    struct capacity_rows *rows = capacity_rows_memory_create(shop->catalog->db, NULL);
    struct memdb_table *holds = sim_rows(shop->catalog, &HOLD_TABLE);

    for (size_t i = 0; i < memdb_count(holds); i++) {
        const struct hold *hold = memdb_row(holds, i);
        struct hold_line lines[SIM_ITEMS];
        size_t n = 0;
        rows->ops->lines(rows, NULL, NULL, hold->id, lines, SIM_ITEMS, &n);
        for (size_t j = 0; j < n; j++)
            if (uuid_equal(lines[j].slot_id, slot_id))
                units[hold->state] += lines[j].units;
    }
    capacity_rows_memory_destroy(rows);
}

static const char *check_stock(struct sim_shop *shop)
{
    struct memdb_table *slots = sim_rows(shop->catalog, &SLOT_TABLE);

    for (size_t i = 0; i < memdb_count(slots); i++) {
        const struct slot *slot = memdb_row(slots, i);
        int64_t units[HOLD_RELEASED + 1] = {0};
        if (slot->held < 0 || slot->sold < 0 || slot->held + slot->sold > slot->total)
            return "I1: more of an item is held and sold than there is";
        count_units(shop, slot->id, units);
        if (units[HOLD_HELD] != slot->held || units[HOLD_COMMITTED] != slot->sold)
            return "I1: an item's counters are not the sums of its holds";
    }
    return NULL;
}

static const struct order *order_of(struct sim_shop *shop, struct uuid id)
{
    struct memdb_table *orders = sim_rows(shop->order, &ORDER_TABLE);

    for (size_t i = 0; i < memdb_count(orders); i++) {
        const struct order *order = memdb_row(orders, i);
        if (uuid_equal(order->order_id, id))
            return order;
    }
    return NULL;
}

static const char *check_holds(struct sim_shop *shop)
{
    struct memdb_table *holds = sim_rows(shop->catalog, &HOLD_TABLE);

    for (size_t i = 0; i < memdb_count(holds); i++) {
        const struct hold *hold = memdb_row(holds, i);
        const struct order *order = order_of(shop, hold->owner_id);
        if (hold->state != HOLD_RELEASED && (!order || !uuid_equal(order->saga_id, hold->id)))
            return "something is held for an order that is not there";
    }
    return NULL;
}

/* ---- I3, I4: each order ---- */

static const char *check_kept(const struct order *order, const struct hold *hold,
                              const struct sim_charge *charge)
{
    if (!hold || hold->state != HOLD_COMMITTED)
        return "I3: an order is confirmed, and its stock is not sold";
    if (charge->authorized != order->total.amount || charge->voided)
        return "I3: an order is confirmed, and not paid as it says";
    return NULL;
}

static const char *check_given_up(const struct hold *hold, const struct sim_charge *charge)
{
    if (hold && hold->state != HOLD_RELEASED)
        return "I4: an order is over, and something is held or sold for it";
    return sim_charge_net(charge) == 0 ? NULL : "I4: an order is over, and money is kept for it";
}

static const char *check_unpaid(const struct hold *hold, const struct sim_charge *charge)
{
    if (!hold || hold->state != HOLD_HELD)
        return "an order waits to be paid, and nothing is held for it";
    return sim_charge_net(charge) == 0 ? NULL : "an order waits to be paid, and was";
}

static const char *check_order(struct sim_shop *shop, const struct order *order)
{
    const struct hold *hold = hold_of(shop, order->saga_id);
    struct sim_charge charge = sim_shop_charge(shop, order->order_id);

    switch (order->status) {
    case ORDER_STATUS_CONFIRMED:
    case ORDER_STATUS_COMPLETED:
        return check_kept(order, hold, &charge);
    case ORDER_STATUS_REJECTED:
    case ORDER_STATUS_CANCELED:
        return check_given_up(hold, &charge);
    case ORDER_STATUS_AWAITING_PAYMENT:
        return check_unpaid(hold, &charge);
    default:
        return "I7: an order is on its way, and nobody moves it";
    }
}

/* ---- I8, I6: what was said ---- */

/* Version after version, none missing, and the last one is the order's. */
static const char *check_said(struct sim_shop *shop, const struct order *order)
{
    enum { ROWS = 32 };
    struct outbox_row *rows = mem_alloc(ROWS, sizeof(*rows));
    size_t n = outbox_memory_said(shop->order->outbox, &order->order_id, rows, ROWS);
    const char *wrong =
        n == (size_t)order->version ? NULL : "I8: not every version of an order was said";

    for (size_t i = 0; i < n && i < ROWS && !wrong; i++) {
        struct order_event event;
        struct problem problem = {0};
        if (decode_lenient(ORDER_CREATED.data, rows[i].json, strlen(rows[i].json), &event,
                           &problem) != ST_OK)
            wrong = "I8: what was said of an order cannot be read";
        else if (event.version != (int64_t)i + 1)
            wrong = "I8: versions of an order were said in another order";
    }
    free(rows);
    return wrong;
}

/* Catalog has it as it is. */
static const char *check_copy(struct sim_shop *shop, const struct order *order)
{
    struct memdb_table *copies = sim_rows(shop->catalog, &ORDER_COPY_TABLE);

    for (size_t i = 0; i < memdb_count(copies); i++) {
        const struct order_copy *copy = memdb_row(copies, i);
        if (!uuid_equal(copy->order_id, order->order_id))
            continue;
        return copy->version == order->version && copy->total.amount == order->total.amount &&
                       strcmp(copy->status, ORDER_STATUS_NAMES[order->status]) == 0
                   ? NULL
                   : "I6: catalog's copy of an order is another one";
    }
    return "I6: catalog has no copy of an order";
}

static const char *check_orders(struct sim_shop *shop)
{
    struct memdb_table *orders = sim_rows(shop->order, &ORDER_TABLE);
    const char *wrong = NULL;

    for (size_t i = 0; i < memdb_count(orders) && !wrong; i++) {
        const struct order *order = memdb_row(orders, i);
        wrong = check_order(shop, order);
        wrong = wrong ? wrong : sim_shop_check_ticket(shop, order);
        wrong = wrong ? wrong : check_said(shop, order);
        wrong = wrong ? wrong : check_copy(shop, order);
    }
    return wrong;
}

/* ---- what people were promised ---- */

static const char *check_promises(struct sim_shop *shop)
{
    for (size_t i = 0; i < shop->n_customers; i++) {
        const struct sim_customer *customer = &shop->customers[i];
        const struct order *order;
        char user[UUID_TEXT_LEN + 1];
        if (!customer->accepted)
            continue;
        if (customer->contradicted)
            return "one request, two orders";
        order = order_of(shop, customer->order_id);
        if (!order)
            return "an order was promised, and is not there";
        if (strcmp(uuid_text(order->user_id, user), customer->user) != 0)
            return "an order is somebody else's";
    }
    return memdb_count(sim_rows(shop->order, &ORDER_TABLE)) <= shop->n_customers
               ? NULL
               : "more orders than people";
}

const char *sim_shop_check(struct sim_shop *shop)
{
    const char *wrong = sim_house_check_sagas(&shop->house);

    sim_company_look(&shop->company);
    wrong = wrong ? wrong : check_stock(shop);
    wrong = wrong ? wrong : check_holds(shop);
    wrong = wrong ? wrong : sim_shop_check_money(shop);
    wrong = wrong ? wrong : check_orders(shop);
    return wrong ? wrong : check_promises(shop);
}
