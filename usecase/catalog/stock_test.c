/* stock_test.c - what orders ask of the stock, over tables in memory. */
#include "usecase/catalog/stock.h"

#include "tool/encoder/patch.h"
#include "usecase/catalog/catalog_world_test.h"

enum { ON_HAND = 5 };

/* A product of two of an item of which there are five: two of it can be had. */
struct shop {
    struct world *w;
    struct uuid item_id;
    struct product_view product;
    struct stock_reservation asked; /* one of it, at its price */
};

static struct shop open_shop(struct world *w)
{
    struct shop shop = {.w = w};

    shop.item_id = make_item(w, "SKU-1", ON_HAND);
    shop.product = make_product(w, "Bibimbap", 9000, shop.item_id, 2);
    shop.asked =
        (struct stock_reservation){.saga_id = {{7}},
                                   .order_id = {{8}},
                                   .store_id = SHOP,
                                   .lines = {{shop.product.product.product_id, 1, {9000, "KRW"}}},
                                   .n_lines = 1,
                                   .expires_at = clock_wall_us(&CLOCK_SYSTEM)};
    return shop;
}

static enum status reserve(const struct shop *shop, struct stock_reserved *out)
{
    *out = (struct stock_reserved){.n_lines = 0};
    return do_change(shop->w, "", (struct change){stock_reserve, NULL, &shop->asked, out});
}

typedef enum status (*move_fn)(void *self, struct transaction *tx, const struct call *call,
                               const void *in, void *out);

/* What is so then; by the saga that held it, or by another of its order. */
static int move_by(const struct shop *shop, move_fn fn, struct uuid saga_id)
{
    struct stock_order asked = {saga_id, shop->asked.order_id};
    struct stock_held held = {-1};
    enum status st = do_change(shop->w, "", (struct change){fn, NULL, &asked, &held});

    return st == ST_OK ? held.state : -(int)st;
}

static void assert_stock(const struct shop *shop, int64_t held, int64_t sold)
{
    struct call call = call_of(shop->w, "");
    struct slot slot;

    assert_int_equal(
        store_find(shop->w->catalog.capacity.slots, NULL, &call, NULL, &shop->item_id, &slot),
        ST_OK);
    assert_int_equal(slot.held, held);
    assert_int_equal(slot.sold, sold);
}

/* Those about holds; the last one is in last. */
static size_t said(const struct shop *shop, struct outbox_row *last)
{
    struct outbox_row *rows = mem_alloc(32, sizeof(*rows));
    size_t all = outbox_memory_said(shop->w->catalog.outbox, NULL, rows, 32), n = 0;

    for (size_t i = 0; i < all; i++)
        if (strncmp(rows[i].type, "catalog.stock_", 14) == 0 &&
            strcmp(rows[i].type, "catalog.stock_changed") != 0) {
            *last = rows[i];
            n++;
        }
    free(rows);
    return n;
}

static void what_is_reserved_is_held_at_its_price_and_said(void **state)
{
    struct shop shop = open_shop(*state);
    struct stock_reserved reserved;
    struct outbox_row last;

    assert_int_equal(reserve(&shop, &reserved), ST_OK);
    assert_int_equal(reserved.n_lines, 1);
    assert_string_equal(reserved.lines[0].name, "Bibimbap");
    assert_int_equal(reserved.lines[0].unit_price.amount, 9000);
    assert_int_equal(reserved.total.amount, 9000);
    assert_stock(&shop, 2, 0);
    assert_int_equal(said(&shop, &last), 1);
    assert_string_equal(last.type, "catalog.stock_reserved");
    assert_true(uuid_equal(last.key, shop.asked.order_id));
    assert_non_null(strstr(last.json, "\"state\":\"HELD\""));
    assert_non_null(strstr(last.json, "\"quantity\":1}],\"version\":1}"));
}

/* Whatever it costs by then. */
static void who_asks_again_is_told_the_same(void **state)
{
    struct shop shop = open_shop(*state);
    struct product_patch patch = {
        .product_id = shop.product.product.product_id, .price = {12000, "KRW"}
    };
    struct stock_reserved first, again;
    struct product_view view = {0};
    struct outbox_row last;

    assert_int_equal(reserve(&shop, &first), ST_OK);
    given_set(CATALOG_PRODUCT_UPDATE.request, &patch, offsetof(struct product_patch, price));
    assert_int_equal(do_change(shop.w, ANN, (struct change){product_update, NULL, &patch, &view}),
                     ST_OK);
    assert_int_equal(view.product.price.amount, 12000);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(reserve(&shop, &again), ST_OK);
        assert_memory_equal(&first, &again, sizeof(first));
        assert_int_equal(move_by(&shop, stock_commit, shop.asked.saga_id), HOLD_COMMITTED);
    }
    assert_stock(&shop, 0, 2);
    assert_int_equal(said(&shop, &last), 2);
    shop.asked.saga_id = (struct uuid){{9}}; /* another order pays what it costs now */
    assert_int_equal(reserve(&shop, &again), ST_CONFLICT);
    assert_string_equal(shop.w->problem.code, "price_changed");
}

