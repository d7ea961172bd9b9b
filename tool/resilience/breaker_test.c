/* breaker_test.c - every transition, by a clock of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/resilience/breaker_private.h"

static const struct breaker_policy POLICIES[] = {
    {.subject = "strict",
     .window_ms = 1000,
     .min_failures = 1,
     .failure_percent = 1,
     .open_ms = 200,
     .half_open_probes = 1},
    {.subject = "*",
     .window_ms = 1000,
     .min_failures = 4,
     .failure_percent = 90,
     .open_ms = 500,
     .half_open_probes = 2},
};

struct fixture {
    struct clock clock;
    int64_t now_ms;
    struct breakers *all;
    struct breaker *b;
};

static int64_t fixture_now(const struct clock *clock)
{
    return container_of(clock, const struct fixture, clock)->now_ms;
}

/* Until an open breaker lets a probe through; 0 when it is not open. */
static int retry_after_ms(const struct breaker *b)
{
    int64_t left = b->since_ms + b->policy->open_ms - clock_now_ms(b->all->clock);

    return b->state == BREAKER_OPEN && left > 0 ? (int)left : 0;
}

static int setup(void **state)
{
    struct fixture *f = MEM_NEW(struct fixture);

    log_set_fd(-1);
    f->clock.now_ms = fixture_now;
    f->now_ms = 1000000;
    f->all = breakers_create(&f->clock, POLICIES, ARRAY_LEN(POLICIES));
    f->b = breakers_get(f->all, "user.get");
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    breakers_destroy(f->all);
    free(f);
    return 0;
}

/* 'g': a good call, 'b': a bad one; false when one was refused. */
static bool calls(struct breaker *b, const char *outcomes)
{
    for (; *outcomes != '\0'; outcomes++) {
        struct breaker_ticket ticket;
        if (!breaker_allow(b, &ticket))
            return false;
        breaker_report(b, &ticket, *outcomes == 'g');
    }
    return true;
}

/* Whether it lets one through that is not heard of again. */
static bool lets_through(struct breaker *b)
{
    struct breaker_ticket ticket;

    return breaker_allow(b, &ticket);
}

static void make_half_open(struct fixture *f)
{
    assert_true(calls(f->b, "bbbb"));
    f->now_ms += 500;
}

static void it_opens_when_next_to_nothing_is_answered(void **state)
{
    static const struct {
        const char *why, *outcomes;
        enum breaker_state want;
    } cases[] = {
        {"nothing yet",              "",                   BREAKER_CLOSED},
        {"too few failures",         "bbb",                BREAKER_CLOSED},
        {"all bad",                  "bbbb",               BREAKER_OPEN  },
        {"half of them",             "gbgbgbgbgbgbgbgbgb", BREAKER_CLOSED},
        {"one in five is an answer", "bgbbbbgbbb",         BREAKER_CLOSED},
        {"next to none is",          "gbbbbbbbbb",         BREAKER_OPEN  },
        {"only a failure opens",     "bbbgbg",             BREAKER_CLOSED},
        {"good ones never open it",  "gggggg",             BREAKER_CLOSED},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char subject[16];
        struct breaker *b;

        snprintf(subject, sizeof(subject), "case.%zu", i);
        b = breakers_get(f->all, subject);
        calls(b, cases[i].outcomes);
        if (breaker_state(b) != cases[i].want)
            fail_msg("%s: it is %s", cases[i].why, breaker_state_name(breaker_state(b)));
    }
}

/* 100 calls, one each millisecond, of which every n-th is answered at once and the others stay
 * silent: those of 600 ms ago are heard of meanwhile. False when one was refused. */
static bool a_hundred_calls(struct fixture *f, struct breaker_ticket silent[], int *n_silent,
                            int answered)
{
    for (int i = 0; i < 100; i++, f->now_ms++) {
        struct breaker_ticket ticket;
        while (*n_silent > 0 && silent[0].since_ms <= f->now_ms - 600) {
            breaker_report(f->b, &silent[0], false);
            memmove(silent, silent + 1, (size_t)-- * n_silent * sizeof(*silent));
        }
        if (!breaker_allow(f->b, &ticket))
            return false;
        if (answered && i % answered == 0)
            breaker_report(f->b, &ticket, true);
        else
            silent[(*n_silent)++] = ticket;
    }
    return true;
}

