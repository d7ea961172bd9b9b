/* saga_clock_contract.c - what every saga_store does when its clock is set back, or it is another
 * server that is behind. */
#include "test/tool/saga/saga_rows.h"

enum { HOUR_MS = 3600 * 1000, A_WHILE_MS = 25000 };

static void what_is_due_further_ahead_than_can_be_is_due(void **state)
{
    struct saga_world *world = *state;
    struct saga_record record = saga_row_stored(world, LONG_MS), out, again;

    world->set_back(world, HOUR_MS);
    assert_true(saga_row_claimed(world, record.view.id, LONG_MS, &out));
    assert_int_equal(record.version + 1, out.version);
    assert_false(saga_row_claimed(world, record.view.id, LONG_MS, &again));
    saga_row_end(world, &out);
    world->set_back(world, -HOUR_MS);
}

static void a_nudge_is_for_soon_whenever_the_row_was_written(void **state)
{
    struct saga_world *world = *state;
    struct saga_store *sagas = world->sagas;
    struct saga_record record = saga_row_stored(world, 1000), out;
    struct call call = test_call();

    world->set_back(world, A_WHILE_MS);
    assert_status(ST_OK, sagas->ops->wake(sagas, &call, record.view.id, 1));
    assert_true(saga_row_claimed_in_time(world, record.view.id, LONG_MS, &out));
    saga_row_end(world, &out);
    world->set_back(world, -A_WHILE_MS);
}

static void no_open_saga_is_younger_than_nothing(void **state)
{
    struct saga_world *world = *state;
    struct saga_record record = saga_row_stored(world, LONG_MS);
    struct call call = test_call();
    struct saga_census census;

    world->set_back(world, HOUR_MS);
    assert_status(ST_OK, world->sagas->ops->census(world->sagas, &call, &census));
    assert_int_equal(0, census.oldest_open_ms);
    world->set_back(world, -HOUR_MS);
    saga_row_end(world, &record);
}

int saga_clock_contract(struct saga_world *world)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(what_is_due_further_ahead_than_can_be_is_due, world),
        cmocka_unit_test_prestate(a_nudge_is_for_soon_whenever_the_row_was_written, world),
        cmocka_unit_test_prestate(no_open_saga_is_younger_than_nothing, world),
    };

    return cmocka_run_group_tests_name("a saga store's clock set back", tests, NULL, NULL);
}
