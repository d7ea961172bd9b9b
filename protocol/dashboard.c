/* dashboard.c - what people ask of the dashboard; see dashboard.h. */
#include "protocol/dashboard.h"

#include "tool/encoder/page.h"

/* clang-format off */
static const struct field QUERY_FIELDS[] = {
    FIELD(struct dashboard_query, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH, .doc = "Of which order."),
};
static const struct descriptor QUERY =
    DESCRIPTOR(struct dashboard_query, "DashboardQuery", QUERY_FIELDS, "One by its order.");

static const struct field TIMES_FIELDS[] = {
    FIELD(struct dashboard_times, ordered_us, "ordered", FIELD_TIME, 0, .doc = "When it was ordered."),
    FIELD(struct dashboard_times, paid_us, "paid", FIELD_TIME, 0, .doc = "When its money was held."),
    FIELD(struct dashboard_times, accepted_us, "accepted", FIELD_TIME, 0, .doc = "When the store took it on."),
    FIELD(struct dashboard_times, cooked_us, "cooked", FIELD_TIME, 0, .doc = "When it was ready."),
    FIELD(struct dashboard_times, picked_up_us, "pickedUp", FIELD_TIME, 0, .doc = "When a courier had it."),
    FIELD(struct dashboard_times, delivered_us, "delivered", FIELD_TIME, 0, .doc = "When it was at the door."),
    FIELD(struct dashboard_times, canceled_us, "canceled", FIELD_TIME, 0, .doc = "When it was canceled."),
};
static const struct descriptor TIMES =
    DESCRIPTOR(struct dashboard_times, "DashboardTimes", TIMES_FIELDS, "When each step was done, as far as it was.");

static const struct field VIEW_FIELDS[] = {
    FIELD(struct dashboard_view, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED, .doc = "Which order."),
    FIELD(struct dashboard_view, order_num, "orderNum", FIELD_TEXT, FIELD_REQUIRED, .doc = "What to call it by."),
    FIELD(struct dashboard_view, store_id, "storeId", FIELD_UUID, FIELD_REQUIRED, .doc = "Of which store."),
    FIELD(struct dashboard_view, store_name, "storeName", FIELD_TEXT, 0, .doc = "What that is called."),
    FIELD(struct dashboard_view, item_name, "itemName", FIELD_TEXT, 0,
          .doc = "The product of the first line, and how many lines there are beside it."),
    FIELD(struct dashboard_view, item_qty, "itemQty", FIELD_INT, FIELD_REQUIRED, .doc = "How many pieces, of all lines."),
    FIELD(struct dashboard_view, price, "price", FIELD_MONEY, FIELD_REQUIRED, .doc = "What all of it costs."),
    FIELD(struct dashboard_view, status, "status", FIELD_ENUM, FIELD_REQUIRED, .names = DASHBOARD_STATUS_NAMES,
          .doc = "How far it is."),
    FIELD(struct dashboard_view, ordered_us, "orderDt", FIELD_TIME, FIELD_REQUIRED, .doc = "When it was ordered."),
    FIELD(struct dashboard_view, payment_status, "paymentStatus", FIELD_TEXT, 0,
          .doc = "How far its payment is, as the payment service says."),
    FIELD(struct dashboard_view, delivery_status, "deliveryStatus", FIELD_TEXT, 0,
          .doc = "How far its delivery is, as the delivery service says."),
    FIELD(struct dashboard_view, cancel_asked, "cancelAsked", FIELD_BOOL, 0, .doc = "Its store was asked to cancel it."),
    FIELD(struct dashboard_view, times, "times", FIELD_OBJECT, FIELD_REQUIRED, .item = &TIMES, .doc = "When each step was done."),
    FIELD(struct dashboard_view, reason, "reason", FIELD_TEXT, 0, .doc = "Why it came to nothing."),
    FIELD(struct dashboard_view, version, "version", FIELD_INT, FIELD_REQUIRED,
          .doc = "The sum of the versions of order, payment, ticket and delivery; the ETag."),
    FIELD(struct dashboard_view, as_of_us, "asOf", FIELD_TIME, FIELD_REQUIRED, .doc = "Since when it is so."),
};
static const struct descriptor VIEW =
    DESCRIPTOR(struct dashboard_view, "Dashboard", VIEW_FIELDS, "How far an order is.");

