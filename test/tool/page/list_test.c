/* list_test.c - a list from the request to the reply, over the store in memory: following the
 * cursors shows each row once and in order, also while rows come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test/support/calls.h"
#include "tool/core/mem.h"
#include "tool/page/cursor.h"
#include "tool/store/memory/store_memory.h"

enum { ROWS = 240, OWNERS = 2, PRICES = 7 };

struct order {
    struct uuid id, owner;
    int64_t price;
};

struct order_query {
    struct uuid owner;
    struct page_query page;
};

struct order_page {
    struct order items[PAGE_LIMIT_MAX];
    size_t n_items;
    char next_cursor[PAGE_CURSOR_MAX + 1];
};

static const struct field QUERY_FIELDS[] = {
    FIELD(struct order_query, owner, "userId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH,
          .doc = "Whose."),
    FIELD(struct order_query, page, "", FIELD_INLINE, 0, .item = &PAGE_QUERY),
};
static const struct descriptor QUERY =
    DESCRIPTOR(struct order_query, "OrderQuery", QUERY_FIELDS, "Which orders.");

static const struct column COLUMNS[] = {
    COLUMN(struct order, id, "id", COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct order, owner, "owner", COLUMN_UUID, 0),
    COLUMN(struct order, price, "price", COLUMN_INT, 0),
};
static const struct table ORDERS = TABLE(struct order, COLUMNS, "orders");

struct shop {
    struct memdb *db;
    struct store *orders;
    struct cursor_key cursors;
};

/* What the use case of a list is. */
static enum status list_orders(const struct shop *shop, const struct call *call,
                               const struct order_query *query, struct order_page *page)
{
    struct cursor at, last;
    bool is_set;
    enum status st = cursor_open(&shop->cursors, call, &QUERY, query, &at, &is_set);
    struct store_list list = {
        .where = {{"owner", &query->owner}},
        .sort = "price",
        .descending = true,
        .after_key = is_set ? &at.id : NULL,
        .after_sort = is_set ? &at.number : NULL,
    };

    if (st == ST_OK)
        st = store_list(shop->orders, NULL, call, &list, (size_t)query->page.limit, page->items,
                        &page->n_items);
    if (st != ST_OK || page->n_items < (size_t)query->page.limit)
        return st;
    last = (struct cursor){.id = page->items[page->n_items - 1].id,
                           .number = page->items[page->n_items - 1].price};
    cursor_seal(&shop->cursors, &QUERY, query, &last, page->next_cursor);
    return ST_OK;
}

static void add(struct shop *shop, unsigned n)
{
    struct call call = test_call();
    struct order order = {.owner = {{(uint8_t)(n % OWNERS)}}, .price = n / OWNERS % PRICES};

    order.id.b[0] = (uint8_t)(n * 167); /* in no order */
    order.id.b[1] = (uint8_t)(n >> 8);
    order.id.b[15] = 1;
    assert_status(ST_OK, store_insert(shop->orders, NULL, &call, &order, NULL));
}

static int setup(void **state)
{
    struct shop *shop = MEM_NEW(struct shop);

    shop->db = memdb_create();
    shop->orders = store_memory_create(shop->db, &ORDERS);
    cursor_key_init(&shop->cursors, "secret");
    for (unsigned n = 0; n < ROWS; n++)
        add(shop, n);
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    struct shop *shop = *state;

    store_destroy(shop->orders);
    memdb_destroy(shop->db);
    free(shop);
    return 0;
}

static bool comes_after(const struct order *a, const struct order *b)
{
    return a->price < b->price ||
           (a->price == b->price && memcmp(a->id.b, b->id.b, sizeof(a->id.b)) < 0);
}

/* Follows the cursors to the end; between two pages, `meanwhile` is done. How many rows it saw. */
static size_t follow(struct shop *shop, int64_t limit, void (*meanwhile)(struct shop *shop))
{
    struct order_page *page = MEM_NEW(struct order_page);
    struct order_query query = {.owner = {{1}}, .page.limit = limit};
    struct order last = {.price = INT64_MAX};
    struct call call = test_call();
    struct problem problem = {.status = ST_OK};
    size_t seen = 0;

    call.problem = &problem;
    do {
        memset(page, 0, sizeof(*page));
        assert_status(ST_OK, list_orders(shop, &call, &query, page));
        for (size_t i = 0; i < page->n_items; i++, seen++) {
            assert_true(comes_after(&page->items[i], &last));
            assert_int_equal(page->items[i].owner.b[0], 1);
            last = page->items[i];
        }
        memcpy(query.page.cursor, page->next_cursor, sizeof(query.page.cursor));
        if (meanwhile)
            meanwhile(shop);
    } while (page->next_cursor[0]);
    free(page);
    return seen;
}

static void each_row_is_seen_once_whatever_the_page_holds(void **state)
{
    static const int64_t limits[] = {1, 2, 7, 20, 60, 99, 100};

    for (size_t i = 0; i < ARRAY_LEN(limits); i++)
        assert_int_equal(follow(*state, limits[i], NULL), ROWS / OWNERS);
}

static void one_more(struct shop *shop)
{
    static unsigned n = ROWS;

    add(shop, n++);
}

/* What is there all the time is seen once; follow() sees that nothing is out of order. */
static void rows_that_come_meanwhile_shift_nothing(void **state)
{
    assert_true(follow(*state, 3, one_more) >= ROWS / OWNERS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_row_is_seen_once_whatever_the_page_holds, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(rows_that_come_meanwhile_shift_nothing, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
