/* shelf_memory.c - see shelf_memory.h. */
#include "dataservice/catalog/memory/shelf_memory.h"

#include <string.h>

#include "dataservice/catalog/catalog_tables.h"
#include "model/slot.h"
#include "tool/core/mem.h"

struct shelf_memory {
    struct shelf base;
    struct store *products, *product_items, *items, *slots;
};

static struct shelf_memory *memory_of(struct shelf *base)
{
    return container_of(base, struct shelf_memory, base);
}

static enum status read_part(struct shelf_memory *self, struct transaction *tx,
                             const struct call *call, const struct product_item_row *row,
                             struct shelf_part *part)
{
    struct slot slot = {.total = 0};
    struct item item = {.version = 0};
    enum status st = store_find(self->items, tx, call, NULL, &row->part.item_id, &item);

    if (st == ST_OK)
        st = store_find(self->slots, tx, call, NULL, &row->part.item_id, &slot);
    *part = (struct shelf_part){row->product_id, row->part.item_id,  .sku = "",
                                .name = "",      row->part.quantity, slot_available(&slot)};
    TEXT_COPY(part->sku, item.sku);
    TEXT_COPY(part->name, item.name);
    return st;
}

static enum status memory_parts(struct shelf *base, struct transaction *tx, const struct call *call,
                                const struct uuid products[], size_t n, struct shelf_part parts[],
                                size_t *n_parts)
{
    struct shelf_memory *self = memory_of(base);
    enum status st = ST_OK;
    size_t count = 0;

    for (size_t i = 0; st == ST_OK && i < n; i++) {
        struct product_item_row rows[PRODUCT_PARTS_MAX];
        size_t n_rows = 0;
        st = store_list(
            self->product_items, tx, call,
            &(struct store_list){.where = {{"product_id", &products[i]}}, .sort = "line"},
            PRODUCT_PARTS_MAX, rows, &n_rows);
        for (size_t k = 0; st == ST_OK && k < n_rows; k++)
            st = read_part(self, tx, call, &rows[k], &parts[count++]);
    }
    *n_parts = st == ST_OK ? count : 0;
    return st;
}

static int64_t least(const struct shelf_part parts[], size_t n)
{
    int64_t available = n == 0 ? 0 : PRODUCT_AVAILABLE_MAX;

    for (size_t i = 0; i < n; i++)
        if (parts[i].available / parts[i].quantity < available)
            available = parts[i].available / parts[i].quantity;
    return available;
}

static enum status measure(struct shelf_memory *self, const struct call *call,
                           struct product_line *line)
{
    struct shelf_part parts[PRODUCT_PARTS_MAX];
    size_t n = 0;
    enum status st = memory_parts(&self->base, NULL, call, &line->product.product_id, 1, parts, &n);

    line->available = least(parts, n);
    return st;
}

static bool is_asked(const struct product_list *list, const struct product_line *line)
{
    const struct product *p = &line->product;

    return p->status == PRODUCT_ACTIVE && p->price.amount >= list->min_price &&
           p->price.amount <= list->max_price && (!list->available || line->available > 0) &&
           (!list->category[0] || strcmp(list->category, p->category) == 0);
}

static const char *const SORTS[] = {
    [PRODUCT_BY_NAME] = "name",
    [PRODUCT_BY_PRICE] = "price",
    [PRODUCT_DEAREST] = "price",
    [PRODUCT_NEWEST] = "created_at",
};

static const void *sorted_by(int sort, const struct product *p)
{
    return sort == PRODUCT_BY_NAME  ? (const void *)p->name
           : sort == PRODUCT_NEWEST ? (const void *)&p->created_us
                                    : (const void *)&p->price.amount;
}

static enum status memory_list(struct shelf *base, const struct call *call,
                               const struct product_list *list, const struct shelf_place *after,
                               size_t max, struct product_line lines[], size_t *n)
{
    struct shelf_memory *self = memory_of(base);
    struct product_line line;
    struct store_list next = {
        .sort = SORTS[list->sort],
        .descending = list->sort == PRODUCT_DEAREST || list->sort == PRODUCT_NEWEST,
    };
    enum status st = ST_OK;
    size_t found = 1;

    if (!uuid_is_nil(list->store_id))
        next.where[0] = (struct store_equal){"store_id", &list->store_id};
    if (after) {
        next.after_key = &after->product_id;
        next.after_sort = list->sort == PRODUCT_BY_NAME ? (const void *)after->name
                                                        : (const void *)&after->number;
    }
    for (*n = 0; st == ST_OK && found > 0 && *n < max;) {
        struct product seen;
        st = store_list(self->products, NULL, call, &next, 1, &seen, &found);
        if (st != ST_OK || found == 0)
            break;
        line.product = seen;
        st = measure(self, call, &line);
        if (st == ST_OK && is_asked(list, &line))
            lines[(*n)++] = line;
        next.after_key = &line.product.product_id;
        next.after_sort = sorted_by(list->sort, &line.product);
    }
    return st;
}

static void memory_destroy(struct shelf *base)
{
    free(memory_of(base));
}

static const struct shelf_ops MEMORY_OPS = {
    .list = memory_list,
    .parts = memory_parts,
    .destroy = memory_destroy,
};

struct shelf *shelf_memory_create(struct store *products, struct store *product_items,
                                  struct store *items, struct store *slots)
{
    struct shelf_memory *self = MEM_NEW(struct shelf_memory);

    *self = (struct shelf_memory){{&MEMORY_OPS}, products, product_items, items, slots};
    return &self->base;
}
