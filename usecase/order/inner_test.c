/* inner_test.c - what other services ask of orders and say to them, and what is done by itself. */
#include "model/account.h"
#include "model/payment.h"
#include "protocol/auth.h"
#include "protocol/payment.h"
#include "tool/core/json_text.h"
#include "tool/store/memory/store_counted_test.h"
#include "usecase/order/forgetting.h"
#include "usecase/order/order_world_test.h"

static void a_hold_is_wanted_until_its_order_has_come_to_nothing(void **state)
{
    struct world *w = *state;
    struct order_form form = form_of(1, 100);
    struct order_accepted accepted = place(w, &form);
    struct hold_question question = {accepted.order_id, accepted.saga_id};
    struct order_canceling canceling;
    static const int WANT[] = {HOLD_WANTED, HOLD_WANTED, HOLD_WANTED, HOLD_UNWANTED};

    for (size_t i = 0; i < ARRAY_LEN(WANT); i++) {
        struct hold_answer answer = {-1};
        struct call call = call_of(w, "", "");
        assert_int_equal(order_hold_check(&w->orders, &call, &question, &answer), ST_OK);
        assert_int_equal(answer.answer, WANT[i]);
        if (i == 1)
            cancel(w, accepted.order_id, &canceling);
        if (i != 1)
            run_for(w, 0);
    }
}

static void a_hold_of_no_order_is_not_wanted(void **state)
{
    struct world *w = *state;
    struct order_form form = form_of(1, 100);
    struct order_accepted accepted = place(w, &form);
    struct hold_question questions[] = {
        {{{9}},             accepted.saga_id},
        {accepted.order_id, {{9}}           },
    };

    for (size_t i = 0; i < ARRAY_LEN(questions); i++) {
        struct hold_answer answer = {-1};
        struct call call = call_of(w, "", "");
        assert_int_equal(order_hold_check(&w->orders, &call, &questions[i], &answer), ST_OK);
        assert_int_equal(answer.answer, HOLD_UNWANTED);
    }
}

static enum status address_of(struct world *w, struct uuid id, struct order_address *out)
{
    struct call call = call_of(w, "", "");

    return declared(w, &ORDER_ADDRESS,
                    order_tell_address(&w->orders, &call, &(struct order_query){id}, out));
}

static void forget(struct world *w)
{
    struct call call = call_of(w, "", "");

    assert_int_equal(order_forget_addresses(
                         &w->orders, &(struct job_run){.call = &call, .name = "forget_addresses"}),
                     ST_OK);
}

struct hearing_of {
    struct world *w;
    struct payment_event payment;
};

static enum status hear(struct transaction *tx, const struct call *call, void *arg)
{
    struct hearing_of *h = arg;

    return order_payment_moved(&h->w->orders, tx, call, NULL, &h->payment);
}

static void addresses_of_who_is_gone_go_at_once_or_at_the_end(void **state)
{
    enum { MORE_THAN_A_PAGE = 101 };
    struct world *w = *state;
    struct order_form form = form_of(1, 1);
    struct order_accepted ended = place(w, &form), going = place(w, &form), others;
    struct account_event account;
    struct order_address address;
    struct order_canceling canceling;

    assert_int_equal(place_as(w, &form, BEN, "other", &others), ST_OK);
    run_for(w, 0);
    cancel(w, ended.order_id, &canceling);
    run_for(w, 0);
    for (int i = 0; i < MORE_THAN_A_PAGE; i++)
        place(w, &form);
    assert_true(uuid_parse(ANN, &account.user_id));
    for (int time = 0; time < 2; time++)
        assert_int_equal(told(w, order_forget_person, &AUTH_ACCOUNT_WITHDRAWN, &account), ST_OK);
    forget(w);
    assert_int_equal(address_of(w, ended.order_id, &address), ST_NOT_FOUND);
    assert_int_equal(address_of(w, going.order_id, &address), ST_OK);
    assert_int_equal(hear_delivered(w, going.order_id), ST_OK);
    forget(w);
    assert_int_equal(address_of(w, going.order_id, &address), ST_NOT_FOUND);
    assert_int_equal(address_of(w, others.order_id, &address), ST_OK);
}

