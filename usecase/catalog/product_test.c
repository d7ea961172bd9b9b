/* product_test.c - making, changing and reading products, over tables in memory. */
#include "usecase/catalog/catalog_world_test.h"

#include "tool/core/header.h"
#include "tool/encoder/patch.h"

static struct product_patch patch_of(struct uuid product_id)
{
    return (struct product_patch){.product_id = product_id};
}

static void give(struct product_patch *patch, size_t offset)
{
    given_set(CATALOG_PRODUCT_UPDATE.request, patch, offset);
}

static struct product_patch price_patch(struct uuid product_id, int64_t price)
{
    struct product_patch patch = patch_of(product_id);

    patch.price = (struct money){price, "KRW"};
    give(&patch, offsetof(struct product_patch, price));
    return patch;
}

static enum status do_update(struct world *w, const char *who, const struct product_patch *patch,
                             struct product_view *view)
{
    memset(view, 0, sizeof(*view));
    return do_change(w, who, (struct change){product_update, NULL, patch, view});
}

static void a_product_is_read_with_what_it_is_made_of(void **state)
{
    struct world *w = *state;
    struct uuid rice = make_item(w, "RICE", 5), egg = make_item(w, "EGG", 7);
    struct product_form form = {
        .store_id = SHOP,
        .name = "Bibimbap",
        .category = "rice",
        .price = {12900,     "KRW"   },
        .parts = {{rice, 1}, {egg, 2}},
        .n_parts = 2,
    };
    struct product_view made = {.tag = 0}, view;

    assert_int_equal(do_change(w, ANN, (struct change){product_create, NULL, &form, &made}), ST_OK);
    assert_int_equal(read_product(w, made.product.product_id, &view), ST_OK);
    assert_memory_equal(&made, &view, sizeof(view));
    assert_string_equal(view.product.name, "Bibimbap");
    assert_string_equal(view.product.category, "rice");
    assert_int_equal(view.product.version, 1);
    assert_int_equal(view.n_items, 2);
    assert_string_equal(view.items[0].sku, "RICE");
    assert_int_equal(view.items[1].quantity, 2);
    assert_int_equal(view.items[1].available, 7);
    assert_int_equal(view.available, 3); /* 7 eggs, 2 each */
}

static void no_more_than_99_are_told(void **state)
{
    struct world *w = *state;
    struct product_view view = make_product(w, "Rice", 1, make_item(w, "RICE", ITEM_UNITS_MAX), 1);

    assert_int_equal(view.available, PRODUCT_AVAILABLE_MAX);
    assert_int_equal(view.items[0].available, PRODUCT_AVAILABLE_MAX);
}

static void many_are_read_at_once(void **state)
{
    struct world *w = *state;
    struct uuid rice = make_item(w, "RICE", 9);
    struct product_query queries[4] = {
        {make_product(w, "One", 1, rice, 1).product.product_id},
        {{{9}}},
        {make_product(w, "Two", 2, rice, 2).product.product_id},
    };
    struct product_view *views = mem_alloc(4, sizeof(*views));
    struct call call = call_of(w, "");
    struct question asked[4];

    queries[3] = queries[0];
    for (size_t i = 0; i < 4; i++)
        asked[i] = (struct question){&call, &queries[i], &views[i], ST_INTERNAL};
    product_read(&w->catalog, asked, 4);
    assert_int_equal(asked[0].st, ST_OK);
    assert_int_equal(asked[1].st, ST_NOT_FOUND);
    assert_int_equal(asked[2].st, ST_OK);
    assert_string_equal(views[0].product.name, "One");
    assert_int_equal(views[0].available, 9);
    assert_string_equal(views[2].product.name, "Two");
    assert_int_equal(views[2].available, 4);
    assert_int_equal(asked[3].st, ST_OK);
    assert_int_equal(views[3].n_items, 1);
    assert_int_equal(views[3].tag, views[0].tag);
    free(views);
}

/* The version is the same then: without a tag of its own a reader would be told that nothing has
 * changed when all is sold. */
