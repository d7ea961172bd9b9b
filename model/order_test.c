/* order_test.c - order numbers, and what may become of an order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/order.h"
#include "model/order_num.h"
#include "tool/core/mem.h"

static void zeros(const struct entropy *self, void *buf, size_t len)
{
    (void)self;
    memset(buf, 0, len);
}

static void mall_order_number(void **state)
{
    static const struct entropy ZEROS = {zeros};
    static const struct {
        int64_t east_s, wall_us;
        const char *want;
    } cases[] = {
        {32400,  0,                         "197001010900000000000000"},
        {0,      INT64_C(1798761599999999), "202612312359590000000000"},
        {32400,  INT64_C(1798761599999999), "202701010859590000000000"},
        {-12600, INT64_C(1798761599999999), "202612312029590000000000"},
    };
    char num[ORDER_NUM_MAX + 1], other[ORDER_NUM_MAX + 1];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        order_num_draw(cases[i].wall_us, cases[i].east_s, &ZEROS, num);
        assert_string_equal(num, cases[i].want);
    }
    order_num_draw(0, 0, &ENTROPY_SYSTEM, num);
    order_num_draw(0, 0, &ENTROPY_SYSTEM, other);
    assert_int_equal(strspn(num, "0123456789"), ORDER_NUM_MAX);
    assert_string_not_equal(num, other);
}

static void the_table_of_states_is_whole(void **state)
{
    char fault[256];
    const char *why = states_fault(&ORDER_STATES, fault, sizeof(fault));

    (void)state;
    if (why)
        fail_msg("%s", why);
    for (size_t i = 0; i < ORDER_STATES.n_moves; i++)
        assert_false(order_has_ended(ORDER_STATES.moves[i].from));
    for (int status = 0; ORDER_STATUS_NAMES[status]; status++)
        assert_true(strlen(ORDER_STATUS_NAMES[status]) <= ORDER_STATUS_MAX);
}

static void people_are_told_what_they_may_do(void **state)
{
    static const struct {
        int status;
        enum order_who who;
        const char *want;
    } cases[] = {
        {ORDER_STATUS_PENDING,          ORDER_BY_CUSTOMER, ""           },
        {ORDER_STATUS_AWAITING_PAYMENT, ORDER_BY_CUSTOMER, " pay cancel"},
        {ORDER_STATUS_AWAITING_PAYMENT, ORDER_BY_ADMIN,    " cancel"    },
        {ORDER_STATUS_CONFIRMED,        ORDER_BY_CUSTOMER, " cancel"    },
        {ORDER_STATUS_CANCELED,         ORDER_BY_CUSTOMER, ""           },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct state_action actions[STATE_ACTIONS_MAX];
        char text[256] = "";
        size_t n = states_actions(&ORDER_STATES, cases[i].status, cases[i].who, actions,
                                  STATE_ACTIONS_MAX);
        for (size_t j = 0; j < n; j++)
            snprintf(text + strlen(text), sizeof(text) - strlen(text), " %s", actions[j].name);
        assert_string_equal(text, cases[i].want);
    }
}

static void the_number_of_a_card_is_no_token(void **state)
{
    static const struct {
        const char *method;
        bool taken;
    } cases[] = {
        {"tok_ok",               true },
        {"pm_4111111111111111",  true }, /* its provider's own */
        {"12345678901",          true },
        {"12345678901234567890", true },
        {"123456789012",         false},
        {"4111111111111111",     false},
        {"4111-1111-1111-1111",  false},
        {"3782_822463_10005",    false},
        {"6304000000000000000",  false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if ((ORDER_METHOD_RULE.outside(cases[i].method) == NULL) != cases[i].taken)
            fail_msg("%s", cases[i].method);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mall_order_number),
        cmocka_unit_test(the_table_of_states_is_whole),
        cmocka_unit_test(people_are_told_what_they_may_do),
        cmocka_unit_test(the_number_of_a_card_is_no_token),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
