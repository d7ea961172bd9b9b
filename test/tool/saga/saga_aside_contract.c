/* saga_aside_contract.c - what every saga_store does with rows that wait for somebody: for a
 * release that can read them, or for news. */
#include "test/tool/saga/saga_rows.h"

static void an_unreadable_saga_is_given_as_such_and_stops_no_other(void **state)
{
    struct saga_world *world = *state;
    struct saga_store *sagas = world->sagas;
    struct call call = test_call();

    for (int i = 0; i < SPOILS; i++) {
        struct saga_record bad = saga_row_stored(world, 0), good = saga_row_stored(world, 0), out;
        struct saga_census before, after;

        assert_status(ST_OK, sagas->ops->census(sagas, &call, &before));
        world->spoil(world, bad.view.id, i);
        assert_true(saga_row_claimed_in_time(world, bad.view.id, LONG_MS, &out));
        assert_true(out.view.unreadable && out.why[0]);
        assert_int_equal(2, out.version);
        assert_string_equal("", out.data);
        good =
            saga_row_found(world, good.view.id); /* claimed together, ended by saga_row_claimed() */
        assert_int_equal(SAGA_SUCCEEDED, good.view.state);
        assert_false(good.view.unreadable);
        assert_status(ST_OK, sagas->ops->census(sagas, &call, &after));
        assert_int_equal(before.unknown + before.count[SAGA_STARTED] - 1,
                         after.unknown + after.count[SAGA_STARTED]);
        out = saga_row_found(world, bad.view.id);
        assert_true(out.view.unreadable && out.view.state < SAGA_SUCCEEDED);
        assert_status(ST_OK, sagas->ops->set_aside(sagas, &call, &out, LONG_MS)); /* as it is */
    }
}

static void what_is_set_aside_keeps_what_it_says_until_it_is_due(void **state)
{
    struct saga_world *world = *state;
    struct saga_store *sagas = world->sagas;
    struct saga_record record = saga_row_stored(world, 0), stale = record, out;
    struct call call = test_call();

    assert_true(saga_row_claimed_in_time(world, record.view.id, LONG_MS, &record));
    assert_status(ST_STALE, sagas->ops->set_aside(sagas, &call, &stale, 0));
    assert_status(ST_OK, sagas->ops->set_aside(sagas, &call, &record, LONG_MS));
    assert_false(saga_row_claimed(world, record.view.id, LONG_MS, &out));
    out = saga_row_found(world, record.view.id);
    assert_int_equal(SAGA_STARTED, out.view.state);
    assert_string_equal(record.data, out.data);
    assert_int_equal(record.view.updated_us, out.view.updated_us);
    assert_status(ST_OK, sagas->ops->set_aside(sagas, &call, &out, 0));
    assert_true(saga_row_claimed_in_time(world, record.view.id, LONG_MS, &out));
    assert_string_equal(record.data, out.data);
    saga_row_end(world, &out);
}

static void a_nudge_makes_due_what_was_not_written_just_now(void **state)
{
    struct saga_world *world = *state;
    struct saga_store *sagas = world->sagas;
    struct saga_record record = saga_row_stored(world, LONG_MS), out;
    struct call call = test_call();

    assert_status(ST_OK, sagas->ops->wake(sagas, &call, record.view.id, LONG_MS));
    assert_false(saga_row_claimed(world, record.view.id, LONG_MS, &out));
    assert_status(ST_OK, sagas->ops->wake(sagas, &call, record.view.id, 1));
    assert_true(saga_row_claimed_in_time(world, record.view.id, LONG_MS, &out));
    assert_int_equal(record.version + 1, out.version); /* the claim's */
    saga_row_end(world, &out);
    assert_status(ST_OK, sagas->ops->wake(sagas, &call, record.view.id, 0));
    assert_false(saga_row_claimed(world, record.view.id, LONG_MS, &out));
    assert_status(ST_OK, sagas->ops->wake(sagas, &call, saga_row_new().view.id, 0));
}

int saga_aside_contract(struct saga_world *world)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(an_unreadable_saga_is_given_as_such_and_stops_no_other, world),
        cmocka_unit_test_prestate(what_is_set_aside_keeps_what_it_says_until_it_is_due, world),
        cmocka_unit_test_prestate(a_nudge_makes_due_what_was_not_written_just_now, world),
    };

    return cmocka_run_group_tests_name("saga rows set aside", tests, NULL, NULL);
}
