/* states_test.c - a table of states moves, refuses, tells what may be done, and is checked itself.
 */
#include "tool/states/states.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

enum { OPEN, PAYING, PAID, CLOSED };
enum { BY_CUSTOMER = 1, BY_ADMIN = 2, BY_SAGA = 4 };

static const char *const NAMES[] = {"OPEN", "PAYING", "PAID", "CLOSED", NULL};
static const struct state_move MOVES[] = {
    {OPEN,   "pay",     PAYING, BY_CUSTOMER           },
    {OPEN,   "close",   CLOSED, BY_CUSTOMER | BY_ADMIN},
    {PAYING, "confirm", PAID,   BY_SAGA               },
    {PAYING, "back",    OPEN,   BY_SAGA               },
    {PAID,   "close",   CLOSED, BY_ADMIN              },
};
static const struct states BILL = STATES("bill", NAMES, MOVES);

static void a_move_is_made_by_who_may_and_refused_to_all_others(void **state)
{
    static const struct {
        const char *why;
        int from;
        const char *action;
        unsigned who;
        int to; /* -1: refused */
    } cases[] = {
        {"as the table says",              OPEN,   "pay",     BY_CUSTOMER,            PAYING},
        {"one of his parts may",           OPEN,   "close",   BY_ADMIN | BY_SAGA,     CLOSED},
        {"not he",                         OPEN,   "pay",     BY_ADMIN,               -1    },
        {"not in this state",              CLOSED, "pay",     BY_CUSTOMER,            -1    },
        {"another row of the same action", PAID,   "close",   BY_ADMIN,               CLOSED},
        {"which is not for him",           PAID,   "close",   BY_CUSTOMER,            -1    },
        {"whoever it is",                  PAYING, "confirm", STATES_ANY,             PAID  },
        {"nobody",                         PAYING, "confirm", 0,                      -1    },
        {"not what a saga alone may",      PAYING, "back",    BY_CUSTOMER | BY_ADMIN, -1    },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct problem problem = {.status = ST_OK};
        struct call call = {.problem = &problem};
        int at = cases[i].from, want = cases[i].to < 0 ? cases[i].from : cases[i].to;
        enum status st = states_move(&BILL, &call, &at, cases[i].action, cases[i].who);

        if (st != (cases[i].to < 0 ? ST_CONFLICT : ST_OK) || at != want)
            fail_msg("%s: %s, %s", cases[i].why, status_name(st), NAMES[at]);
        assert_string_equal(problem.code, st == ST_OK ? "" : "wrong_state");
    }
}

static void a_refusal_names_the_state_and_what_was_wanted(void **state)
{
    struct problem problem = {.status = ST_OK};
    struct call call = {.problem = &problem};
    int at = CLOSED;

    (void)state;
    assert_int_equal(states_move(&BILL, &call, &at, "pay", BY_CUSTOMER), ST_CONFLICT);
    assert_string_equal(problem.detail,
                        "The bill is CLOSED: \"pay\" is not possible in this state.");
    assert_int_equal(states_move(&BILL, &(struct call){.problem = NULL}, &at, "pay", BY_CUSTOMER),
                     ST_CONFLICT);
}

static void a_caller_is_told_what_he_may_do_now(void **state)
{
    struct state_action actions[STATE_ACTIONS_MAX];

    (void)state;
    assert_int_equal(states_actions(&BILL, OPEN, BY_CUSTOMER, actions, STATE_ACTIONS_MAX), 2);
    assert_string_equal(actions[0].name, "pay");
    assert_string_equal(actions[1].name, "close");
    assert_int_equal(states_actions(&BILL, OPEN, BY_CUSTOMER, actions, 1), 1);
    assert_int_equal(states_actions(&BILL, PAYING, BY_CUSTOMER, actions, STATE_ACTIONS_MAX), 0);
    assert_int_equal(states_actions(&BILL, CLOSED, STATES_ANY, actions, STATE_ACTIONS_MAX), 0);
}