static void an_outage_after_busy_seconds_opens_it_with_the_first_silence(void **state)
{
    struct breaker_ticket silent[1000] = {0};
    struct fixture *f = *state;
    int64_t since_ms;
    int n = 0;

    for (int i = 0; i < 20; i++)
        assert_true(a_hundred_calls(f, silent, &n, 1));
    since_ms = f->now_ms;
    while (a_hundred_calls(f, silent, &n, 0)) {
    }
    assert_in_range(f->now_ms - since_ms, 600, 820); /* but for the buckets it fell into */
}

static void one_frozen_instance_of_two_never_opens_it(void **state)
{
    struct breaker_ticket silent[1000] = {0};
    struct fixture *f = *state;
    int n = 0;

    for (int i = 0; i < 100; i++)
        assert_true(a_hundred_calls(f, silent, &n, 2));
    assert_int_equal(breaker_state(f->b), BREAKER_CLOSED);
}

static void failures_are_forgotten_when_the_window_has_passed(void **state)
{
    struct fixture *f = *state;

    calls(f->b, "bbb");
    f->now_ms += 1000;
    calls(f->b, "b");
    assert_int_equal(breaker_state(f->b), BREAKER_CLOSED);
    f->now_ms += 900; /* the last one still counts */
    calls(f->b, "bbb");
    assert_int_equal(breaker_state(f->b), BREAKER_OPEN);
}

static void an_open_one_refuses_until_its_time_is_over(void **state)
{
    struct fixture *f = *state;

    calls(f->b, "bbbb");
    assert_int_equal(retry_after_ms(f->b), 500);
    f->now_ms += 499;
    assert_false(lets_through(f->b));
    assert_int_equal(breaker_state(f->b), BREAKER_OPEN);
    assert_int_equal(retry_after_ms(f->b), 1);
    f->now_ms += 1;
    assert_int_equal(breaker_state(f->b), BREAKER_HALF_OPEN); /* also while nobody asks */
    assert_true(lets_through(f->b));
    assert_int_equal(breaker_state(f->b), BREAKER_HALF_OPEN);
    assert_int_equal(retry_after_ms(f->b), 0);
}

static void a_good_probe_closes_it(void **state)
{
    struct fixture *f = *state;
    struct breaker_ticket first, second;

    make_half_open(f);
    assert_true(breaker_allow(f->b, &first) && breaker_allow(f->b, &second));
    assert_false(lets_through(f->b)); /* no third */
    breaker_report(f->b, &first, false);
    assert_int_equal(breaker_state(f->b), BREAKER_HALF_OPEN);
    breaker_report(f->b, &second, true);
    assert_int_equal(breaker_state(f->b), BREAKER_CLOSED);
    calls(f->b, "bbb"); /* and what was before is forgotten */
    assert_int_equal(breaker_state(f->b), BREAKER_CLOSED);
}

static void bad_probes_open_it_again(void **state)
{
    struct fixture *f = *state;

    make_half_open(f);
    assert_true(calls(f->b, "bb"));
    assert_int_equal(breaker_state(f->b), BREAKER_OPEN);
    assert_int_equal(retry_after_ms(f->b), 500);
}

static void a_silent_probe_makes_room_in_time(void **state)
{
    struct fixture *f = *state;

    make_half_open(f);
    assert_true(lets_through(f->b) && lets_through(f->b));
    f->now_ms += BREAKER_PROBE_PATIENCE_MS - 1;
    assert_false(lets_through(f->b));
    f->now_ms += 1;
    assert_true(calls(f->b, "g"));
    assert_int_equal(breaker_state(f->b), BREAKER_CLOSED);
}

static void an_abstention_makes_room_at_once(void **state)
{
    struct fixture *f = *state;
    struct breaker_ticket ticket;

    make_half_open(f);
    assert_true(breaker_allow(f->b, &ticket) && lets_through(f->b));
    assert_false(lets_through(f->b));
    breaker_abstain(f->b, &ticket);
    assert_true(lets_through(f->b));
    assert_int_equal(breaker_state(f->b), BREAKER_HALF_OPEN);
}

static void old_tickets_say_nothing(void **state)
{
    struct fixture *f = *state;
    struct breaker_ticket old;

    assert_true(breaker_allow(f->b, &old));
    make_half_open(f);
    assert_true(lets_through(f->b));
    breaker_report(f->b, &old, false); /* sent into the outage, timed out after it */
    breaker_report(f->b, &old, false);
    assert_int_equal(breaker_state(f->b), BREAKER_HALF_OPEN);
    breaker_report(f->b, &old, true);
    assert_int_equal(breaker_state(f->b), BREAKER_HALF_OPEN);
}

