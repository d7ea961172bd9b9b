/* provider.c - see provider.h. */
#include "protocol/provider.h"

/* clang-format off */
static const char *const KINDS[] = {"AUTHORIZE", "CAPTURE", "VOID", "REFUND", "SETTLE", NULL};
static const char *const STATES[] = {"DONE", "DECLINED", NULL};

/* Amount and currency stand beside the other members: a provider has its own ways. */
static const struct field MONEY_FIELDS[] = {
    FIELD(struct money, amount, "amount", FIELD_INT, 0, .min = 0, .max = MONEY_MAX),
    FIELD(struct money, currency, "currency", FIELD_TEXT, FIELD_REQUIRED, .doc = "ISO 4217."),
};
static const struct descriptor MONEY = DESCRIPTOR(struct money, "ProviderMoney", MONEY_FIELDS, "An amount.");

static const struct field OPERATION_FIELDS[] = {
    FIELD(struct provider_operation, key, "key", FIELD_TEXT, FIELD_REQUIRED, .doc = "Ours."),
    FIELD(struct provider_operation, kind, "kind", FIELD_ENUM, FIELD_REQUIRED, .names = KINDS),
    FIELD(struct provider_operation, money, "", FIELD_INLINE, 0, .item = &MONEY),
    FIELD(struct provider_operation, method, "method", FIELD_TEXT, 0, .doc = "A token of the provider's."),
    FIELD(struct provider_operation, of, "of", FIELD_TEXT, 0, .doc = "The authorization."),
};
static const struct descriptor OPERATION =
    DESCRIPTOR(struct provider_operation, "ProviderOperation", OPERATION_FIELDS, "What is asked.");

static const struct field OUTCOME_FIELDS[] = {
    FIELD(struct provider_outcome, state, "state", FIELD_ENUM, FIELD_REQUIRED, .names = STATES),
    FIELD(struct provider_outcome, reason, "reason", FIELD_TEXT, 0, .doc = "Why it was declined."),
};
static const struct descriptor OUTCOME =
    DESCRIPTOR(struct provider_outcome, "ProviderOutcome", OUTCOME_FIELDS, "What came of it.");

static const struct field ENTRY_FIELDS[] = {
    FIELD(struct provider_entry, operation, "", FIELD_INLINE, 0, .item = &OPERATION),
    FIELD(struct provider_entry, outcome, "", FIELD_INLINE, 0, .item = &OUTCOME),
};
static const struct descriptor ENTRY = DESCRIPTOR(struct provider_entry, "ProviderEntry", ENTRY_FIELDS, "What is answered.");

static const struct field QUERY_FIELDS[] = {
    FIELD(struct provider_query, key, "key", FIELD_TEXT, FIELD_REQUIRED | FIELD_IN_PATH, .doc = "Ours."),
};
static const struct descriptor QUERY = DESCRIPTOR(struct provider_query, "ProviderQuery", QUERY_FIELDS, "Which operation.");

static const struct field SINCE_FIELDS[] = {
    FIELD(struct provider_since, limit, "limit", FIELD_INT, FIELD_IN_QUERY, .doc = "At most so many."),
    FIELD(struct provider_since, after, "after", FIELD_TEXT, FIELD_IN_QUERY, .doc = "The key of the entry before."),
};
static const struct descriptor SINCE = DESCRIPTOR(struct provider_since, "ProviderSince", SINCE_FIELDS, "Which part of the book.");

static const struct field PAGE_FIELDS[] = {
    FIELD(struct provider_page, items, "items", FIELD_LIST, FIELD_REQUIRED, .item = &ENTRY,
          .max = PROVIDER_PAGE_MAX, .count_offset = offsetof(struct provider_page, n_items)),
};
static const struct descriptor PAGE = DESCRIPTOR(struct provider_page, "ProviderPage", PAGE_FIELDS, "A part of the book.");

static const struct operation_error UNKNOWN[] = {
    {ST_NOT_FOUND, "unknown_operation", "It never came."},
    {ST_OK, NULL, NULL},
};
/* clang-format on */

const struct operation PROVIDER_ASK = {
    .subject = "provider.ask",
    .summary = "Hold, take or give back money",
    .request = &OPERATION,
    .reply = &ENTRY,
    .idempotent = true,
};

const struct operation PROVIDER_FIND = {
    .subject = "provider.find",
    .summary = "What has become of an operation",
    .request = &QUERY,
    .reply = &ENTRY,
    .idempotent = true,
    .errors = UNKNOWN,
};

const struct operation PROVIDER_BOOK = {
    .subject = "provider.book",
    .summary = "All operations, in their order",
    .request = &SINCE,
    .reply = &PAGE,
    .idempotent = true,
    .errors = UNKNOWN,
};