static void the_tag_changes_with_the_stock_and_still_names_the_version(void **state)
{
    struct world *w = *state;
    struct uuid rice = make_item(w, "RICE", 1);
    struct product_view before = make_product(w, "Rice", 1, rice, 1), after;
    struct stock_movement_form gone = {.item_id = rice, .delta = -1, .reason = "broken"};
    struct item_stock stock = {0};
    struct product_patch patch = price_patch(before.product.product_id, 2);
    char text[32];

    snprintf(text, sizeof(text), "\"%lld\"", (long long)before.tag);
    assert_true(header_if_version(text) == before.tag);
    assert_int_equal(do_change(w, ANN, (struct change){item_move, NULL, &gone, &stock}), ST_OK);
    assert_int_equal(read_product(w, before.product.product_id, &after), ST_OK);
    assert_int_equal(after.product.version, before.product.version);
    assert_true(after.tag != before.tag);
    assert_int_equal(after.tag, 1); /* nothing is there: the version alone */
    w->if_version = before.tag;
    assert_int_equal(do_update(w, ANN, &patch, &after), ST_OK);
    assert_int_equal(after.product.version, 2);
}

static void a_patch_is_of_the_version_that_was_read(void **state)
{
    static const struct {
        const char *why;
        int64_t if_version;
        enum status want;
    } cases[] = {
        {"another version",  7,                ST_STALE},
        {"none that is",     CALL_NO_VERSION,  ST_STALE},
        {"the version",      1,                ST_OK   },
        {"the one before",   1,                ST_STALE},
        {"whatever it is",   CALL_ANY_VERSION, ST_OK   },
        {"nothing was said", 0,                ST_OK   },
    };
    struct world *w = *state;
    struct uuid id = make_product(w, "Rice", 1, make_item(w, "RICE", 1), 1).product.product_id;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct product_patch patch = price_patch(id, 100 + (int64_t)i);
        struct product_view view = {0};
        w->if_version = cases[i].if_version;
        if (do_update(w, ANN, &patch, &view) != cases[i].want)
            fail_msg("%s: %s", cases[i].why, w->problem.code);
    }
}

static void what_a_patch_does_not_name_stays(void **state)
{
    struct world *w = *state;
    struct product_view view = make_product(w, "Rice", 5, make_item(w, "RICE", 1), 1);
    struct product_patch patch = patch_of(view.product.product_id);
    struct outbox_row said[3];

    TEXT_COPY(patch.name, "Brown rice");
    give(&patch, offsetof(struct product_patch, name));
    assert_int_equal(do_update(w, ANN, &patch, &view), ST_OK);
    assert_string_equal(view.product.name, "Brown rice");
    assert_int_equal(view.product.price.amount, 5);
    assert_int_equal(do_update(w, ANN, &patch, &view), ST_OK); /* the same: nothing to say */
    assert_int_equal(view.product.version, 2);
    assert_int_equal(outbox_memory_said(w->catalog.outbox, NULL, said, ARRAY_LEN(said)), 3);
    assert_string_equal(said[0].type, "catalog.stock_changed");
    assert_string_equal(said[1].type, "catalog.product_changed");
    assert_string_equal(said[2].type, "catalog.product_changed");
    assert_non_null(strstr(said[2].json, "\"version\":2"));
}

static void what_is_gone_is_not_read_and_can_come_back(void **state)
{
    static const int STATUSES[] = {PRODUCT_GONE, PRODUCT_ACTIVE};
    struct world *w = *state;
    struct product_view view = make_product(w, "Rice", 5, make_item(w, "RICE", 1), 1);
    struct product_patch patch = patch_of(view.product.product_id);

    give(&patch, offsetof(struct product_patch, status));
    for (size_t i = 0; i < ARRAY_LEN(STATUSES); i++) {
        patch.status = STATUSES[i];
        assert_int_equal(do_update(w, ANN, &patch, &view), ST_OK);
        assert_int_equal(read_product(w, patch.product_id, &view),
                         STATUSES[i] == PRODUCT_ACTIVE ? ST_OK : ST_NOT_FOUND);
    }
}