/* Who gives up his account finds the order as it was a moment before. */
static void an_address_goes_at_once_when_its_order_ends_meanwhile(void **state)
{
    static const size_t STATUS[] = {offsetof(struct order, status)};
    struct world *w = *state;
    struct order_form form = form_of(1, 1);
    struct order_accepted accepted = place(w, &form);
    const struct order before = {.status = ORDER_STATUS_PENDING};
    struct account_event account;
    struct order_address address;
    struct call call = call_of(w, "", "");

    run_for(w, 0);
    assert_int_equal(hear_delivered(w, accepted.order_id), ST_OK);
    assert_int_equal(store_patch(w->orders.orders, NULL, &call, &accepted.order_id, 0, &before,
                                 STATUS, ARRAY_LEN(STATUS), NULL, NULL),
                     ST_OK);
    assert_true(uuid_parse(ANN, &account.user_id));
    assert_int_equal(told(w, order_forget_person, &AUTH_ACCOUNT_WITHDRAWN, &account), ST_OK);
    forget(w);
    assert_int_equal(address_of(w, accepted.order_id, &address), ST_NOT_FOUND);
}

/* Also when something is said of its payment in between. */
static void an_address_goes_ninety_days_after_the_end(void **state)
{
    struct world *w = *state;
    struct order_form form = form_of(1, 100);
    struct order_accepted open = place(w, &form), ended = place(w, &form);
    struct hearing_of h = {
        .w = w, .payment = {.order_id = ended.order_id, .status = PAYMENT_IS_ORDER_CANCELED}
    };
    struct order_address address;
    struct order_canceling canceling;
    struct call call;

    run_for(w, 0);
    cancel(w, ended.order_id, &canceling);
    run_for(w, 0);
    w->now_ms += INT64_C(60) * 86400 * 1000;
    forget(w);
    assert_int_equal(address_of(w, ended.order_id, &address), ST_OK);
    assert_string_equal(address.address, "12 Hanok-gil");
    call = call_of(w, "", "");
    assert_int_equal(transactor_run(w->orders.transactor, &call, hear, &h), ST_OK);
    w->now_ms += INT64_C(31) * 86400 * 1000;
    forget(w);
    assert_int_equal(address_of(w, ended.order_id, &address), ST_NOT_FOUND);
    assert_int_equal(address_of(w, open.order_id, &address), ST_OK);
}

static void what_payments_say_is_shown_once_an_order_is_confirmed(void **state)
{
    static const struct {
        bool run;
        int status;
        int64_t version;
        const char *shown;
    } cases[] = {
        {false, PAYMENT_IS_AUTHORIZED, 1, "REQUESTED" }, /* the saga tells */
        {true,  PAYMENT_IS_AUTHORIZED, 2, "AUTHORIZED"},
        {true,  PAYMENT_IS_CAPTURED,   3, "CAPTURED"  },
        {true,  PAYMENT_IS_CAPTURED,   3, "CAPTURED"  },
    };
    struct world *w = *state;
    struct order_form form = form_of(1, 100);
    struct order_accepted accepted = place(w, &form);

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct hearing_of h = {.w = w, .payment = {.order_id = accepted.order_id}};
        struct call call = call_of(w, "", "");
        h.payment.status = cases[i].status;
        if (cases[i].run)
            run_for(w, 0);
        assert_int_equal(transactor_run(w->orders.transactor, &call, hear, &h), ST_OK);
        assert_string_equal(look(w, accepted.order_id).order.payment.status, cases[i].shown);
        assert_int_equal(look(w, accepted.order_id).order.version, cases[i].version);
        h.payment.order_id = (struct uuid){{9}}; /* of something else */
        assert_int_equal(transactor_run(w->orders.transactor, &call, hear, &h), ST_OK);
    }
    assert_int_equal(outbox_memory_said(w->orders.outbox, &accepted.order_id, NULL, 0), 3);
}

