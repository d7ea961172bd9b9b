/* sim_day.c - see sim_day.h. */
#include "test/simulation/sim_day.h"

#include <stdio.h>
#include <string.h>

#include "test/simulation/sim_diary.h"
#include "test/simulation/sim_trouble.h"
#include "tool/core/mem.h"

enum { SECOND_US = 1000000 };

static unsigned one_of(struct sim *sim, const unsigned *choices, size_t n)
{
    return choices[sim_below(sim, n)];
}

static int64_t seconds(struct sim *sim, unsigned most)
{
    return (int64_t)sim_below(sim, (uint64_t)most * SECOND_US);
}

/* Each seed is bad in its own way: some only lose messages, some only crash, some do it all. */
static void brew(struct sim_signup *signup)
{
    static const unsigned RARE[] = {0, 0, 20, 100, 300}, OFTEN[] = {0, 0, 50, 200, 600};
    struct sim *sim = &signup->house.sim;
    struct sim_weather *w = &signup->house.weather;
    struct sim_bus *bus = &signup->house.bus;
    struct sim_outage *database = &signup->auth->database_away, *user = &signup->user->away;

    w->over_us = 2 * SECOND_US + seconds(sim, sim_chance(sim, 300) ? 90 : 20);
    bus->over_us = w->over_us;
    w->crash = one_of(sim, RARE, ARRAY_LEN(RARE));
    w->fail = one_of(sim, RARE, ARRAY_LEN(RARE));
    w->lose = one_of(sim, RARE, ARRAY_LEN(RARE));
    w->freeze = one_of(sim, RARE, 4);
    bus->drop = one_of(sim, OFTEN, ARRAY_LEN(OFTEN));
    bus->twice = one_of(sim, OFTEN, ARRAY_LEN(OFTEN));
    bus->late = one_of(sim, OFTEN, 4);
    bus->delay_us = sim_chance(sim, 300) ? 3 * SECOND_US : 3000;
    if (sim_chance(sim, 300)) {
        database->from_us = seconds(sim, 10);
        database->until_us = database->from_us + seconds(sim, 50);
    }
    if (sim_chance(sim, 300)) {
        user->from_us = seconds(sim, 10);
        user->until_us = user->from_us + seconds(sim, 50);
    }
}

/* To events, in their own ways: lost and late on their way, by a stream that forgets, too much for
 * who hears them. */
static void brew_events(struct sim_signup *signup)
{
    static const unsigned OFTEN[] = {0, 0, 50, 200, 600};
    struct sim_house *house = &signup->house;
    struct sim *sim = &house->sim;
    unsigned n = sim_chance(sim, 500) ? (unsigned)sim_below(sim, 6) : 0;

    house->air = (struct sim_air){.drop = one_of(sim, OFTEN, 4),
                                  .late = one_of(sim, OFTEN, 4),
                                  .delay_us = sim_chance(sim, 300) ? SECOND_US : 3000,
                                  .over_us = house->weather.over_us};
    house->stream.forgets = sim_chance(sim, 500);
    house->poison.healed = one_of(sim, OFTEN, 4);
    house->poison.deadly = one_of(sim, OFTEN, 4);
    signup->auth->numbers.late = signup->user->numbers.late = one_of(sim, OFTEN, 5);
    for (unsigned i = 0; i < n; i++)
        sim_trouble_at(house, (int64_t)sim_below(sim, (uint64_t)house->weather.over_us),
                       (enum sim_trouble_kind)sim_below(sim, SIM_TROUBLES));
}

/* They race for few login ids and few addresses; some send the same request twice. */
static void invite(struct sim_signup *signup)
{
    struct sim *sim = &signup->house.sim;
    unsigned n = 2 + (unsigned)sim_below(sim, 5);

    for (unsigned i = 0; i < n; i++) {
        char key[16] = "";
        if (sim_chance(sim, 600))
            snprintf(key, sizeof(key), "key%u", i);
        if (i > 0 && signup->clients[0].key[0] && sim_chance(sim, 150)) {
            struct sim_client *twin = sim_signup_client(signup, seconds(sim, 5), 0, 0, "key0");
            twin->form = signup->clients[0].form;
        } else {
            sim_signup_client(signup, seconds(sim, 5), (unsigned)sim_below(sim, 3),
                              (unsigned)sim_below(sim, 3), key);
        }
        if (sim_chance(sim, 400))
            sim_signup_changes(&signup->clients[i], seconds(sim, 20), (unsigned)sim_below(sim, 3));
        if (sim_chance(sim, 400))
            sim_signup_logs_in(&signup->clients[i], seconds(sim, 10));
        if (sim_chance(sim, 400))
            sim_signup_leaves(&signup->clients[i], seconds(sim, 20));
    }
}

static void tell(struct sim_signup *signup, struct sim_tally *tally)
{
    struct sim_house *house = &signup->house;

    for (size_t i = 0; i < house->n_tried; i++) {
        struct saga_record record;
        if (!sim_house_saga(house, i, &record))
            continue;
        if (strcmp(record.type, "withdrawal") == 0) {
            tally->left += record.view.state == SAGA_SUCCEEDED;
            tally->stayed += record.view.state == SAGA_COMPENSATED;
            continue;
        }
        tally->succeeded += record.view.state == SAGA_SUCCEEDED;
        tally->email_taken += strcmp(record.view.reason, "email_taken") == 0;
        tally->too_late += strcmp(record.view.reason, "deadline_exceeded") == 0;
    }
    tally->deaths += sim_house_deaths(house);
    tally->heard += sim_diary_notes(signup->diary);
    tally->lost += house->stream.lost;
    tally->given_up += house->n_dropped;
}

const char *sim_day_run(struct sim_day *day, struct sim_tally *tally)
{
    struct sim_signup *signup = MEM_NEW(struct sim_signup);
    struct sim_house *house = &signup->house;
    const char *wrong = NULL;

    sim_signup_init(signup, day->seed);
    house->sim.trace = day->trace;
    house->mistakes = day->mistakes;
    brew(signup);
    brew_events(signup);
    invite(signup);
    if (!sim_house_settle(house))
        wrong = "it does not come to an end";
    if (!wrong)
        wrong = sim_signup_check(signup);
    tell(signup, tally);
    if (!wrong && !sim_house_stragglers(house))
        wrong = "a message that came after the end changed something";
    day->digest = house->sim.digest;
    sim_house_fini(house);
    free(signup);
    return wrong;
}
