/* shelf_mysql_test.c - the shelf in MariaDB answers as the one in memory does, which is nothing but
 * a loop over rows: the same rows in both, and questions drawn at random. */
#include <stdio.h>
#include <string.h>

#include "dataservice/capacity/slot_store.h"
#include "dataservice/catalog/catalog_tables.h"
#include "dataservice/catalog/memory/shelf_memory.h"
#include "dataservice/catalog/mysql/shelf_mysql.h"
#include "test/support/calls.h"
#include "test/support/mariadb_server.h"
#include "tool/core/mem.h"
#include "tool/store/memory/store_memory.h"
#include "tool/store/mysql/store_mysql.h"

enum { ITEMS = 12, PRODUCTS = 90, QUESTIONS = 150, TABLES = 4, WORLDS = 2 };

static const struct table *const KEPT[TABLES] = {&PRODUCT_TABLE, &PRODUCT_ITEM_TABLE, &ITEM_TABLE,
                                                 &SLOT_TABLE};

static struct mariadb_server server;

/* The same twice: in MariaDB and in memory. */
struct world {
    struct dbc_pool *pool;
    struct memdb *db;
    struct store *stores[WORLDS][TABLES];
    struct shelf *shelves[WORLDS];
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
                test_uuid(),
                p.product_id,
                (int64_t)k,
                {w->items[(first + k) % ITEMS], 1 + draw(w, 40)}
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
    w->shelves[0] = shelf_mysql_create(w->pool, w->stores[0][0], w->stores[0][2]);
    w->shelves[1] =
        shelf_memory_create(w->stores[1][0], w->stores[1][1], w->stores[1][2], w->stores[1][3]);
    fill_items(w);
    fill_products(w);
    qsort(w->products, PRODUCTS, sizeof(w->products[0]), by_id);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    for (size_t i = 0; i < WORLDS; i++) {
        shelf_destroy(w->shelves[i]);
        for (size_t k = 0; k < TABLES; k++)
            store_destroy(w->stores[i][k]);
    }
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

static void assert_same_page(struct world *w, const struct product_list *list,
                             const struct shelf_place *after, size_t max,
                             struct product_line *lines, size_t *n)
{
    struct product_line *others = mem_alloc(max, sizeof(*others));
    struct call call = test_call();
    size_t n_others = 0;

    assert_status(ST_OK,
                  w->shelves[0]->ops->list(w->shelves[0], &call, list, after, max, lines, n));
    assert_status(
        ST_OK, w->shelves[1]->ops->list(w->shelves[1], &call, list, after, max, others, &n_others));
    assert_int_equal(*n, n_others);
    for (size_t i = 0; i < *n; i++) {
        assert_true(uuid_equal(lines[i].product.product_id, others[i].product.product_id));
        assert_string_equal(lines[i].product.name, others[i].product.name);
        assert_int_equal(lines[i].product.created_us, others[i].product.created_us);
        assert_int_equal(lines[i].available, others[i].available);
    }
    free(others);
}

static void lists_are_those_of_the_memory(void **state)
{
    struct world *w = *state;
    struct product_line *lines = mem_alloc(PAGE_LIMIT_MAX, sizeof(*lines));
    size_t all = 0;

    for (int i = 0; i < QUESTIONS; i++) {
        struct product_list list = drawn(w);
        size_t max = 1 + (size_t)draw(w, 20), n;
        struct product last;
        assert_same_page(w, &list, NULL, max, lines, &n);
        while (n == max) {
            struct shelf_place after;
            last = lines[n - 1].product;
            after = (struct shelf_place){
                last.product_id, list.sort == PRODUCT_NEWEST ? last.created_us : last.price.amount,
                last.name};
            assert_same_page(w, &list, &after, max, lines, &n);
            all += n;
        }
    }
    assert_true(all > 1000); /* it was worth it */
    free(lines);
}

static void parts_are_those_of_the_memory(void **state)
{
    struct world *w = *state;

    for (size_t n = 1; n <= SHELF_PRODUCTS_MAX; n++) {
        struct shelf_part *parts[WORLDS];
        struct call call = test_call();
        size_t count[WORLDS];
        const struct uuid *some = &w->products[draw(w, PRODUCTS - SHELF_PRODUCTS_MAX)];
        for (size_t i = 0; i < WORLDS; i++) {
            parts[i] = mem_alloc(n * PRODUCT_PARTS_MAX, sizeof(**parts));
            assert_status(ST_OK, w->shelves[i]->ops->parts(w->shelves[i], NULL, &call, some, n,
                                                           parts[i], &count[i]));
        }
        assert_int_equal(count[0], count[1]);
        assert_true(count[0] >= n);
        assert_memory_equal(parts[0], parts[1], count[0] * sizeof(**parts));
        free(parts[0]);
        free(parts[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_those_of_the_memory),
        cmocka_unit_test(parts_are_those_of_the_memory),
    };
    int failed = 1;

    if (mariadb_server_init(&server, NULL) &&
        mariadb_server_schema(&server, "hanok_catalog", "dataservice/migrations/catalog"))
        failed = cmocka_run_group_tests(tests, setup, teardown);
    mariadb_server_fini(&server);
    return failed;
}
