/* session_test.c - when a session ends, and when its tokens were changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "model/session.h"
#include "tool/core/mem.h"

enum { SECOND = 1000000 };

static const int64_t START = INT64_C(1764374400) * SECOND;

static void a_session_ends_when_nobody_uses_it_and_after_its_life_time(void **state)
{
    static const struct session_limits LIMITS = {.max = 20, .idle_s = 640, .lifetime_s = 2000};
    static const struct {
        int64_t at_s, used_s, ends_s;
    } cases[] = {
        {0,    0,    650 }, /* 640 and a 64th of it */
        {5,    5,    650 }, /* still 640 ahead */
        {20,   20,   670 },
        {600,  600,  1250},
        {1500, 1500, 2000}, /* the life time */
        {1990, 1990, 2000},
    };
    struct session session = {.created_us = START};

    (void)state;
    assert_false(session_alive(&session, START));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t now = START + cases[i].at_s * SECOND, end = START + cases[i].ends_s * SECOND;
        session_use(&session, &LIMITS, now);
        assert_int_equal(START + cases[i].used_s * SECOND, session.used_us);
        assert_int_equal(end, session.expires_us);
        assert_true(session_alive(&session, end - 1));
        assert_false(session_alive(&session, end));
    }
}

static void a_token_s_change_is_just_now_for_ten_seconds(void **state)
{
    static const struct {
        int64_t generation, at_s;
        enum session_change want;
    } cases[] = {
  /* changed at 0, 4 and 12 s */
        {2, 12, SESSION_CHANGED_JUST_NOW},
        {1, 14, SESSION_CHANGED_JUST_NOW},
        {1, 15, SESSION_CHANGED_LONG_AGO},
        {0, 12, SESSION_CHANGED_LONG_AGO}, /* not even remembered */
        {2, 22, SESSION_CHANGED_JUST_NOW},
        {2, 23, SESSION_CHANGED_LONG_AGO},
        {2, 5,  SESSION_CHANGED_JUST_NOW}, /* the clock was set back */
    };
    struct session session = {.generation = 0};

    (void)state;
    session_rotate(&session, START);
    session_rotate(&session, START + 4 * SECOND);
    session_rotate(&session, START + 12 * SECOND);
    assert_int_equal(3, session.generation);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (session_changed(&session, cases[i].generation, START + cases[i].at_s * SECOND) !=
            cases[i].want)
            fail_msg("generation %d at %d s", (int)cases[i].generation, (int)cases[i].at_s);
}

static void of_more_changes_than_are_remembered_the_first_ones_are_not_told(void **state)
{
    struct session session = {.generation = 0};

    (void)state;
    for (int i = 0; i < SESSION_ROTATIONS + 2; i++)
        session_rotate(&session, START + i * SECOND / 10);
    assert_int_equal(SESSION_ROTATIONS * SESSION_MOMENT_LEN, strlen(session.rotations));
    assert_int_equal(SESSION_CHANGED_JUST_NOW, session_changed(&session, 2, START + SECOND));
    assert_int_equal(SESSION_CHANGED_SOME_TIME, session_changed(&session, 1, START + SECOND));
    assert_int_equal(SESSION_CHANGED_LONG_AGO, session_changed(&session, 1, START + 20 * SECOND));
}

static void a_client_is_named_by_what_is_known_of_him(void **state)
{
    static const struct {
        const char *agent, *address, *want;
    } cases[] = {
        {"curl/8.1", "192.0.2.1",   "curl/8.1 (192.0.2.1)"},
        {"curl/8.1", "",            "curl/8.1"            },
        {"",         "2001:db8::1", "2001:db8::1"         },
        {"",         "",            ""                    },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct session session = {.generation = 0};
        char text[SESSION_CLIENT_MAX + 1];
        TEXT_COPY(session.agent, cases[i].agent);
        TEXT_COPY(session.address, cases[i].address);
        session_client(&session, text);
        assert_string_equal(cases[i].want, text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_ends_when_nobody_uses_it_and_after_its_life_time),
        cmocka_unit_test(a_token_s_change_is_just_now_for_ten_seconds),
        cmocka_unit_test(of_more_changes_than_are_remembered_the_first_ones_are_not_told),
        cmocka_unit_test(a_client_is_named_by_what_is_known_of_him),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