static const struct operation_error GET_ERRORS[] = {
    {ST_NOT_FOUND, "not_found", "It is not known here, or not yet, or it is another's."},
    {ST_OK, NULL, NULL},
};

const struct operation DASHBOARD_GET = {
    .subject = "dashboard.get",
    .summary = "Read how far an order is",
    .request = &QUERY,
    .reply = &VIEW,
    .idempotent = true,
    .access = {.kind = ACCESS_CALLER},
    .errors = GET_ERRORS,
};

static const struct field LIST_FIELDS[] = {
    FIELD(struct dashboard_list, status, "status", FIELD_ENUM, FIELD_IN_QUERY, .names = DASHBOARD_STATUS_NAMES,
          .doc = "Only those that are so now."),
    FIELD(struct dashboard_list, store_id, "storeId", FIELD_UUID, FIELD_IN_QUERY,
          .doc = "Of this store: all of them for its owner, else one's own."),
    FIELD(struct dashboard_list, from_us, "from", FIELD_TIME, FIELD_IN_QUERY, .doc = "Ordered then or later."),
    FIELD(struct dashboard_list, to_us, "to", FIELD_TIME, FIELD_IN_QUERY, .doc = "Ordered before."),
    FIELD(struct dashboard_list, page, "", FIELD_INLINE, 0, .item = &PAGE_QUERY),
};
static const struct descriptor LIST =
    DESCRIPTOR(struct dashboard_list, "DashboardList", LIST_FIELDS, "Which orders.",
               .given = offsetof(struct dashboard_list, given));

static const struct descriptor PAGE =
    PAGE_OF(struct dashboard_page, "DashboardPage", &VIEW, "How far orders are, the newest first.");

static const struct operation_error LIST_ERRORS[] = {PAGE_ERROR, {ST_OK, NULL, NULL}};

const struct operation DASHBOARD_LIST = {
    .subject = "dashboard.list",
    .summary = "List how far one's orders are, or those of one's store",
    .request = &LIST,
    .reply = &PAGE,
    .idempotent = true,
    .access = {.kind = ACCESS_CALLER},
    .errors = LIST_ERRORS,
};

static const struct field DAY_FIELDS[] = {
    FIELD(struct dashboard_summary_query, store_id, "storeId", FIELD_UUID, FIELD_IN_QUERY,
          .doc = "Of which store; without it of all, for an administrator."),
    FIELD(struct dashboard_summary_query, day, "day", FIELD_DATE, FIELD_IN_QUERY,
          .doc = "Which day at the shops; today without it."),
};
static const struct descriptor DAY =
    DESCRIPTOR(struct dashboard_summary_query, "DashboardSummaryQuery", DAY_FIELDS, "Which day.",
               .given = offsetof(struct dashboard_summary_query, given));

static const struct field SUM_FIELDS[] = {
    FIELD(struct money, amount, "amount", FIELD_INT, FIELD_REQUIRED, .doc = "In whole minor units."),
    FIELD(struct money, currency, "currency", FIELD_TEXT, FIELD_REQUIRED, .doc = "Of ISO 4217."),
};
static const struct descriptor SUM = DESCRIPTOR(struct money, "DashboardSum", SUM_FIELDS, "A sum of money.");

static const struct field SUMMARY_FIELDS[] = {
    FIELD(struct dashboard_summary, day, "day", FIELD_DATE, FIELD_REQUIRED, .doc = "Which day."),
    FIELD(struct dashboard_summary, orders, "orders", FIELD_INT, FIELD_REQUIRED, .doc = "Orders that were made on it."),
    FIELD(struct dashboard_summary, canceled, "canceled", FIELD_INT, FIELD_REQUIRED, .doc = "Those of them that were canceled."),
    FIELD(struct dashboard_summary, rejected, "rejected", FIELD_INT, FIELD_REQUIRED, .doc = "Those that came to nothing before."),
    FIELD(struct dashboard_summary, cancel_rate, "cancelRate", FIELD_INT, FIELD_REQUIRED, .min = 0, .max = 100,
          .doc = "The canceled ones in percent of all."),
    FIELD(struct dashboard_summary, revenue, "revenue", FIELD_LIST, FIELD_REQUIRED, .item = &SUM, .max = SUMMARY_CURRENCIES_MAX,
          .count_offset = offsetof(struct dashboard_summary, n_revenue),
          .doc = "What was taken less what was given back, by currency."),
    FIELD(struct dashboard_summary, accept_minutes, "acceptMinutes", FIELD_INT, 0,
          .doc = "From the order to when the store took it on: the median, where there is one."),
    FIELD(struct dashboard_summary, cook_minutes, "cookMinutes", FIELD_INT, 0, .doc = "From there to when it was ready, likewise."),
    FIELD(struct dashboard_summary, deliver_minutes, "deliverMinutes", FIELD_INT, 0,
          .doc = "From there to when it was at the door, likewise."),
};
static const struct descriptor SUMMARY =
    DESCRIPTOR(struct dashboard_summary, "DashboardSummary", SUMMARY_FIELDS, "A day at the shops.",
               .given = offsetof(struct dashboard_summary, given));

