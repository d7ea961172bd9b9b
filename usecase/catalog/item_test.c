/* item_test.c - keeping items and counting them, over tables in memory. */
#include "usecase/catalog/catalog_world_test.h"

static enum status do_move(struct world *w, struct uuid item_id, int64_t delta,
                           struct item_stock *stock)
{
    struct stock_movement_form form = {.item_id = item_id, .delta = delta, .reason = "count"};

    memset(stock, 0, sizeof(*stock));
    return do_change(w, ANN, (struct change){item_move, NULL, &form, stock});
}

static void a_store_has_one_item_of_a_sku(void **state)
{
    struct world *w = *state;
    struct item_form form = {.store_id = SHOP, .sku = "RICE", .name = "Rice"};
    struct item_stock stock = {0};

    (void)make_item(w, "RICE", 1);
    assert_int_equal(do_change(w, ANN, (struct change){item_create, NULL, &form, &stock}),
                     ST_CONFLICT);
    assert_string_equal(w->problem.code, "sku_taken");
    form.store_id = OTHER_SHOP;
    w->roles = "admin";
    assert_int_equal(do_change(w, ANN, (struct change){item_create, NULL, &form, &stock}), ST_OK);
}

static void movements_add_up(void **state)
{
    static const struct {
        int64_t delta;
        enum status want;
        const char *code;
        int64_t on_hand;
    } cases[] = {
        {3,              ST_OK,       "",            8             },
        {-8,             ST_OK,       "",            0             },
        {-1,             ST_CONFLICT, "units_taken", 0             },
        {ITEM_UNITS_MAX, ST_OK,       "",            ITEM_UNITS_MAX},
        {1,              ST_CONFLICT, "too_many",    ITEM_UNITS_MAX},
    };
    struct world *w = *state;
    struct uuid rice = make_item(w, "RICE", 5);
    struct stock_movement movements[9];
    struct call call = call_of(w, "");
    size_t n;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct item_stock stock = {0};
        enum status st = do_move(w, rice, cases[i].delta, &stock);
        if (st != cases[i].want || strcmp(w->problem.code, cases[i].code) != 0)
            fail_msg("%lld: %s %s", (long long)cases[i].delta, status_name(st), w->problem.code);
        if (st == ST_OK)
            assert_int_equal(stock.on_hand, cases[i].on_hand);
    }
    assert_int_equal(store_list(w->catalog.movements, NULL, &call,
                                &(struct store_list){.sort = NULL}, ARRAY_LEN(movements), movements,
                                &n),
                     ST_OK);
    assert_int_equal(n, 4); /* the opening, and what was not refused */
    assert_string_equal(movements[0].reason, "opening");
    assert_int_equal(movements[0].delta, 5);
}

static void what_is_held_for_orders_cannot_be_taken_away(void **state)
{
    struct world *w = *state;
    struct uuid rice = make_item(w, "RICE", 5);
    struct item_stock stock = {0};
    struct slot slot;
    struct call call = call_of(w, "");

    assert_int_equal(store_find(w->catalog.capacity.slots, NULL, &call, NULL, &rice, &slot), ST_OK);
    slot.held = 2;
    slot.sold = 1;
    assert_int_equal(
        store_patch(w->catalog.capacity.slots, NULL, &call, &rice, 0, &slot,
                    (size_t[]){offsetof(struct slot, held), offsetof(struct slot, sold)}, 2, NULL,
                    NULL),
        ST_OK);
    assert_int_equal(do_move(w, rice, -3, &stock), ST_CONFLICT);
    assert_string_equal(w->problem.code, "units_taken");
    assert_int_equal(do_move(w, rice, -2, &stock), ST_OK);
    assert_int_equal(stock.on_hand, 2);
    assert_int_equal(stock.available, 0);
}

static void a_movement_of_nothing_or_of_no_item_is_refused(void **state)
{
    struct world *w = *state;
    struct stock_movement_form form = {.delta = 0, .reason = "count"};
    struct item_stock stock = {0};
    struct call call = call_of(w, ANN);

    assert_int_equal(item_check_movement(&w->catalog, &call, &form, NULL), ST_INVALID);
    assert_string_equal(w->problem.errors[0].field, "delta");
    form.delta = -1;
    call = call_of(w, ANN);
    assert_int_equal(item_check_movement(&w->catalog, &call, &form, NULL), ST_OK);
    assert_int_equal(do_move(w, (struct uuid){{9}}, 1, &stock), ST_NOT_FOUND);
}

