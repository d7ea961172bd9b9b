/* state_action_test.c - what a caller may do now, on the wire. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/state_action.h"

struct bill {
    struct state_action actions[STATE_ACTIONS_MAX];
    size_t n_actions;
};

static const struct field BILL_FIELDS[] = {
    FIELD_ACTIONS(struct bill),
};
static const struct descriptor BILL = DESCRIPTOR(struct bill, "Bill", BILL_FIELDS, "A bill.");

static const char *written(const struct bill *bill)
{
    static char text[128];
    struct json_out o;

    json_out_init(&o, text, sizeof(text));
    encode(&BILL, bill, &o);
    assert_false(o.overflow);
    return text;
}

static void actions_are_a_list_of_plain_texts_which_may_be_empty(void **state)
{
    static const char BOTH[] = "{\"actions\":[\"close\",\"pay\"]}";
    struct bill bill =
                    {
                        .actions = {{"close"}, {"pay"}},
                          .n_actions = 2
    },
                read;
    struct problem problem = {.status = ST_OK};

    (void)state;
    assert_string_equal(written(&bill), BOTH);
    assert_int_equal(decode_lenient(&BILL, BOTH, strlen(BOTH), &read, &problem), ST_OK);
    assert_int_equal(read.n_actions, 2);
    assert_string_equal(read.actions[1].name, "pay");
    bill.n_actions = 0;
    assert_string_equal(written(&bill), "{\"actions\":[]}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(actions_are_a_list_of_plain_texts_which_may_be_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
