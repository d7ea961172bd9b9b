/* shelf_mysql.c - see shelf_mysql.h. Each list is a walk of one index, from the place on: what it
 * is sorted by is compared first, alone, which is a range of the index. */
#include "dataservice/catalog/mysql/shelf_mysql.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/store/mysql/store_mysql.h"

enum { SHELF_SQL_MAX = 2047 };

#define UNITS_FREE "(s.total - s.held - s.sold)"

static const char SQL_LIST[] =
    "SELECT %s, (SELECT LEAST(99, MIN(" UNITS_FREE " DIV i.quantity)) FROM product_item i"
    " STRAIGHT_JOIN slot s ON s.id = i.item_id WHERE i.product_id = product.id) FROM product"
    " WHERE status = 'ACTIVE'";
static const char SQL_AVAILABLE[] =
    " AND NOT EXISTS (SELECT 1 FROM product_item i STRAIGHT_JOIN slot s ON s.id = i.item_id"
    " WHERE i.product_id = product.id AND " UNITS_FREE " < i.quantity)";
static const char SQL_PARTS[] =
    "SELECT i.product_id, i.item_id, t.sku, t.name, i.quantity, " UNITS_FREE
    " FROM product_item i STRAIGHT_JOIN item t ON t.id = i.item_id"
    " STRAIGHT_JOIN slot s ON s.id = i.item_id"
    " WHERE i.product_id IN (";
struct shelf_mysql {
    struct shelf base;
    struct dbc_pool *pool;
    const struct store *products, *items;
};

static struct shelf_mysql *mysql_of(struct shelf *base)
{
    return container_of(base, struct shelf_mysql, base);
}

/* What a list is sorted by, and which way. */
static const struct order {
    const char *column, *than, *way;
} ORDERS[] = {
    [PRODUCT_BY_NAME] = {"name",       ">", ""     },
    [PRODUCT_BY_PRICE] = {"price",      ">", ""     },
    [PRODUCT_DEAREST] = {"price",      "<", " DESC"},
    [PRODUCT_NEWEST] = {"created_at", "<", " DESC"},
};

struct text {
    char buf[SHELF_SQL_MAX + 1];
    size_t len;
};

static void add(struct text *t, const char *text)
{
    size_t len = strlen(text);

    ASSERT(t->len + len <= SHELF_SQL_MAX);
    memcpy(t->buf + t->len, text, len + 1);
    t->len += len;
}

static void write_list(const struct shelf_mysql *self, const struct product_list *list,
                       bool goes_on, struct text *t)
{
    const struct order *by = &ORDERS[list->sort];
    char part[160];

    t->len = (size_t)snprintf(t->buf, sizeof(t->buf), SQL_LIST, store_columns(self->products));
    if (!uuid_is_nil(list->store_id))
        add(t, " AND store_id = ?");
    if (list->category[0])
        add(t, " AND category = ?");
    if (list->min_price > 0)
        add(t, " AND price >= ?");
    if (list->max_price < MONEY_MAX)
        add(t, " AND price <= ?");
    if (list->available)
        add(t, SQL_AVAILABLE);
    if (goes_on) {
        snprintf(part, sizeof(part), " AND %s %s= ? AND (%s %s ? OR id %s ?)", by->column, by->than,
                 by->column, by->than, by->than);
        add(t, part);
    }
    snprintf(part, sizeof(part), " ORDER BY %s%s, id%s LIMIT ?", by->column, by->way, by->way);
    add(t, part);
}

static void bind_sorted(struct dbc_stmt *s, int sort, const struct shelf_place *after)
{
    if (sort == PRODUCT_BY_NAME)
        dbc_bind_text(s, after->name);
    else if (sort == PRODUCT_NEWEST)
        dbc_bind_time(s, after->number);
    else
        dbc_bind_int(s, after->number);
}