static void tell_in(struct world *w, int64_t us, enum status want)
{
    struct call call = call_of(w, "");
    struct job_run run = {.call = &call, .name = "tell_stock"};

    w->clock.ahead_us += us;
    assert_int_equal(item_tell(&w->catalog, &run), want);
}

static void tell(struct world *w, enum status want)
{
    tell_in(w, ITEM_TELL_US, want);
}

/* However often it has moved since; with the version one higher than the last. */
static void what_has_moved_is_said_once_a_second(void **state)
{
    struct world *w = *state;
    struct uuid rice = make_item(w, "RICE", 5);
    struct outbox_row said[9];
    struct item_stock stock = {0};

    (void)make_item(w, "EGG", 5);
    assert_int_equal(do_move(w, rice, 2, &stock), ST_OK);
    assert_int_equal(do_move(w, rice, 2, &stock), ST_OK);
    tell_in(w, 0, ST_OK); /* it was told just now, when it was made */
    assert_int_equal(outbox_memory_said(w->catalog.outbox, NULL, NULL, 0), 2);
    tell(w, ST_OK);
    tell(w, ST_OK);
    assert_int_equal(do_move(w, rice, -1, &stock), ST_OK);
    assert_int_equal(do_move(w, rice, 1, &stock), ST_OK);
    tell(w, ST_OK); /* as it was: nothing to say */
    assert_int_equal(outbox_memory_said(w->catalog.outbox, NULL, said, ARRAY_LEN(said)), 3);
    assert_string_equal(said[2].type, "catalog.stock_changed");
    assert_true(uuid_equal(said[2].key, rice));
    assert_non_null(strstr(said[2].json, "\"onHand\":9,\"available\":9,\"version\":2"));
}

static size_t untold_in(struct world *w)
{
    static struct slot slots[2 * QUESTIONS_MAX];
    struct call call = call_of(w, "");
    size_t n;

    assert_int_equal(store_list(w->catalog.capacity.slots, NULL, &call,
                                &(struct store_list){.where = {{"untold", &(bool){true}}}},
                                ARRAY_LEN(slots), slots, &n),
                     ST_OK);
    return n;
}

static void move_all(struct world *w, const struct uuid items[], size_t n)
{
    struct item_stock stock = {0};

    for (size_t i = 0; i < n; i++)
        assert_int_equal(do_move(w, items[i], 1, &stock), ST_OK);
}

/* What was told just now waits, and nothing else with it. */
static void many_items_are_told_and_none_waits_for_others(void **state)
{
    struct world *w = *state;
    struct uuid items[QUESTIONS_MAX + 1];

    for (size_t i = 0; i < ARRAY_LEN(items); i++) {
        char sku[ITEM_SKU_MAX + 1];
        snprintf(sku, sizeof(sku), "SKU-%zu", i);
        items[i] = make_item(w, sku, 0);
    }
    assert_int_equal(untold_in(w), 0);
    move_all(w, items, QUESTIONS_MAX);
    tell(w, ST_OK);
    assert_int_equal(untold_in(w), 0);
    assert_int_equal(outbox_memory_said(w->catalog.outbox, NULL, NULL, 0), 2 * QUESTIONS_MAX + 1);
    move_all(w, items, ARRAY_LEN(items));
    tell_in(w, ITEM_TELL_US / 2, ST_OK);
    assert_int_equal(untold_in(w), QUESTIONS_MAX);
    assert_int_equal(outbox_memory_said(w->catalog.outbox, NULL, NULL, 0), 2 * QUESTIONS_MAX + 2);
    tell(w, ST_OK);
    assert_int_equal(untold_in(w), 0);
    assert_int_equal(outbox_memory_said(w->catalog.outbox, NULL, NULL, 0), 3 * QUESTIONS_MAX + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_store_has_one_item_of_a_sku),
        TEST(movements_add_up),
        TEST(what_is_held_for_orders_cannot_be_taken_away),
        TEST(a_movement_of_nothing_or_of_no_item_is_refused),
        TEST(what_has_moved_is_said_once_a_second),
        TEST(many_items_are_told_and_none_waits_for_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
