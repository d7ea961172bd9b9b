/* payinfo.c - what people ask of payments and ledger; see payment.h. */
#include "protocol/payment.h"
#include "protocol/state_action.h"
#include "tool/encoder/page.h"

/* clang-format off */
static const struct field LIST_QUERY_FIELDS[] = {
    FIELD(struct payinfo_list_query, status, "status", FIELD_ENUM, FIELD_IN_QUERY, .names = PAYMENT_STATUS_NAMES,
          .doc = "Only those that are so now."),
    FIELD(struct payinfo_list_query, store_id, "storeId", FIELD_UUID, FIELD_IN_QUERY,
          .doc = "Those of a store of one's own; one's own payments unless said."),
    FIELD(struct payinfo_list_query, page, "", FIELD_INLINE, 0, .item = &PAGE_QUERY),
};
static const struct descriptor LIST_QUERY =
    DESCRIPTOR(struct payinfo_list_query, "PayinfoListQuery", LIST_QUERY_FIELDS, "Which payments.",
               .given = offsetof(struct payinfo_list_query, given));

static const struct field QUERY_FIELDS[] = {
    FIELD(struct payinfo_query, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH, .doc = "Of which order."),
};
static const struct descriptor QUERY = DESCRIPTOR(struct payinfo_query, "PayinfoQuery", QUERY_FIELDS, "One by its order.");

static const struct field METHOD_FIELDS[] = {
    FIELD(struct payinfo_method, brand, "brand", FIELD_TEXT, FIELD_REQUIRED, .doc = "Who moves the money."),
};
static const struct descriptor METHOD =
    DESCRIPTOR(struct payinfo_method, "PayinfoMethod", METHOD_FIELDS, "How it is paid, without anything to pay by.");

static const struct field LINE_FIELDS[] = {
    FIELD(struct payinfo_line, payment, "", FIELD_INLINE, 0, .item = &PAYMENT_EVENT),
    FIELD(struct payinfo_line, method, "method", FIELD_OBJECT, FIELD_REQUIRED, .item = &METHOD, .doc = "How it is paid."),
    FIELD(struct payinfo_line, created_us, "createdAt", FIELD_TIME, FIELD_REQUIRED, .doc = "When it was asked for first."),
};
static const struct descriptor LINE =
    DESCRIPTOR(struct payinfo_line, "PayinfoLine", LINE_FIELDS, "A payment, without what was asked for it.");

static const struct descriptor PAGE = PAGE_OF(struct payinfo_page, "PayinfoPage", &LINE, "Payments, the newest first.");

static const struct operation_error LIST_ERRORS[] = {
    {ST_FORBIDDEN, "forbidden", "It is another's store."},
    PAGE_ERROR,
    {ST_OK, NULL, NULL},
};

const struct operation PAYMENT_LIST = {
    .subject = "payment.list",
    .summary = "List one's payments, or one's store's, or all of them for the role admin",
    .request = &LIST_QUERY,
    .reply = &PAGE,
    .idempotent = true,
    .access = {.kind = ACCESS_CALLER},
    .errors = LIST_ERRORS,
};

static const struct field OPERATION_FIELDS[] = {
    FIELD(struct payinfo_operation, operation_id, "operationId", FIELD_UUID, FIELD_REQUIRED, .doc = "Its id, the provider's key."),
    FIELD(struct payinfo_operation, kind, "kind", FIELD_ENUM, FIELD_REQUIRED, .names = PAYMENT_KIND_NAMES, .doc = "What was asked."),
    FIELD(struct payinfo_operation, amount, "amount", FIELD_MONEY, FIELD_REQUIRED, .doc = "How much."),
    FIELD(struct payinfo_operation, state, "state", FIELD_ENUM, FIELD_REQUIRED, .names = OPERATION_STATE_NAMES,
          .doc = "What the provider said; REQUESTED: nothing yet."),
    FIELD(struct payinfo_operation, reason, "reason", FIELD_TEXT, 0, .doc = "Why it was asked, or declined."),
    FIELD(struct payinfo_operation, at_us, "at", FIELD_TIME, FIELD_REQUIRED, .doc = "When it was asked for."),
};
static const struct descriptor OPERATION =
    DESCRIPTOR(struct payinfo_operation, "PayinfoOperation", OPERATION_FIELDS, "Something that the provider was asked.");