static void bind_list(struct dbc_stmt *s, const struct product_list *list,
                      const struct shelf_place *after, size_t max)
{
    if (!uuid_is_nil(list->store_id))
        dbc_bind_uuid(s, list->store_id);
    if (list->category[0])
        dbc_bind_text(s, list->category);
    if (list->min_price > 0)
        dbc_bind_int(s, list->min_price);
    if (list->max_price < MONEY_MAX)
        dbc_bind_int(s, list->max_price);
    if (after) {
        bind_sorted(s, list->sort, after);
        bind_sorted(s, list->sort, after);
        dbc_bind_uuid(s, after->product_id);
    }
    dbc_bind_int(s, (int64_t)max);
}

static enum status mysql_list(struct shelf *base, const struct call *call,
                              const struct product_list *list, const struct shelf_place *after,
                              size_t max, struct product_line lines[], size_t *n)
{
    struct shelf_mysql *self = mysql_of(base);
    struct dbc_conn *conn = NULL;
    struct dbc_stmt *s;
    struct text text;
    size_t count = 0;
    enum status st = dbc_take(self->pool, call, &conn);

    *n = 0;
    if (st != ST_OK)
        return st;
    write_list(self, list, after != NULL, &text);
    s = dbc_prepare(conn, text.buf);
    bind_list(s, list, after, max);
    st = dbc_execute(s, call);
    for (; st == ST_OK && count < max && dbc_next(s); count++) {
        store_read(s, self->products->table, &lines[count].product);
        dbc_col_int(s, &lines[count].available);
    }
    st = dbc_done(s, st);
    dbc_give(self->pool, conn);
    *n = st == ST_OK ? count : 0;
    return st;
}

/* Statements for 1, 2, 4 ... products: what is left asks for the last one again. */
static struct dbc_stmt *ask_parts(struct dbc_conn *conn, const struct uuid products[], size_t n)
{
    struct text text = {.len = 0};
    struct dbc_stmt *s;
    size_t size = 1;

    while (size < n)
        size *= 2;
    add(&text, SQL_PARTS);
    for (size_t i = 0; i < size; i++)
        add(&text, i == 0 ? "?" : ", ?");
    add(&text, ") ORDER BY i.product_id, i.line");
    s = dbc_prepare(conn, text.buf);
    for (size_t i = 0; i < size; i++)
        dbc_bind_uuid(s, products[i < n ? i : n - 1]);
    return s;
}

static enum status mysql_parts(struct shelf *base, struct transaction *tx, const struct call *call,
                               const struct uuid products[], size_t n, struct shelf_part parts[],
                               size_t *n_parts)
{
    struct shelf_mysql *self = mysql_of(base);
    struct dbc_conn *conn = NULL;
    struct dbc_stmt *s;
    size_t count = 0;
    enum status st = dbc_join(self->pool, tx, call, &conn);

    *n_parts = 0;
    if (st != ST_OK)
        return st;
    s = ask_parts(conn, products, n);
    st = dbc_execute(s, call);
    for (; st == ST_OK && count < n * PRODUCT_PARTS_MAX && dbc_next(s); count++) {
        struct shelf_part *part = &parts[count];
        dbc_col_uuid(s, &part->product_id);
        dbc_col_uuid(s, &part->item_id);
        dbc_col_text(s, part->sku, sizeof(part->sku));
        dbc_col_text(s, part->name, sizeof(part->name));
        dbc_col_int(s, &part->quantity);
        dbc_col_int(s, &part->available);
    }
    st = dbc_done(s, st);
    dbc_leave(self->pool, tx, conn);
    *n_parts = st == ST_OK ? count : 0;
    return st;
}

static void mysql_destroy(struct shelf *base)
{
    free(mysql_of(base));
}

static const struct shelf_ops MYSQL_OPS = {
    .list = mysql_list,
    .parts = mysql_parts,
    .destroy = mysql_destroy,
};

struct shelf *shelf_mysql_create(struct dbc_pool *pool, const struct store *products,
                                 const struct store *items)
{
    struct shelf_mysql *self = MEM_NEW(struct shelf_mysql);

    *self = (struct shelf_mysql){{&MYSQL_OPS}, pool, products, items};
    return &self->base;
}
