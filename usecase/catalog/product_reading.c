/* product_reading.c - see product_reading.h. */
#include "usecase/catalog/product_reading.h"

#include <string.h>

#include "protocol/catalog.h"
#include "tool/core/mem.h"

_Static_assert(offsetof(struct product_view, product) == 0, "a row is the beginning of its view");

static int64_t at_most(int64_t n)
{
    return n < PRODUCT_AVAILABLE_MAX ? n : PRODUCT_AVAILABLE_MAX;
}

static void add_part(struct product_view *view, const struct product_item_row *part)
{
    int64_t available = slot_available(&part->slot);
    int64_t whole = at_most(available / part->part.quantity);
    struct product_item *item = &view->items[view->n_items++];

    item->item_id = part->part.item_id;
    TEXT_COPY(item->sku, part->sku);
    TEXT_COPY(item->name, part->name);
    item->quantity = part->part.quantity;
    item->available = at_most(available);
    if (view->n_items == 1 || whole < view->available)
        view->available = whole;
}

static void take_parts(struct product_view *view, const struct product_item_row parts[], size_t n)
{
    view->n_items = 0;
    view->available = 0;
    for (size_t i = 0; i < n; i++)
        add_part(view, &parts[i]);
    view->tag = product_tag(view);
}

static enum status fill_all(const struct catalog *catalog, struct transaction *tx,
                            const struct call *call, struct product_view *const views[], size_t n)
{
    struct product_item_row *parts = mem_alloc(n * PRODUCT_PARTS_MAX, sizeof(*parts));
    const void *ids[QUESTIONS_MAX];
    size_t counts[QUESTIONS_MAX];
    enum status st;

    for (size_t i = 0; i < n; i++)
        ids[i] = &views[i]->product.product_id;
    st = store_list_many(catalog->product_items, tx, call,
                         &(struct store_many){"product_id", ids, n, "line"}, PRODUCT_PARTS_MAX,
                         parts, counts);
    for (size_t i = 0; st == ST_OK && i < n; i++)
        take_parts(views[i], &parts[i * PRODUCT_PARTS_MAX], counts[i]);
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
    struct product_view *views[QUESTIONS_MAX];
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

/* What a list is sorted by, and which way: of each an index that is walked from the cursor on. */
static const struct way {
    const char *column;
    bool descending;
} ORDERS[] = {
    [PRODUCT_BY_NAME] = {"name",       false},
    [PRODUCT_BY_PRICE] = {"price",      false},
    [PRODUCT_DEAREST] = {"price",      true },
    [PRODUCT_NEWEST] = {"created_at", true },
};

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

static struct store_list wanted_of(const struct product_list *list)
{
    static const int ACTIVE = PRODUCT_ACTIVE;
    static const int64_t ONE = 1;
    struct store_list wanted = {
        .where = {{"status", &ACTIVE}},
        .bounds = {{"price", list->min_price > 0 ? &list->min_price : NULL,
                    list->max_price < MONEY_MAX ? &list->max_price : NULL}},
        .sort = ORDERS[list->sort].column,
        .descending = ORDERS[list->sort].descending,
    };
    size_t n = 1;

    if (!uuid_is_nil(list->store_id))
        wanted.where[n++] = (struct store_equal){"store_id", &list->store_id};
    if (list->category[0])
        wanted.where[n] = (struct store_equal){"category", list->category};
    if (list->available)
        wanted.bounds[1] = (struct store_bound){"available", &ONE, NULL};
    return wanted;
}

static enum status read_page(const struct catalog *catalog, const struct call *call,
                             const struct product_list *list, struct product_page *page)
{
    struct store_list wanted = wanted_of(list);
    const size_t limit = (size_t)list->page.limit;
    struct cursor after;
    bool goes_on;
    enum status st =
        cursor_open(catalog->cursors, call, CATALOG_PRODUCT_LIST.request, list, &after, &goes_on);

    if (st != ST_OK)
        return st;
    if (goes_on) {
        wanted.after_key = &after.id;
        wanted.after_sort =
            list->sort == PRODUCT_BY_NAME ? (const void *)after.text : (const void *)&after.number;
    }
    st =
        store_list(catalog->product_lines, NULL, call, &wanted, limit, page->items, &page->n_items);
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
