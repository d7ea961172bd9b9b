/* capacity_race.c - many at once, by two instances: nothing is sold twice, nothing is left over. */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "test/usecase/capacity/capacity_world.h"
#include "tool/core/mem.h"

enum { ROUNDS = 20, SLOTS = 4, EACH = 12, CRASHES = 3 };

struct race {
    struct capacity_world *w;
    struct uuid slots[SLOTS];
    struct uuid ids[TEST_RACERS_MAX];
    atomic_int count[ST_VERSION + 1];
};

static struct race race_of(struct capacity_world *w, int64_t total)
{
    struct race race = {.w = w};

    for (size_t i = 0; i < SLOTS; i++)
        race.slots[i] = slot_new(w, total);
    for (size_t i = 0; i < TEST_RACERS_MAX; i++)
        race.ids[i] = test_uuid();
    return race;
}

static struct asking asking_of(struct race *race, int i)
{
    return (struct asking){.instance = &race->w->instances[i % WORLD_INSTANCES],
                           .hold_id = race->ids[i]};
}

static void take_the_last(void *arg, int i)
{
    struct race *race = arg;
    struct asking a = asking_of(race, i);
    struct capacity_want last = {0, race->slots[0], 1, 1};

    a.wants = &last;
    a.n_wants = 1;
    race->count[ask_take(&a)]++;
}

static void of_sixty_four_who_want_the_last_one_gets_it(void **state)
{
    for (int round = 0; round < ROUNDS; round++) {
        struct race race = race_of(*state, 1);
        test_race(TEST_RACERS_MAX, take_the_last, &race);
        assert_int_equal(race.count[ST_OK], 1);
        assert_int_equal(race.count[ST_CONFLICT], TEST_RACERS_MAX - 1);
        assert_slot(*state, race.slots[0], 1, 0);
        assert_true(holds_add_up(*state, race.slots, 1, race.ids, TEST_RACERS_MAX));
    }
}

/* Two lines have a slot in common, and everybody names the slots in another order: three units of
 * the first and one of the second together. */
static void take_a_bundle(void *arg, int i)
{
    struct race *race = arg;
    struct asking a = asking_of(race, i);
    struct uuid first = race->slots[0], second = race->slots[1];
    const struct capacity_want orders[][3] = {
        {{0, first, 1, 1},  {0, second, 1, 1}, {1, first, 1, 2}},
        {{0, second, 1, 1}, {0, first, 1, 1},  {1, first, 1, 2}},
        {{1, first, 1, 2},  {0, second, 1, 1}, {0, first, 1, 1}},
    };

    a.wants = orders[i % ARRAY_LEN(orders)];
    a.n_wants = 3;
    race->count[ask_take(&a)]++;
}

static void bundles_that_share_an_item_are_sold_whole(void **state)
{
    for (int round = 0; round < ROUNDS; round++) {
        struct race race = race_of(*state, 8);
        test_race(TEST_RACERS_MAX, take_a_bundle, &race);
        assert_int_equal(race.count[ST_OK], 2); /* a third would want the ninth */
        assert_int_equal(race.count[ST_CONFLICT], TEST_RACERS_MAX - 2);
        assert_slot(*state, race.slots[0], 6, 0);
        assert_slot(*state, race.slots[1], 2, 0);
    }
}

/* All about one hold: takes, commits, releases, returns. */
static void ask_of_one(void *arg, int i)
{
    struct race *race = arg;
    struct asking a = asking_of(race, i);
    struct capacity_want one = {0, race->slots[0], 1, 1};

    a.hold_id = race->ids[0];
    a.wants = &one;
    a.n_wants = 1;
    a.action = (enum hold_action)(i / 2 % 3);
    race->count[i % 8 == 7 ? ask_move(&a) : ask_take(&a)]++;
}

static void what_comes_many_times_at_once_is_done_once(void **state)
{
    for (int round = 0; round < ROUNDS; round++) {
        struct race race = race_of(*state, 2);
        struct asking a = asking_of(&race, 0);
        test_race(TEST_RACERS_MAX, ask_of_one, &race);
        assert_int_equal(race.count[ST_OK] + race.count[ST_CONFLICT] + race.count[ST_NOT_FOUND],
                         TEST_RACERS_MAX);
        assert_true(holds_add_up(*state, race.slots, 1, race.ids, 1));
        a.action = HOLD_RETURN;
        assert_status(ST_OK, ask_move(&a));
        assert_slot(*state, race.slots[0], 0, 0);
    }
}

/* Until it is told: what is not known is asked again. */
static enum status insist(struct asking *a, enum status (*ask)(struct asking *))
{
    enum status st = ask(a);

    for (; st == ST_UNAVAILABLE || st == ST_UNCERTAIN || st == ST_OVERLOADED; st = ask(a))
        poll(NULL, 0, 10);
    return st;
}

/* Takes of two slots, then one of what can follow. */
static void trade(void *arg, int i)
{
    struct race *race = arg;
    struct asking a = asking_of(race, i);
    struct capacity_want wants[] = {
        {0, race->slots[i % SLOTS],           1, 1},
        {1, race->slots[(i + i / 4) % SLOTS], 1, 2}
    };

    a.wants = wants;
    a.n_wants = ARRAY_LEN(wants);
    race->count[insist(&a, ask_take)]++;
    a.action = (enum hold_action)(i % 3);
    if (i % 5 != 0)
        race->count[insist(&a, ask_move)]++;
}

static void *trade_all(void *arg)
{
    test_race(TEST_RACERS_MAX, trade, arg);
    return NULL;
}

/* It is killed by this thread, with which what it starts would end. */
static void when_the_storage_dies_holds_stay_whole(void **state)
{
    struct capacity_world *w = *state;

    for (int round = 0; round < CRASHES; round++) {
        struct race race = race_of(w, EACH);
        pthread_t traders;
        pthread_create(&traders, NULL, trade_all, &race);
        if (w->crash)
            w->crash();
        pthread_join(traders, NULL);
        assert_true(holds_add_up(w, race.slots, SLOTS, race.ids, TEST_RACERS_MAX));
        assert_int_equal(race.count[ST_INTERNAL], 0);
    }
}

int capacity_race(struct capacity_world *w)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(of_sixty_four_who_want_the_last_one_gets_it, w),
        cmocka_unit_test_prestate(bundles_that_share_an_item_are_sold_whole, w),
        cmocka_unit_test_prestate(what_comes_many_times_at_once_is_done_once, w),
        cmocka_unit_test_prestate(when_the_storage_dies_holds_stay_whole, w),
    };

    return cmocka_run_group_tests_name("capacity, at once", tests, NULL, NULL);
}
