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

static void a_row_is_found_by_its_type(void **state)
{
    static const struct hearing ROWS[] = {
        {.type = &PAID, .self = 0, .fn = hear, .kind = HEAR_IN_ORDER}
    };

    (void)state;
    assert_ptr_equal(hearing_find(ROWS, 1, "shop.order_paid"), ROWS);
    assert_null(hearing_find(ROWS, 1, "shop.order"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slips_are_named),
        cmocka_unit_test(a_row_is_found_by_its_type),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
