/* store_hearing_test.c - whose stores are, and whether they sell, as they say it. */
#include "usecase/catalog/store_hearing.h"

#include "model/store.h"
#include "usecase/catalog/catalog_world_test.h"

struct heard {
    struct catalog *catalog;
    struct store_event store;
};

static enum status run_hear(struct transaction *tx, const struct call *call, void *arg)
{
    struct heard *heard = arg;

    return store_hear(heard->catalog, tx, call, NULL, &heard->store);
}

static struct store_open hear(struct world *w, int64_t version, bool open)
{
    struct heard heard = {
        .catalog = &w->catalog,
        .store = {.store_id = OTHER_SHOP, .open = open, .version = version}
    };
    struct call call = call_of(w, "");
    struct store_open kept;

    assert_true(uuid_parse(BEN, &heard.store.owner_id));
    assert_int_equal(transactor_run(w->catalog.transactor, &call, run_hear, &heard), ST_OK);
    assert_int_equal(store_find(w->catalog.stores, NULL, &call, NULL, &OTHER_SHOP, &kept), ST_OK);
    return kept;
}

/* Whatever comes again, or before what came first. */
static void the_latest_that_a_store_has_said_is_so(void **state)
{
    static const int64_t COMING[] = {2, 1, 3, 2, 3, 4};
    static const int64_t WANT[] = {2, 2, 3, 3, 3, 4};
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(COMING); i++) {
        struct store_open kept = hear(w, COMING[i], COMING[i] % 2);
        assert_int_equal(kept.version, WANT[i]);
        assert_int_equal(kept.open, WANT[i] % 2);
    }
}

static void who_has_a_store_puts_things_on_its_shelf(void **state)
{
    struct world *w = *state;
    struct item_form form = {.store_id = OTHER_SHOP, .sku = "RICE", .name = "Rice"};
    struct item_stock stock = {.on_hand = 0};
    const struct change making = {item_create, NULL, &form, &stock};

    assert_int_equal(do_change(w, BEN, making), ST_FORBIDDEN);
    hear(w, 1, true);
    assert_int_equal(do_change(w, BEN, making), ST_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_latest_that_a_store_has_said_is_so),
        TEST(who_has_a_store_puts_things_on_its_shelf),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
