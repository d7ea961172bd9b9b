/* catalog_stock.c - see catalog_stock.h. */
#include "protocol/catalog_stock.h"

static const struct field LINE_FIELDS[] = {
    FIELD(struct stock_line, product_id, "productId", FIELD_UUID, FIELD_REQUIRED, .doc = "Which."),
    FIELD(struct stock_line, quantity, "quantity", FIELD_INT, FIELD_REQUIRED, .min = 1,
          .max = LINE_UNITS_MAX, .doc = "How many."),
    FIELD(struct stock_line, unit_price, "unitPrice", FIELD_MONEY, FIELD_REQUIRED, .min = 0,
          .max = PRODUCT_PRICE_MAX, .doc = "The price that the customer has seen."),
};

static const struct descriptor LINE =
    DESCRIPTOR(struct stock_line, "StockLine", LINE_FIELDS, "So many of a product.");

static const struct field RESERVATION_FIELDS[] = {
    FIELD(struct stock_reservation, saga_id, "sagaId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "The key of idempotency, and the id of the hold."),
    FIELD(struct stock_reservation, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "What it is for."),
    FIELD(struct stock_reservation, store_id, "storeId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Who sells all of it."),
    FIELD(struct stock_reservation, lines, "lines", FIELD_LIST, FIELD_REQUIRED, .item = &LINE,
          .min = 1, .max = ORDER_LINES_MAX,
          .count_offset = offsetof(struct stock_reservation, n_lines),
          .doc = "All of them, or none is held."),
    FIELD(struct stock_reservation, expires_at, "expiresAt", FIELD_TIME, FIELD_REQUIRED,
          .doc = "When the order is asked whether it is still wanted."),
};

static const struct descriptor RESERVATION =
    DESCRIPTOR(struct stock_reservation, "StockReservation", RESERVATION_FIELDS,
               "What is to be held for an order.");

static const struct field RESERVED_LINE_FIELDS[] = {
    FIELD(struct reserved_line, product_id, "productId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Which."),
    FIELD(struct reserved_line, name, "name", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "What it was called then."),
    FIELD(struct reserved_line, quantity, "quantity", FIELD_INT, FIELD_REQUIRED, .min = 1,
          .max = LINE_UNITS_MAX, .doc = "How many."),
    FIELD(struct reserved_line, unit_price, "unitPrice", FIELD_MONEY, FIELD_REQUIRED, .min = 0,
          .max = PRODUCT_PRICE_MAX, .doc = "The price that is charged, not above the one sent."),
};

static const struct descriptor RESERVED_LINE = DESCRIPTOR(
    struct reserved_line, "ReservedLine", RESERVED_LINE_FIELDS, "So many of a product, held.");

static const struct field RESERVED_FIELDS[] = {
    FIELD(struct stock_reserved, lines, "lines", FIELD_LIST, FIELD_REQUIRED, .item = &RESERVED_LINE,
          .min = 1, .max = ORDER_LINES_MAX,
          .count_offset = offsetof(struct stock_reserved, n_lines), .doc = "As they were asked."),
    FIELD(struct stock_reserved, total, "total", FIELD_MONEY, FIELD_REQUIRED, .min = 0,
          .max = MONEY_MAX, .doc = "Of all lines, as charged."),
};

static const struct descriptor RESERVED =
    DESCRIPTOR(struct stock_reserved, "StockReserved", RESERVED_FIELDS, "What is held.");

static const struct operation_error RESERVE_ERRORS[] = {
    {ST_CONFLICT,      "sold_out",          "There is not enough; errors names the lines and what is left."},
    {ST_CONFLICT,      "price_changed",     "It costs more now; errors names the lines and the prices."    },
    {ST_CONFLICT,      "store_closed",      "The store takes no orders now."                               },
    {ST_CONFLICT,      "product_gone",
     "The store does not sell it, or no more; errors names the lines."                                     },
    {ST_CONFLICT,      "cancelled",         "It was released before it came."                              },
    {ST_UNPROCESSABLE, "currency_mismatch",
     "The lines are not all in one currency, that of the products."                                        },
    {ST_OK,            NULL,                NULL                                                           },
};

const struct operation CATALOG_STOCK_RESERVE = {
    .subject = "catalog.stock.reserve",
    .summary = "Hold all that an order is about, or nothing",
    .request = &RESERVATION,
    .reply = &RESERVED,
    .idempotent = true,
    .internal = true,
    .errors = RESERVE_ERRORS,
};

static const struct field ORDER_FIELDS[] = {
    FIELD(struct stock_order, saga_id, "sagaId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "The saga that held it."),
    FIELD(struct stock_order, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "What it was for."),
};

static const struct descriptor ORDER =
    DESCRIPTOR(struct stock_order, "StockOrder", ORDER_FIELDS, "What was held for an order.");

static const struct field HELD_FIELDS[] = {
    FIELD(struct stock_held, state, "state", FIELD_ENUM, FIELD_REQUIRED, .names = HOLD_STATE_NAMES,
          .doc = "What is now so."),
};

static const struct descriptor HELD =
    DESCRIPTOR(struct stock_held, "StockHeld", HELD_FIELDS, "What became of a hold.");

const struct operation CATALOG_STOCK_RELEASE = {
    .subject = "catalog.stock.release",
    .summary = "Let go what a saga holds, or see that it never does; what is sold stays sold",
    .request = &ORDER,
    .reply = &HELD,
    .idempotent = true,
    .internal = true,
};

static const struct operation_error COMMIT_ERRORS[] = {
    {ST_NOT_FOUND, "not_found", "Nothing was ever held."},
    {ST_OK,        NULL,        NULL                    },
};

const struct operation CATALOG_STOCK_COMMIT = {
    .subject = "catalog.stock.commit",
    .summary = "Sell what is held for an order; what was let go stays so",
    .request = &ORDER,
    .reply = &HELD,
    .idempotent = true,
    .internal = true,
    .errors = COMMIT_ERRORS,
};

const struct operation CATALOG_STOCK_RETURN = {
    .subject = "catalog.stock.return",
    .summary = "Take back what is held or sold for an order",
    .request = &ORDER,
    .reply = &HELD,
    .idempotent = true,
    .internal = true,
};

static const struct field EVENT_LINE_FIELDS[] = {
    FIELD(struct stock_event_line, product_id, "productId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Which."),
    FIELD(struct stock_event_line, quantity, "quantity", FIELD_INT, FIELD_REQUIRED, .min = 1,
          .max = LINE_UNITS_MAX, .doc = "How many."),
};

static const struct descriptor EVENT_LINE = DESCRIPTOR(struct stock_event_line, "StockEventLine",
                                                       EVENT_LINE_FIELDS, "So many of a product.");

static const struct field EVENT_FIELDS[] = {
    FIELD(struct stock_event, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "What it is for."),
    FIELD(struct stock_event, hold_id, "holdId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Of the hold: the saga that took it."),
    FIELD(struct stock_event, state, "state", FIELD_ENUM, FIELD_REQUIRED, .names = HOLD_STATE_NAMES,
          .doc = "What is now so."),
    FIELD(struct stock_event, lines, "lines", FIELD_LIST, FIELD_REQUIRED, .item = &EVENT_LINE,
          .min = 1, .max = ORDER_LINES_MAX, .count_offset = offsetof(struct stock_event, n_lines),
          .doc = "What it is about, in whatever state."),
    FIELD(struct stock_event, version, "version", FIELD_INT, FIELD_REQUIRED,
          .doc = "Of the hold: 1, 2, 3."),
};

static const struct descriptor EVENT =
    DESCRIPTOR(struct stock_event, "StockEvent", EVENT_FIELDS, "What has become of a hold.");

const struct event_type CATALOG_STOCK_RESERVED = {
    .name = "catalog.stock_reserved",
    .summary = "Stock was held for an order",
    .data = &EVENT,
    .key = offsetof(struct stock_event, order_id),
};

const struct event_type CATALOG_STOCK_COMMITTED = {
    .name = "catalog.stock_committed",
    .summary = "Stock that was held for an order was sold",
    .data = &EVENT,
    .key = offsetof(struct stock_event, order_id),
};

const struct event_type CATALOG_STOCK_RELEASED = {
    .name = "catalog.stock_released",
    .summary = "Stock that was held or sold for an order is free again",
    .data = &EVENT,
    .key = offsetof(struct stock_event, order_id),
};
