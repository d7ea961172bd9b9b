/* catalog_reads_mysql_test.c - what is read of the catalog in MariaDB is what is read of it in
 * memory, which is nothing but loops over rows: the same rows in both, and questions drawn at
 * random. */
#include <stdio.h>
#include <string.h>

#include "dataservice/capacity/slot_store.h"
#include "dataservice/catalog/catalog_tables.h"
#include "test/support/calls.h"
#include "test/support/mariadb_server.h"
#include "tool/core/mem.h"
#include "tool/store/memory/store_memory.h"
#include "tool/store/mysql/store_mysql.h"
#include "usecase/catalog/product_reading.h"

enum { ITEMS = 12, PRODUCTS = 90, QUESTIONS = 150, TABLES = 5, WORLDS = 2 };

static const struct table *const KEPT[TABLES] = {&PRODUCT_TABLE, &PRODUCT_ITEM_TABLE, &ITEM_TABLE,
                                                 &SLOT_TABLE, &PRODUCT_LINE_TABLE};

static struct mariadb_server server;

/* The same twice: in MariaDB and in memory. */
struct world {
    struct dbc_pool *pool;
    struct memdb *db;
    struct store *stores[WORLDS][TABLES];
    struct catalog catalogs[WORLDS];
    struct cursor_key cursors;
    uint32_t dice;
    struct uuid items[ITEMS], products[PRODUCTS];
    struct test_clock clock;
};

/* Numerical Recipes: the same on every machine. */
static int64_t draw(struct world *w, int64_t below)
{
    w->dice = w->dice * UINT32_C(1664525) + UINT32_C(1013904223);
    return (int64_t)(w->dice >> 8) % below;
}

static void keep(struct world *w, size_t table, const void *row)
{
    struct call call = test_call();

    call.clock = &w->clock.base;
    for (size_t i = 0; i < WORLDS; i++) {
        char *copy = mem_alloc(1, KEPT[table]->row_size);
        memcpy(copy, row, KEPT[table]->row_size);
        assert_status(ST_OK, store_insert(w->stores[i][table], NULL, &call, copy, NULL));
        free(copy);
    }
}

/* The wall clock stands still while a row is kept in both, and seconds pass between rows. */
static int64_t stand_us;
static int64_t standing(const struct clock *self)
{
    (void)self;
    return stand_us;
}

static void fill_items(struct world *w)
{
    for (size_t i = 0; i < ITEMS; i++) {
        struct slot slot = {.total = draw(w, 300)};
        struct item item = {.on_hand = slot.total, .available = slot.total};
        item.item_id = slot.id = w->items[i] = test_uuid();
        item.store_id.b[0] = 1;
        snprintf(item.sku, sizeof(item.sku), "SKU-%zu", i);
        snprintf(item.name, sizeof(item.name), "밥 %zu", i);
        uuid_text(slot.id, slot.ref);
        slot.sold = draw(w, 2) ? slot.total / 3 : 0;
        slot.held = slot.total ? draw(w, slot.total - slot.sold + 1) : 0;
        stand_us += draw(w, 2) * 1000000;
        keep(w, 2, &item);
        keep(w, 3, &slot);
    }
}

static void fill_products(struct world *w)
{
    static const char *const CATEGORIES[] = {"", "rice", "국수"}, *const NAMES[] = {"가", "나", "A",
                                                                                    "a"};

    for (size_t i = 0; i < PRODUCTS; i++) {
        struct product p = {
            .price = {1 + draw(w, 5), "KRW"},
              .status = draw(w, 8) == 0
        };
        size_t first = (size_t)draw(w, ITEMS), n = (size_t)draw(w, 3);
        p.product_id = w->products[i] = test_uuid();
        p.store_id.b[0] = (uint8_t)(1 + draw(w, 2));
        TEXT_COPY(p.name, NAMES[draw(w, ARRAY_LEN(NAMES))]);
        TEXT_COPY(p.category, CATEGORIES[draw(w, ARRAY_LEN(CATEGORIES))]);
        stand_us += draw(w, 3) * 1000;
        keep(w, 0, &p);
        for (size_t k = 0; k <= n; k++) {
            struct product_item_row row = {
                .id = test_uuid(),
                .product_id = p.product_id,
                .line = (int64_t)k,
                .part = {w->items[(first + k) % ITEMS], 1 + draw(w, 40)}
            };
            keep(w, 1, &row);
        }
    }
}

static int by_id(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct uuid));
}

