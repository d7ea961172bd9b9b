/* payment_store.c - see payment_store.h. */
#include "dataservice/payment/payment_store.h"

/* clang-format off */
static const struct column PAYMENT_COLUMNS[] = {
    COLUMNS_SHARED(struct payment, payment_id),
    COLUMN(struct payment, order_id,         "order_id",         COLUMN_UUID, COLUMN_UNIQUE),
    COLUMN(struct payment, user_id,          "user_id",          COLUMN_UUID, 0),
    COLUMN(struct payment, store_id,         "store_id",         COLUMN_UUID, 0),
    COLUMN(struct payment, saga_id,          "saga_id",          COLUMN_UUID, COLUMN_NULLABLE | COLUMN_ASIDE),
    COLUMN(struct payment, authorization_id, "authorization_id", COLUMN_UUID, COLUMN_NULLABLE),
    COLUMNS_MONEY(struct payment, amount, "amount", "currency"),
    COLUMN(struct payment, status,           "status",           COLUMN_ENUM, 0, .names = PAYMENT_STATUS_NAMES),
    COLUMN(struct payment, capturing,        "capturing",        COLUMN_INT,  0),
    COLUMN(struct payment, captured,         "captured",         COLUMN_INT,  0),
    COLUMN(struct payment, refunding,        "refunding",        COLUMN_INT,  0),
    COLUMN(struct payment, refunded,         "refunded",         COLUMN_INT,  0),
    COLUMN(struct payment, reason,           "reason",           COLUMN_TEXT, 0, .length = PAYMENT_REASON_MAX),
    COLUMN(struct payment, expires_us,       "expires_at",       COLUMN_TIME, 0),
    COLUMN(struct payment, look_at_us,       "look_at",          COLUMN_TIME, COLUMN_ASIDE),
};
const struct table PAYMENT_TABLE = TABLE(struct payment, PAYMENT_COLUMNS, "payment");

static const struct column OPERATION_COLUMNS[] = {
    COLUMNS_SHARED(struct payment_operation, operation_id),
    COLUMN(struct payment_operation, payment_id,     "payment_id", COLUMN_UUID, 0),
    COLUMN(struct payment_operation, order_id,       "order_id",   COLUMN_UUID, 0),
    COLUMN(struct payment_operation, kind,           "kind",       COLUMN_ENUM, 0, .names = PAYMENT_KIND_NAMES),
    COLUMN(struct payment_operation, state,          "state",      COLUMN_ENUM, 0, .names = OPERATION_STATE_NAMES),
    COLUMNS_MONEY(struct payment_operation, money, "amount", "currency"),
    COLUMN(struct payment_operation, method,         "method",     COLUMN_TEXT, 0),
    COLUMN(struct payment_operation, of,             "of",         COLUMN_UUID, COLUMN_NULLABLE),
    COLUMN(struct payment_operation, reason,         "reason",     COLUMN_TEXT, 0, .length = PAYMENT_REASON_MAX),
    COLUMN(struct payment_operation, reverses,       "reverses",   COLUMN_BOOL, 0),
    COLUMN(struct payment_operation, booked,         "booked",     COLUMN_BOOL, COLUMN_ASIDE),
    COLUMN(struct payment_operation, asked_us,       "asked_at",   COLUMN_TIME, 0),
    COLUMN(struct payment_operation, due_us,         "due_at",     COLUMN_TIME, 0),
    COLUMN(struct payment_operation, look_at_us,     "look_at",    COLUMN_TIME, COLUMN_ASIDE),
};
const struct table OPERATION_TABLE = TABLE(struct payment_operation, OPERATION_COLUMNS, "payment_operation");

static const struct column LEDGER_COLUMNS[] = {
    COLUMN(struct ledger_entry, entry_id,       "id",             COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct ledger_entry, transaction_id, "transaction_id", COLUMN_UUID, 0),
    COLUMN(struct ledger_entry, seq,            "seq",            COLUMN_INT,  0),
    COLUMN(struct ledger_entry, account,        "account",        COLUMN_TEXT, 0),
    COLUMNS_MONEY(struct ledger_entry, money, "amount", "currency"),
    COLUMN(struct ledger_entry, at_us,          "at",             COLUMN_TIME, COLUMN_CREATED),
};
static const struct unique_key LEDGER_UNIQUES[] = {{"once", {"transaction_id", "seq"}}};
const struct table LEDGER_TABLE = TABLE(struct ledger_entry, LEDGER_COLUMNS, "ledger_entry", ROWS_OF(uniques, LEDGER_UNIQUES));

static const struct column WEBHOOK_COLUMNS[] = {
    COLUMN(struct webhook_event, webhook_id,   "id",           COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct webhook_event, provider,     "provider",     COLUMN_TEXT, 0),
    COLUMN(struct webhook_event, event_id,     "event_id",     COLUMN_TEXT, 0),
    COLUMN(struct webhook_event, operation_id, "operation_id", COLUMN_UUID, 0),
    COLUMN(struct webhook_event, created_us,   "created_at",   COLUMN_TIME, COLUMN_CREATED),
};
static const struct unique_key WEBHOOK_UNIQUES[] = {{"once", {"provider", "event_id"}}};
const struct table WEBHOOK_TABLE = TABLE(struct webhook_event, WEBHOOK_COLUMNS, "webhook_event", ROWS_OF(uniques, WEBHOOK_UNIQUES));

static const struct column DIFFERENCE_COLUMNS[] = {
    COLUMN(struct book_difference, difference_id, "id",           COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct book_difference, provider_key,  "provider_key", COLUMN_TEXT, 0),
    COLUMN(struct book_difference, what,          "what",         COLUMN_ENUM, 0, .names = BOOK_DIFFERENCE_NAMES),
    COLUMN(struct book_difference, created_us,    "created_at",   COLUMN_TIME, COLUMN_CREATED),
};
const struct table DIFFERENCE_TABLE = TABLE(struct book_difference, DIFFERENCE_COLUMNS, "book_difference");

static const struct column STORE_OWNER_COLUMNS[] = {
    COLUMN(struct store_owner, store_id, "store_id", COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct store_owner, owner_id, "owner_id", COLUMN_UUID, 0),
    COLUMN(struct store_owner, version,  "version",  COLUMN_INT,  COLUMN_VERSION),
};
const struct table STORE_OWNER_TABLE = TABLE(struct store_owner, STORE_OWNER_COLUMNS, "store_owner");
/* clang-format on */
