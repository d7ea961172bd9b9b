/* breaker_test.c - every transition, by a clock of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/resilience/breaker_private.h"

static const struct breaker_policy POLICIES[] = {
    {.subject = "strict",
     .window_ms = 1000,
     .min_calls = 1,
     .failure_percent = 1,
     .open_ms = 200,
     .half_open_probes = 1},
    {.subject = "*",
     .window_ms = 1000,
     .min_calls = 4,
     .failure_percent = 50,
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
        unsigned ticket = breaker_allow(b);
        if (ticket == 0)
            return false;
        breaker_report(b, ticket, *outcomes == 'g');
    }
    return true;
}

static void make_half_open(struct fixture *f)
{
    assert_true(calls(f->b, "bbbb"));
    f->now_ms += 500;
}

static void it_opens_by_rate_and_number_of_failures(void **state)
{
    static const struct {
        const char *why, *outcomes;
        enum breaker_state want;
    } cases[] = {
        {"nothing yet",             "",       BREAKER_CLOSED},
        {"too few calls",           "bbb",    BREAKER_CLOSED},
        {"all bad",                 "bbbb",   BREAKER_OPEN  },
        {"half of them",            "gbgb",   BREAKER_OPEN  },
        {"less than half",          "ggbgb",  BREAKER_CLOSED},
        {"only a failure opens",    "bbgg",   BREAKER_CLOSED},
        {"half of more",            "gggbbb", BREAKER_OPEN  },
        {"good ones never open it", "gggggg", BREAKER_CLOSED},
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
    assert_int_equal(breaker_allow(f->b), 0);
    assert_int_equal(breaker_state(f->b), BREAKER_OPEN);
    assert_int_equal(retry_after_ms(f->b), 1);
    f->now_ms += 1;
    assert_int_equal(breaker_state(f->b), BREAKER_HALF_OPEN); /* also while nobody asks */
    assert_int_not_equal(breaker_allow(f->b), 0);
    assert_int_equal(breaker_state(f->b), BREAKER_HALF_OPEN);
    assert_int_equal(retry_after_ms(f->b), 0);
}

static void good_probes_close_it(void **state)
{
    struct fixture *f = *state;
    unsigned first, second;

    make_half_open(f);
    first = breaker_allow(f->b);
    second = breaker_allow(f->b);
    assert_true(first != 0 && second != 0);
    assert_int_equal(breaker_allow(f->b), 0); /* no third */
    breaker_report(f->b, first, true);
    assert_int_equal(breaker_state(f->b), BREAKER_HALF_OPEN);
    breaker_report(f->b, second, true);
    assert_int_equal(breaker_state(f->b), BREAKER_CLOSED);
    calls(f->b, "bbb"); /* and what was before is forgotten */
    assert_int_equal(breaker_state(f->b), BREAKER_CLOSED);
}

static void a_bad_probe_opens_it_again(void **state)
{
    struct fixture *f = *state;

    make_half_open(f);
    assert_true(calls(f->b, "gb"));
    assert_int_equal(breaker_state(f->b), BREAKER_OPEN);
    assert_int_equal(retry_after_ms(f->b), 500);
}

static void a_lost_probe_makes_room_in_time(void **state)
{
    struct fixture *f = *state;

    make_half_open(f);
    assert_int_not_equal(breaker_allow(f->b), 0);
    assert_int_not_equal(breaker_allow(f->b), 0);
    f->now_ms += BREAKER_PROBE_PATIENCE_MS - 1;
    assert_int_equal(breaker_allow(f->b), 0);
    f->now_ms += 1;
    assert_true(calls(f->b, "gg"));
    assert_int_equal(breaker_state(f->b), BREAKER_CLOSED);
}

static void an_abstention_makes_room_at_once(void **state)
{
    struct fixture *f = *state;
    unsigned ticket;

    make_half_open(f);
    ticket = breaker_allow(f->b);
    assert_int_not_equal(breaker_allow(f->b), 0);
    assert_int_equal(breaker_allow(f->b), 0);
    breaker_abstain(f->b, ticket);
    assert_int_not_equal(breaker_allow(f->b), 0);
    assert_int_equal(breaker_state(f->b), BREAKER_HALF_OPEN);
}

static void old_tickets_say_nothing(void **state)
{
    struct fixture *f = *state;
    unsigned old = breaker_allow(f->b);

    make_half_open(f);
    assert_int_not_equal(breaker_allow(f->b), 0);
    breaker_report(f->b, old, false); /* sent into the outage, timed out after it */
    assert_int_equal(breaker_state(f->b), BREAKER_HALF_OPEN);
    breaker_report(f->b, old, true);
    breaker_report(f->b, old, true);
    assert_int_equal(breaker_state(f->b), BREAKER_HALF_OPEN);
}

static void each_subject_has_its_own_by_its_row(void **state)
{
    struct fixture *f = *state;
    struct breaker *strict = breakers_get(f->all, "strict");

    assert_ptr_equal(breakers_get(f->all, "user.get"), f->b);
    assert_ptr_not_equal(strict, f->b);
    calls(strict, "gb");
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

        assert_in_range(p->open_ms, 1, 2000); /* by contract */
        assert_in_range(p->failure_percent, 1, 100);
        assert_in_range(p->window_ms, 1000, 60000);
        assert_true(p->min_calls > 0 && p->half_open_probes > 0);
    }
    assert_string_equal(BREAKER_DEFAULTS[BREAKER_DEFAULTS_N - 1].subject, "*");
}

#define BREAKER_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BREAKER_TEST(it_opens_by_rate_and_number_of_failures),
        BREAKER_TEST(failures_are_forgotten_when_the_window_has_passed),
        BREAKER_TEST(an_open_one_refuses_until_its_time_is_over),
        BREAKER_TEST(good_probes_close_it),
        BREAKER_TEST(a_bad_probe_opens_it_again),
        BREAKER_TEST(a_lost_probe_makes_room_in_time),
        BREAKER_TEST(an_abstention_makes_room_at_once),
        BREAKER_TEST(old_tickets_say_nothing),
        BREAKER_TEST(each_subject_has_its_own_by_its_row),
        BREAKER_TEST(subjects_beyond_the_last_share_one),
        BREAKER_TEST(statistics_name_each_state),
        BREAKER_TEST(the_default_rows_are_sane),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