static void only_its_owner_and_administrators_change_a_store(void **state)
{
    const struct {
        const char *why, *who, *roles;
        struct uuid store;
        enum status want;
    } cases[] = {
        {"its owner",                      ANN, "",              SHOP,       ST_OK       },
        {"another",                        BEN, "",              SHOP,       ST_FORBIDDEN},
        {"a courier",                      BEN, "courier",       SHOP,       ST_FORBIDDEN},
        {"an administrator",               BEN, "courier admin", SHOP,       ST_OK       },
        {"of a store nothing is known of", ANN, "",              OTHER_SHOP, ST_FORBIDDEN},
        {"likewise, an administrator",     BEN, "admin",         OTHER_SHOP, ST_OK       },
    };
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct item_form form = {.store_id = cases[i].store, .name = "Rice", .on_hand = 1};
        struct item_stock stock = {0};
        snprintf(form.sku, sizeof(form.sku), "SKU-%zu", i);
        w->roles = cases[i].roles;
        if (do_change(w, cases[i].who, (struct change){item_create, NULL, &form, &stock}) !=
            cases[i].want)
            fail_msg("%s: %s", cases[i].why, w->problem.code);
    }
}

static void another_may_neither_make_nor_change_nor_move(void **state)
{
    struct world *w = *state;
    struct uuid rice = make_item(w, "RICE", 1);
    struct product_view view = make_product(w, "Rice", 5, rice, 1);
    struct product_form form = {
        .store_id = SHOP, .name = "Rice", .price = {1, "KRW"},
                .parts = {{rice, 1}},
                .n_parts = 1
    };
    struct stock_movement_form movement = {.item_id = rice, .delta = 1, .reason = "count"};
    struct product_patch patch = price_patch(view.product.product_id, 1);
    struct item_stock stock = {0};
    const struct change changes[] = {
        {product_create, NULL, &form,     &view },
        {product_update, NULL, &patch,    &view },
        {item_move,      NULL, &movement, &stock},
    };

    for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
        assert_int_equal(do_change(w, BEN, changes[i]), ST_FORBIDDEN);
        assert_string_equal(w->problem.code, "forbidden");
    }
}

static void a_product_is_made_of_its_own_store_s_items_each_named_once(void **state)
{
    struct world *w = *state;
    struct uuid rice = make_item(w, "RICE", 1);
    struct product_form form = {
        .store_id = OTHER_SHOP,
        .name = "Rice",
        .price = {1,         "KRW"    },
        .parts = {{rice, 1}, {rice, 2}},
        .n_parts = 2,
    };
    struct product_view view = {.tag = 0};
    struct call call;

    w->roles = "admin";
    assert_int_equal(do_change(w, ANN, (struct change){product_create, NULL, &form, &view}),
                     ST_UNPROCESSABLE);
    assert_string_equal(w->problem.code, "no_such_item");
    assert_string_equal(w->problem.errors[0].field, "items[0].itemId");
    call = call_of(w, ANN);
    assert_int_equal(product_check(&w->catalog, &call, &form, NULL), ST_INVALID);
    assert_string_equal(w->problem.errors[0].field, "items[1].itemId");
    form.n_parts = 1;
    call = call_of(w, ANN);
    assert_int_equal(product_check(&w->catalog, &call, &form, NULL), ST_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_product_is_read_with_what_it_is_made_of),
        TEST(no_more_than_99_are_told),
        TEST(many_are_read_at_once),
        TEST(the_tag_changes_with_the_stock_and_still_names_the_version),
        TEST(a_patch_is_of_the_version_that_was_read),
        TEST(what_a_patch_does_not_name_stays),
        TEST(what_is_gone_is_not_read_and_can_come_back),
        TEST(only_its_owner_and_administrators_change_a_store),
        TEST(another_may_neither_make_nor_change_nor_move),
        TEST(a_product_is_made_of_its_own_store_s_items_each_named_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
