/* signup_simulation_test.c - thousands of bad days of a signup, each from a seed.
 *
 *   SIM_SEEDS=n  how many seeds (default 10000, fewer with sanitizers)
 *   SIM_FIRST=n  the first of them (1)
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

#include "test/simulation/sim_day.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/core/sanitized_test.h"

enum { SEEDS = SANITIZED ? 1000 : 10000 };
enum { FAILURES_SHOWN = 5 };

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

static void every_seed_ends_whole(void **state)
{
    uint64_t one = setting("SIM_SEED", 0), first = one ? one : setting("SIM_FIRST", 1);
    uint64_t n = one ? 1 : setting("SIM_SEEDS", SEEDS);
    struct sim_tally tally = {0};
    size_t failed = 0;

    (void)state;
    for (uint64_t seed = first; seed < first + n && failed < FAILURES_SHOWN; seed++) {
        struct sim_day day = {.seed = seed, .trace = one != 0};
        const char *wrong;
        snprintf(replay, sizeof(replay), "# replay: SIM_SEED=%" PRIu64 " %s\n", seed,
                 program_invocation_name);
        wrong = sim_day_run(&day, &tally);
        if (wrong) {
            failed++;
            print_message("# seed %" PRIu64 ": %s\n%s", seed, wrong, replay);
        }
    }
    print_message(
        "# sagas: %zu succeeded, %zu e-mail taken, %zu too late; people: %zu left, %zu stayed; "
        "instances that died: %zu; events: %zu had their effect, %zu given up, %zu lost by the "
        "stream\n",
        tally.succeeded, tally.email_taken, tally.too_late, tally.left, tally.stayed, tally.deaths,
        tally.heard, tally.given_up, tally.lost);
    replay[0] = '\0';
    assert_int_equal(failed, 0);
    if (n >= 1000) /* the days are bad enough */
        assert_true(tally.succeeded && tally.email_taken && tally.too_late && tally.left &&
                    tally.stayed && tally.deaths && tally.lost && tally.given_up);
}

static void a_seed_reproduces_its_run_to_the_byte(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct sim_day once = {.seed = seed}, again = once, other = {.seed = seed + 1};
        struct sim_tally tally = {0};
        sim_day_run(&once, &tally);
        sim_day_run(&again, &tally);
        sim_day_run(&other, &tally);
        assert_true(once.digest == again.digest);
        assert_true(once.digest != other.digest);
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
