/* catalog_item.c - items and how many there are; all there is, for views. See catalog.h. */
#include "protocol/catalog.h"
#include "tool/event/export.h"

static const struct field FORM_FIELDS[] = {
    FIELD(struct item_form, store_id, "storeId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "The store whose shelf it lies on."),
    FIELD(struct item_form, sku, "sku", FIELD_TEXT, FIELD_REQUIRED, .rule = &ITEM_SKU_RULE,
          .doc = "What the store calls it: no other item of it has that."),
    FIELD(struct item_form, name, "name", FIELD_TEXT, FIELD_REQUIRED, .rule = &PRODUCT_NAME_RULE,
          .doc = "What it is called."),
    FIELD(struct item_form, on_hand, "onHand", FIELD_INT, 0, .min = 0, .max = ITEM_UNITS_MAX,
          .doc = "How many there are to begin with."),
};

static const struct descriptor FORM =
    DESCRIPTOR(struct item_form, "ItemForm", FORM_FIELDS, "An item to be kept.");

static const struct field STOCK_FIELDS[] = {
    FIELD(struct item_stock, item_id, "itemId", FIELD_UUID, FIELD_REQUIRED, .doc = "Its id."),
    FIELD(struct item_stock, on_hand, "onHand", FIELD_INT, FIELD_REQUIRED, .min = 0,
          .max = INT64_MAX, .doc = "How many there are."),
    FIELD(struct item_stock, available, "available", FIELD_INT, FIELD_REQUIRED, .min = 0,
          .max = INT64_MAX, .doc = "How many of these are held for nobody."),
};

static const struct descriptor STOCK =
    DESCRIPTOR(struct item_stock, "ItemStock", STOCK_FIELDS, "How many of an item there are.");

/* clang-format off */
static const struct operation_error CREATE_ERRORS[] = {
    {ST_FORBIDDEN, "forbidden", "The store is another's, whether there is such a store or not."},
    {ST_CONFLICT, "sku_taken", "The store has an item of that sku already."},
    OPERATION_ONCE_BY_KEY,
    {ST_OK, NULL, NULL},
};
/* clang-format on */

const struct operation CATALOG_ITEM_CREATE = {
    .subject = "catalog.item.create",
    .summary = "Keep an item",
    .request = &FORM,
    .reply = &STOCK,
    .access = {.kind = ACCESS_CALLER},
    .errors = CREATE_ERRORS,
};

static const struct field MOVEMENT_FIELDS[] = {
    FIELD(struct stock_movement_form, item_id, "itemId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH,
          .doc = "Which one."),
    FIELD(struct stock_movement_form, delta, "delta", FIELD_INT, FIELD_REQUIRED,
          .min = -ITEM_UNITS_MAX, .max = ITEM_UNITS_MAX,
          .doc = "So many more; less than 0, fewer."),
    FIELD(struct stock_movement_form, reason, "reason", FIELD_TEXT, FIELD_REQUIRED,
          .rule = &MOVEMENT_REASON_RULE, .doc = "Why: delivery, count, broken ..."),
};

static const struct descriptor MOVEMENT = DESCRIPTOR(
    struct stock_movement_form, "StockMovement", MOVEMENT_FIELDS, "What came to a shelf, or went.");

/* clang-format off */
static const struct operation_error MOVE_ERRORS[] = {
    {ST_FORBIDDEN, "forbidden", "It is another's store."},
    {ST_NOT_FOUND, "not_found", "There is no item of that id."},
    {ST_CONFLICT, "units_taken", "So many are not free: they are held for orders, or not there."},
    {ST_CONFLICT, "too_many", "There would be more than can be counted."},
    OPERATION_ONCE_BY_KEY,
    OPERATION_KEY_REQUIRED,
    {ST_OK, NULL, NULL},
};
/* clang-format on */

const struct operation CATALOG_ITEM_MOVE = {
    .subject = "catalog.item.move",
    .summary = "Count what came to a shelf, or went",
    .request = &MOVEMENT,
    .reply = &STOCK,
    .access = {.kind = ACCESS_CALLER},
    .errors = MOVE_ERRORS,
};

static const struct field CHANGED_FIELDS[] = {
    FIELD(struct item, item_id, "itemId", FIELD_UUID, FIELD_REQUIRED, .doc = "Its id."),
    FIELD(struct item, store_id, "storeId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "The store whose shelf it lies on."),
    FIELD(struct item, sku, "sku", FIELD_TEXT, FIELD_REQUIRED, .rule = &ITEM_SKU_RULE,
          .doc = "What the store calls it."),
    FIELD(struct item, on_hand, "onHand", FIELD_INT, FIELD_REQUIRED, .min = 0, .max = INT64_MAX,
          .doc = "How many there are."),
    FIELD(struct item, available, "available", FIELD_INT, FIELD_REQUIRED, .min = 0,
          .max = INT64_MAX, .doc = "How many of these are held for nobody."),
    FIELD(struct item, version, "version", FIELD_INT, FIELD_REQUIRED, .min = 1, .max = INT64_MAX,
          .doc = "One more with each of these."),
};

static const struct descriptor CHANGED = DESCRIPTOR(struct item, "StockChanged", CHANGED_FIELDS,
                                                    "How many of an item there are by now.");

const struct event_type CATALOG_STOCK_CHANGED = {
    .name = "catalog.stock_changed",
    .summary = "There are more or fewer of an item; said once a second at most",
    .data = &CHANGED,
    .key = offsetof(struct item, item_id),
};

const struct operation CATALOG_EXPORT = EXPORT_OPERATION("catalog.export");
