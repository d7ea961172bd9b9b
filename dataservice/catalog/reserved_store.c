/* reserved_store.c - see reserved_store.h. */
#include "dataservice/catalog/reserved_store.h"

/* clang-format off */
static const struct column COLUMNS[] = {
    COLUMN(struct reserved_row, id,                           "id",         COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct reserved_row, hold_id,                      "hold_id",    COLUMN_UUID, 0),
    COLUMN(struct reserved_row, line,                         "line",       COLUMN_INT,  0),
    COLUMN(struct reserved_row, reserved.product_id,          "product_id", COLUMN_UUID, 0),
    COLUMN(struct reserved_row, reserved.name,                "name",       COLUMN_TEXT, 0, .length = PRODUCT_NAME_MAX),
    COLUMN(struct reserved_row, reserved.quantity,            "quantity",   COLUMN_INT,  0),
    COLUMN(struct reserved_row, reserved.unit_price.amount,   "price",      COLUMN_INT,  0),
    COLUMN(struct reserved_row, reserved.unit_price.currency, "currency",   COLUMN_TEXT, 0),
};
/* clang-format on */

static const struct unique_key UNIQUES[] = {
    {"hold_line", {"hold_id", "line"}},
};

const struct table RESERVED_TABLE =
    TABLE(struct reserved_row, COLUMNS, "reserved_line", ROWS_OF(uniques, UNIQUES));
