/* product.h - what a store sells: a name with a price, made of one or more items (item.h). Plain
 * values. */
#ifndef MODEL_PRODUCT_H
#define MODEL_PRODUCT_H

#include "model/item.h"
#include "tool/core/given.h"
#include "tool/core/money.h"
#include "tool/core/page.h"

enum { PRODUCT_NAME_MAX = 60, PRODUCT_CATEGORY_MAX = 40 }; /* code points */
enum {
    PRODUCT_NAME_SIZE = 4 * PRODUCT_NAME_MAX + 1,
    PRODUCT_CATEGORY_SIZE = 4 * PRODUCT_CATEGORY_MAX + 1,
    PRODUCT_PARTS_MAX = 20,
    PRODUCT_PART_MAX = 99,      /* of one item in one product */
    PRODUCT_AVAILABLE_MAX = 99, /* more are not told */
};

/* So that no order's total is beyond MONEY_MAX. */
#define PRODUCT_PRICE_MAX INT64_C(4000000000000)

enum product_status {
    PRODUCT_ACTIVE,
    PRODUCT_GONE, /* is not sold any more: neither listed nor read nor reserved */
};
extern const char *const PRODUCT_STATUS_NAMES[]; /* "ACTIVE" ..., NULL */

/* What everybody may know of one: the row, and what has happened to it. */
struct product {
    struct uuid product_id, store_id;
    char name[PRODUCT_NAME_SIZE];
    char category[PRODUCT_CATEGORY_SIZE]; /* "" = none */
    struct money price;
    int status;
    int64_t version; /* 1, 2, 3 ... */
    int64_t created_us, updated_us;
};

/* So many of an item are in one of a product. */
struct product_part {
    struct uuid item_id;
    int64_t quantity;
};

struct product_form {
    struct uuid store_id;
    char name[PRODUCT_NAME_SIZE];
    char category[PRODUCT_CATEGORY_SIZE];
    struct money price;
    struct product_part parts[PRODUCT_PARTS_MAX]; /* of different items */
    size_t n_parts;
};

/* What shall be another of a product: a merge patch. */
struct product_patch {
    struct uuid product_id;
    char name[PRODUCT_NAME_SIZE];
    char category[PRODUCT_CATEGORY_SIZE];
    struct money price;
    int status;
    struct given given;
};

struct product_query {
    struct uuid product_id;
};

struct product_item {
    struct uuid item_id;
    char sku[ITEM_SKU_MAX + 1];
    char name[PRODUCT_NAME_SIZE];
    int64_t quantity;  /* in one product */
    int64_t available; /* of the item, PRODUCT_AVAILABLE_MAX at most */
};

struct product_view {
    struct product product;
    int64_t available; /* how many could be bought now, PRODUCT_AVAILABLE_MAX at most */
    struct product_item items[PRODUCT_PARTS_MAX];
    size_t n_items;
    int64_t tag; /* product_tag() */
};

enum product_sort { PRODUCT_BY_NAME, PRODUCT_BY_PRICE, PRODUCT_DEAREST, PRODUCT_NEWEST };
extern const char *const PRODUCT_SORT_NAMES[]; /* "name", "price", "-price", "-created", NULL */

struct product_list {
    struct uuid store_id;                 /* nil = of all */
    char category[PRODUCT_CATEGORY_SIZE]; /* "" = of all */
    int64_t min_price, max_price;         /* minor units, of whatever currency */
    bool available;                       /* only what could be bought now */
    int sort;
    struct page_query page;
};

struct product_line {
    struct product product;
    int64_t available;
};

struct product_page {
    struct product_line items[PAGE_LIMIT_MAX];
    size_t n_items;
    char next_cursor[PAGE_CURSOR_MAX + 1];
};

extern const struct rule PRODUCT_NAME_RULE, PRODUCT_CATEGORY_RULE;

/** Why nobody could read a name ("must ..."), NULL = it can be read; of names that people give to
 * what others see: rule.outside. */
const char *product_unreadable(const char *text);

/** Of what is read its ETag: another one when the product changes, or what could be bought of it.
 */
int64_t product_tag(const struct product_view *view);
/** Whether an If-Match of that number names this version: the version itself, or a product_tag()
 * made at it. */
bool product_tag_names(int64_t tag, int64_t version);

#endif