static void each_subject_has_its_own_by_its_row(void **state)
{
    struct fixture *f = *state;
    struct breaker *strict = breakers_get(f->all, "strict");

    assert_ptr_equal(breakers_get(f->all, "user.get"), f->b);
    assert_ptr_not_equal(strict, f->b);
    calls(strict, "b");
    assert_int_equal(breaker_state(strict), BREAKER_OPEN);
    assert_int_equal(retry_after_ms(strict), 200);
    assert_int_equal(breaker_state(f->b), BREAKER_CLOSED);
}

static void subjects_beyond_the_last_share_one(void **state)
{
    struct fixture *f = *state;
    char subject[16];

    for (int i = 1; i < BREAKERS_MAX; i++) {
        snprintf(subject, sizeof(subject), "s.%d", i);
        breakers_get(f->all, subject);
    }
    assert_ptr_equal(breakers_get(f->all, "a"), breakers_get(f->all, "b"));
    assert_true(calls(breakers_get(f->all, "a"), "gggg"));
    assert_ptr_equal(breakers_get(f->all, "user.get"), f->b);
}

static void statistics_name_each_state(void **state)
{
    struct fixture *f = *state;
    char text[256];
    struct json_out o;

    calls(breakers_get(f->all, "strict"), "b");
    json_out_init(&o, text, sizeof(text));
    json_out_open(&o, '{');
    breakers_describe(f->all, &o);
    json_out_close(&o, '}');
    assert_string_equal(text, "{\"strict\":\"open\",\"user.get\":\"closed\"}");
}

static void the_default_rows_are_sane(void **state)
{
    (void)state;
    for (unsigned i = 0; i < BREAKER_DEFAULTS_N; i++) {
        const struct breaker_policy *p = &BREAKER_DEFAULTS[i];

        assert_in_range(p->open_ms, 1, 2000);         /* by contract */
        assert_in_range(p->failure_percent, 75, 100); /* one of two may be frozen */
        assert_in_range(p->window_ms, 1000, 60000);
        assert_true(p->min_failures > 0 && p->half_open_probes > 0);
    }
    assert_string_equal(BREAKER_DEFAULTS[BREAKER_DEFAULTS_N - 1].subject, "*");
}

static void what_no_row_fits_has_the_default(void **state)
{
    static const struct breaker_policy ROWS[] = {
        {"order.pay", 15000, 7, 91, 1000, 3}
    };
    struct fixture *f = *state;
    struct breakers *all = breakers_create(&f->clock, ROWS, ARRAY_LEN(ROWS));
    struct breakers *none = breakers_create(&f->clock, NULL, 0);

    assert_ptr_equal(breakers_get(all, "order.pay")->policy, &ROWS[0]);
    assert_ptr_equal(breakers_get(all, "user.get")->policy, &BREAKER_DEFAULTS[0]);
    assert_ptr_equal(breakers_get(none, "order.pay")->policy, &BREAKER_DEFAULTS[0]);
    breakers_destroy(all);
    breakers_destroy(none);
}

#define BREAKER_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BREAKER_TEST(what_no_row_fits_has_the_default),
        BREAKER_TEST(it_opens_when_next_to_nothing_is_answered),
        BREAKER_TEST(an_outage_after_busy_seconds_opens_it_with_the_first_silence),
        BREAKER_TEST(one_frozen_instance_of_two_never_opens_it),
        BREAKER_TEST(failures_are_forgotten_when_the_window_has_passed),
        BREAKER_TEST(an_open_one_refuses_until_its_time_is_over),
        BREAKER_TEST(a_good_probe_closes_it),
        BREAKER_TEST(bad_probes_open_it_again),
        BREAKER_TEST(a_silent_probe_makes_room_in_time),
        BREAKER_TEST(an_abstention_makes_room_at_once),
        BREAKER_TEST(old_tickets_say_nothing),
        BREAKER_TEST(each_subject_has_its_own_by_its_row),
        BREAKER_TEST(subjects_beyond_the_last_share_one),
        BREAKER_TEST(statistics_name_each_state),
        BREAKER_TEST(the_default_rows_are_sane),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
