/* catalog_tables.c - see catalog_tables.h. */
#include "dataservice/catalog/catalog_tables.h"

#include "dataservice/capacity/slot_store.h"

/* clang-format off */
static const struct column PRODUCT_COLUMNS[] = {
    COLUMNS_SHARED(struct product, product_id),
    COLUMN(struct product, store_id,       "store_id",   COLUMN_UUID, 0),
    COLUMN(struct product, name,           "name",       COLUMN_TEXT, 0, .length = PRODUCT_NAME_MAX),
    COLUMN(struct product, category,       "category",   COLUMN_TEXT, 0, .length = PRODUCT_CATEGORY_MAX),
    COLUMNS_MONEY(struct product, price, "price", "currency"),
    COLUMN(struct product, status,         "status",     COLUMN_ENUM, 0, .names = PRODUCT_STATUS_NAMES),
};
const struct table PRODUCT_TABLE = TABLE(struct product, PRODUCT_COLUMNS, "product");

static const struct column PRODUCT_ITEM_COLUMNS[] = {
    COLUMN(struct product_item_row, id,            "id",         COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct product_item_row, product_id,    "product_id", COLUMN_UUID, 0),
    COLUMN(struct product_item_row, line,          "line",       COLUMN_INT,  0),
    COLUMN(struct product_item_row, part.item_id,  "item_id",    COLUMN_UUID, 0),
    COLUMN(struct product_item_row, part.quantity, "quantity",   COLUMN_INT,  0),
};
static const struct table_with ITS_ITEM = {&ITEM_TABLE, "item_id"}, ITS_SLOT = {&SLOT_TABLE, "item_id"};
static const struct table_read PRODUCT_ITEM_READS[] = {
    READ(struct product_item_row, sku,        "sku",   COLUMN_TEXT, .with = &ITS_ITEM),
    READ(struct product_item_row, name,       "name",  COLUMN_TEXT, .with = &ITS_ITEM),
    READ(struct product_item_row, slot.total, "total", COLUMN_INT,  .with = &ITS_SLOT),
    READ(struct product_item_row, slot.held,  "held",  COLUMN_INT,  .with = &ITS_SLOT),
    READ(struct product_item_row, slot.sold,  "sold",  COLUMN_INT,  .with = &ITS_SLOT),
};
static const struct unique_key PRODUCT_ITEM_UNIQUES[] = {{"product_item", {"product_id", "item_id"}}};
const struct table PRODUCT_ITEM_TABLE = TABLE(struct product_item_row, PRODUCT_ITEM_COLUMNS, "product_item",
    ROWS_OF(uniques, PRODUCT_ITEM_UNIQUES), ROWS_OF(reads, PRODUCT_ITEM_READS));

_Static_assert(offsetof(struct product_line, product) == 0, "a row is the beginning of its line");
static int64_t whole_ones(const void *row)
{
    return slot_available(&((const struct product_item_row *)row)->slot) / ((const struct product_item_row *)row)->part.quantity;
}
static const struct table_least AVAILABLE = {&PRODUCT_ITEM_TABLE, "product_id", &ITS_SLOT,
    "((total - held - sold) DIV quantity)", whole_ones, PRODUCT_AVAILABLE_MAX};
static const struct table_read PRODUCT_LINE_READS[] = {READ(struct product_line, available, "available", COLUMN_INT, .least = &AVAILABLE)};
const struct table PRODUCT_LINE_TABLE = TABLE(struct product_line, PRODUCT_COLUMNS, "product",
    ROWS_OF(reads, PRODUCT_LINE_READS), .stored_size = sizeof(struct product));

static const struct column ITEM_COLUMNS[] = {
    COLUMNS_SHARED(struct item, item_id),
    COLUMN(struct item, store_id,   "store_id",   COLUMN_UUID, 0),
    COLUMN(struct item, sku,        "sku",        COLUMN_TEXT, 0),
    COLUMN(struct item, name,       "name",       COLUMN_TEXT, 0, .length = ITEM_NAME_MAX),
    COLUMN(struct item, on_hand,    "on_hand",    COLUMN_INT,  0),
    COLUMN(struct item, available,  "available",  COLUMN_INT,  0),
};
static const struct unique_key ITEM_UNIQUES[] = {{"store_sku", {"store_id", "sku"}}};
const struct table ITEM_TABLE = TABLE(struct item, ITEM_COLUMNS, "item", ROWS_OF(uniques, ITEM_UNIQUES));

