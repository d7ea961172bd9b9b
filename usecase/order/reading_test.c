/* reading_test.c - orders as people read them. */
#include "tool/encoder/patch.h"
#include "usecase/order/order_world_test.h"

static enum status list_as(struct world *w, const char *who, const char *roles,
                           struct order_list query, struct order_page *page)
{
    struct call call = call_of(w, who, "");

    TEXT_COPY(call.roles, roles);
    if (query.page.limit == 0)
        query.page.limit = PAGE_LIMIT;
    memset(page, 0, sizeof(*page));
    return declared(w, &ORDER_LIST, order_read_list(&w->orders, &call, &query, page));
}

static void each_reads_his_own_and_an_admin_any(void **state)
{
    struct world *w = *state;
    struct order_form form = form_of(1, 100);
    struct order_accepted accepted = place(w, &form);
    static const struct {
        const char *who, *roles;
        enum status want;
    } cases[] = {
        {ANN, "",      ST_OK       },
        {BEN, "",      ST_NOT_FOUND},
        {BEN, "admin", ST_OK       },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct call call = call_of(w, cases[i].who, "");
        struct order_view view = {0};
        struct order_history_view history = {0};
        struct order_num_query by_number;
        TEXT_COPY(call.roles, cases[i].roles);
        TEXT_COPY(by_number.order_num, accepted.order_num);
        assert_int_equal(
            order_read(&w->orders, &call, &(struct order_query){accepted.order_id}, &view),
            cases[i].want);
        assert_int_equal(order_read_by_number(&w->orders, &call, &by_number, &view), cases[i].want);
        assert_int_equal(order_read_history(&w->orders, &call,
                                            &(struct order_query){accepted.order_id}, &history),
                         cases[i].want);
        assert_int_equal(view.order.version, cases[i].want == ST_OK);
        assert_int_equal(history.n_items, cases[i].want == ST_OK);
    }
}

static void mall_history_who_when_why(void **state)
{
    static const struct {
        const char *from, *to, *reason;
        enum order_actor by;
    } want[] = {
        {"",               "PENDING",        "",                     ORDER_ACTOR_CUSTOMER},
        {"PENDING",        "CONFIRMED",      "",                     ORDER_ACTOR_SAGA    },
        {"CONFIRMED",      "CANCEL_PENDING", "canceled_by_customer", ORDER_ACTOR_CUSTOMER},
        {"CANCEL_PENDING", "CANCELED",       "",                     ORDER_ACTOR_SAGA    },
    };
    struct world *w = *state;
    struct order_form form = form_of(1, 100);
    struct order_accepted accepted = place(w, &form);
    struct order_history_view history = {0};
    struct order_canceling canceling;
    struct call call;

    run_for(w, 1000);
    cancel(w, accepted.order_id, &canceling);
    run_for(w, 1000);
    call = call_of(w, ANN, "");
    assert_int_equal(
        order_read_history(&w->orders, &call, &(struct order_query){accepted.order_id}, &history),
        ST_OK);
    assert_int_equal(history.n_items, ARRAY_LEN(want));
    for (size_t i = 0; i < ARRAY_LEN(want); i++) {
        const struct order_history *entry = &history.items[i];
        assert_int_equal(entry->seq, i + 1);
        assert_string_equal(entry->from, want[i].from);
        assert_string_equal(entry->to, want[i].to);
        assert_string_equal(entry->reason, want[i].reason);
        assert_int_equal(entry->by, want[i].by);
        assert_int_equal(uuid_is_nil(entry->by_id), want[i].by == ORDER_ACTOR_SAGA);
        assert_true(i == 0 || entry->at_us >= history.items[i - 1].at_us);
    }
}

