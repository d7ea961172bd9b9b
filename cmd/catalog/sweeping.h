/* sweeping.h - holds of stock whose time is over: which implementations look for them and ask. */
#ifndef CMD_CATALOG_SWEEPING_H
#define CMD_CATALOG_SWEEPING_H

#include "tool/service/service.h"
#include "usecase/capacity/hold_expiry.h"
#include "usecase/catalog/catalog.h"

enum { SWEEPING_TIMEOUT_MS = 5000 }; /* of a run */

struct sweeping {
    struct hold_owners *orders;
    struct hold_expiry expiry;
    struct sweep_rows *rows;
    struct sweeper sweeper; /* of the row of jobs */
};

/** Borrows both. */
void sweeping_start(struct sweeping *sweeping, struct catalog *catalog,
                    const struct service_run *run);
void sweeping_stop(struct sweeping *sweeping);

#endif
