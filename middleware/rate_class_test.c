/* rate_class_test.c - classes of rates as rows, and as fields of an answer. */
#include "middleware/rate_class.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static void a_row_is_a_class(void **state)
{
    struct rate_classes all = {0};
    char fault[RATE_FAULT_MAX + 1];
    const struct rate_class *people, *once;

    (void)state;
    assert_true(rate_class_add(&all, " people\t600/60  burst=200 \r", fault));
    assert_true(rate_class_add(&all, "once_a-day 1/86400", fault));
    people = rate_class_find(&all, "people");
    once = rate_class_find(&all, "once_a-day");
    assert_int_equal(people->rate.quota, 600);
    assert_int_equal(people->rate.window_s, 60);
    assert_int_equal(people->rate.burst, 200);
    assert_int_equal(once->rate.burst, 1);
    assert_null(rate_class_find(&all, "peopl"));
}

static void who_has_a_role_is_in_its_tier(void **state)
{
    static const struct {
        const char *user, *roles, *class, *want;
    } cases[] = {
        {"u", "",                  "people", "people"          },
        {"u", "shop",              "people", "people"          },
        {"u", "courier shop.boss", "people", "people.shop.boss"},
        {"u", "shop.boss Admin",   "people", "people.Admin"    },
        {"",  "Admin",             "people", "people"          },
        {"u", "Admin",             "peopl",  "peopl"           },
        {"u", "Admin",             "guests", NULL              },
    };
    static const char *const ROWS[] = {"people 2/1", "peopl 1/1", "people.Admin 20/1 burst=5",
                                       "people.shop.boss 10/1"};
    struct rate_classes all = {0};
    char fault[RATE_FAULT_MAX + 1];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++)
        assert_true(rate_class_add(&all, ROWS[i], fault));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct rate_class *got;
        struct call call = {0};

        TEXT_COPY(call.user, cases[i].user);
        TEXT_COPY(call.roles, cases[i].roles);
        got = rate_class_for(&all, cases[i].class, &call);
        if (!got != !cases[i].want || (got && strcmp(got->name, cases[i].want) != 0))
            fail_msg("'%s' '%s': got %s", cases[i].roles, cases[i].class, got ? got->name : "none");
    }
    assert_int_equal(rate_class_stem_len(rate_class_find(&all, "people.shop.boss")), 6);
    assert_int_equal(rate_class_stem_len(rate_class_find(&all, "people")), 6);
}

static void a_wrong_row_is_told_what_would_be_right(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"",                                         "a class is rate NAME REQUESTS/SECONDS burst=N"                      },
        {"People 1/1",                               "'People' is no name of a class"                                     },
        {"none 1/1",                                 "'none' is no name of a class"                                       },
        {"a",                                        "class a: REQUESTS/SECONDS, 1 to 1000000 in 1 to 86400, is right"    },
        {"a 5",                                      "class a: REQUESTS/SECONDS"                                          },
        {"a 0/5",                                    "class a: REQUESTS/SECONDS"                                          },
        {"a 5/0",                                    "class a: REQUESTS/SECONDS"                                          },
        {"a 5/86401",                                "class a: REQUESTS/SECONDS"                                          },
        {"a 5/60s",                                  "class a: REQUESTS/SECONDS"                                          },
        {"a -5/60",                                  "class a: REQUESTS/SECONDS"                                          },
        {"a 5/60 burst=0",                           "class a: behind the rate burst=N, 1 to 1000000, or nothing is right"},
        {"a 5/60 burst",                             "class a: behind the rate"                                           },
        {"a 5/60 burst=1 burst=1",                   "class a: behind the rate"                                           },
        {"b 5/60",                                   "class b is there already"                                           },
        {"b.x 1/1",                                  "class b.x is there already"                                         },
        {"c.x 1/1",                                  "class c.x: the row of the class itself comes first"                 },
        {"b. 1/1",                                   "'b.' is no name of a class"                                         },
        {".x 1/1",                                   "'.x' is no name of a class"                                         },
        {"b.x,y 1/1",                                "'b.x,y' is no name of a class"                                      },
        {"none.x 1/1",                               "'none.x' is no name of a class"                                     },
        {"b.y 1",                                    "class b.y: REQUESTS/SECONDS"                                        },
        {"abcdefghijklmnopqrstuvwxyz0123456789 1/1", "is no name"                                                         },
    };
    struct rate_classes all = {0};
    char fault[RATE_FAULT_MAX + 1];

    (void)state;
    assert_true(rate_class_add(&all, "b 1/1", fault));
    assert_true(rate_class_add(&all, "b.x 1/1", fault));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_false(rate_class_add(&all, cases[i].text, fault));
        if (!strstr(fault, cases[i].want))
            fail_msg("%s: got '%s'", cases[i].text, fault);
    }
    while (all.n < RATE_CLASSES_MAX) {
        char row[32];

        snprintf(row, sizeof(row), "c%zu 1/1", all.n);
        assert_true(rate_class_add(&all, row, fault));
    }
    assert_false(rate_class_add(&all, "more 1/1", fault));
    assert_string_equal(fault, "there are more than 32 classes");
}

static void answers_say_what_is_left(void **state)
{
    const struct rate_class class = {
        "people", {.quota = 600, .window_s = 60, .burst = 200}
    };
    const struct bucket_level some = {.left = 12, .full_ms = 18001},
                              none = {.left = 0, .wait_ms = 300, .full_ms = 20000};
    char text[RATE_FIELD_MAX + 1];

    (void)state;
    rate_class_policy(&class, text);
    assert_string_equal(text, "\"people\";q=600;w=60");
    rate_class_limit(&class, &some, text);
    assert_string_equal(text, "\"people\";r=12;t=19");
    rate_class_limit(&class, &none, text);
    assert_string_equal(text, "\"people\";r=0;t=1");
    assert_int_equal(rate_class_retry_after_s(&none), 1);
    assert_int_equal(rate_class_retry_after_s(&some), 1);
    assert_int_equal(rate_class_retry_after_s(&(struct bucket_level){.wait_ms = 59001}), 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_a_class),
        cmocka_unit_test(who_has_a_role_is_in_its_tier),
        cmocka_unit_test(a_wrong_row_is_told_what_would_be_right),
        cmocka_unit_test(answers_say_what_is_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
