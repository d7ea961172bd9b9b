/* sim_shop_rows.h - the rows of a shop, as an onlooker reads them. For sim_shop_*.c only. */
#ifndef TEST_SIMULATION_SIM_SHOP_ROWS_H
#define TEST_SIMULATION_SIM_SHOP_ROWS_H

#include "model/order.h"
#include "test/simulation/sim_shop.h"
#include "tool/memdb/memdb_table.h"

static inline struct memdb_table *sim_rows(struct sim_service *service, const struct table *table)
{
    return memdb_table(service->db, table->name, table->row_size);
}

/** What the card company has of somebody now, taken or set aside. */
static inline int64_t sim_charge_net(const struct sim_charge *charge)
{
    if (charge->voided)
        return 0;
    return charge->captured > 0 ? charge->captured - charge->refunded : charge->authorized;
}

/** By the card company's book; all zero when nobody asked it. */
struct sim_charge sim_shop_charge(struct sim_shop *shop, struct uuid order_id);
/** NULL, or what is wrong with the ticket of an order. */
const char *sim_shop_check_ticket(struct sim_shop *shop, const struct order *order);
/** NULL, or what is wrong with payments, their operations and the ledger. */
const char *sim_shop_check_money(struct sim_shop *shop);

#endif
