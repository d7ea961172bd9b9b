/* booking_points_test.c - a trip books a hotel, a flight and a car at three services or none of
 * them, whatever call of any of the four goes wrong, wherever a process dies; and on thousands of
 * bad days. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "test/simulation/sim_trip.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/core/sanitized_test.h"

enum { SECOND_US = 1000000, POINTS_MIN = 12 };
enum { SEEDS = SANITIZED ? 500 : 2000 };

/* NULL, or what is wrong. */
static const char *end_of(struct sim_trips *trips, bool late)
{
    struct sim_house *house = &trips->house;
    const char *wrong = NULL;

    if (!sim_house_settle(house))
        wrong = "it does not come to an end";
    if (!wrong)
        wrong = sim_trips_check(trips, late);
    if (!wrong && !sim_house_stragglers(house))
        wrong = "a message that came after the end changed something";
    return wrong;
}

enum { NOT_HEARD = SIM_DESKS + 1, SCENES };

/* scene: the desk that refuses, none, or what all desks answer is lost for longer than the trip has
 * time. */
static const char *run_plan(int64_t scene, struct sim_plan plan, uint64_t *calls)
{
    struct sim_trips *trips = MEM_NEW(struct sim_trips);
    const char *wrong;

    sim_trips_init(trips, 3);
    trips->house.plan = plan;
    sim_trips_traveller(trips, 1000, scene < SIM_DESKS ? scene : SIM_DESKS);
    if (scene == NOT_HEARD)
        trips->house.bus.mute_until_us = 90 * (int64_t)SECOND_US;
    wrong = end_of(trips, scene == NOT_HEARD);
    *calls = trips->house.calls;
    sim_house_fini(&trips->house);
    free(trips);
    return wrong;
}

static void whatever_call_goes_wrong_a_trip_is_booked_whole_or_not_at_all(void **state)
{
    (void)state;
    for (int64_t scene = 0; scene < SCENES; scene++) {
        for (enum sim_fate how = SIM_FAIL; how < SIM_FATES; how++) {
            uint64_t calls, k = 0;
            do { /* until a run has fewer calls than that */
                const char *wrong = run_plan(scene, (struct sim_plan){++k, how}, &calls);
                if (wrong)
                    fail_msg("scene %d, call %u has fate %d: %s", (int)scene, (unsigned)k, (int)how,
                             wrong);
            } while (k <= calls);
            assert_true(k > POINTS_MIN);
        }
    }
}

/* Bad in every way at once. */
static const char *run_seed(uint64_t seed, uint64_t *digest, size_t *deaths)
{
    struct sim_trips *trips = MEM_NEW(struct sim_trips);
    struct sim_house *house = &trips->house;
    const char *wrong;

    sim_trips_init(trips, seed);
    house->weather = (struct sim_weather){.over_us = 20 * (int64_t)SECOND_US,
                                          .crash = (unsigned)sim_below(&house->sim, 100),
                                          .fail = (unsigned)sim_below(&house->sim, 200),
                                          .lose = (unsigned)sim_below(&house->sim, 200),
                                          .freeze = (unsigned)sim_below(&house->sim, 50)};
    house->bus.over_us = house->weather.over_us;
    house->bus.drop = (unsigned)sim_below(&house->sim, 200);
    house->bus.twice = (unsigned)sim_below(&house->sim, 200);
    house->bus.late = (unsigned)sim_below(&house->sim, 50);
    house->bus.delay_us = 3000;
    for (unsigned i = 0; i < 3; i++)
        sim_trips_traveller(trips, (int64_t)sim_below(&house->sim, 5 * SECOND_US),
                            (int64_t)sim_below(&house->sim, 2 * SIM_DESKS));
    for (size_t i = 0; i < trips->n_travellers; i++)
        if (trips->travellers[i].refuses > SIM_DESKS)
            trips->travellers[i].refuses = SIM_DESKS;
    wrong = end_of(trips, true);
    *digest = house->sim.digest;
    *deaths += sim_house_deaths(house);
    sim_house_fini(house);
    free(trips);
    return wrong;
}

static void every_bad_day_ends_whole_and_a_seed_reproduces_it(void **state)
{
    size_t deaths = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        uint64_t once, again;
        const char *wrong = run_seed(seed, &once, &deaths);
        if (wrong)
            fail_msg("seed %" PRIu64 ": %s", seed, wrong);
        if (seed % 50 == 0) {
            run_seed(seed, &again, &deaths);
            assert_true(once == again);
        }
    }
    assert_true(deaths > SEEDS / 10); /* the days are bad enough */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_call_goes_wrong_a_trip_is_booked_whole_or_not_at_all),
        cmocka_unit_test(every_bad_day_ends_whole_and_a_seed_reproduces_it),
    };

    log_set_fd(-1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
