/* stock.c - what can be had of each product, of what it is made, and putting items in. */
#include "cmd/ctl/ctl.h"
#include "tool/core/mem.h"

/* clang-format off */
static const struct cell CELLS[] = {
    {"PRODUCT",   "productId", CELL_PLAIN, CELL_NAME},
    {"NAME",      "name",      CELL_PLAIN, 0},
    {"PRICE",     "price",     CELL_MONEY, 0},
    {"AVAILABLE", "available", CELL_PLAIN, 0},
    {"STORE",     "storeId",   CELL_PLAIN, CELL_WIDE},
    {"CATEGORY",  "category",  CELL_PLAIN, CELL_WIDE},
    {"VERSION",   "version",   CELL_PLAIN, CELL_WIDE},
};
static const struct listing PRODUCTS = {CELLS, ARRAY_LEN(CELLS)};

static const struct cell ITEM_CELLS[] = {
    {"ITEM",      "itemId",    CELL_PLAIN, CELL_NAME},
    {"SKU",       "sku",       CELL_PLAIN, 0},
    {"NAME",      "name",      CELL_PLAIN, 0},
    {"QUANTITY",  "quantity",  CELL_PLAIN, 0},
    {"AVAILABLE", "available", CELL_PLAIN, 0},
};
static const struct listing ITEMS = {ITEM_CELLS, ARRAY_LEN(ITEM_CELLS)};

static const struct cell COUNT_CELLS[] = {
    {"ITEM",      "itemId",    CELL_PLAIN, CELL_NAME},
    {"ON HAND",   "onHand",    CELL_PLAIN, 0},
    {"AVAILABLE", "available", CELL_PLAIN, 0},
};
static const struct listing COUNT = {COUNT_CELLS, ARRAY_LEN(COUNT_CELLS)};
/* clang-format on */

static enum exit_code list(struct session *session)
{
    const char *store = session->options.store;
    json_t *items, *body = json_pack("{s:s*}", "storeId", store[0] ? store : NULL);
    enum exit_code code = shop_list(session, "catalog.product.list", body, &items);

    if (code == EXIT_DONE)
        table_print(&session->style, &PRODUCTS, items);
    json_decref(items);
    return code;
}

enum exit_code ctl_stock_ls(struct session *session)
{
    return session_watch(session, list);
}

enum exit_code ctl_stock_show(struct session *session)
{
    json_t *product, *body = json_pack("{s:s}", "productId", session->line->words[0]);
    enum exit_code code = shop_ask(session, "catalog.product.get", body, &product);

    if (code == EXIT_DONE) {
        table_print_one(&session->style, &PRODUCTS, product);
        shop_print_part(session, "Made of", &ITEMS, json_object_get(product, "items"));
        json_decref(product);
    }
    return code;
}

enum exit_code ctl_stock_add(struct session *session)
{
    const char *id = session->line->words[0], *units = session->line->words[1];
    json_int_t delta;
    json_t *item;
    enum exit_code code;

    if (!shop_read_units(units, &delta) || delta == 0)
        return session_fail(session, EXIT_USAGE,
                            "'%s' is no number of units: 12 puts in, -3 takes out", units);
    code = shop_ask(session, "catalog.item.move",
                    json_pack("{s:s,s:I,s:s}", "itemId", id, "delta", delta, "reason", "hanokctl"),
                    &item);
    if (code == EXIT_DONE) {
        table_print_one(&session->style, &COUNT, item);
        json_decref(item);
    }
    return code;
}
