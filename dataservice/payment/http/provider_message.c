/* provider_message.c - see provider_message.h. */
#include "dataservice/payment/http/provider_message.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/encoder/descriptor.h"

enum { UNKNOWN_STATUS = 404 };

static const char *const KINDS[] = {"AUTHORIZE", "CAPTURE", "VOID", "REFUND", "SETTLE", NULL};
static const char *const STATES[] = {"DONE", "DECLINED", NULL};

/* Amount and currency stand beside the other members: a provider has its own ways. */
static const struct field MONEY_FIELDS[] = {
    FIELD(struct money, amount, "amount", FIELD_INT, 0, .min = 0, .max = MONEY_MAX),
    FIELD(struct money, currency, "currency", FIELD_TEXT, FIELD_REQUIRED, .doc = "ISO 4217."),
};
static const struct descriptor MONEY =
    DESCRIPTOR(struct money, "ProviderMoney", MONEY_FIELDS, "An amount.");

static const struct field OPERATION_FIELDS[] = {
    FIELD(struct provider_operation, key, "key", FIELD_TEXT, FIELD_REQUIRED, .doc = "Ours."),
    FIELD(struct provider_operation, kind, "kind", FIELD_ENUM, FIELD_REQUIRED, .names = KINDS),
    FIELD(struct provider_operation, money, "", FIELD_INLINE, 0, .item = &MONEY),
    FIELD(struct provider_operation, method, "method", FIELD_TEXT, 0,
          .doc = "A token of the provider's."),
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
static const struct descriptor ENTRY =
    DESCRIPTOR(struct provider_entry, "ProviderEntry", ENTRY_FIELDS, "What is answered.");

struct page {
    struct provider_entry items[PROVIDER_PAGE_MAX];
    size_t n;
};

static const struct field PAGE_FIELDS[] = {
    FIELD(struct page, items, "items", FIELD_LIST, FIELD_REQUIRED, .item = &ENTRY,
          .max = PROVIDER_PAGE_MAX, .count_offset = offsetof(struct page, n)),
};
static const struct descriptor PAGE =
    DESCRIPTOR(struct page, "ProviderPage", PAGE_FIELDS, "A part of the book.");

size_t provider_message_write(const struct provider_operation *operation,
                              char json[PROVIDER_MESSAGE_MAX + 1])
{
    struct json_out o;

    json_out_init(&o, json, PROVIDER_MESSAGE_MAX + 1);
    encode(&OPERATION, operation, &o);
    ASSERT(!o.overflow);
    return o.len;
}

static bool is_about(const struct provider_operation *said, const struct provider_operation *asked)
{
    return said->kind == asked->kind && said->money.amount == asked->money.amount &&
           strcmp(said->money.currency, asked->money.currency) == 0;
}

bool provider_message_read(const char *json, size_t len, const char *key,
                           const struct provider_operation *asked, struct provider_outcome *out,
                           const char **why)
{
    struct problem problem = {.status = ST_OK};
    struct provider_entry entry;

    if (decode_lenient(&ENTRY, json, len, &entry, &problem) != ST_OK)
        *why = "it is no outcome of an operation";
    else if (strcmp(entry.operation.key, key) != 0)
        *why = "it is another operation's";
    else if (asked && !is_about(&entry.operation, asked))
        *why = "it is about something else than what was asked";
    else
        *why = NULL;
    if (*why)
        return false;
    *out = entry.outcome;
    return true;
}

bool provider_message_read_book(const char *json, size_t len, struct provider_entry *entries,
                                size_t max, size_t *n, const char **why)
{
    struct problem problem = {.status = ST_OK};
    struct page *page = MEM_NEW(struct page);
    bool ok = decode_lenient(&PAGE, json, len, page, &problem) == ST_OK && page->n <= max;

    *why = ok ? NULL : "it is no part of a book";
    if (ok) {
        memcpy(entries, page->items, page->n * sizeof(page->items[0]));
        *n = page->n;
    }
    free(page);
    return ok;
}

bool provider_message_is_unknown(const char *json, size_t len)
{
    struct problem problem = {.status = ST_OK};

    decode_problem(json, len, UNKNOWN_STATUS, &problem);
    return strcmp(problem.code, "unknown_operation") == 0;
}
