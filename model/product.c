/* product.c - see product.h. */
#include "model/product.h"

#include <string.h>

#include "tool/text/text.h"

/* 18 digits are the most that an If-Match has. */
enum { VERSION_BITS = 32, STOCK_BITS = 27 };

const char *const PRODUCT_STATUS_NAMES[] = {"ACTIVE", "GONE", NULL};
const char *const PRODUCT_SORT_NAMES[] = {"name", "price", "-price", "-created", NULL};

const char *product_unreadable(const char *text)
{
    unsigned kinds = text_kinds(text, strlen(text));

    if (kinds & TEXT_FORBIDDEN)
        return "must not hold line separators, direction overrides or noncharacters";
    return kinds & TEXT_SEEN ? NULL : "must have a character that can be seen";
}

const struct rule PRODUCT_NAME_RULE = {
    .min = 1,
    .max = PRODUCT_NAME_MAX,
    .reason = "must be 1 to 60 characters",
    .example = "Bibimbap",
    .outside = product_unreadable,
};

const struct rule PRODUCT_CATEGORY_RULE = {
    .min = 1,
    .max = PRODUCT_CATEGORY_MAX,
    .reason = "must be 1 to 40 characters",
    .example = "rice",
    .outside = product_unreadable,
};

static uint32_t mix(uint32_t hash, int64_t number)
{
    return (hash ^ (uint32_t)number) * UINT32_C(16777619);
}

/* The version in the low half, what could be bought above it: nothing is zero. */
int64_t product_tag(const struct product_view *view)
{
    uint32_t hash = 0;

    for (size_t i = 0; i < view->n_items; i++)
        if (view->items[i].available > 0)
            hash = mix(mix(hash, (int64_t)i + 1), view->items[i].available);
    return (int64_t)(hash & ((1 << STOCK_BITS) - 1)) << VERSION_BITS |
           (view->product.version & UINT32_MAX);
}

bool product_tag_names(int64_t tag, int64_t version)
{
    return (tag & UINT32_MAX) == (version & UINT32_MAX);
}