static void what_is_not_there_is_refused_and_nothing_is_held(void **state)
{
    struct shop shop = open_shop(*state);
    struct stock_reserved reserved;
    struct outbox_row last;

    shop.asked.lines[0].quantity = 3;
    assert_int_equal(reserve(&shop, &reserved), ST_CONFLICT);
    assert_string_equal(shop.w->problem.code, "sold_out");
    assert_string_equal(shop.w->problem.errors[0].field, "lines[0]");
    assert_string_equal(shop.w->problem.errors[0].reason, "2 left");
    assert_stock(&shop, 0, 0);
    assert_int_equal(said(&shop, &last), 0);
    shop.asked.lines[0].quantity = 2;
    assert_int_equal(reserve(&shop, &reserved), ST_OK);
    assert_int_equal(reserved.total.amount, 18000);
    assert_stock(&shop, 4, 0);
}

static int64_t held_of(struct world *w, struct uuid item_id)
{
    struct call call = call_of(w, "");
    struct slot slot;

    assert_int_equal(store_find(w->catalog.capacity.slots, NULL, &call, NULL, &item_id, &slot),
                     ST_OK);
    return slot.held;
}

/* One part is there, the other is not. */
static void mall_bundle_all_or_none(void **state)
{
    struct shop shop = open_shop(*state);
    struct uuid rare = make_item(shop.w, "SKU-2", 1);
    struct product_form form = {
        .store_id = SHOP,
        .name = "Menu",
        .price = {20000,             "KRW"    },
        .parts = {{shop.item_id, 1}, {rare, 1}},
        .n_parts = 2
    };
    struct stock_reserved reserved;
    struct product_view menu = {0};

    assert_int_equal(do_change(shop.w, ANN, (struct change){product_create, NULL, &form, &menu}),
                     ST_OK);
    shop.asked.lines[0] = (struct stock_line){
        menu.product.product_id, 2, {20000, "KRW"}
    };
    assert_int_equal(reserve(&shop, &reserved), ST_CONFLICT);
    assert_string_equal(shop.w->problem.errors[0].reason, "1 left");
    assert_int_equal(held_of(shop.w, shop.item_id), 0);
    shop.asked.lines[0].quantity = 1;
    assert_int_equal(reserve(&shop, &reserved), ST_OK);
    assert_int_equal(held_of(shop.w, shop.item_id), 1);
    assert_int_equal(held_of(shop.w, rare), 1);
}

/* Two products are made of one item: each alone could be had, both cannot. */
static void mall_shared_item_summed(void **state)
{
    struct shop shop = open_shop(*state);
    struct product_view other = make_product(shop.w, "Large", 15000, shop.item_id, 4);
    struct stock_reserved reserved;

    shop.asked.n_lines = 2;
    shop.asked.lines[1] = (struct stock_line){
        other.product.product_id, 1, {15000, "KRW"}
    };
    assert_int_equal(reserve(&shop, &reserved), ST_CONFLICT);
    assert_string_equal(shop.w->problem.code, "sold_out");
    assert_int_equal(shop.w->problem.n_errors, 2);
    assert_string_equal(shop.w->problem.errors[0].reason, "2 left");
    assert_string_equal(shop.w->problem.errors[1].reason, "1 left");
    assert_stock(&shop, 0, 0);
}

static void what_is_sold_and_given_back_is_said_once_each(void **state)
{
    static const struct {
        const char *why;
        move_fn fn;
        int state;
        int64_t held, sold;
        const char *type;
        size_t said;
    } steps[] = {
        {"sold",              stock_commit,  HOLD_COMMITTED, 0, 2, "catalog.stock_committed", 2},
        {"sold twice",        stock_commit,  HOLD_COMMITTED, 0, 2, "catalog.stock_committed", 2},
        {"let go too late",   stock_release, HOLD_COMMITTED, 0, 2, "catalog.stock_committed", 2},
        {"given back",        stock_return,  HOLD_RELEASED,  0, 0, "catalog.stock_released",  3},
        {"given back twice",  stock_return,  HOLD_RELEASED,  0, 0, "catalog.stock_released",  3},
        {"sold after that",   stock_commit,  HOLD_RELEASED,  0, 0, "catalog.stock_released",  3},
        {"let go after that", stock_release, HOLD_RELEASED,  0, 0, "catalog.stock_released",  3},
    };
    struct shop shop = open_shop(*state);
    struct stock_reserved reserved;
    struct outbox_row last;

    assert_int_equal(reserve(&shop, &reserved), ST_OK);
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        if (move_by(&shop, steps[i].fn, shop.asked.saga_id) != steps[i].state)
            fail_msg("%s", steps[i].why);
        assert_stock(&shop, steps[i].held, steps[i].sold);
        assert_int_equal(said(&shop, &last), steps[i].said);
        assert_string_equal(last.type, steps[i].type);
    }
    assert_int_equal(reserve(&shop, &reserved), ST_CONFLICT);
    assert_string_equal(shop.w->problem.code, "cancelled");
}

