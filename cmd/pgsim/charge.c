/* charge.c - see charge.h. */
#include "cmd/pgsim/charge.h"

#include <string.h>

#include "tool/core/money.h"

const char *const CHARGE_KIND_NAMES[] = {"AUTHORIZE", "CAPTURE", "VOID", "REFUND", "SETTLE", NULL};
const char *const CHARGE_STATE_NAMES[] = {"DONE", "DECLINED", NULL};

static const char KEY_CHARACTERS[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

static bool is_currency(const char *text)
{
    return money_exponent(text) >= 0;
}

static const struct rule KEY = {
    .min = 1,
    .max = CHARGE_KEY_MAX,
    .unit = RULE_BYTES,
    .pattern = "^[A-Za-z0-9_-]{1,36}$",
    .reason = "must be 1 to 36 letters, digits, - and _",
    .example = "0197f3a0-1234-7abc-8def-0123456789ab",
};

static const struct rule METHOD_RULE = {
    .min = 1,
    .max = CHARGE_METHOD_MAX,
    .unit = RULE_BYTES,
    .pattern = "^[A-Za-z0-9_-]{1,63}$",
    .reason = "must be a token: 1 to 63 letters, digits, - and _",
    .example = "tok_ok",
};

static const struct rule REASON_RULE = {
    .min = 1,
    .max = CHARGE_REASON_MAX,
    .unit = RULE_BYTES,
    .pattern = "^[a-z_]{1,47}$",
    .reason = "must be a slug",
    .example = "insufficient_funds",
};

static const struct rule CURRENCY = {
    .min = 3,
    .max = 3,
    .unit = RULE_BYTES,
    .check = is_currency,
    .reason = "must be a currency of ISO 4217",
    .example = "KRW",
};

#define ASKED                                                                                      \
    FIELD(struct charge, key, "key", FIELD_TEXT, FIELD_REQUIRED, .rule = &KEY),                    \
        FIELD(struct charge, kind, "kind", FIELD_ENUM, FIELD_REQUIRED,                             \
              .names = CHARGE_KIND_NAMES),                                                         \
        FIELD(struct charge, amount, "amount", FIELD_INT, 0, .min = 0, .max = MONEY_MAX),          \
        FIELD(struct charge, currency, "currency", FIELD_TEXT, FIELD_REQUIRED, .rule = &CURRENCY), \
        FIELD(struct charge, of, "of", FIELD_TEXT, 0, .rule = &KEY)
#define METHOD FIELD(struct charge, method, "method", FIELD_TEXT, 0, .rule = &METHOD_RULE)
#define DECIDED                                                                                    \
    FIELD(struct charge, state, "state", FIELD_ENUM, FIELD_REQUIRED, .names = CHARGE_STATE_NAMES), \
        FIELD(struct charge, reason, "reason", FIELD_TEXT, 0, .rule = &REASON_RULE),               \
        FIELD(struct charge, at_us, "at", FIELD_TIME, FIELD_REQUIRED,                              \
              .doc = "When it was decided.")

static const struct field REQUEST_FIELDS[] = {ASKED, METHOD};
static const struct field ANSWER_FIELDS[] = {ASKED, DECIDED};
static const struct field LINE_FIELDS[] = {ASKED, METHOD, DECIDED};

const struct descriptor CHARGE_REQUEST =
    DESCRIPTOR(struct charge, "OperationRequest", REQUEST_FIELDS, "What is asked.");
const struct descriptor CHARGE_ANSWER =
    DESCRIPTOR(struct charge, "Operation", ANSWER_FIELDS, "What became of it.");
const struct descriptor CHARGE_LINE =
    DESCRIPTOR(struct charge, "OperationLine", LINE_FIELDS, "A line of the book.");

bool charge_is_key(const char *text, size_t len)
{
    return len >= 1 && len <= CHARGE_KEY_MAX && strspn(text, KEY_CHARACTERS) >= len;
}

enum status charge_check(const struct charge *asked, struct problem *problem)
{
    bool authorizes = asked->kind == CHARGE_AUTHORIZE;
    bool of_nothing = authorizes || asked->kind == CHARGE_SETTLE;
    enum status st = ST_OK;

    if (asked->kind != CHARGE_VOID && asked->amount < 1)
        st = problem_field(problem, "amount", "must be at least 1");
    if (of_nothing && asked->of[0])
        st = problem_field(problem, "of", "must not be there: an authorization is of nothing");
    if (!of_nothing && !asked->of[0])
        st = problem_field(problem, "of", "must be the key of the authorization");
    if (authorizes && !asked->method[0])
        st = problem_field(problem, "method", "must be a token");
    return st;
}

bool charge_is_same(const struct charge *a, const struct charge *b)
{
    return a->kind == b->kind && a->amount == b->amount && strcmp(a->key, b->key) == 0 &&
           strcmp(a->currency, b->currency) == 0 && strcmp(a->method, b->method) == 0 &&
           strcmp(a->of, b->of) == 0;
}
