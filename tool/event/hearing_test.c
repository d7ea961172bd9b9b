/* hearing_test.c - slips in rows of events heard. */
#include "tool/event/hearing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/core/mem.h"

struct paid {
    struct uuid order_id;
};

static const struct descriptor PAID_DATA = {.name = "Paid", .size = sizeof(struct paid)};
static const struct event_type PAID = {"shop.order_paid", "", &PAID_DATA, 0};
static const struct event_type OUTSIDE = {"shop.order_sent", "", &PAID_DATA, 8};
static const struct event_type LATE = {"shop.order_paid_late", "", &PAID_DATA, 0};
static const struct event_type BACK = {"shop.order_paid_back", "", &PAID_DATA, 0};
static const struct descriptor SHUT_DATA = {.name = "Shut", .size = sizeof(struct paid)};
static const struct event_type SHUT = {"shop.shut", "", &SHUT_DATA, 0};
static const struct event_type *const SAID[] = {&PAID, &LATE, &SHUT, &BACK, NULL};
static const struct event_type *const SAID_WRONG[] = {&PAID, &OUTSIDE, NULL};
static const struct event_type *const NOTHING[] = {NULL};

static const struct operation EXPORT = {.subject = "shop.export"};

static enum status hear(void *self, struct transaction *tx, const struct call *call,
                        const struct event *event, const void *data)
{
    (void)self;
    (void)tx;
    (void)call;
    (void)event;
    (void)data;
    return ST_OK;
}

static enum status hear_together(void *self, struct transaction *tx, const struct call *call,
                                 const struct hearing_item items[], size_t n)
{
    (void)self;
    (void)tx;
    (void)call;
    (void)items;
    (void)n;
    return ST_OK;
}

static void slips_are_named(void **state)
{
    static const struct {
        struct hearing rows[2];
        size_t n;
        const char *fault;
    } CASES[] = {
        {{{.type = &PAID, .self = 0, .fn = hear, .kind = HEAR_IN_ORDER}},                 1, NULL                                                              },
        {{{0}},                                                                           0, NULL                                                              },
        {{{.type = NULL, .self = 0, .fn = hear, .kind = HEAR_IN_ORDER}},
         1,                                                                                  "hearing 0 has no .type"                                          },
        {{{.type = &PAID, .self = 0, .fn = NULL, .kind = HEAR_IN_ORDER}},
         1,                                                                                  "hearing shop.order_paid has no .fn"                              },
        {{{.type = &PAID, .self = 64, .fn = hear, .kind = HEAR_IN_ORDER}},
         1,                                                                                  "hearing shop.order_paid has a .self outside the service's struct"},
        {{{.type = &PAID, .fn = hear, .kind = HEAR_IN_ORDER, .from = &EXPORT}},
         1,                                                                                  "hearing shop.order_paid has a .from, and is not HEAR_LATEST"     },
        {{{.type = &PAID, .fn = hear, .kind = HEAR_IN_ORDER, .together = hear_together}},
         1,                                                                                  "hearing shop.order_paid has a .together, and is not HEAR_LATEST" },
        {{{.type = &OUTSIDE, .self = 0, .fn = hear, .kind = HEAR_IN_ORDER}},
         1,                                                                                  "hearing shop.order_sent has a type whose key is outside its data"},
        {{{.type = &PAID, .self = 0, .fn = hear, .kind = HEAR_IN_ORDER},
          {.type = &PAID, .self = 8, .fn = hear, .kind = HEAR_LATEST}},
         2,                                                                                  "hearing shop.order_paid is there twice"                          },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        char text[160];
        const char *fault = hearing_rows_fault(CASES[i].rows, CASES[i].n, 64, text, sizeof(text));
        if (CASES[i].fault)
            assert_string_equal(fault, CASES[i].fault);
        else
            assert_null(fault);
    }
}

