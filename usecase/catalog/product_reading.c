/* product_reading.c - see product_reading.h. */
#include "usecase/catalog/product_reading.h"

#include <string.h>

#include "protocol/catalog.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"

_Static_assert((int)QUESTIONS_MAX <= (int)SHELF_PRODUCTS_MAX,
               "what waits together is asked together");
_Static_assert(offsetof(struct product_view, product) == 0, "a row is the beginning of its view");

static int64_t at_most(int64_t n)
{
    return n < PRODUCT_AVAILABLE_MAX ? n : PRODUCT_AVAILABLE_MAX;
}

static void add_part(struct product_view *view, const struct shelf_part *part)
{
    int64_t whole = at_most(part->available / part->quantity);
    struct product_item *item;

    ASSERT(view->n_items < PRODUCT_PARTS_MAX);
    item = &view->items[view->n_items++];
    item->item_id = part->item_id;
    TEXT_COPY(item->sku, part->sku);
    TEXT_COPY(item->name, part->name);
    item->quantity = part->quantity;
    item->available = at_most(part->available);
    if (view->n_items == 1 || whole < view->available)
        view->available = whole;
}

static void take_parts(struct product_view *view, const struct shelf_part parts[], size_t n)
{
    view->n_items = 0;
    view->available = 0;
    for (size_t i = 0; i < n; i++)
        if (uuid_equal(parts[i].product_id, view->product.product_id))
            add_part(view, &parts[i]);
    view->tag = product_tag(view);
}

/* Those who wait together often want the same. Returns how many different ones there are. */
static size_t name_each_once(struct product_view *const views[], size_t n, struct uuid ids[])
{
    size_t n_ids = 0, k;

    for (size_t i = 0; i < n; i++) {
        for (k = 0; k < n_ids && !uuid_equal(ids[k], views[i]->product.product_id); k++) {
        }
        if (k == n_ids)
            ids[n_ids++] = views[i]->product.product_id;
    }
    return n_ids;
}

static enum status fill_all(const struct catalog *catalog, struct transaction *tx,
                            const struct call *call, struct product_view *const views[], size_t n)
{
    struct uuid ids[SHELF_PRODUCTS_MAX];
    size_t n_ids = name_each_once(views, n, ids), n_parts = 0;
    struct shelf_part *parts = mem_alloc(n_ids * PRODUCT_PARTS_MAX, sizeof(*parts));
    enum status st =
        catalog->shelf->ops->parts(catalog->shelf, tx, call, ids, n_ids, parts, &n_parts);

    for (size_t i = 0; st == ST_OK && i < n; i++)
        take_parts(views[i], parts, n_parts);
    free(parts);
    return st;
}

enum status product_fill(const struct catalog *catalog, struct transaction *tx,
                         const struct call *call, struct product_view *view)
{
    return fill_all(catalog, tx, call, &view, 1);
}

void product_read(void *self, struct question *asked, size_t n)
{
    const struct catalog *catalog = self;
    struct product_view *views[SHELF_PRODUCTS_MAX];
    struct call call = questions_call(asked, n);
    size_t n_views = 0;
    enum status st = ST_OK;

    store_answer(catalog->products, NULL, offsetof(struct product_query, product_id), asked, n);
    for (size_t i = 0; i < n; i++) {
        struct product_view *view = asked[i].out;
        if (asked[i].st == ST_OK && view->product.status != PRODUCT_ACTIVE)
            asked[i].st = ST_NOT_FOUND;
        if (asked[i].st == ST_NOT_FOUND)
            call_fail(asked[i].call, ST_NOT_FOUND, NULL, "There is no such product.");
        if (asked[i].st == ST_OK)
            views[n_views++] = view;
    }
    if (n_views > 0)
        st = fill_all(catalog, NULL, &call, views, n_views);
    for (size_t i = 0; st != ST_OK && i < n; i++)
        if (asked[i].st == ST_OK)
            asked[i].st = st;
}

void product_export(const void *row, void *data)
{
    *(struct product *)data = *(const struct product *)row;
}

static void seal(const struct catalog *catalog, const struct product_list *list,
                 struct product_page *page)
{
    const struct product *last = &page->items[page->n_items - 1].product;
    struct cursor cursor = {.id = last->product_id};

    if (list->sort == PRODUCT_BY_NAME)
        TEXT_COPY(cursor.text, last->name);
    else
        cursor.number = list->sort == PRODUCT_NEWEST ? last->created_us : last->price.amount;
    cursor_seal(catalog->cursors, CATALOG_PRODUCT_LIST.request, list, &cursor, page->next_cursor);
}

static enum status read_page(const struct catalog *catalog, const struct call *call,
                             const struct product_list *list, struct product_page *page)
{
    const size_t limit = (size_t)list->page.limit;
    struct cursor cursor;
    struct shelf_place after;
    bool goes_on;
    enum status st =
        cursor_open(catalog->cursors, call, CATALOG_PRODUCT_LIST.request, list, &cursor, &goes_on);

    if (st != ST_OK)
        return st;
    after = (struct shelf_place){cursor.id, cursor.number, cursor.text};
    st = catalog->shelf->ops->list(catalog->shelf, call, list, goes_on ? &after : NULL, limit,
                                   page->items, &page->n_items);
    if (st == ST_OK && page->n_items == limit)
        seal(catalog, list, page);
    return st;
}

/* Many look at the same first page. */
static const struct question *same_before(const struct question *asked, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (asked[k].st == ST_OK &&
            memcmp(asked[k].in, asked[i].in, sizeof(struct product_list)) == 0)
            return &asked[k];
    return NULL;
}

void product_list(void *self, struct question *asked, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct question *same = same_before(asked, i);
        if (same)
            *(struct product_page *)asked[i].out = *(const struct product_page *)same->out;
        asked[i].st = same ? ST_OK : read_page(self, asked[i].call, asked[i].in, asked[i].out);
    }
}