static const struct operation_error SUMMARY_ERRORS[] = {
    {ST_FORBIDDEN, "forbidden", "It is not your store, or of no store and you have not the role admin."},
    {ST_OK, NULL, NULL},
};

const struct operation DASHBOARD_SUMMARY = {
    .subject = "dashboard.summary",
    .summary = "Read what a day came to",
    .request = &DAY,
    .reply = &SUMMARY,
    .idempotent = true,
    .access = {.kind = ACCESS_CALLER},
    .errors = SUMMARY_ERRORS,
};

/* ---- of administrators ---- */

static const struct field REBUILDING_FIELDS[] = {
    FIELD(struct dashboard_rebuilding, state, "state", FIELD_ENUM, FIELD_REQUIRED, .names = REBUILD_STATE_NAMES,
          .doc = "How far it is."),
    FIELD(struct dashboard_rebuilding, items, "items", FIELD_INT, FIELD_REQUIRED, .doc = "What was read of all owners."),
    FIELD(struct dashboard_rebuilding, done, "done", FIELD_INT, FIELD_REQUIRED, .doc = "Rebuilds that have come to their end."),
    FIELD(struct dashboard_rebuilding, started_us, "startedAt", FIELD_TIME, 0, .doc = "When the last one was asked for."),
    FIELD(struct dashboard_rebuilding, ended_us, "endedAt", FIELD_TIME, 0, .doc = "When it was done."),
};
static const struct descriptor REBUILDING =
    DESCRIPTOR(struct dashboard_rebuilding, "DashboardRebuilding", REBUILDING_FIELDS, "How far a rebuild is.");

static const struct operation_error ADMIN_ERRORS[] = {
    {ST_FORBIDDEN, "forbidden", "You have not the role admin."},
    {ST_OK, NULL, NULL},
};

const struct operation DASHBOARD_REBUILD = {
    .subject = "dashboard.rebuild",
    .summary = "Build the dashboard anew from what its owners say",
    .reply = &REBUILDING,
    .idempotent = true,
    .access = {.kind = ACCESS_ROLE, .roles = "admin"},
    .errors = ADMIN_ERRORS,
};

static const struct field DIGEST_QUERY_FIELDS[] = {
    FIELD(struct dashboard_digest_query, fresh, "fresh", FIELD_BOOL, 0,
          .doc = "Of what the owners say now, not of the rows; asks all of them for all there is."),
};
static const struct descriptor DIGEST_QUERY =
    DESCRIPTOR(struct dashboard_digest_query, "DashboardDigestQuery", DIGEST_QUERY_FIELDS, "Which digest.");

static const struct field DIGEST_FIELDS[] = {
    FIELD(struct dashboard_digest, digest, "digest", FIELD_TEXT, FIELD_REQUIRED, .doc = "Hexadecimal."),
    FIELD(struct dashboard_digest, parts, "parts", FIELD_INT, FIELD_REQUIRED,
          .doc = "Orders, payments, tickets and deliveries that are in it."),
    FIELD(struct dashboard_digest, wrong, "wrong", FIELD_INT, FIELD_REQUIRED,
          .doc = "Rows whose status does not follow from what they are made of."),
};
static const struct descriptor DIGEST =
    DESCRIPTOR(struct dashboard_digest, "DashboardDigest", DIGEST_FIELDS, "What the rows say, in short.");

const struct operation DASHBOARD_DIGEST = {
    .subject = "dashboard.digest",
    .summary = "A digest of the rows, to be compared with that of what the owners say",
    .request = &DIGEST_QUERY,
    .reply = &DIGEST,
    .idempotent = true,
    .access = {.kind = ACCESS_ROLE, .roles = "admin"},
    .errors = ADMIN_ERRORS,
};
/* clang-format on */
