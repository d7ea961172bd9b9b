/* service.c - the catalog service: what stores sell, and how many there are. Tables and wiring, no
 * logic. */
#include "cmd/catalog/catalog.h"
#include "dataservice/capacity/mysql/capacity_rows_mysql.h"
#include "dataservice/catalog/mysql/catalog_purges.h"
#include "protocol/catalog.h"
#include "protocol/order.h"
#include "protocol/store.h"
#include "tool/core/mem.h"
#include "usecase/catalog/item_stock.h"
#include "usecase/catalog/order_copying.h"
#include "usecase/catalog/product_making.h"
#include "usecase/catalog/product_reading.h"
#include "usecase/catalog/stock.h"
#include "usecase/catalog/store_hearing.h"

static const struct service_pool POOLS[] = {
    {"work", 8, 1024},
};

/* clang-format off */
#define WORK .pool = "work", .timeout_ms = 2000
static const struct endpoint ENDPOINTS[] = {
    {ENDPOINT_TOGETHER(CATALOG_PRODUCT_GET, product_read, struct product_query, struct product_view),
     .etag = offsetof(struct product_view, tag), WORK},
    {ENDPOINT_TOGETHER(CATALOG_PRODUCT_LIST, product_list, struct product_list, struct product_page), WORK},
    {ENDPOINT_CHANGE(CATALOG_PRODUCT_CREATE, product_create, struct product_form, struct product_view), .once = ONCE_BY_KEY,
     .check = product_check, .etag = offsetof(struct product_view, tag), WORK},
    {ENDPOINT_CHANGE(CATALOG_PRODUCT_UPDATE, product_update, struct product_patch, struct product_view),
     .etag = offsetof(struct product_view, tag), WORK},
    {ENDPOINT_CHANGE(CATALOG_ITEM_CREATE, item_create, struct item_form, struct item_stock), .once = ONCE_BY_KEY, WORK},
    {ENDPOINT_CHANGE(CATALOG_ITEM_MOVE, item_move, struct stock_movement_form, struct item_stock), .once = ONCE_BY_REQUIRED_KEY,
     .check = item_check_movement, WORK},
    {ENDPOINT_CHANGE(CATALOG_STOCK_RESERVE, stock_reserve, struct stock_reservation, struct stock_reserved), WORK},
    {ENDPOINT_CHANGE(CATALOG_STOCK_RELEASE, stock_release, struct stock_order, struct stock_held), WORK},
    {ENDPOINT_CHANGE(CATALOG_STOCK_COMMIT, stock_commit, struct stock_order, struct stock_held), WORK},
    {ENDPOINT_CHANGE(CATALOG_STOCK_RETURN, stock_return, struct stock_order, struct stock_held), WORK},
    {ENDPOINT(CATALOG_ORDER_GET, order_copy_read, struct order_copy_query, struct order_copy_view), WORK},
    {ENDPOINT(CATALOG_EXPORT, export_read, struct export_query, struct export_page),
     .self = offsetof(struct catalog_service, exporter), WORK},
};

static const struct job JOBS[] = {
    {"tell_stock", offsetof(struct catalog_service, catalog), item_tell, 500, 3000, JOB_EVERYWHERE, 0},
};

static const struct service_sweep SWEEPS[] = {
    {.name = "hold", .sweeper = offsetof(struct catalog_service, holds), .arg = offsetof(struct catalog_service, expiry), .ask = hold_expiry_ask,
     .act = hold_expiry_act, .table = {"hold", "id", "state = 'HELD'", "expires_at", "sweep_at"}, .every_ms = 2000, .lease_ms = 6000, .ask_ms = 1500},
};
static const struct remote_row HOLD_OWNER = {&ORDER_HOLD_CHECK, sizeof(struct hold_question), sizeof(struct hold_answer), false};

static const struct hearing HEARS[] = {
    {.type = &ORDER_CHANGED, .with = ORDER_EVENTS, .fn = order_copy_keep, .kind = HEAR_LATEST, .from = &ORDER_EXPORT},
    {.type = &STORE_CLOSED, .with = STORE_EVENTS, .fn = store_hear, .kind = HEAR_LATEST, .from = &STORE_EXPORT},
};
/* clang-format on */

static const struct operation *const CALLS[] = {&ORDER_HOLD_CHECK, &ORDER_EXPORT, &STORE_EXPORT};

static const struct service_store STORES[] = {
    {&PRODUCT_TABLE,      offsetof(struct catalog_service, catalog.products)      },
    {&PRODUCT_LINE_TABLE, offsetof(struct catalog_service, catalog.product_lines) },
    {&PRODUCT_ITEM_TABLE, offsetof(struct catalog_service, catalog.product_items) },
    {&ITEM_TABLE,         offsetof(struct catalog_service, catalog.items)         },
    {&MOVEMENT_TABLE,     offsetof(struct catalog_service, catalog.movements)     },
    {&STORE_OPEN_TABLE,   offsetof(struct catalog_service, catalog.stores)        },
    {&RESERVED_TABLE,     offsetof(struct catalog_service, catalog.reserved)      },
    {&ORDER_COPY_TABLE,   offsetof(struct catalog_service, catalog.order_copies)  },
    {&SLOT_TABLE,         offsetof(struct catalog_service, catalog.capacity.slots)},
    {&HOLD_TABLE,         offsetof(struct catalog_service, catalog.capacity.holds)},
};

static const struct export_row EXPORTS[] = {
    {&CATALOG_PRODUCT_CHANGED, offsetof(struct catalog_service, catalog.products), product_export,
     NULL},
};

static enum status start(void *self, const struct service_run *run)
{
    struct catalog_service *service = self;
    struct catalog *catalog = &service->catalog;

    catalog->capacity.rows = &CAPACITY_ROWS_MYSQL;
    catalog->outbox = run->outbox;
    catalog->entropy = run->entropy;
    catalog->cursors = run->cursors;
    catalog->transactor = run->transactor;
    service->exporter = (struct exporter){EXPORTS, ARRAY_LEN(EXPORTS), CATALOG_EVENTS, service};
    service->expiry =
        (struct hold_expiry){&catalog->capacity, run->remote, &HOLD_OWNER, stock_say, catalog};
    return ST_OK;
}

/* clang-format off */
const struct service CATALOG_SERVICE = {
    .name = "catalog", .summary = "Keeps what stores sell and how many there are, for everybody to read.", .size = sizeof(struct catalog_service),
    ROWS_OF(pools, POOLS), ROWS_OF(endpoints, ENDPOINTS), ROWS_OF(calls, CALLS), .says = CATALOG_EVENTS, ROWS_OF(hears, HEARS),
    ROWS_OF(jobs, JOBS), ROWS_OF(sweeps, SWEEPS), ROWS_OF(stores, STORES),
    .invariants = CATALOG_INVARIANTS, .id_sets = CATALOG_ID_SETS, .purges = CATALOG_PURGES, .database = true,
    .unnamed_self = IS_FIRST(struct catalog_service, catalog), .start = start,
};
/* clang-format on */