static int setup(void **state)
{
    struct world *w = MEM_NEW(struct world);
    struct dbc_config config = mariadb_server_config(&server, "hanok_catalog", 4);

    w->pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    w->db = memdb_create();
    w->clock = test_clock();
    w->clock.base.wall_us = standing;
    w->dice = 4711;
    stand_us = INT64_C(1800000000000000);
    for (size_t i = 0; i < TABLES; i++) {
        w->stores[0][i] = store_mysql_create(w->pool, KEPT[i]);
        w->stores[1][i] = store_memory_create(w->db, KEPT[i]);
    }
    for (size_t i = 0; i < WORLDS; i++)
        w->catalogs[i] = (struct catalog){.products = w->stores[i][0],
                                          .product_items = w->stores[i][1],
                                          .product_lines = w->stores[i][4],
                                          .cursors = &w->cursors};
    fill_items(w);
    fill_products(w);
    qsort(w->products, PRODUCTS, sizeof(w->products[0]), by_id);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    for (size_t i = 0; i < WORLDS; i++)
        for (size_t k = 0; k < TABLES; k++)
            store_destroy(w->stores[i][k]);
    memdb_destroy(w->db);
    dbc_pool_destroy(w->pool);
    free(w);
    return 0;
}

static struct product_list drawn(struct world *w)
{
    struct product_list list = {.max_price = MONEY_MAX, .sort = (int)draw(w, 4)};

    list.available = draw(w, 3) == 0;
    list.min_price = draw(w, 3) == 0 ? draw(w, 6) : 0;
    if (draw(w, 3) == 0)
        list.max_price = draw(w, 7);
    list.store_id.b[0] = (uint8_t)draw(w, 3);
    TEXT_COPY(list.category, draw(w, 3) == 0 ? "국수" : "");
    return list;
}

/* Of both, and the same. */
static void read_page(struct world *w, const struct product_list *list, struct product_page *page)
{
    struct product_page *other = MEM_NEW(struct product_page);
    struct call call = test_call();
    struct question asked[WORLDS] = {
        {&call, list, page,  ST_INTERNAL},
        {&call, list, other, ST_INTERNAL}
    };

    *page = (struct product_page){.n_items = 0};
    for (size_t i = 0; i < WORLDS; i++) {
        product_list(&w->catalogs[i], &asked[i], 1);
        assert_status(ST_OK, asked[i].st);
    }
    assert_int_equal(page->n_items, other->n_items);
    assert_int_equal(page->next_cursor[0] == '\0', other->next_cursor[0] == '\0');
    for (size_t i = 0; i < page->n_items; i++)
        assert_memory_equal(&page->items[i], &other->items[i], sizeof(page->items[i]));
    free(other);
}

static void lists_are_those_of_the_memory(void **state)
{
    struct world *w = *state;
    struct product_page *page = MEM_NEW(struct product_page);
    size_t all = 0;

    for (int i = 0; i < QUESTIONS; i++) {
        struct product_list list = drawn(w);
        list.page.limit = 1 + (int)draw(w, 20);
        do {
            read_page(w, &list, page);
            TEXT_COPY(list.page.cursor, page->next_cursor);
            all += page->n_items;
        } while (page->next_cursor[0]);
    }
    assert_true(all > 1000); /* it was worth it */
    free(page);
}

static void products_are_those_of_the_memory(void **state)
{
    struct world *w = *state;
    size_t read = 0;

    for (size_t n = 1; n <= QUESTIONS_MAX; n++) {
        struct product_view *views[WORLDS];
        struct product_query queries[QUESTIONS_MAX];
        struct question asked[WORLDS][QUESTIONS_MAX];
        struct call call = test_call();
        const struct uuid *some = &w->products[draw(w, PRODUCTS - QUESTIONS_MAX)];
        for (size_t i = 0; i < WORLDS; i++) {
            views[i] = mem_alloc(n, sizeof(**views));
            for (size_t k = 0; k < n; k++) {
                queries[k] = (struct product_query){some[k]};
                asked[i][k] = (struct question){&call, &queries[k], &views[i][k], ST_INTERNAL};
            }
            product_read(&w->catalogs[i], asked[i], n);
        }
        for (size_t k = 0; k < n; k++) {
            assert_status(asked[1][k].st, asked[0][k].st);
            assert_memory_equal(&views[0][k], &views[1][k], sizeof(**views));
            read += asked[0][k].st == ST_OK && views[0][k].n_items > 1;
        }
        free(views[0]);
        free(views[1]);
    }
    assert_true(read > 100); /* it was worth it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_those_of_the_memory),
        cmocka_unit_test(products_are_those_of_the_memory),
    };
    int failed = 1;

    if (mariadb_server_init(&server, NULL) &&
        mariadb_server_schema(&server, "hanok_catalog", "dataservice/migrations/catalog"))
        failed = cmocka_run_group_tests(tests, setup, teardown);
    mariadb_server_fini(&server);
    return failed;
}
