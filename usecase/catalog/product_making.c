/* product_making.c - see product_making.h. */
#include "usecase/catalog/product_making.h"

#include <stdio.h>

#include "protocol/catalog.h"
#include "tool/core/mem.h"
#include "tool/encoder/patch.h"
#include "usecase/catalog/product_reading.h"

static enum status refuse_item(const struct call *call, size_t i, const char *why)
{
    char field[PROBLEM_FIELD_MAX + 1];

    snprintf(field, sizeof(field), "items[%zu].itemId", i);
    return problem_field(call->problem, field, "%s", why);
}

enum status product_check(void *self, const struct call *call, const void *in, void *out)
{
    const struct product_form *form = in;
    enum status st = ST_OK;

    (void)self;
    (void)out;
    for (size_t i = 1; i < form->n_parts; i++)
        for (size_t k = 0; k < i; k++)
            if (uuid_equal(form->parts[i].item_id, form->parts[k].item_id)) {
                st = refuse_item(call, i, "must be an item that is not named before");
                break;
            }
    return st;
}

/* All its items lie on the shelf of its own store. */
static enum status find_items(const struct catalog *catalog, struct transaction *tx,
                              const struct call *call, const struct product_form *form)
{
    struct item *items = mem_alloc(PRODUCT_PARTS_MAX, sizeof(*items));
    const void *keys[PRODUCT_PARTS_MAX];
    bool found[PRODUCT_PARTS_MAX];
    bool all = true;
    enum status st;

    for (size_t i = 0; i < form->n_parts; i++)
        keys[i] = &form->parts[i].item_id;
    st = store_find_many(catalog->items, tx, call, NULL, keys, form->n_parts, items, found);
    for (size_t i = 0; st == ST_OK && i < form->n_parts; i++) {
        if (found[i] && uuid_equal(items[i].store_id, form->store_id))
            continue;
        (void)refuse_item(call, i, "is no item of the store");
        all = false;
    }
    free(items);
    if (st != ST_OK || all)
        return st;
    return call_fail(call, ST_UNPROCESSABLE, "no_such_item", "The store has no such item.");
}

static enum status insert(const struct catalog *catalog, struct transaction *tx,
                          const struct call *call, const struct product_form *form,
                          struct product *product)
{
    enum status st;

    product->product_id = uuid_v7(call->clock, catalog->entropy);
    product->store_id = form->store_id;
    TEXT_COPY(product->name, form->name);
    TEXT_COPY(product->category, form->category);
    product->price = form->price;
    st = store_insert(catalog->products, tx, call, product, NULL);
    for (size_t i = 0; st == ST_OK && i < form->n_parts; i++) {
        struct product_item_row row = {.id = uuid_v7(call->clock, catalog->entropy),
                                       .product_id = product->product_id,
                                       .line = (int64_t)i,
                                       .part = form->parts[i]};
        st = store_insert(catalog->product_items, tx, call, &row, NULL);
    }
    return st;
}

enum status product_create(void *self, struct transaction *tx, const struct call *call,
                           const void *in, void *out)
{
    const struct catalog *catalog = self;
    const struct product_form *form = in;
    struct product_view *view = out;
    enum status st = catalog_may_change(catalog, tx, call, form->store_id);

    if (st == ST_OK)
        st = find_items(catalog, tx, call, form);
    if (st == ST_OK)
        st = insert(catalog, tx, call, form, &view->product);
    if (st == ST_OK)
        st = product_fill(catalog, tx, call, view);
    return st == ST_OK
               ? event_say(catalog->outbox, tx, call, &CATALOG_PRODUCT_CHANGED, &view->product)
               : st;
}

static enum status apply(void *row, const struct call *call, void *arg)
{
    struct product *product = row;

    if (call->if_version != 0 && call->if_version != CALL_ANY_VERSION &&
        !product_tag_names(call->if_version, product->version))
        return call_fail(call, ST_STALE, NULL, "The product is at version %lld.",
                         (long long)product->version);
    patch_apply(CATALOG_PRODUCT_UPDATE.request, arg, &PRODUCT, product);
    return ST_OK;
}

static enum status change(const struct catalog *catalog, struct transaction *tx,
                          const struct call *call, const struct product_patch *asked,
                          struct product *product)
{
    struct product_patch patch = *asked;
    int64_t before = product->version;
    enum status st = store_change(catalog->products, tx, call, &patch.product_id,
                                  &(struct store_change){.fn = apply, .arg = &patch}, product);

    if (st != ST_OK || product->version == before)
        return st;
    return event_say(catalog->outbox, tx, call, &CATALOG_PRODUCT_CHANGED, product);
}

enum status product_update(void *self, struct transaction *tx, const struct call *call,
                           const void *in, void *out)
{
    const struct catalog *catalog = self;
    const struct product_patch *patch = in;
    struct product_view *view = out;
    enum status st =
        store_find(catalog->products, tx, call, NULL, &patch->product_id, &view->product);

    if (st == ST_OK)
        st = catalog_may_change(catalog, tx, call, view->product.store_id);
    if (st == ST_OK)
        st = change(catalog, tx, call, patch, &view->product);
    if (st == ST_NOT_FOUND)
        return call_fail(call, st, NULL, "There is no such product.");
    return st == ST_OK ? product_fill(catalog, tx, call, view) : st;
}
