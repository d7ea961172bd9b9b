/* item.c - see item.h. */
#include "model/item.h"

const struct rule ITEM_SKU_RULE = {
    .min = 1,
    .max = ITEM_SKU_MAX,
    .pattern = "^[A-Za-z0-9][A-Za-z0-9._-]*$",
    .reason = "must be 1 to 40 letters, digits, dots, lines and dashes",
    .example = "RICE-500",
};

const struct rule MOVEMENT_REASON_RULE = {
    .min = 1,
    .max = MOVEMENT_REASON_MAX,
    .reason = "must be 1 to 47 characters",
    .example = "delivery",
};
