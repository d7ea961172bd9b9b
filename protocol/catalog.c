/* catalog.c - products: lists of them, one, making and changing one; see catalog.h. */
#include "protocol/catalog.h"

#include "tool/encoder/page.h"

static const struct field PRODUCT_FIELDS[] = {
    FIELD(struct product, product_id, "productId", FIELD_UUID, FIELD_REQUIRED, .doc = "Its id."),
    FIELD(struct product, store_id, "storeId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "The store that sells it."),
    FIELD(struct product, name, "name", FIELD_TEXT, FIELD_REQUIRED, .rule = &PRODUCT_NAME_RULE,
          .doc = "What it is called."),
    FIELD(struct product, category, "category", FIELD_TEXT, 0, .rule = &PRODUCT_CATEGORY_RULE,
          .doc = "What it is listed under."),
    FIELD(struct product, price, "price", FIELD_MONEY, FIELD_REQUIRED, .min = 1,
          .max = PRODUCT_PRICE_MAX, .doc = "Of one."),
    FIELD(struct product, status, "status", FIELD_ENUM, FIELD_REQUIRED,
          .names = PRODUCT_STATUS_NAMES, .doc = "GONE: is not sold any more."),
    FIELD(struct product, version, "version", FIELD_INT, FIELD_REQUIRED, .min = 1, .max = INT64_MAX,
          .doc = "1, and one more with each change."),
};

const struct descriptor PRODUCT =
    DESCRIPTOR(struct product, "Product", PRODUCT_FIELDS, "What a store sells.");

/* List. */

static const struct field LIST_FIELDS[] = {
    FIELD(struct product_list, store_id, "storeId", FIELD_UUID, FIELD_IN_QUERY,
          .doc = "Only of that store."),
    FIELD(struct product_list, category, "category", FIELD_TEXT, FIELD_IN_QUERY,
          .rule = &PRODUCT_CATEGORY_RULE, .doc = "Only of that category."),
    FIELD(struct product_list, min_price, "minPrice", FIELD_INT, FIELD_IN_QUERY, .min = 0,
          .max = MONEY_MAX, .doc = "At least, in minor units of whatever currency."),
    FIELD(struct product_list, max_price, "maxPrice", FIELD_INT, FIELD_IN_QUERY, .min = 0,
          .max = MONEY_MAX, .fallback = MONEY_MAX, .doc = "At most, likewise."),
    FIELD(struct product_list, available, "available", FIELD_BOOL, FIELD_IN_QUERY,
          .doc = "True: only what could be bought now."),
    FIELD(struct product_list, sort, "sort", FIELD_ENUM, FIELD_IN_QUERY,
          .names = PRODUCT_SORT_NAMES, .doc = "What comes first; by name where nothing is said."),
    FIELD(struct product_list, page, "", FIELD_INLINE, 0, .item = &PAGE_QUERY),
};

static const struct descriptor LIST =
    DESCRIPTOR(struct product_list, "ProductList", LIST_FIELDS, "Which products, in which order.");

static const struct field LINE_FIELDS[] = {
    FIELD(struct product_line, product, "", FIELD_INLINE, 0, .item = &PRODUCT),
    FIELD(struct product_line, available, "available", FIELD_INT, FIELD_REQUIRED, .min = 0,
          .max = PRODUCT_AVAILABLE_MAX,
          .doc = "How many could be bought now; 99 stands for more too."),
};

static const struct descriptor LINE =
    DESCRIPTOR(struct product_line, "ProductLine", LINE_FIELDS, "A product in a list.");

static const struct descriptor PAGE =
    PAGE_OF(struct product_page, "ProductPage", &LINE, "Products in the order asked for.");

static const struct operation_error LIST_ERRORS[] = {
    PAGE_ERROR,
    {ST_OK, NULL, NULL},
};

const struct operation CATALOG_PRODUCT_LIST = {
    .subject = "catalog.product.list",
    .summary = "List products",
    .request = &LIST,
    .reply = &PAGE,
    .idempotent = true,
    .cacheable = true,
    .errors = LIST_ERRORS,
};

/* One. */

static const struct field QUERY_FIELDS[] = {
    FIELD(struct product_query, product_id, "productId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH,
          .doc = "Which one."),
};

static const struct descriptor QUERY =
    DESCRIPTOR(struct product_query, "ProductQuery", QUERY_FIELDS, "A product by its id.");

static const struct field ITEM_FIELDS[] = {
    FIELD(struct product_item, item_id, "itemId", FIELD_UUID, FIELD_REQUIRED, .doc = "Its id."),
    FIELD(struct product_item, sku, "sku", FIELD_TEXT, FIELD_REQUIRED, .rule = &ITEM_SKU_RULE,
          .doc = "What the store calls it on its shelf."),
    FIELD(struct product_item, name, "name", FIELD_TEXT, FIELD_REQUIRED, .rule = &PRODUCT_NAME_RULE,
          .doc = "What it is called."),
    FIELD(struct product_item, quantity, "quantity", FIELD_INT, FIELD_REQUIRED, .min = 1,
          .max = PRODUCT_PART_MAX, .doc = "How many are in one product."),
    FIELD(struct product_item, available, "available", FIELD_INT, FIELD_REQUIRED, .min = 0,
          .max = PRODUCT_AVAILABLE_MAX, .doc = "How many of it are free; 99 stands for more too."),
};

static const struct descriptor ITEM =
    DESCRIPTOR(struct product_item, "ProductItem", ITEM_FIELDS, "What a product is made of.");

/* The tag is not here: it travels as the ETag. */
static const struct field VIEW_FIELDS[] = {
    FIELD(struct product_view, product, "", FIELD_INLINE, 0, .item = &PRODUCT),
    FIELD(struct product_view, available, "available", FIELD_INT, FIELD_REQUIRED, .min = 0,
          .max = PRODUCT_AVAILABLE_MAX,
          .doc = "How many could be bought now; 99 stands for more too."),
    FIELD(struct product_view, items, "items", FIELD_LIST, FIELD_REQUIRED, .item = &ITEM,
          .max = PRODUCT_PARTS_MAX, .count_offset = offsetof(struct product_view, n_items),
          .doc = "What it is made of."),
};

static const struct descriptor VIEW = DESCRIPTOR(struct product_view, "ProductView", VIEW_FIELDS,
                                                 "A product with what it is made of.");

static const struct operation_error GET_ERRORS[] = {
    {ST_NOT_FOUND, "not_found", "There is none of that id, or it is not sold any more."},
    {ST_OK,        NULL,        NULL                                                   },
};

const struct operation CATALOG_PRODUCT_GET = {
    .subject = "catalog.product.get",
    .summary = "Read a product",
    .request = &QUERY,
    .reply = &VIEW,
    .idempotent = true,
    .cacheable = true,
    .errors = GET_ERRORS,
};

/* Make. */

static const struct field PART_FIELDS[] = {
    FIELD(struct product_part, item_id, "itemId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "An item of the same store."),
    FIELD(struct product_part, quantity, "quantity", FIELD_INT, FIELD_REQUIRED, .min = 1,
          .max = PRODUCT_PART_MAX, .doc = "How many are in one product."),
};

static const struct descriptor PART =
    DESCRIPTOR(struct product_part, "ProductPart", PART_FIELDS, "So many of an item.");

static const struct field FORM_FIELDS[] = {
    FIELD(struct product_form, store_id, "storeId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "The store that sells it."),
    FIELD(struct product_form, name, "name", FIELD_TEXT, FIELD_REQUIRED, .rule = &PRODUCT_NAME_RULE,
          .doc = "What it is called."),
    FIELD(struct product_form, category, "category", FIELD_TEXT, 0, .rule = &PRODUCT_CATEGORY_RULE,
          .doc = "What it is listed under."),
    FIELD(struct product_form, price, "price", FIELD_MONEY, FIELD_REQUIRED, .min = 1,
          .max = PRODUCT_PRICE_MAX, .doc = "Of one."),
    FIELD(struct product_form, parts, "items", FIELD_LIST, FIELD_REQUIRED, .item = &PART, .min = 1,
          .max = PRODUCT_PARTS_MAX, .count_offset = offsetof(struct product_form, n_parts),
          .doc = "What it is made of: different items."),
};

static const struct descriptor FORM =
    DESCRIPTOR(struct product_form, "ProductForm", FORM_FIELDS, "A product to be made.");

/* clang-format off */
static const struct operation_error CREATE_ERRORS[] = {
    {ST_FORBIDDEN, "forbidden", "The store is another's, whether there is such a store or not."},
    {ST_UNPROCESSABLE, "no_such_item", "The store has no item of that id; errors names which."},
    {ST_UNPROCESSABLE, "item_twice", "An item is named twice; errors names the second."},
    OPERATION_ONCE_BY_KEY,
    {ST_OK, NULL, NULL},
};
/* clang-format on */

const struct operation CATALOG_PRODUCT_CREATE = {
    .subject = "catalog.product.create",
    .summary = "Make a product",
    .request = &FORM,
    .reply = &VIEW,
    .access = {.kind = ACCESS_CALLER},
    .errors = CREATE_ERRORS,
};

/* Change. The same patch twice is the patch once. */

static const struct field PATCH_FIELDS[] = {
    FIELD(struct product_patch, product_id, "productId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH,
          .doc = "Which one."),
    FIELD(struct product_patch, name, "name", FIELD_TEXT, FIELD_REQUIRED,
          .rule = &PRODUCT_NAME_RULE, .doc = "What it is called."),
    FIELD(struct product_patch, category, "category", FIELD_TEXT, FIELD_NULLABLE,
          .rule = &PRODUCT_CATEGORY_RULE, .doc = "What it is listed under; null: under nothing."),
    FIELD(struct product_patch, price, "price", FIELD_MONEY, FIELD_REQUIRED, .min = 1,
          .max = PRODUCT_PRICE_MAX, .doc = "Of one; orders that run keep theirs."),
    FIELD(struct product_patch, status, "status", FIELD_ENUM, FIELD_REQUIRED,
          .names = PRODUCT_STATUS_NAMES, .doc = "GONE takes it out of the lists, ACTIVE back."),
};

static const struct descriptor PATCH =
    PATCH_OF(struct product_patch, "ProductPatch", PATCH_FIELDS, "What is to be another.");

static const struct operation_error UPDATE_ERRORS[] = {
    {ST_FORBIDDEN, "forbidden",           "It is another's store that sells it."      },
    {ST_NOT_FOUND, "not_found",           "There is none of that id."                 },
    {ST_STALE,     "precondition_failed", "It is another version than If-Match names."},
    {ST_OK,        NULL,                  NULL                                        },
};

const struct operation CATALOG_PRODUCT_UPDATE = {
    .subject = "catalog.product.update",
    .summary = "Change a product",
    .request = &PATCH,
    .reply = &VIEW,
    .access = {.kind = ACCESS_CALLER},
    .errors = UPDATE_ERRORS,
};

const struct event_type CATALOG_PRODUCT_CHANGED = {
    .name = "catalog.product_changed",
    .summary = "A product was made, or is another one now: its price, for example",
    .data = &PRODUCT,
    .key = offsetof(struct product, product_id),
};

/* clang-format off */
const struct event_type *const CATALOG_EVENTS[] = {
    &CATALOG_PRODUCT_CHANGED,
    &CATALOG_STOCK_CHANGED,
    &CATALOG_STOCK_RESERVED,
    &CATALOG_STOCK_COMMITTED,
    &CATALOG_STOCK_RELEASED,
    NULL,
};
/* clang-format on */
