/* catalog_world_test.h - for the tests of the catalogue: its tables in memory, and changes each in
 * a transaction of its own. */
#ifndef USECASE_CATALOG_CATALOG_WORLD_TEST_H
#define USECASE_CATALOG_CATALOG_WORLD_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dataservice/capacity/memory/capacity_rows_memory.h"
#include "protocol/catalog.h"
#include "tool/core/mem.h"
#include "tool/outbox/memory/outbox_memory.h"
#include "tool/store/memory/store_memory.h"
#include "usecase/catalog/item_stock.h"
#include "usecase/catalog/product_making.h"
#include "usecase/catalog/product_reading.h"

static const char ANN[] = "01000000-0000-7000-8000-000000000000";
static const char BEN[] = "02000000-0000-7000-8000-000000000000";
static const struct uuid SHOP = {{0x51}}, OTHER_SHOP = {{0x52}}; /* Ann's; nobody's */

/* Its wall goes by that of this machine, and may be ahead. */
struct ahead_clock {
    struct clock base;
    int64_t ahead_us;
};

/* Ids in the order in which they were made. */
struct counting_entropy {
    struct entropy base;
    uint8_t n;
};

struct world {
    struct memdb *db;
    struct ahead_clock clock;
    struct counting_entropy entropy;
    struct catalog catalog;
    struct capacity_rows *rows;
    struct cursor_key cursors;
    struct problem problem;
    const char *roles;
    int64_t if_version;
};

static inline void count_on(const struct entropy *self, void *buf, size_t len)
{
    struct counting_entropy *counting = container_of(self, struct counting_entropy, base);

    memset(buf, 0, len);
    ((uint8_t *)buf)[len - 1] = ++counting->n;
}

static inline int64_t ahead_now_ms(const struct clock *self)
{
    (void)self;
    return clock_now_ms(&CLOCK_SYSTEM);
}

static inline int64_t ahead_wall_us(const struct clock *self)
{
    return clock_wall_us(&CLOCK_SYSTEM) + container_of(self, struct ahead_clock, base)->ahead_us;
}

static inline struct call call_of(struct world *w, const char *who)
{
    struct call call = {.clock = &w->clock.base, .problem = &w->problem};

    w->problem = (struct problem){0};
    call.deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + 10000;
    call.if_version = w->if_version;
    TEXT_COPY(call.user, who);
    TEXT_COPY(call.roles, w->roles);
    return call;
}

static inline void make_stores(struct world *w)
{
    struct catalog *c = &w->catalog;

    c->products = store_memory_create(w->db, &PRODUCT_TABLE);
    c->product_lines = store_memory_create(w->db, &PRODUCT_LINE_TABLE);
    c->product_items = store_memory_create(w->db, &PRODUCT_ITEM_TABLE);
    c->items = store_memory_create(w->db, &ITEM_TABLE);
    c->movements = store_memory_create(w->db, &MOVEMENT_TABLE);
    c->stores = store_memory_create(w->db, &STORE_OPEN_TABLE);
    c->reserved = store_memory_create(w->db, &RESERVED_TABLE);
    c->order_copies = store_memory_create(w->db, &ORDER_COPY_TABLE);
    c->capacity.slots = store_memory_create(w->db, &SLOT_TABLE);
    c->capacity.holds = store_memory_create(w->db, &HOLD_TABLE);
    w->rows = capacity_rows_memory_create(w->db, c->capacity.slots);
    c->capacity.rows = w->rows;
}

static inline int setup(void **state)
{
    struct world *w = MEM_NEW(struct world);
    struct store_open shop = {.store_id = SHOP, .open = true, .version = 1};
    struct call call;

    w->db = memdb_create();
    w->clock.base = (struct clock){ahead_now_ms, ahead_wall_us};
    w->roles = "";
    w->catalog.transactor = memdb_transactor_create(w->db);
    w->catalog.outbox = outbox_memory_create(w->db, &w->clock.base, &ENTROPY_SYSTEM);
    w->entropy.base.fill = count_on;
    w->catalog.entropy = &w->entropy.base;
    w->catalog.cursors = &w->cursors;
    make_stores(w);
    call = call_of(w, "");
    assert_true(uuid_parse(ANN, &shop.owner_id));
    assert_int_equal(store_keep(w->catalog.stores, NULL, &call, &shop, NULL), ST_OK);
    *state = w;
    return 0;
}

static inline int teardown(void **state)
{
    struct world *w = *state;
    struct catalog *c = &w->catalog;
    struct store *const stores[] = {
        c->products, c->product_lines, c->product_items, c->items,          c->movements,
        c->stores,   c->reserved,      c->order_copies,  c->capacity.slots, c->capacity.holds};

    capacity_rows_memory_destroy(w->rows);
    for (size_t i = 0; i < ARRAY_LEN(stores); i++)
        store_destroy(stores[i]);
    outbox_destroy(c->outbox);
    c->transactor->ops->destroy(c->transactor);
    memdb_destroy(w->db);
    free(w);
    return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* A use case with what it is given, in a transaction of its own. */
struct change {
    enum status (*fn)(void *self, struct transaction *tx, const struct call *call, const void *in,
                      void *out);
    void *self;
    const void *in;
    void *out;
};

static inline enum status run_change(struct transaction *tx, const struct call *call, void *arg)
{
    const struct change *change = arg;

    return change->fn(change->self, tx, call, change->in, change->out);
}

static inline enum status do_change(struct world *w, const char *who, struct change change)
{
    struct call call = call_of(w, who);

    change.self = &w->catalog;
    return transactor_run(w->catalog.transactor, &call, run_change, &change);
}

/* Of Ann's shop. */
static inline struct uuid make_item(struct world *w, const char *sku, int64_t on_hand)
{
    struct item_form form = {.store_id = SHOP, .name = "Item", .on_hand = on_hand};
    struct item_stock stock = {.on_hand = -1};

    TEXT_COPY(form.sku, sku);
    assert_int_equal(do_change(w, ANN, (struct change){item_create, NULL, &form, &stock}), ST_OK);
    assert_int_equal(stock.on_hand, on_hand);
    return stock.item_id;
}

/* Of Ann's shop, of so many of one item. */
static inline struct product_view make_product(struct world *w, const char *name, int64_t price,
                                               struct uuid item_id, int64_t quantity)
{
    struct product_form form = {
        .store_id = SHOP, .price = {price, "KRW"},
             .parts = {{item_id, quantity}    },
             .n_parts = 1
    };
    struct product_view view = {.tag = 0};

    TEXT_COPY(form.name, name);
    assert_int_equal(do_change(w, ANN, (struct change){product_create, NULL, &form, &view}), ST_OK);
    return view;
}

static inline enum status read_product(struct world *w, struct uuid product_id,
                                       struct product_view *view)
{
    struct product_query query = {product_id};
    struct call call = call_of(w, "");
    struct question asked = {&call, &query, view, ST_INTERNAL};

    memset(view, 0, sizeof(*view));
    product_read(&w->catalog, &asked, 1);
    return asked.st;
}

#endif