static void of_a_long_history_the_newest_is_told(void **state)
{
    enum { MOVES = 120 };
    struct world *w = *state;
    struct order_form form = form_of(1, 100);
    struct order_accepted accepted = place(w, &form);
    struct order_history_view history = {0};
    struct payment_event payment = {.order_id = accepted.order_id};
    struct call call;

    run_for(w, 0);
    for (int i = 0; i < MOVES; i++) {
        payment.status = i % 2 ? PAYMENT_IS_PARTLY_REFUNDED : PAYMENT_IS_CAPTURED;
        assert_int_equal(told(w, order_payment_moved, &PAYMENT_CAPTURED, &payment), ST_OK);
    }
    call = call_of(w, ANN, "");
    assert_int_equal(
        order_read_history(&w->orders, &call, &(struct order_query){accepted.order_id}, &history),
        ST_OK);
    assert_int_equal(history.n_items, ORDER_HISTORY_MAX);
    for (size_t i = 0; i < history.n_items; i++)
        assert_int_equal(history.items[i].seq, 2 + MOVES - ORDER_HISTORY_MAX + 1 + i);
    assert_string_equal(history.items[history.n_items - 1].reason, "payment_partly_refunded");
}

static void lists_are_one_s_own_the_newest_first(void **state)
{
    struct world *w = *state;
    struct order_form form = form_of(1, 100);
    struct order_page *page = MEM_NEW(struct order_page);
    struct order_accepted made[5], other;
    struct order_list query = {.page.limit = 2};
    size_t seen = 0;

    for (size_t i = 0; i < ARRAY_LEN(made); i++) {
        made[i] = place(w, &form);
        w->now_ms += i % 2; /* some in the same moment */
    }
    assert_int_equal(place_as(w, &form, BEN, "b", &other), ST_OK);
    do {
        assert_int_equal(list_as(w, ANN, "", query, page), ST_OK);
        for (size_t i = 0; i < page->n_items; i++)
            assert_true(page->items[i].created_us >= 0 && seen++ < ARRAY_LEN(made));
        TEXT_COPY(query.page.cursor, page->next_cursor);
    } while (page->next_cursor[0]);
    assert_int_equal(seen, ARRAY_LEN(made));
    query = (struct order_list){.user_id = {{2}}};
    assert_int_equal(list_as(w, ANN, "", query, page), ST_FORBIDDEN);
    assert_int_equal(list_as(w, BEN, "admin", (struct order_list){.status = 0}, page), ST_OK);
    assert_int_equal(page->n_items, 6);
    free(page);
}

static void lists_are_narrowed_by_status_and_time(void **state)
{
    struct world *w = *state;
    struct order_form form = form_of(1, 100);
    struct order_page *page = MEM_NEW(struct order_page);
    struct order_list query = {.status = ORDER_STATUS_PENDING};
    int64_t times[3];

    for (size_t i = 0; i < ARRAY_LEN(times); i++) {
        struct order_accepted accepted = place(w, &form);
        times[i] = look(w, accepted.order_id).order.created_us;
        w->now_ms += 1000;
        if (i == 0)
            run_for(w, 0);
    }
    given_set(ORDER_LIST.request, &query, offsetof(struct order_list, status));
    assert_int_equal(list_as(w, ANN, "", query, page), ST_OK);
    assert_int_equal(page->n_items, 2);
    query.status = ORDER_STATUS_CONFIRMED;
    assert_int_equal(list_as(w, ANN, "", query, page), ST_OK);
    assert_int_equal(page->n_items, 1);
    query = (struct order_list){.from_us = times[1], .to_us = times[2]};
    given_set(ORDER_LIST.request, &query, offsetof(struct order_list, to_us));
    assert_int_equal(list_as(w, ANN, "", query, page), ST_OK);
    assert_int_equal(page->n_items, 1);
    assert_true(page->items[0].created_us == times[1]);
    query.to_us = 0; /* 1970 */
    query.from_us = 0;
    assert_int_equal(list_as(w, ANN, "", query, page), ST_OK);
    assert_int_equal(page->n_items, 0);
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_reads_his_own_and_an_admin_any),   TEST(mall_history_who_when_why),
        TEST(of_a_long_history_the_newest_is_told),  TEST(lists_are_one_s_own_the_newest_first),
        TEST(lists_are_narrowed_by_status_and_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