static void what_he_is_told_is_what_he_may(void **state)
{
    (void)state;
    for (int at = OPEN; at <= CLOSED; at++) {
        for (unsigned who = 1; who <= 7; who++) {
            struct state_action told[STATE_ACTIONS_MAX];
            size_t n = states_actions(&BILL, at, who, told, STATE_ACTIONS_MAX), allowed = 0;
            for (size_t i = 0; i < ARRAY_LEN(MOVES); i++)
                allowed +=
                    MOVES[i].from == at && states_allow(&BILL, at, MOVES[i].action, who, NULL);
            assert_int_equal(n, allowed);
        }
    }
}

static void a_table_that_is_wrong_is_told_what_is(void **state)
{
    static const struct {
        struct state_move moves[9];
        size_t n;
        const char *fault; /* NULL: none */
    } cases[] = {
        {{{0, "go", 1, 1}, {1, "go", 2, 1}, {2, "go", 3, 1}},                  3, NULL                                               },
        {{{0, "go", 1, 1}, {1, "go", 0, 1}, {1, "on", 2, 1}, {0, "on", 3, 1}}, 4, NULL                                               },
        {{{0, "go", 1, 1}, {1, "go", 4, 1}},                                   2, "bill: row 1 has a state that is not named"        },
        {{{-1, "go", 1, 1}},                                                   1, "bill: row 0 has a state that is not named"        },
        {{{0, "", 1, 1}},                                                      1, "bill: row 0 has no action, or one that is no word"},
        {{{0, NULL, 1, 1}},                                                    1, "bill: row 0 has no action, or one that is no word"},
        {{{0, "Go", 1, 1}},                                                    1, "bill: row 0 has no action, or one that is no word"},
        {{{0, "a_word_that_is_far_too_long", 1, 1}},
         1,                                                                       "bill: row 0 has no action, or one that is no word"},
        {{{0, "go", 1, 0}},                                                    1, "bill: nobody may \"go\" in OPEN"                  },
        {{{0, "go", 1, 1}, {0, "go", 2, 2}},                                   2, "bill: \"go\" in OPEN is there twice"              },
        {{{0, "go", 1, 1}, {2, "go", 3, 1}, {3, "go", 2, 1}},                  3, "bill: nothing leads to PAID"                      },
        {{{0, "a", 1, 1},
          {0, "b", 2, 1},
          {0, "c", 3, 1},
          {0, "d", 1, 1},
          {0, "e", 1, 1},
          {0, "f", 1, 1},
          {0, "g", 1, 1},
          {0, "h", 1, 1},
          {0, "i", 1, 1}},
         9,                                                                       "bill: more than 8 actions in OPEN"                },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct states s = {"bill", NAMES, cases[i].moves, cases[i].n};
        char text[128];
        const char *fault = states_fault(&s, text, sizeof(text));

        if (!fault != !cases[i].fault || (fault && strcmp(fault, cases[i].fault) != 0))
            fail_msg("case %zu: %s", i, fault ? fault : "no fault");
    }
    assert_null(states_fault(&BILL, (char[128]){0}, 128));
}

static void its_chart_shows_every_move_beginnings_and_ends(void **state)
{
    static const char CHART[] = "stateDiagram-v2\n"
                                "    [*] --> OPEN\n"
                                "    OPEN --> PAYING: pay\n"
                                "    OPEN --> CLOSED: close\n"
                                "    PAYING --> PAID: confirm\n"
                                "    PAYING --> OPEN: back\n"
                                "    PAID --> CLOSED: close\n"
                                "    CLOSED --> [*]\n";
    char chart[sizeof(CHART)];

    (void)state;
    assert_string_equal(states_chart(&BILL, chart, sizeof(chart)), CHART);
    for (size_t size = 1; size < sizeof(chart); size++)
        assert_string_equal(states_chart(&BILL, chart, size), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_move_is_made_by_who_may_and_refused_to_all_others),
        cmocka_unit_test(a_refusal_names_the_state_and_what_was_wanted),
        cmocka_unit_test(a_caller_is_told_what_he_may_do_now),
        cmocka_unit_test(what_he_is_told_is_what_he_may),
        cmocka_unit_test(a_table_that_is_wrong_is_told_what_is),
        cmocka_unit_test(its_chart_shows_every_move_beginnings_and_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