/* clang-format off */
static void so_are_those_in_lists(void **state)
{
    static const struct {
        struct hearing rows[2];
        const char *fault;
    } CASES[] = {
        {{{.type = &PAID, .with = SAID, .fn = hear}, {.type = &SHUT, .with = SAID, .fn = hear}}, NULL},
        {{{.type = &PAID, .with = SAID, .fn = hear}, {.type = &BACK, .fn = hear}}, NULL},
        {{{.type = &BACK, .fn = hear}, {.with = SAID, .fn = hear}}, NULL},
        {{{.type = &PAID, .with = SAID, .fn = hear}, {.with = SAID, .fn = hear}},
         "hearing shop.order_paid_late is there twice"},
        {{{.with = SAID, .fn = hear}, {.type = &SHUT, .fn = hear}}, NULL},
        {{{.with = SAID, .fn = hear}, {.with = SAID, .fn = hear}}, "hearing shop.order_paid is there twice"},
        {{{.type = &SHUT, .fn = hear}, {.type = &PAID, .with = SAID_WRONG, .fn = hear}},
         "hearing shop.order_sent has a type whose key is outside its data"},
        {{{.type = &SHUT, .fn = hear}, {.type = &BACK, .with = SAID_WRONG, .fn = hear}},
         "hearing shop.order_paid_back is not among its .with"},
        {{{.type = &SHUT, .fn = hear}, {.with = SAID, .fn = hear, .kind = HEAR_LATEST, .from = &EXPORT}},
         "hearing shop.order_paid has a .from, and no .type of which it is asked"},
        {{{.type = &SHUT, .fn = hear}, {.with = NOTHING, .fn = hear}}, "hearing 1 has no .type"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        char text[160];
        const char *fault = hearing_rows_fault(CASES[i].rows, 2, 64, text, sizeof(text));

        if (CASES[i].fault)
            assert_string_equal(fault, CASES[i].fault);
        else
            assert_null(fault);
    }
}
/* clang-format on */

static void a_row_is_found_by_its_type(void **state)
{
    static const struct hearing ROWS[] = {
        {.type = &PAID, .self = 0, .fn = hear, .kind = HEAR_IN_ORDER}
    };
    const struct event_type *type = NULL;

    (void)state;
    assert_ptr_equal(hearing_find(ROWS, 1, "shop.order_paid", &type), ROWS);
    assert_ptr_equal(type, &PAID);
    assert_null(hearing_find(ROWS, 1, "shop.order", &type));
}

static void a_list_is_heard_but_for_other_data_and_what_has_a_row_of_its_own(void **state)
{
    static const struct hearing ROWS[] = {
        {.type = &PAID, .with = SAID, .fn = hear},
        {.type = &BACK,             .fn = hear            },
    };
    const struct event_type *type = NULL;

    (void)state;
    assert_ptr_equal(hearing_find(ROWS, 2, "shop.order_paid", &type), &ROWS[0]);
    assert_ptr_equal(type, &PAID);
    assert_ptr_equal(hearing_find(ROWS, 2, "shop.order_paid_late", &type), &ROWS[0]);
    assert_ptr_equal(type, &LATE);
    assert_ptr_equal(hearing_find(ROWS, 2, "shop.order_paid_back", &type), &ROWS[1]);
    assert_ptr_equal(type, &BACK);
    assert_null(hearing_find(ROWS, 2, "shop.shut", NULL));
}

static void without_a_type_a_list_is_heard_whatever_its_data(void **state)
{
    static const struct hearing ROWS[] = {
        {.with = SAID, .fn = hear}
    };
    const struct event_type *type = NULL;

    (void)state;
    for (size_t i = 0; SAID[i]; i++) {
        assert_ptr_equal(hearing_find(ROWS, 1, SAID[i]->name, &type), &ROWS[0]);
        assert_ptr_equal(type, SAID[i]);
    }
}

static void each_type_that_is_heard_is_told_once(void **state)
{
    static const struct hearing ROWS[] = {
        {.type = &PAID, .with = SAID, .fn = hear},
        {.type = &BACK,             .fn = hear            },
    };
    static const struct event_type *const WANT[] = {&PAID, &LATE, &BACK};
    struct hearing_walk walk = {.rows = ROWS, .n = ARRAY_LEN(ROWS)}, nothing = {.rows = NULL};
    size_t n = 0;

    (void)state;
    for (; hearing_next(&walk); n++) {
        assert_true(n < ARRAY_LEN(WANT));
        assert_ptr_equal(walk.type, WANT[n]);
    }
    assert_int_equal(n, ARRAY_LEN(WANT));
    assert_false(hearing_next(&walk));
    assert_false(hearing_next(&nothing));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slips_are_named),
        cmocka_unit_test(so_are_those_in_lists),
        cmocka_unit_test(a_row_is_found_by_its_type),
        cmocka_unit_test(a_list_is_heard_but_for_other_data_and_what_has_a_row_of_its_own),
        cmocka_unit_test(without_a_type_a_list_is_heard_whatever_its_data),
        cmocka_unit_test(each_type_that_is_heard_is_told_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
