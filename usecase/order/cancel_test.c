/* cancel_test.c - canceling an order: because somebody asks, or because nobody paid. */
#include <sys/mman.h>
#include <unistd.h>

#include "usecase/order/order_world_test.h"

static struct uuid confirmed(struct world *w)
{
    struct order_form form = form_of(2, 100);
    struct order_accepted accepted = place(w, &form);

    run_for(w, 0);
    assert_string_equal(status_of(w, accepted.order_id), "CONFIRMED");
    return accepted.order_id;
}

static struct uuid deferred(struct world *w)
{
    struct order_form form = form_of(2, 100);
    struct order_accepted accepted;

    w->shop.of_money = SHOP_AWAY;
    accepted = place(w, &form);
    run_for(w, 0);
    assert_string_equal(status_of(w, accepted.order_id), "AWAITING_PAYMENT");
    return accepted.order_id;
}

static enum status canceled(struct world *w, struct order_canceling *canceling)
{
    return end_of(w, &ORDER_CANCEL, order_canceled, "", canceling->saga_id, canceling);
}

static void delivery_cancel_before_accept(void **state)
{
    struct world *w = *state;
    struct uuid id = confirmed(w);
    struct order_canceling first, again;

    assert_int_equal(cancel(w, id, &first), ST_PENDING);
    assert_int_equal(first.status, ORDER_STATUS_CANCEL_PENDING);
    assert_int_equal(cancel(w, id, &again), ST_PENDING);
    assert_memory_equal(&first, &again, sizeof(first));
    run_for(w, 0);
    assert_int_equal(canceled(w, &first), ST_OK);
    assert_int_equal(first.status, ORDER_STATUS_CANCELED);
    assert_int_equal(first.refund.amount, 200);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(cancel(w, id, &again), ST_OK);
        assert_memory_equal(&first, &again, sizeof(first));
    }
    assert_string_equal(look(w, id).order.reason, "canceled_by_customer");
}

static void delivery_canceled_event(void **state)
{
    static const char *const WANT[] = {"order.created", "order.confirmed", "order.cancel_asked",
                                       "order.canceled"};
    struct world *w = *state;
    struct uuid id = confirmed(w);
    struct order_canceling canceling;
    struct outbox_row said[5];

    cancel(w, id, &canceling);
    run_for(w, 0);
    assert_int_equal(outbox_memory_said(w->orders.outbox, &id, said, ARRAY_LEN(said)), 4);
    for (size_t i = 0; i < ARRAY_LEN(WANT); i++)
        assert_string_equal(said[i].type, WANT[i]);
    assert_non_null(strstr(said[3].json, "\"status\":\"CANCELED\""));
    assert_non_null(strstr(said[3].json, "\"version\":4"));
}

static void what_awaits_its_payment_is_canceled_and_nothing_given_back(void **state)
{
    struct world *w = *state;
    struct uuid id = deferred(w);
    struct order_canceling canceling;

    assert_int_equal(cancel(w, id, &canceling), ST_PENDING);
    run_for(w, 0);
    assert_int_equal(canceled(w, &canceling), ST_OK);
    assert_int_equal(canceling.status, ORDER_STATUS_CANCELED);
    assert_int_equal(canceling.refund.amount, 0);
    assert_string_equal(canceling.refund.currency, "");
}

static void what_is_being_placed_or_paid_is_not_canceled(void **state)
{
    struct world *w = *state;
    struct order_form form = form_of(2, 100);
    struct order_accepted accepted = place(w, &form);
    struct order_canceling canceling;
    struct order_paying paying;
    struct uuid id;

    assert_int_equal(cancel(w, accepted.order_id, &canceling), ST_CONFLICT);
    assert_string_equal(w->problem.code, "order_in_progress");
    assert_true(w->problem.retry_after_s > 0);
    id = deferred(w);
    assert_int_equal(pay(w, id, "p", &paying), ST_PENDING);
    assert_int_equal(cancel(w, id, &canceling), ST_CONFLICT);
    assert_string_equal(w->problem.code, "order_in_progress");
}

static void another_s_order_is_canceled_by_an_admin_only(void **state)
{
    struct world *w = *state;
    struct order_cancel_form form = {.order_id = confirmed(w), .reason = "store_burned_down"};
    struct order_canceling canceling = {.status = 0};
    struct call call = call_of(w, BEN, "");

    assert_int_equal(order_cancel(&w->orders, &call, &form, &canceling), ST_NOT_FOUND);
    TEXT_COPY(call.roles, "courier admin");
    assert_int_equal(order_cancel(&w->orders, &call, &form, &canceling), ST_PENDING);
    run_for(w, 0);
    assert_string_equal(status_of(w, form.order_id), "CANCELED");
    assert_string_equal(look(w, form.order_id).order.reason, "store_burned_down");
}

