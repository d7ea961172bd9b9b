/* store.c - see store.h. */
#include "model/store.h"

#include "model/product.h"

const struct rule STORE_NAME_RULE = {
    .min = 1,
    .max = STORE_NAME_MAX,
    .reason = "must be 1 to 60 characters",
    .example = "Bukchon Noodles",
    .outside = product_unreadable,
};
