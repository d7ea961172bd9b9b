/* payinfo.c - see payinfo.h. */
#include "model/payinfo.h"

#include <stddef.h>

const char *const BOOK_DIFFERENCE_NAMES[] = {"UNKNOWN_HERE", "AMOUNT_DIFFERS", "STATE_DIFFERS",
                                             NULL};

const struct rule PAYINFO_REASON_RULE = {
    .min = 1,
    .max = PAYMENT_REASON_MAX,
    .reason = "must be 1 to 47 characters",
    .example = "came_cold",
};

const struct rule LEDGER_ACCOUNT_RULE = {
    .min = 1,
    .max = LEDGER_ACCOUNT_SIZE - 1,
    .unit = RULE_BYTES,
    .pattern = "^[a-z0-9_:-]{1,63}$",
    .reason = "must be 1 to 63 lower-case letters, digits, _, : and -",
    .example = "receivable:provider",
};

const struct rule WEBHOOK_PROVIDER_RULE = {
    .min = 1,
    .max = PAYMENT_PROVIDER_SIZE - 1,
    .unit = RULE_BYTES,
    .pattern = "^[a-z0-9_-]{1,31}$",
    .reason = "must be 1 to 31 lower-case letters, digits, _ and -",
    .example = "pgsim",
};

const struct rule WEBHOOK_SIGNATURE_RULE = {
    .max = PAYINFO_SIGNATURE_SIZE - 1,
    .unit = RULE_BYTES,
    .reason = "must be 255 bytes at most",
    .example = "t=1769862896,v1=00",
};

const struct rule WEBHOOK_BODY_RULE = {
    .max = PAYINFO_WEBHOOK_SIZE - 1,
    .unit = RULE_BYTES,
    .reason = "must be 8192 bytes at most",
    .example = "e30=",
};
