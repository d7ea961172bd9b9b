/* sweeping.c - see sweeping.h. */
#include "cmd/catalog/sweeping.h"

#include "dataservice/capacity/mysql/capacity_rows_mysql.h"
#include "dataservice/capacity/remote/hold_owners_remote.h"
#include "protocol/order.h"
#include "usecase/catalog/stock.h"

/* A hold is asked for so often, and is overdue when its time has been over for so long. */
enum { LEASE_MS = 6000, ASK_MS = 1500, GRACE_MS = 60000, BATCH = 32 };

void sweeping_start(struct sweeping *sweeping, struct catalog *catalog,
                    const struct service_run *run)
{
    sweeping->orders = hold_owners_remote_create(run->proxy, &ORDER_HOLD_CHECK);
    sweeping->rows = sweep_rows_mysql_create(run->db, &HOLD_SWEEP);
    sweeping->expiry =
        (struct hold_expiry){&catalog->capacity, sweeping->orders, stock_say, catalog};
    sweeper_init(&sweeping->sweeper, &(struct sweeper_config){
                                         .name = "hold",
                                         .rows = sweeping->rows,
                                         .transactor = run->transactor,
                                         .ask = hold_expiry_ask,
                                         .act = hold_expiry_act,
                                         .arg = &sweeping->expiry,
                                         .batch = BATCH,
                                         .lease_ms = LEASE_MS,
                                         .ask_ms = ASK_MS,
                                         .grace_ms = GRACE_MS,
                                         .metrics = run->metrics,
                                     });
}

void sweeping_stop(struct sweeping *sweeping)
{
    sweeping->orders->ops->destroy(sweeping->orders);
    sweeping->rows->ops->destroy(sweeping->rows);
}
