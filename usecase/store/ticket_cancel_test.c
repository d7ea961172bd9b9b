/* ticket_cancel_test.c - tickets that are not wanted any more, and what nobody answers, over tables
 * in memory. */
#include "usecase/store/store_world_test.h"

static void received(struct world *w)
{
    make_store(w, (struct store_form){.name = "One"});
    hear_order(w, ticket_hear_confirmed);
}

static void accepted(struct world *w)
{
    received(w);
    assert_int_equal(desk(w, ANN, ticket_accept), ST_OK);
}

static void refused(struct world *w, uint8_t saga, const char *code)
{
    assert_int_equal(cancel(w, saga), ST_CONFLICT);
    assert_string_equal(w->problem.code, code);
}

static void what_nobody_has_accepted_is_canceled(void **state)
{
    struct world *w = *state;

    received(w);
    assert_int_equal(cancel(w, 1), ST_OK);
    assert_ticket(w, TICKET_CANCELED, "store.canceled");
    assert_string_equal(ticket_now(w).reason, "canceled_by_customer");
    assert_int_equal(cancel(w, 1), ST_OK); /* again */
    assert_int_equal(cancel(w, 2), ST_OK);
    hear_order(w, ticket_hear_canceled);
    assert_ticket(w, TICKET_CANCELED, "store.canceled");
    assert_int_equal(ticket_now(w).version, 2);
    assert_int_equal(desk(w, ANN, ticket_accept), ST_CONFLICT);
}

static void what_is_canceled_first_never_becomes_a_ticket(void **state)
{
    struct world *w = *state;

    make_store(w, (struct store_form){.auto_accept = true});
    assert_int_equal(cancel(w, 1), ST_OK);
    hear_order(w, ticket_hear_confirmed);
    hear_order(w, ticket_hear_canceled);
    assert_ticket(w, TICKET_CANCELED, "store.canceled");
    assert_int_equal(ticket_now(w).version, 1);
    assert_int_equal(desk(w, ANN, ticket_accept), ST_NOT_FOUND);
    assert_int_equal(cancel(w, 1), ST_OK);
}

static void what_was_rejected_is_canceled_as_it_is(void **state)
{
    struct world *w = *state;

    received(w);
    assert_int_equal(desk(w, ANN, ticket_reject), ST_OK);
    assert_int_equal(cancel(w, 1), ST_OK);
    assert_ticket(w, TICKET_REJECTED, "store.rejected");
}

