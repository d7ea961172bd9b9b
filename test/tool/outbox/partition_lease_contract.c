/* partition_lease_contract.c - what every lease of partitions does. */
#include "test/tool/outbox/partition_lease_contract.h"

#include <time.h>

#include "tool/core/mem.h"

enum { HOUR_MS = 3600000, LONG_MS = 60000, SHORT_MS = 50, HOLDERS_MAX = 5, PATIENCE_S = 180 };

static uint32_t hold(struct partition_lease *lease, struct uuid holder, int64_t lease_ms)
{
    struct call call = test_call();
    uint32_t held = 0;
    unsigned holders;

    assert_status(ST_OK, lease->ops->hold(lease, &call, holder, lease_ms, &held, &holders));
    assert_in_range(holders, 1, HOLDERS_MAX);
    return held;
}

static void leave(struct partition_lease *lease, struct uuid holder)
{
    struct call call = test_call();

    assert_status(ST_OK, lease->ops->leave(lease, &call, holder));
}

static void who_is_alone_holds_all(void **state)
{
    struct uuid one = test_uuid();

    for (int i = 0; i < 3; i++)
        assert_int_equal(OUTBOX_ALL, hold(*state, one, LONG_MS));
    leave(*state, one);
}

static void who_comes_gets_his_share_and_nobody_holds_what_another_does(void **state)
{
    struct uuid holders[HOLDERS_MAX];
    uint32_t held[HOLDERS_MAX] = {0};

    for (size_t n = 1; n <= HOLDERS_MAX; n++) {
        uint32_t all = 0;
        holders[n - 1] = test_uuid();
        for (size_t round = 0; round < 3; round++) {
            for (size_t i = 0; i < n; i++) {
                held[i] = hold(*state, holders[i], LONG_MS);
                for (size_t k = 0; k < n; k++) /* told of it since, or not */
                    assert_true(k == i || round == 0 || !(held[i] & held[k]));
            }
        }
        for (size_t i = 0; i < n; i++) {
            size_t share = (EVENT_PARTITIONS + n - 1) / n;
            assert_in_range((size_t)__builtin_popcount(held[i]), 1, share);
            all |= held[i];
        }
        assert_int_equal(OUTBOX_ALL, all);
    }
    for (size_t i = 0; i < HOLDERS_MAX; i++)
        leave(*state, holders[i]);
}

static void what_is_given_back_is_taken_at_once(void **state)
{
    struct uuid one = test_uuid(), two = test_uuid();

    assert_int_equal(OUTBOX_ALL, hold(*state, one, LONG_MS));
    assert_int_equal(0, hold(*state, two, LONG_MS));
    leave(*state, one);
    assert_int_equal(OUTBOX_ALL, hold(*state, two, LONG_MS));
    leave(*state, two);
}

static void what_the_dead_held_is_taken_when_its_time_is_over(void **state)
{
    struct uuid dead = test_uuid(), heir = test_uuid();
    time_t give_up = time(NULL) + PATIENCE_S;
    uint32_t held = 0;

    assert_int_equal(OUTBOX_ALL, hold(*state, dead, SHORT_MS));
    while (held != OUTBOX_ALL && time(NULL) < give_up)
        held = hold(*state, heir, LONG_MS);
    assert_int_equal(OUTBOX_ALL, held);
    leave(*state, heir);
}

/* An end far ahead is of a clock that has been set back since. */
static void no_lease_lasts_longer_than_one_that_begins_now(void **state)
{
    struct uuid dead = test_uuid(), heir = test_uuid();
    time_t give_up = time(NULL) + PATIENCE_S;
    uint32_t held = 0;

    assert_int_equal(OUTBOX_ALL, hold(*state, dead, HOUR_MS));
    assert_int_equal(0, hold(*state, heir, SHORT_MS));
    while (held != OUTBOX_ALL && time(NULL) < give_up)
        held = hold(*state, heir, SHORT_MS);
    assert_int_equal(OUTBOX_ALL, held);
    leave(*state, heir);
}

struct race {
    struct partition_lease *lease;
    uint32_t held[TEST_THREADS_MAX];
    struct uuid holders[TEST_THREADS_MAX];
};

static void hold_at_once(void *arg, int i)
{
    struct race *race = arg;

    race->holders[i] = test_uuid();
    race->held[i] = hold(race->lease, race->holders[i], LONG_MS);
}

static void those_who_come_at_once_hold_no_partition_twice(void **state)
{
    struct race race = {.lease = *state};
    uint32_t seen = 0;

    test_race(HOLDERS_MAX, hold_at_once, &race);
    for (size_t i = 0; i < HOLDERS_MAX; i++) {
        assert_int_equal(0, seen & race.held[i]);
        seen |= race.held[i];
    }
    assert_int_equal(OUTBOX_ALL, seen);
    for (size_t i = 0; i < HOLDERS_MAX; i++)
        leave(*state, race.holders[i]);
}

int partition_lease_contract(struct partition_lease *lease)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(who_is_alone_holds_all, lease),
        cmocka_unit_test_prestate(who_comes_gets_his_share_and_nobody_holds_what_another_does,
                                  lease),
        cmocka_unit_test_prestate(what_is_given_back_is_taken_at_once, lease),
        cmocka_unit_test_prestate(what_the_dead_held_is_taken_when_its_time_is_over, lease),
        cmocka_unit_test_prestate(no_lease_lasts_longer_than_one_that_begins_now, lease),
        cmocka_unit_test_prestate(those_who_come_at_once_hold_no_partition_twice, lease),
    };

    return cmocka_run_group_tests_name("partition_lease", tests, NULL, NULL);
}