static void an_export_has_every_order_as_its_last_event_said_it(void **state)
{
    struct world *w = *state;
    struct export_page *page = MEM_NEW(struct export_page);
    struct export_query query = {.type = "order.created", .limit = 2};
    struct store_counted lines;
    size_t seen = 0;

    for (int i = 0; i < 5; i++) {
        struct order_form form = form_of(1 + i, 100);
        place(w, &form);
    }
    run_for(w, 0);
    store_counted_init(&lines, &w->orders.lines);
    do {
        struct call call = call_of(w, "", "");
        memset(page, 0, sizeof(*page));
        assert_int_equal(order_export(&w->orders, &call, &query, page), ST_OK);
        for (size_t i = 0; i < page->n; i++) {
            struct outbox_row said[4];
            assert_int_equal(outbox_memory_said(w->orders.outbox, &page->items[i].key, said, 4), 2);
            assert_string_equal(page->items[i].data, said[1].json);
            query.after = page->items[i].key;
            seen++;
        }
    } while (page->n == 2);
    w->orders.lines = lines.inner;
    assert_int_equal(seen, 5);
    assert_int_equal(lines.lists, 3); /* a page, not an order */
    TEXT_COPY(query.type, "order.unheard_of");
    assert_int_equal(order_export(&w->orders, &(struct call){.clock = &w->clock}, &query, page),
                     ST_NOT_FOUND);
    free(page);
}

/* Twenty lines of the longest numbers and names there are: the first of them are named. */
static void the_largest_order_fits_an_event(void **state)
{
    struct world *w = *state;
    struct order order = {
        .total = {MONEY_MAX, "KRW"},
          .status = ORDER_STATUS_AWAITING_PAYMENT
    };
    struct order_lines *lines = MEM_NEW(struct order_lines);
    struct order_event event;
    char json[EVENT_DATA_MAX + 1];
    struct json_out o;

    (void)w;
    memset(order.order_num, '9', ORDER_NUM_MAX);
    memset(order.payment_status, 'X', ORDER_PAYMENT_MAX);
    memset(order.reason, 'x', ORDER_REASON_MAX);
    order.version = INT64_MAX;
    order.cancel_asked = true;
    order.created_us = order.updated_us = order.ended_us = 1;
    lines->n = ORDER_LINES_MAX;
    for (size_t i = 0; i < lines->n; i++) {
        struct order_line *line = &lines->rows[i].sent;
        *line = (struct order_line){
            .product_id = {{1}   },
            .quantity = LINE_UNITS_MAX,
            .unit_price = { MONEY_MAX, "KRW"},
        };
        memset(line->name, i % 2 ? '"' : 'x', i % 2 ? PRODUCT_NAME_MAX : PRODUCT_NAME_SIZE - 1);
    }
    order_event_of(&order, lines, &event);
    assert_string_equal(event.lines[1].name, lines->rows[1].sent.name);
    assert_string_equal(event.lines[19].name, "");
    json_out_init(&o, json, sizeof(json));
    encode(ORDER_CREATED.data, &event, &o);
    assert_false(o.overflow);
    free(lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_hold_is_wanted_until_its_order_has_come_to_nothing),
        TEST(a_hold_of_no_order_is_not_wanted),
        TEST(addresses_of_who_is_gone_go_at_once_or_at_the_end),
        TEST(an_address_goes_at_once_when_its_order_ends_meanwhile),
        TEST(an_address_goes_ninety_days_after_the_end),
        TEST(what_payments_say_is_shown_once_an_order_is_confirmed),
        TEST(an_export_has_every_order_as_its_last_event_said_it),
        TEST(the_largest_order_fits_an_event),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
