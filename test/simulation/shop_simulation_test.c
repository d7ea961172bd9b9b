/* shop_simulation_test.c - thousands of bad days of a shop, each from a seed, and (not with
 * sanitizers, which find others) mistakes that are easily made, which are found.
 *
 *   SIM_SEEDS=n  how many seeds (default 10000, fewer with sanitizers)
 *   SIM_FIRST=n  the first of them (1)
 *   SIM_SEED=n   that one alone, with a trace of all that happens */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "test/simulation/sim_shop_day.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/core/sanitized_test.h"

enum { SEEDS = SANITIZED ? 300 : 10000, WITH_MISTAKES = !SANITIZED };
enum { SOON = 100, FAILURES_SHOWN = 5, SECOND_US = 1000000 };

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

static const char *run(struct sim_shop_day *day, struct sim_shop_tally *tally)
{
    snprintf(replay, sizeof(replay), "# replay: SIM_SEED=%" PRIu64 " %s\n", day->seed,
             program_invocation_name);
    return sim_shop_day_run(day, tally);
}

static void every_seed_ends_whole(void **state)
{
    uint64_t one = setting("SIM_SEED", 0), first = one ? one : setting("SIM_FIRST", 1);
    uint64_t n = one ? 1 : setting("SIM_SEEDS", SEEDS);
    struct sim_shop_tally t = {0};
    size_t failed = 0;

    (void)state;
    for (uint64_t seed = first; seed < first + n && failed < FAILURES_SHOWN; seed++) {
        struct sim_shop_day day = {.seed = seed, .trace = one != 0};
        const char *wrong = run(&day, &t);
        failed += wrong != NULL;
        if (wrong)
            print_message("# seed %" PRIu64 ": %s\n%s", seed, wrong, replay);
    }
    print_message("# orders: %zu confirmed, %zu to be paid later, %zu canceled, %zu sold out, %zu "
                  "declined, %zu price changed, %zu too late; %zu captures, %zu refunds; tickets: "
                  "%zu made, %zu turned down, %zu unanswered, %zu canceled with consent, %zu kept; "
                  "instances that died: %zu\n",
                  t.confirmed, t.deferred, t.canceled, t.sold_out, t.declined, t.price_changed,
                  t.too_late, t.taken, t.refunded, t.tickets.made, t.tickets.turned_down,
                  t.tickets.unanswered, t.tickets.consented, t.tickets.kept, t.deaths);
    replay[0] = '\0';
    assert_int_equal(failed, 0);
    if (n >= 1000) /* the days are bad enough */
        assert_true(t.confirmed && t.deferred && t.canceled && t.sold_out && t.declined &&
                    t.price_changed && t.too_late && t.taken && t.refunded && t.tickets.made &&
                    t.tickets.turned_down && t.tickets.unanswered && t.tickets.consented &&
                    t.tickets.kept && t.deaths);
}

static void a_seed_reproduces_its_run_to_the_byte(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct sim_shop_day once = {.seed = seed}, again = once, other = {.seed = seed + 1};
        struct sim_shop_tally tally = {0};
        run(&once, &tally);
        run(&again, &tally);
        run(&other, &tally);
        assert_true(once.digest == again.digest);
        assert_true(once.digest != other.digest);
    }
}

static void on_a_quiet_day_there_is_what_everybody_ordered(void **state)
{
    static const int STOCK[SIM_ITEMS] = {SIM_CUSTOMERS_MAX, 0};
    struct sim_shop *shop = MEM_NEW(struct sim_shop);
    struct sim_charge charge;

    (void)state;
    sim_shop_init(shop, 1, STOCK);
    for (unsigned i = 0; i < SIM_CUSTOMERS_MAX; i++)
        sim_shop_customer(shop, i * SECOND_US);
    assert_true(sim_house_settle(&shop->house));
    assert_null(sim_shop_check(shop));
    assert_int_equal(shop->company.n, SIM_CUSTOMERS_MAX);
    for (size_t i = 0; i < shop->company.n; i++) {
        charge = sim_company_charge(&shop->company, shop->company.book[i].operation.key);
        assert_int_equal(charge.authorized, sim_shop_price(0));
        assert_true(shop->customers[i].accepted);
    }
    sim_shop_fini(shop);
    free(shop);
}