static void what_was_rejected_is_not_canceled(void **state)
{
    struct world *w = *state;
    struct order_form form = form_of(200, 1);
    struct order_accepted accepted = place(w, &form);
    struct order_canceling canceling;

    run_for(w, 0);
    assert_int_equal(cancel(w, accepted.order_id, &canceling), ST_CONFLICT);
    assert_string_equal(w->problem.code, "wrong_state");
}

struct expiry {
    struct world *w;
    struct uuid id;
};

static enum status expire(struct transaction *tx, const struct call *call, void *arg)
{
    const struct expiry *e = arg;

    return order_expire(&e->w->orders, tx, call, e->id);
}

static void what_nobody_pays_is_canceled_by_the_timer(void **state)
{
    struct world *w = *state;
    struct expiry e = {w, deferred(w)};
    struct order_canceling canceling;
    struct call call = call_of(w, "", "");
    struct outbox_row said[5];

    assert_int_equal(transactor_run(w->orders.transactor, &call, expire, &e), ST_OK);
    assert_string_equal(status_of(w, e.id), "CANCELED");
    assert_string_equal(look(w, e.id).order.reason, "payment_expired");
    assert_int_equal(transactor_run(w->orders.transactor, &call, expire, &e), ST_CONFLICT);
    assert_int_equal(outbox_memory_said(w->orders.outbox, &e.id, said, ARRAY_LEN(said)), 4);
    assert_string_equal(said[3].type, "order.canceled");
    assert_int_equal(cancel(w, e.id, &canceling), ST_CONFLICT);
}

/* ---- stores ---- */

static void a_store_that_has_begun_must_consent(void **state)
{
    struct world *w = *state;
    struct uuid id = confirmed(w);
    struct order_canceling first, again;
    struct outbox_row said[8];

    w->shop.of_ticket = SHOP_NO;
    w->shop.ticket_code = "store_consent_needed";
    assert_int_equal(cancel(w, id, &first), ST_PENDING);
    run_for(w, 0);
    assert_int_equal(canceled(w, &first), ST_PENDING);
    assert_int_equal(first.status, ORDER_STATUS_CONFIRMED);
    assert_true(first.cancel_asked);
    assert_int_equal(cancel(w, id, &again), ST_PENDING); /* the same wish */
    assert_memory_equal(&first, &again, sizeof(first));
    assert_true(look(w, id).order.cancel_asked);
    assert_string_equal(look(w, id).order.reason, "");
    assert_int_equal(outbox_memory_said(w->orders.outbox, &id, said, ARRAY_LEN(said)), 4);
    assert_string_equal(said[3].type, "order.cancel_asked");
    assert_non_null(strstr(said[3].json, "\"status\":\"CONFIRMED\""));
    assert_non_null(strstr(said[3].json, "\"cancelAsked\":true"));

    assert_int_equal(hear_ticket(w, &STORE_CANCEL_REFUSED, id, ""), ST_OK);
    assert_false(look(w, id).order.cancel_asked);
    assert_int_equal(cancel(w, id, &again), ST_PENDING); /* another one */
    assert_false(uuid_equal(first.saga_id, again.saga_id));
    run_for(w, 0);
    assert_true(look(w, id).order.cancel_asked);

    assert_int_equal(hear_ticket(w, &STORE_CANCELED, id, ""), ST_OK);
    assert_string_equal(status_of(w, id), "CANCELED");
    assert_int_equal(cancel(w, id, &first), ST_OK);
    assert_true(uuid_equal(first.saga_id, again.saga_id));
    assert_int_equal(first.refund.amount, 200);
}

static void what_is_made_is_not_canceled(void **state)
{
    struct world *w = *state;
    struct uuid id = confirmed(w);
    struct order_canceling canceling;

    w->shop.of_ticket = SHOP_NO;
    w->shop.ticket_code = "too_late_to_cancel";
    assert_int_equal(cancel(w, id, &canceling), ST_PENDING);
    run_for(w, 0);
    assert_int_equal(canceled(w, &canceling), ST_CONFLICT);
    assert_string_equal(w->problem.code, "too_late_to_cancel");
    assert_string_equal(status_of(w, id), "CONFIRMED");
    assert_false(look(w, id).order.cancel_asked);
}

static void a_store_that_is_away_is_waited_for(void **state)
{
    static const enum shop_mood AWAY[] = {SHOP_AWAY, SHOP_DEAF, SHOP_SILENT};
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(AWAY); i++) {
        struct uuid id = confirmed(w);
        struct order_canceling canceling;
        w->shop.of_ticket = AWAY[i];
        assert_int_equal(cancel(w, id, &canceling), ST_PENDING);
        run_for(w, 3600 * 1000);
        assert_int_equal(cancel(w, id, &canceling), ST_PENDING); /* and that is what is said */
        assert_int_equal(canceling.status, ORDER_STATUS_CANCEL_PENDING);
        assert_int_equal(canceled(w, &canceling), ST_PENDING);
        w->shop.of_ticket = SHOP_WELL;
        run_for(w, 60 * 1000);
        assert_int_equal(canceled(w, &canceling), ST_OK);
        assert_string_equal(status_of(w, id), "CANCELED");
    }
}