static void a_release_that_comes_first_refuses_what_comes_late(void **state)
{
    struct shop shop = open_shop(*state);
    struct stock_reserved reserved;
    struct outbox_row last;

    assert_int_equal(move_by(&shop, stock_release, shop.asked.saga_id), HOLD_RELEASED);
    assert_int_equal(reserve(&shop, &reserved), ST_CONFLICT);
    assert_string_equal(shop.w->problem.code, "cancelled");
    assert_int_equal(said(&shop, &last), 0); /* nothing has changed */
    assert_stock(&shop, 0, 0);
}

/* It is another saga that sells what was not paid at once, or gives it back. */
static void another_saga_of_the_order_finds_what_it_holds(void **state)
{
    static const struct uuid PAY = {{0x77}}, CANCEL = {{0x78}};
    struct shop shop = open_shop(*state);
    struct stock_reserved reserved;

    assert_int_equal(move_by(&shop, stock_commit, PAY), -(int)ST_NOT_FOUND);
    assert_int_equal(reserve(&shop, &reserved), ST_OK);
    assert_int_equal(move_by(&shop, stock_commit, PAY), HOLD_COMMITTED);
    assert_stock(&shop, 0, 2);
    assert_int_equal(move_by(&shop, stock_return, CANCEL), HOLD_RELEASED);
    assert_stock(&shop, 0, 0);
}

static int n_listed;
static struct store_ops plain, counting;

static enum status count_list(struct store *self, struct transaction *tx, const struct call *call,
                              const struct store_list *list, size_t max, void *rows, size_t *n)
{
    n_listed++;
    return plain.list(self, tx, call, list, max, rows, n);
}

/* What is asked for most: neither is the hold sought, nor its lines, but where it is not known. */
static void who_names_his_hold_has_nothing_sought(void **state)
{
    struct shop shop = open_shop(*state);
    struct store *holds = shop.w->catalog.capacity.holds, *lines = shop.w->catalog.reserved;
    const struct store_ops *real = holds->ops;
    struct stock_reserved reserved;

    plain = counting = *real;
    counting.list = count_list;
    n_listed = 0;
    holds->ops = lines->ops = &counting;
    assert_int_equal(reserve(&shop, &reserved), ST_OK);
    assert_int_equal(n_listed, 0);
    lines->ops = real;
    assert_int_equal(move_by(&shop, stock_commit, shop.asked.saga_id), HOLD_COMMITTED);
    assert_int_equal(n_listed, 0);
    assert_int_equal(move_by(&shop, stock_commit, (struct uuid){{0x77}}), HOLD_COMMITTED);
    assert_int_equal(n_listed, 1);
    holds->ops = real;
    assert_stock(&shop, 0, 2);
}

/* But who lets go has held it himself. */
static void another_saga_s_release_lets_nothing_go(void **state)
{
    struct shop shop = open_shop(*state);
    struct stock_reserved reserved;

    assert_int_equal(reserve(&shop, &reserved), ST_OK);
    assert_int_equal(move_by(&shop, stock_release, (struct uuid){{0x79}}), HOLD_RELEASED);
    assert_stock(&shop, 2, 0);
}

static enum status take_back(struct transaction *tx, const struct call *call, void *arg)
{
    const struct shop *shop = arg;

    return stock_take_back(&shop->w->catalog, tx, call, shop->asked.order_id);
}

static void a_cancelled_order_gives_back_whatever_it_has(void **state)
{
    struct shop shop = open_shop(*state);
    struct call call = call_of(shop.w, "");
    struct stock_reserved reserved;
    struct outbox_row last;

    assert_int_equal(transactor_run(shop.w->catalog.transactor, &call, take_back, &shop), ST_OK);
    assert_int_equal(reserve(&shop, &reserved), ST_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(transactor_run(shop.w->catalog.transactor, &call, take_back, &shop),
                         ST_OK);
    assert_stock(&shop, 0, 0);
    assert_int_equal(said(&shop, &last), 2);
    assert_non_null(strstr(last.json, "\"state\":\"RELEASED\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_reserved_is_held_at_its_price_and_said),
        TEST(who_asks_again_is_told_the_same),
        TEST(what_is_not_there_is_refused_and_nothing_is_held),
        TEST(mall_bundle_all_or_none),
        TEST(mall_shared_item_summed),
        TEST(what_is_sold_and_given_back_is_said_once_each),
        TEST(a_release_that_comes_first_refuses_what_comes_late),
        TEST(another_saga_of_the_order_finds_what_it_holds),
        TEST(who_names_his_hold_has_nothing_sought),
        TEST(another_saga_s_release_lets_nothing_go),
        TEST(a_cancelled_order_gives_back_whatever_it_has),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
