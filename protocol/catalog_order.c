/* catalog_order.c - the catalogue's copy of orders; see catalog.h. */
#include "protocol/catalog.h"

#include "protocol/order.h"

static const struct field ORDER_QUERY_FIELDS[] = {
    FIELD(struct order_copy_query, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH,
          .doc = "Which one."),
};

static const struct descriptor ORDER_QUERY = DESCRIPTOR(struct order_copy_query, "OrderCopyQuery",
                                                        ORDER_QUERY_FIELDS, "An order by its id.");

static const struct field LINES_FIELDS[] = {
    FIELD(struct order_copy_lines, lines, "lines", FIELD_LIST, FIELD_REQUIRED, .item = &ORDER_LINE,
          .max = ORDER_LINES_MAX, .count_offset = offsetof(struct order_copy_lines, n_lines),
          .doc = "What was ordered."),
};

const struct descriptor ORDER_COPY_LINES =
    DESCRIPTOR(struct order_copy_lines, "OrderCopyLines", LINES_FIELDS, "What was ordered.");

static const struct field ORDER_FIELDS[] = {
    FIELD(struct order_copy_view, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Its id."),
    FIELD(struct order_copy_view, order_num, "orderNum", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "Its number, for people."),
    FIELD(struct order_copy_view, status, "status", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "PENDING, CONFIRMED ..."),
    FIELD(struct order_copy_view, lines, "", FIELD_INLINE, 0, .item = &ORDER_COPY_LINES),
    FIELD(struct order_copy_view, total, "total", FIELD_MONEY, FIELD_REQUIRED,
          .doc = "What it costs."),
    FIELD(struct order_copy_view, version, "version", FIELD_INT, FIELD_REQUIRED, .min = 1,
          .max = INT64_MAX, .doc = "Of the order."),
    FIELD(struct order_copy_view, as_of_us, "asOf", FIELD_TIME, FIELD_REQUIRED,
          .doc = "When it was so."),
};

static const struct descriptor ORDER = DESCRIPTOR(struct order_copy_view, "OrderCopy", ORDER_FIELDS,
                                                  "An order as the catalogue knows it.");

static const struct operation_error ORDER_ERRORS[] = {
    {ST_NOT_FOUND, "not_found", "It is not known here, or not yet, or it is another's."},
    {ST_OK,        NULL,        NULL                                                   },
};

const struct operation CATALOG_ORDER_GET = {
    .subject = "catalog.order.get",
    .summary = "Read the catalogue's own copy of an order",
    .request = &ORDER_QUERY,
    .reply = &ORDER,
    .idempotent = true,
    .access = {.kind = ACCESS_CALLER},
    .errors = ORDER_ERRORS,
};