static void what_is_accepted_is_asked_about(void **state)
{
    static const struct {
        bool cooks;
        enum ticket_answer said;
        enum ticket_status status;
        const char *event;
    } cases[] = {
        {false, TICKET_APPROVE, TICKET_CANCELED, "store.canceled"      },
        {false, TICKET_REFUSE,  TICKET_ACCEPTED, "store.cancel_refused"},
        {true,  TICKET_APPROVE, TICKET_CANCELED, "store.canceled"      },
        {true,  TICKET_REFUSE,  TICKET_COOKING,  "store.cancel_refused"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct world *w;

        if (i > 0) {
            teardown(state);
            setup(state);
        }
        w = *state;
        accepted(w);
        if (cases[i].cooks)
            assert_int_equal(desk(w, ANN, ticket_cook), ST_OK);
        assert_int_equal(answer(w, cases[i].said), ST_CONFLICT); /* nobody has asked */
        refused(w, 1, "store_consent_needed");
        assert_true(ticket_now(w).cancel_asked);
        assert_int_equal(answer(w, cases[i].said), ST_OK);
        assert_ticket(w, cases[i].status, cases[i].event);
        assert_false(ticket_now(w).cancel_asked);
        assert_int_equal(answer(w, cases[i].said), ST_CONFLICT); /* it is answered */
    }
}

/* A saga whose answer was lost asks again, perhaps when the store has answered. */
static void a_saga_asks_but_once(void **state)
{
    struct world *w = *state;
    int64_t version;

    accepted(w);
    refused(w, 1, "store_consent_needed");
    version = ticket_now(w).version;
    refused(w, 1, "store_consent_needed");
    refused(w, 2, "store_consent_needed"); /* another, while that one is open */
    assert_int_equal(ticket_now(w).version, version);
    assert_int_equal(answer(w, TICKET_REFUSE), ST_OK);
    refused(w, 2, "store_consent_needed");
    assert_ticket(w, TICKET_ACCEPTED, "store.cancel_refused");
    assert_false(ticket_now(w).cancel_asked);
    refused(w, 3, "store_consent_needed"); /* the customer asks once more */
    assert_true(ticket_now(w).cancel_asked);
    assert_ticket(w, TICKET_ACCEPTED, "store.ticket_changed");
}

/* A copy that comes late, after another saga has asked and was answered. */
static void an_old_question_asks_nothing_again(void **state)
{
    struct world *w = *state;

    accepted(w);
    for (uint8_t saga = 1; saga <= 2; saga++) {
        refused(w, saga, "store_consent_needed");
        assert_true(ticket_now(w).cancel_asked);
        assert_int_equal(answer(w, TICKET_REFUSE), ST_OK);
    }
    refused(w, 1, "store_consent_needed");
    assert_false(ticket_now(w).cancel_asked);
}

static void what_is_made_is_not_canceled(void **state)
{
    struct world *w = *state;

    accepted(w);
    assert_int_equal(desk(w, ANN, ticket_cook), ST_OK);
    refused(w, 1, "store_consent_needed");
    assert_int_equal(desk(w, ANN, ticket_ready), ST_OK);
    assert_ticket(w, TICKET_READY, "store.cooked");
    assert_false(ticket_now(w).cancel_asked);
    assert_int_equal(ticket_now(w).version, 6); /* received accepted cooking asked refused cooked */
    refused(w, 2, "too_late_to_cancel");
}

/* A question is answered where making it ready is possible, and nowhere else. */
static void what_is_not_cooked_yet_stays_asked_about(void **state)
{
    struct world *w = *state;

    accepted(w);
    refused(w, 1, "store_consent_needed");
    assert_int_equal(desk(w, ANN, ticket_ready), ST_CONFLICT);
    assert_true(ticket_now(w).cancel_asked);
    assert_ticket(w, TICKET_ACCEPTED, "store.ticket_changed");
}

static void a_ticket_that_nobody_answers_is_rejected(void **state)
{
    struct world *w = *state;

    received(w);
    w->now_ms += ACCEPT_WITHIN_S * INT64_C(1000);
    assert_int_equal(sweep(w, ticket_expire), ST_OK);
    assert_ticket(w, TICKET_REJECTED, "store.rejected");
    assert_string_equal(ticket_now(w).reason, "store_no_answer");
}

static void a_question_that_nobody_answers_is_answered_as_the_store_has_chosen(void **state)
{
    for (int approves = 0; approves < 2; approves++) {
        struct world *w;

        if (approves) {
            teardown(state);
            setup(state);
        }
        w = *state;
        make_store(w, (struct store_form){.auto_accept = true, .approve_unanswered = approves});
        hear_order(w, ticket_hear_confirmed);
        refused(w, 1, "store_consent_needed");
        assert_int_equal(ticket_now(w).answer_by_us - clock_wall_us(&w->clock),
                         CONSENT_WITHIN_S * INT64_C(1000000));
        assert_int_equal(ticket_now(w).look_at_us, ticket_now(w).answer_by_us);
        assert_int_equal(sweep(w, ticket_answer_late), ST_OK);
        assert_ticket(w, approves ? TICKET_CANCELED : TICKET_ACCEPTED,
                      approves ? "store.canceled" : "store.cancel_refused");
        assert_string_equal(ticket_now(w).reason, approves ? "store_no_objection" : "");
    }
}

/* An order that is canceled for good takes its ticket along, whatever is asked of it. */
static void a_canceled_order_closes_its_ticket(void **state)
{
    struct world *w = *state;

    accepted(w);
    refused(w, 1, "store_consent_needed");
    hear_order(w, ticket_hear_canceled);
    assert_ticket(w, TICKET_CANCELED, "store.canceled");
    assert_false(ticket_now(w).cancel_asked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_nobody_has_accepted_is_canceled),
        TEST(what_is_canceled_first_never_becomes_a_ticket),
        TEST(what_was_rejected_is_canceled_as_it_is),
        TEST(what_is_accepted_is_asked_about),
        TEST(a_saga_asks_but_once),
        TEST(an_old_question_asks_nothing_again),
        TEST(what_is_made_is_not_canceled),
        TEST(what_is_not_cooked_yet_stays_asked_about),
        TEST(a_ticket_that_nobody_answers_is_rejected),
        TEST(a_question_that_nobody_answers_is_answered_as_the_store_has_chosen),
        TEST(a_canceled_order_closes_its_ticket),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