static void a_store_is_asked_of_what_was_confirmed_and_told_by_whom(void **state)
{
    struct world *w = *state;
    struct order_canceling canceling;
    struct order_cancel_form form = {.reason = ""};
    struct call call;

    cancel(w, deferred(w), &canceling);
    run_for(w, 0);
    assert_int_equal(w->shop.asked_tickets, 0);
    w->shop.of_money = SHOP_WELL;
    cancel(w, confirmed(w), &canceling);
    run_for(w, 0);
    assert_int_equal(w->shop.asked_tickets, 1);
    assert_int_equal(w->shop.ticket_by, ORDER_ACTOR_CUSTOMER);
    form.order_id = confirmed(w);
    call = call_of(w, BEN, "");
    TEXT_COPY(call.roles, "admin");
    assert_int_equal(order_cancel(&w->orders, &call, &form, &canceling), ST_PENDING);
    run_for(w, 0);
    assert_int_equal(w->shop.ticket_by, ORDER_ACTOR_ADMIN);
}

/* The answer of the store is on its way, or lost, and what it says later is here already. */
static void what_is_heard_while_it_is_asked_is_not_lost(void **state)
{
    static const struct {
        const struct event_type *heard;
        const char *answer; /* NULL: yes */
        const char *status;
        bool asked;
    } cases[] = {
        {&STORE_CANCEL_REFUSED, "store_consent_needed", "CONFIRMED", false},
        {&STORE_CANCELED,       "store_consent_needed", "CANCELED",  false},
        {&STORE_CANCELED,       NULL,                   "CANCELED",  false},
        {&STORE_REJECTED,       NULL,                   "CANCELED",  false},
        {&DELIVERY_DELIVERED,   "too_late_to_cancel",   "COMPLETED", false},
        {NULL,                  "store_consent_needed", "CONFIRMED", true },
    };
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct uuid id = confirmed(w);
        struct order_canceling canceling;
        w->shop.of_ticket = SHOP_SILENT;
        cancel(w, id, &canceling);
        run_for(w, 10000);
        if (cases[i].heard == &DELIVERY_DELIVERED)
            assert_int_equal(hear_delivered(w, id), ST_OK);
        else if (cases[i].heard)
            assert_int_equal(hear_ticket(w, cases[i].heard, id, ""), ST_OK);
        assert_string_equal(status_of(w, id), "CANCEL_PENDING");
        w->shop.of_ticket = cases[i].answer ? SHOP_NO : SHOP_WELL;
        w->shop.ticket_code = cases[i].answer;
        run_for(w, 60000);
        assert_string_equal(status_of(w, id), cases[i].status);
        assert_true(look(w, id).order.cancel_asked == cases[i].asked);
        w->shop.of_ticket = SHOP_WELL;
    }
}

/* The commit of its stock was not answered; meanwhile it is canceled, or stays. */
static void stock_is_missed_only_if_the_order_stands(void **state)
{
    for (int gone = 0; gone < 2; gone++) {
        struct world *w = *state;
        struct order_form form = form_of(2, 100);
        struct order_accepted accepted;
        struct order_canceling canceling;
        char text[8192] = "";
        int fd = memfd_create("log", MFD_CLOEXEC);

        w->shop.nth = w->shop.calls + 3;
        w->shop.of_nth = SHOP_AWAY;
        accepted = place(w, &form);
        run_for(w, 0);
        assert_string_equal(status_of(w, accepted.order_id), "CONFIRMED");
        if (gone)
            cancel(w, accepted.order_id, &canceling);
        run_for(w, 0);
        w->shop.holds[gone].state = HOLD_RELEASED; /* as the catalog does when it hears of that */
        log_set_fd(fd);
        run_for(w, 20000);
        log_set_fd(-1);
        assert_int_equal(placed(w, &accepted), ST_OK);
        assert_true(pread(fd, text, sizeof(text) - 1, 0) >= 0);
        assert_int_equal(strstr(text, "the stock of a confirmed order is gone") == NULL, gone);
        close(fd);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(delivery_cancel_before_accept),
        TEST(delivery_canceled_event),
        TEST(what_awaits_its_payment_is_canceled_and_nothing_given_back),
        TEST(what_is_being_placed_or_paid_is_not_canceled),
        TEST(another_s_order_is_canceled_by_an_admin_only),
        TEST(what_was_rejected_is_not_canceled),
        TEST(what_nobody_pays_is_canceled_by_the_timer),
        TEST(a_store_that_has_begun_must_consent),
        TEST(what_is_made_is_not_canceled),
        TEST(a_store_that_is_away_is_waited_for),
        TEST(a_store_is_asked_of_what_was_confirmed_and_told_by_whom),
        TEST(what_is_heard_while_it_is_asked_is_not_lost),
        TEST(stock_is_missed_only_if_the_order_stands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
