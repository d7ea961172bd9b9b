/* dashboard_store.h - what the dashboard service keeps (schema hanok_dashboard). */
#ifndef DATASERVICE_DASHBOARD_DASHBOARD_STORE_H
#define DATASERVICE_DASHBOARD_DASHBOARD_STORE_H

#include "model/dashboard.h"
#include "tool/store/invariant.h"
#include "tool/store/store.h"

/* Of struct dashboard; of the same while it is built anew; of struct dashboard_shop,
 * dashboard_rebuild. */
extern const struct table DASHBOARD_TABLE, DASHBOARD_NEXT_TABLE, DASHBOARD_SHOP_TABLE,
    DASHBOARD_REBUILD_TABLE;

/* What is true of them at any moment. */
extern const struct invariant DASHBOARD_INVARIANTS[];

#endif
