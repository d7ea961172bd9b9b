/* payment.c - see payment.h. */
#include "model/payment.h"

#include <stddef.h>

const char *const PAYMENT_KIND_NAMES[] = {"AUTHORIZE", "CAPTURE", "VOID", "REFUND", NULL};
const char *const OPERATION_STATE_NAMES[] = {"REQUESTED", "SUCCEEDED", "DECLINED", "UNASKED", NULL};

static bool is_currency(const char *text)
{
    return money_exponent(text) >= 0;
}

const struct rule PAYMENT_METHOD_RULE = {
    .min = 1,
    .max = PAYMENT_METHOD_SIZE - 1,
    .unit = RULE_BYTES,
    .pattern = "^[A-Za-z0-9_-]{1,63}$",
    .reason = "must be 1 to 63 letters, digits, - and _",
    .example = "tok_ok",
};

const struct rule PAYMENT_CURRENCY_RULE = {
    .min = 3,
    .max = 3,
    .unit = RULE_BYTES,
    .pattern = "^[A-Z]{3}$",
    .check = is_currency,
    .reason = "must be a currency of ISO 4217",
    .example = "KRW",
};
