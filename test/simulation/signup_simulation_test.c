/* signup_simulation_test.c - thousands of bad days of a signup, each from a seed.
 *
 *   SIM_SEEDS=n  how many seeds (default 10000)     SIM_FIRST=n  the first of them (1)
 *   SIM_SEED=n   that one alone, with a trace of all that happens */
#include <inttypes.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "test/simulation/sim_signup.h"
#include "test/simulation/sim_trouble.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"

enum { SECOND_US = 1000000, FAILURES_SHOWN = 5 };

/* The line that runs the present seed again: an ASSERT ends the program before it is printed. */
static char replay[512];

static void say_replay(int signum)
{
    ssize_t n = write(STDERR_FILENO, replay, strlen(replay));

    (void)signum;
    (void)n;
}

static uint64_t setting(const char *name, uint64_t fallback)
{
    const char *text = getenv(name);

    return text ? strtoull(text, NULL, 10) : fallback;
}

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
    }
}

/* How the sagas of many seeds ended, and what they went through. */
struct tally {
    size_t succeeded, email_taken, too_late, deaths;
};

static void tell(struct sim_house *house, struct tally *tally)
{
    for (size_t i = 0; i < house->n_tried; i++) {
        struct saga_record record;
        if (!sim_house_saga(house, i, &record))
            continue;
        tally->succeeded += record.view.state == SAGA_SUCCEEDED;
        tally->email_taken += strcmp(record.view.reason, "email_taken") == 0;
        tally->too_late += strcmp(record.view.reason, "deadline_exceeded") == 0;
    }
    tally->deaths += sim_house_deaths(house);
}

/* NULL, or what is wrong. */
static const char *run_seed(uint64_t seed, bool trace, uint64_t *digest, struct tally *tally)
{
    struct sim_signup *signup = MEM_NEW(struct sim_signup);
    struct sim_house *house = &signup->house;
    const char *wrong = NULL;
    uint64_t state;

    sim_signup_init(signup, seed);
    house->sim.trace = trace;
    brew(signup);
    brew_events(signup);
    invite(signup);
    if (!sim_house_settle(house))
        wrong = "it does not come to an end";
    if (!wrong)
        wrong = sim_signup_check(signup);
    state = sim_house_state(house);
    tell(house, tally);
    if (!wrong)
        sim_house_stragglers(house);
    if (!wrong && sim_house_state(house) != state)
        wrong = "a message that came after the end changed something";
    *digest = house->sim.digest;
    sim_house_fini(house);
    free(signup);
    return wrong;
}

static void every_seed_ends_whole(void **state)
{
    uint64_t one = setting("SIM_SEED", 0), first = one ? one : setting("SIM_FIRST", 1);
    uint64_t n = one ? 1 : setting("SIM_SEEDS", 10000);
    struct tally tally = {0};
    size_t failed = 0;

    (void)state;
    for (uint64_t seed = first; seed < first + n && failed < FAILURES_SHOWN; seed++) {
        uint64_t digest;
        const char *wrong;
        snprintf(replay, sizeof(replay), "# replay: SIM_SEED=%" PRIu64 " %s\n", seed,
                 program_invocation_name);
        wrong = run_seed(seed, one != 0, &digest, &tally);
        if (wrong) {
            failed++;
            print_message("# seed %" PRIu64 ": %s\n%s", seed, wrong, replay);
        }
    }
    print_message("# sagas: %zu succeeded, %zu e-mail taken, %zu too late; instances that died: "
                  "%zu\n",
                  tally.succeeded, tally.email_taken, tally.too_late, tally.deaths);
    replay[0] = '\0';
    assert_int_equal(failed, 0);
    if (n >= 1000) /* the days are bad enough */
        assert_true(tally.succeeded && tally.email_taken && tally.too_late && tally.deaths);
}

static void a_seed_reproduces_its_run_to_the_byte(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct tally tally = {0};
        uint64_t once, again, other;
        run_seed(seed, false, &once, &tally);
        run_seed(seed, false, &again, &tally);
        run_seed(seed + 1, false, &other, &tally);
        assert_true(once == again);
        assert_true(once != other);
    }
}

static void a_quiet_day_activates_everybody(void **state)
{
    struct sim_signup *signup = MEM_NEW(struct sim_signup);

    (void)state;
    sim_signup_init(signup, 1);
    for (unsigned i = 0; i < SIM_CLIENTS_MAX; i++)
        sim_signup_client(signup, i * 1000, i, i, "");
    assert_true(sim_house_settle(&signup->house));
    assert_null(sim_signup_check(signup));
    assert_int_equal(signup->house.n_tried, SIM_CLIENTS_MAX);
    for (size_t i = 0; i < signup->n_clients; i++) {
        struct saga_record record;
        assert_true(signup->clients[i].accepted);
        assert_true(sim_house_saga(&signup->house, i, &record));
        assert_int_equal(record.view.state, SAGA_SUCCEEDED);
    }
    sim_house_fini(&signup->house);
    free(signup);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quiet_day_activates_everybody),
        cmocka_unit_test(a_seed_reproduces_its_run_to_the_byte),
        cmocka_unit_test(every_seed_ends_whole),
    };

    log_set_fd(-1);
    sigaction(SIGABRT, &(struct sigaction){.sa_handler = say_replay}, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