static const struct column MOVEMENT_COLUMNS[] = {
    COLUMN(struct stock_movement, movement_id, "id",         COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct stock_movement, item_id,     "item_id",    COLUMN_UUID, 0),
    COLUMN(struct stock_movement, user_id,     "user_id",    COLUMN_UUID, 0),
    COLUMN(struct stock_movement, delta,       "delta",      COLUMN_INT,  0),
    COLUMN(struct stock_movement, reason,      "reason",     COLUMN_TEXT, 0, .length = MOVEMENT_REASON_MAX),
    COLUMN(struct stock_movement, created_us,  "created_at", COLUMN_TIME, COLUMN_CREATED),
};
const struct table MOVEMENT_TABLE = TABLE(struct stock_movement, MOVEMENT_COLUMNS, "stock_movement");

static const struct column STORE_OPEN_COLUMNS[] = {
    COLUMN(struct store_open, store_id, "store_id", COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct store_open, owner_id, "owner_id", COLUMN_UUID, 0),
    COLUMN(struct store_open, open,     "open",     COLUMN_BOOL, 0),
    COLUMN(struct store_open, version,  "version",  COLUMN_INT,  COLUMN_VERSION),
};
const struct table STORE_OPEN_TABLE = TABLE(struct store_open, STORE_OPEN_COLUMNS, "store_open");

static const struct column RESERVED_COLUMNS[] = {
    COLUMN(struct reserved_row, id,                           "id",         COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct reserved_row, hold_id,                      "hold_id",    COLUMN_UUID, 0),
    COLUMN(struct reserved_row, line,                         "line",       COLUMN_INT,  0),
    COLUMN(struct reserved_row, reserved.product_id,          "product_id", COLUMN_UUID, 0),
    COLUMN(struct reserved_row, reserved.name,                "name",       COLUMN_TEXT, 0, .length = PRODUCT_NAME_MAX),
    COLUMN(struct reserved_row, reserved.quantity,            "quantity",   COLUMN_INT,  0),
    COLUMNS_MONEY(struct reserved_row, reserved.unit_price, "price", "currency"),
};
static const struct unique_key RESERVED_UNIQUES[] = {{"hold_line", {"hold_id", "line"}}};
const struct table RESERVED_TABLE =
    TABLE(struct reserved_row, RESERVED_COLUMNS, "reserved_line", ROWS_OF(uniques, RESERVED_UNIQUES));

static const struct column ORDER_COPY_COLUMNS[] = {
    COLUMN(struct order_copy, order_id,       "order_id",  COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct order_copy, user_id,        "user_id",   COLUMN_UUID, 0),
    COLUMN(struct order_copy, store_id,       "store_id",  COLUMN_UUID, 0),
    COLUMN(struct order_copy, order_num,      "order_num", COLUMN_TEXT, 0),
    COLUMN(struct order_copy, status,         "status",    COLUMN_TEXT, 0),
    COLUMN(struct order_copy, lines,          "lines",     COLUMN_TEXT, 0),
    COLUMNS_MONEY(struct order_copy, total, "total", "currency"),
    COLUMN(struct order_copy, version,        "version",   COLUMN_INT,  COLUMN_VERSION),
    COLUMN(struct order_copy, as_of_us,       "as_of",     COLUMN_TIME, 0),
};
const struct table ORDER_COPY_TABLE = TABLE(struct order_copy, ORDER_COPY_COLUMNS, "order_copy");

const struct invariant CATALOG_INVARIANTS[] = {
    CAPACITY_INVARIANTS,
    {"an item has a slot, of as many units as its movements add up to",
     "SELECT i.id AS id FROM item i LEFT JOIN slot s ON s.id = i.id"
     " LEFT JOIN (SELECT item_id, SUM(delta) AS units FROM stock_movement GROUP BY item_id) AS m ON m.item_id = i.id"
     " WHERE s.id IS NULL OR s.total <> COALESCE(m.units, 0)",
     "Stock was changed by hand: POST /items/{itemId}/stock-movements is how it is counted."},
    {"a product is made of items",
     "SELECT p.id AS id FROM product p LEFT JOIN product_item i ON i.product_id = p.id WHERE i.id IS NULL",
     "Rows of product_item are missing: nobody can buy it."},
    {NULL, NULL, NULL},
};

const struct id_set CATALOG_ID_SETS[] = {
    {"holding_orders", "SELECT DISTINCT owner_id AS id FROM hold WHERE owner = 'order' AND state <> 'RELEASED'"},
    {NULL, NULL},
};
/* clang-format on */