/* Orders are taken all the same; only who cancels has to wait for it, and is told so. */
static void a_store_that_is_away_for_an_hour_holds_nobody_up(void **state)
{
    static const int STOCK[SIM_ITEMS] = {SIM_CUSTOMERS_MAX, 0};
    const int64_t hour_us = INT64_C(3600) * SECOND_US;
    struct sim_shop *shop = MEM_NEW(struct sim_shop);
    struct sim_customer *cancels;

    (void)state;
    sim_shop_init(shop, 1, STOCK);
    shop->house.weather.over_us = hour_us;
    shop->store->away = shop->store->database_away = (struct sim_outage){0, hour_us};
    for (unsigned i = 0; i < SIM_CUSTOMERS_MAX; i++)
        sim_shop_customer(shop, i * SECOND_US);
    cancels = &shop->customers[0];
    sim_shop_cancels(cancels, INT64_C(60) * SECOND_US);
    while (sim_turn(&shop->house.sim, hour_us - SECOND_US))
        ;
    for (unsigned i = 0; i < SIM_CUSTOMERS_MAX; i++)
        assert_int_equal(sim_shop_order(&shop->customers[i])->status,
                         i == 0 ? ORDER_STATUS_CANCEL_PENDING : ORDER_STATUS_CONFIRMED);
    assert_true(sim_house_settle(&shop->house));
    assert_null(sim_shop_check(shop));
    assert_int_equal(sim_shop_order(cancels)->status, ORDER_STATUS_CANCELED);
    sim_shop_fini(shop);
    free(shop);
}

static void mistakes_that_are_easily_made_are_found(void **state)
{
    static const struct {
        const char *name, *found; /* the words by which what is wrong begins */
        bool scarce;
        struct sim_mistakes mistakes;
    } cases[] = {
        {"stock is checked outside of its transaction", "I1", true,  {.checks_first = true}},
        {"asked again with a new key",                  "I2", false, {.new_keys = true}    },
    };

    (void)state;
    if (!WITH_MISTAKES)
        skip();
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct sim_shop_day day = {.scarce = cases[i].scarce, .mistakes = cases[i].mistakes};
        struct sim_shop_tally tally = {0};
        const char *wrong = NULL;
        while (day.seed < SOON && (!wrong || strncmp(wrong, cases[i].found, 2) != 0)) {
            day.seed++;
            wrong = run(&day, &tally);
        }
        print_message("# %s: seed %" PRIu64 ": %s\n", cases[i].name, day.seed,
                      wrong ? wrong : "nothing is found");
        assert_non_null(wrong);
    }
}

/* The same days without the mistake. */
static void one_piece_is_sold_once_whoever_wants_it(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SOON; seed++) {
        struct sim_shop_day day = {.seed = seed, .scarce = true};
        struct sim_shop_tally tally = {0};
        const char *wrong = run(&day, &tally);
        if (wrong)
            fail_msg("seed %" PRIu64 ": %s", seed, wrong);
        assert_true(tally.confirmed <= 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_a_quiet_day_there_is_what_everybody_ordered),
        cmocka_unit_test(a_store_that_is_away_for_an_hour_holds_nobody_up),
        cmocka_unit_test(a_seed_reproduces_its_run_to_the_byte),
        cmocka_unit_test(mistakes_that_are_easily_made_are_found),
        cmocka_unit_test(one_piece_is_sold_once_whoever_wants_it),
        cmocka_unit_test(every_seed_ends_whole),
    };

    log_set_fd(-1);
    sigaction(SIGABRT, &(struct sigaction){.sa_handler = say_replay}, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