static const struct field INFO_FIELDS[] = {
    FIELD(struct payinfo, line, "", FIELD_INLINE, 0, .item = &LINE),
    FIELD(struct payinfo, operations, "operations", FIELD_LIST, FIELD_REQUIRED, .item = &OPERATION,
          .max = PAYINFO_OPERATIONS_MAX, .count_offset = offsetof(struct payinfo, n_operations),
          .doc = "What the provider was asked, the newest first, 40 at most."),
    FIELD_ACTIONS(struct payinfo),
};
static const struct descriptor INFO =
    DESCRIPTOR(struct payinfo, "Payinfo", INFO_FIELDS, "A payment, and what was asked for it.");

static const struct operation_error GET_ERRORS[] = {
    {ST_NOT_FOUND, "not_found", "There is no payment for that order, or it is another's."},
    {ST_OK, NULL, NULL},
};

const struct operation PAYMENT_GET = {
    .subject = "payment.get",
    .summary = "Read the payment of an order",
    .request = &QUERY,
    .reply = &INFO,
    .idempotent = true,
    .access = {.kind = ACCESS_CALLER},
    .errors = GET_ERRORS,
};

static const struct field REFUND_FIELDS[] = {
    FIELD(struct refund_form, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH, .doc = "Of which order."),
    FIELD(struct refund_form, amount, "amount", FIELD_MONEY, FIELD_REQUIRED, .min = 1, .max = MONEY_MAX,
          .doc = "What is given back."),
    FIELD(struct refund_form, reason, "reason", FIELD_TEXT, FIELD_REQUIRED, .rule = &PAYINFO_REASON_RULE,
          .doc = "Why; nothing personal."),
};
static const struct descriptor REFUND = DESCRIPTOR(struct refund_form, "RefundForm", REFUND_FIELDS, "A refund.");

static const struct field MADE_FIELDS[] = {
    FIELD(struct refund_made, operation_id, "operationId", FIELD_UUID, FIELD_REQUIRED, .doc = "Its id."),
    FIELD(struct refund_made, state, "state", FIELD_ENUM, FIELD_REQUIRED, .names = OPERATION_STATE_NAMES,
          .doc = "What the provider said; REQUESTED, and a 202: nothing yet."),
};
static const struct descriptor MADE = DESCRIPTOR(struct refund_made, "RefundMade", MADE_FIELDS, "A refund that was asked for.");

static const struct operation_error REFUND_ERRORS[] = {
    {ST_FORBIDDEN, "forbidden", "You are not who may give the money back."},
    {ST_NOT_FOUND, "not_found", "There is no payment for that order, or it is another store's."},
    {ST_CONFLICT, "refund_exceeds_captured", "More than was captured and not refunded; the detail says what is left."},
    STATES_ERROR,
    {ST_UNPROCESSABLE, "currency_mismatch", "It was paid in another currency."},
    OPERATION_ONCE_BY_KEY,
    OPERATION_KEY_REQUIRED,
    {ST_OK, NULL, NULL},
};

const struct operation PAYMENT_REFUND_CREATE = {
    .subject = "payment.refund_create",
    .summary = "Give money back, as the owner of the store, or with the role admin",
    .request = &REFUND,
    .reply = &MADE,
    .pending = "The provider has not said yet; it will be asked until it does.",
    .access = {.kind = ACCESS_CALLER},
    .errors = REFUND_ERRORS,
};

