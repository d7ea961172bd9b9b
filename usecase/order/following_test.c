/* following_test.c - what becomes of an order by what its store and its courier say. */
#include "usecase/order/order_world_test.h"

static struct uuid confirmed(struct world *w)
{
    struct order_form form = form_of(2, 100);
    struct order_accepted accepted = place(w, &form);

    run_for(w, 0);
    assert_string_equal(status_of(w, accepted.order_id), "CONFIRMED");
    return accepted.order_id;
}

static void a_store_that_rejects_or_drops_an_order_cancels_it(void **state)
{
    static const struct {
        const struct event_type *type;
        const char *reason, *want;
    } cases[] = {
        {&STORE_REJECTED, "store_no_answer", "store_no_answer"},
        {&STORE_REJECTED, "",                "store_rejected" },
        {&STORE_CANCELED, "",                "store_canceled" },
    };
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct uuid id = confirmed(w);
        struct outbox_row said[5];
        struct order_canceling canceling;
        for (int time = 0; time < 2; time++)
            assert_int_equal(hear_ticket(w, cases[i].type, id, cases[i].reason), ST_OK);
        assert_string_equal(status_of(w, id), "CANCELED");
        assert_string_equal(look(w, id).order.reason, cases[i].want);
        assert_int_equal(outbox_memory_said(w->orders.outbox, &id, said, ARRAY_LEN(said)), 4);
        assert_string_equal(said[2].type, "order.cancel_asked");
        assert_string_equal(said[3].type, "order.canceled");
        assert_int_equal(cancel(w, id, &canceling), ST_CONFLICT);
    }
}

static void an_order_that_has_arrived_is_completed(void **state)
{
    struct world *w = *state;
    struct uuid id = confirmed(w);
    struct order_canceling canceling;
    struct outbox_row said[5];

    for (int time = 0; time < 2; time++)
        assert_int_equal(hear_delivered(w, id), ST_OK);
    assert_string_equal(status_of(w, id), "COMPLETED");
    assert_int_equal(outbox_memory_said(w->orders.outbox, &id, said, ARRAY_LEN(said)), 3);
    assert_string_equal(said[2].type, "order.completed");
    assert_int_equal(cancel(w, id, &canceling), ST_CONFLICT);
    assert_string_equal(w->problem.code, "too_late_to_cancel");
    assert_int_equal(hear_ticket(w, &STORE_CANCELED, id, ""), ST_OK); /* which cannot be */
    assert_string_equal(status_of(w, id), "COMPLETED");
}

static void one_that_arrives_though_it_was_canceled_is_a_case_for_people(void **state)
{
    struct world *w = *state;
    struct uuid id = confirmed(w);

    assert_int_equal(hear_ticket(w, &STORE_REJECTED, id, ""), ST_OK);
    assert_int_equal(hear_delivered(w, id), ST_CONFLICT);
    assert_string_equal(w->problem.code, "wrong_state");
    assert_string_equal(status_of(w, id), "CANCELED");
}

static void what_is_no_order_of_ours_is_nothing_to_us(void **state)
{
    struct world *w = *state;

    assert_int_equal(hear_delivered(w, (struct uuid){{9}}), ST_OK);
    assert_int_equal(hear_ticket(w, &STORE_REJECTED, (struct uuid){{9}}, ""), ST_OK);
    assert_int_equal(hear_ticket(w, &STORE_CANCEL_REFUSED, (struct uuid){{9}}, ""), ST_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_store_that_rejects_or_drops_an_order_cancels_it),
        TEST(an_order_that_has_arrived_is_completed),
        TEST(one_that_arrives_though_it_was_canceled_is_a_case_for_people),
        TEST(what_is_no_order_of_ours_is_nothing_to_us),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
