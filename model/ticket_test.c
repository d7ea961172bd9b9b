/* ticket_test.c - what may become of a ticket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "model/ticket.h"

static void the_table_of_states_is_whole(void **state)
{
    char text[256];
    const char *fault = states_fault(&TICKET_STATES, text, sizeof(text));

    (void)state;
    if (fault)
        fail_msg("%s", fault);
}

/* Once the store has accepted it, it is not the customer alone who cancels it. */
static void nobody_but_the_store_cancels_what_it_has_accepted(void **state)
{
    (void)state;
    for (int status = 0; TICKET_STATUS_NAMES[status]; status++) {
        bool may = states_allow(&TICKET_STATES, status, "cancel", TICKET_BY_CUSTOMER, NULL);
        assert_int_equal(may, status == TICKET_RECEIVED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_of_states_is_whole),
        cmocka_unit_test(nobody_but_the_store_cancels_what_it_has_accepted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