static const struct field BALANCE_FIELDS[] = {
    FIELD(struct ledger_balance, account, "account", FIELD_TEXT, FIELD_REQUIRED, .doc = "Its name."),
    FIELD(struct ledger_balance, balance, "balance", FIELD_MONEY, FIELD_REQUIRED, .doc = "The sum of its entries."),
};
static const struct descriptor BALANCE =
    DESCRIPTOR(struct ledger_balance, "LedgerBalance", BALANCE_FIELDS, "An account in a currency.");

static const struct field BALANCES_FIELDS[] = {
    FIELD(struct ledger_balances, items, "items", FIELD_LIST, FIELD_REQUIRED, .item = &BALANCE, .max = LEDGER_BALANCES_MAX,
          .count_offset = offsetof(struct ledger_balances, n_items), .doc = "By account and currency."),
    FIELD(struct ledger_balances, sum, "sum", FIELD_INT, FIELD_REQUIRED,
          .doc = "What all accounts come to, over the currencies: 0, or the books are wrong."),
};
static const struct descriptor BALANCES =
    DESCRIPTOR(struct ledger_balances, "LedgerBalances", BALANCES_FIELDS, "What the accounts come to.");

static const struct operation_error ADMIN_ERRORS[] = {
    {ST_FORBIDDEN, "forbidden", "You have not the role admin."},
    {ST_OK, NULL, NULL},
};

const struct operation PAYMENT_LEDGER_ACCOUNTS = {
    .subject = "payment.ledger.accounts",
    .summary = "What the accounts of the ledger come to",
    .reply = &BALANCES,
    .idempotent = true,
    .access = {.kind = ACCESS_ROLE, .roles = "admin"},
    .errors = ADMIN_ERRORS,
};

static const struct field LEDGER_QUERY_FIELDS[] = {
    FIELD(struct ledger_query, account, "account", FIELD_TEXT, FIELD_IN_QUERY, .rule = &LEDGER_ACCOUNT_RULE,
          .doc = "Only those of this account."),
    FIELD(struct ledger_query, page, "", FIELD_INLINE, 0, .item = &PAGE_QUERY),
};
static const struct descriptor LEDGER_QUERY =
    DESCRIPTOR(struct ledger_query, "LedgerQuery", LEDGER_QUERY_FIELDS, "Which entries.");

static const struct field ENTRY_FIELDS[] = {
    FIELD(struct ledger_entry, entry_id, "entryId", FIELD_UUID, FIELD_REQUIRED, .doc = "Its id."),
    FIELD(struct ledger_entry, transaction_id, "transactionId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "The operation it is of; the entries of one sum to 0."),
    FIELD(struct ledger_entry, seq, "seq", FIELD_INT, FIELD_REQUIRED, .doc = "0, 1 ... in its transaction."),
    FIELD(struct ledger_entry, account, "account", FIELD_TEXT, FIELD_REQUIRED, .doc = "Where it stands."),
    FIELD(struct ledger_entry, money, "amount", FIELD_MONEY, FIELD_REQUIRED, .doc = "How much, below zero what is owed."),
    FIELD(struct ledger_entry, at_us, "at", FIELD_TIME, FIELD_REQUIRED, .doc = "When."),
};
static const struct descriptor ENTRY =
    DESCRIPTOR(struct ledger_entry, "LedgerEntry", ENTRY_FIELDS, "A line of the ledger, for ever as it is.");

static const struct descriptor LEDGER_PAGE = PAGE_OF(struct ledger_page, "LedgerPage", &ENTRY, "Entries, the newest first.");

static const struct operation_error ENTRIES_ERRORS[] = {
    {ST_FORBIDDEN, "forbidden", "You have not the role admin."},
    PAGE_ERROR,
    {ST_OK, NULL, NULL},
};

const struct operation PAYMENT_LEDGER_ENTRIES = {
    .subject = "payment.ledger.entries",
    .summary = "List the entries of the ledger",
    .request = &LEDGER_QUERY,
    .reply = &LEDGER_PAGE,
    .idempotent = true,
    .access = {.kind = ACCESS_ROLE, .roles = "admin"},
    .errors = ENTRIES_ERRORS,
};
/* clang-format on */
