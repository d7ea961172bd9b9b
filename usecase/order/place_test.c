/* place_test.c - ordering something, and what becomes of it. */
#include "usecase/order/order_world_test.h"

static void mall_provisional_then_confirmed(void **state)
{
    struct world *w = *state;
    struct order_form form = form_of(2, 12900);
    struct order_accepted accepted = place(w, &form);
    struct order_view view;

    assert_int_equal(accepted.status, ORDER_STATUS_PENDING);
    assert_int_equal(accepted.total.amount, 25800);
    assert_int_equal(placed(w, &accepted), ST_PENDING);
    run_for(w, 0);
    assert_int_equal(placed(w, &accepted), ST_OK);
    assert_int_equal(accepted.status, ORDER_STATUS_CONFIRMED);
    view = look(w, accepted.order_id);
    assert_int_equal(view.order.version, 2);
    assert_string_equal(view.order.payment.status, "AUTHORIZED");
    assert_string_equal(view.lines[0].line.name, "비빔밥");
    assert_string_equal(w->shop.method, "tok_ok");
    check(w, accepted.order_id, 2);
}

static void what_costs_less_by_now_is_charged_less(void **state)
{
    struct world *w = *state;
    struct order_form form = form_of(2, 12900);
    struct order_accepted accepted;
    struct order_view view;

    w->shop.cheaper = 900;
    accepted = place(w, &form);
    view = look(w, accepted.order_id);
    assert_int_equal(view.order.total.amount, 25800);
    assert_int_equal(view.lines[0].line.unit_price.amount, 12900);
    run_for(w, 0);
    view = look(w, accepted.order_id);
    assert_int_equal(view.order.total.amount, 24000);
    assert_int_equal(view.lines[0].line.unit_price.amount, 12000);
    check(w, accepted.order_id, 2);
}

/* Whatever the catalog and the payment service say, and do not say. */
static void it_ends_as_stock_and_payment_decide(void **state)
{
    static const struct {
        const char *why;
        enum shop_mood stock, money;
        const char *code;
        int64_t run_ms;
        enum status want;
        const char *status, *refusal;
    } cases[] = {
        {"all is well",                SHOP_WELL, SHOP_WELL,   "",                 0,     ST_OK,          "CONFIRMED",        ""                },
        {"mall_price_rise_refused",    SHOP_NO,   SHOP_WELL,   "price_changed",    0,     ST_CONFLICT,    "REJECTED",
         "price_changed"                                                                                                                        },
        {"the store is closed",        SHOP_NO,   SHOP_WELL,   "store_closed",     0,     ST_CONFLICT,    "REJECTED",
         "store_closed"                                                                                                                         },
        {"delivery_declined_no_order", SHOP_WELL, SHOP_NO,     "payment_declined", 0,     ST_CONFLICT,
         "REJECTED",                                                                                                          "payment_declined"},
        {"refused otherwise",          SHOP_WELL, SHOP_NO,     "wrong_state",      0,     ST_UNAVAILABLE, "REJECTED",
         "order_compensated"                                                                                                                    },
        {"stock is silent",            SHOP_DEAF, SHOP_WELL,   "",                 5000,  ST_PENDING,     "PENDING",          ""                },
        {"stock stays silent",         SHOP_DEAF, SHOP_WELL,   "",                 31000, ST_PENDING,     "PENDING",          ""                },
        {"money is silent",            SHOP_WELL, SHOP_DEAF,   "",                 5000,  ST_PENDING,     "PENDING",          ""                },
        {"money stays silent",         SHOP_WELL, SHOP_DEAF,   "",                 31000, ST_UNAVAILABLE, "REJECTED",
         "order_compensated"                                                                                                                    },
        {"money takes, silently",      SHOP_WELL, SHOP_SILENT, "",                 31000, ST_UNAVAILABLE, "REJECTED",
         "order_compensated"                                                                                                                    },
        {"money never decides",        SHOP_WELL, SHOP_LATER,  "",                 31000, ST_UNAVAILABLE, "REJECTED",
         "order_compensated"                                                                                                                    },
        {"delivery_pay_later",         SHOP_WELL, SHOP_AWAY,   "",                 0,     ST_OK,          "AWAITING_PAYMENT", ""                },
        {"so says its provider",       SHOP_WELL, SHOP_NEVER,  "",                 0,     ST_OK,          "AWAITING_PAYMENT", ""                },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct world *w;
        struct order_form form = form_of(2, 100);
        struct order_accepted accepted;
        enum status got;
        teardown(state);
        setup(state);
        w = *state;
        w->shop.of_stock = cases[i].stock;
        w->shop.of_money = cases[i].money;
        w->shop.code = cases[i].code;
        accepted = place(w, &form);
        run_for(w, cases[i].run_ms);
        got = placed(w, &accepted);
        if (got != cases[i].want || strcmp(w->problem.code, cases[i].refusal) != 0 ||
            strcmp(status_of(w, accepted.order_id), cases[i].status) != 0)
            fail_msg("%s: got %s %s, %s", cases[i].why, status_name(got), w->problem.code,
                     status_of(w, accepted.order_id));
        w->shop.of_stock = w->shop.of_money = SHOP_WELL;
        run_for(w, 60000);
        check(w, accepted.order_id, 2);
    }
}

/* A question that may have been asked is not as if it never had been. */
static void an_order_is_deferred_only_if_payment_was_never_asked(void **state)
{
    static const struct {
        const char *why;
        enum shop_mood first, then;
        bool pay_later;
        const char *status;
    } cases[] = {
        {"never asked",              SHOP_AWAY,   SHOP_AWAY,  true,  "AWAITING_PAYMENT"},
        {"asked once, then away",    SHOP_DEAF,   SHOP_AWAY,  true,  "REJECTED"        },
        {"taken once, then away",    SHOP_SILENT, SHOP_AWAY,  true,  "REJECTED"        },
        {"not decided, then away",   SHOP_LATER,  SHOP_AWAY,  true,  "REJECTED"        },
        {"not wanted",               SHOP_AWAY,   SHOP_AWAY,  false, "REJECTED"        },
        {"not wanted, for a while",  SHOP_AWAY,   SHOP_WELL,  false, "CONFIRMED"       },
        {"asked, nothing was done",  SHOP_DEAF,   SHOP_NEVER, true,  "AWAITING_PAYMENT"},
        {"not wanted, nothing done", SHOP_NEVER,  SHOP_NEVER, false, "REJECTED"        },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct world *w;
        struct order_form form = form_of(1, 100);
        struct order_accepted accepted;
        teardown(state);
        setup(state);
        w = *state;
        form.pay_later = cases[i].pay_later;
        form.given.said = ~UINT64_C(0);
        w->shop.nth = 2; /* stock, then money */
        w->shop.of_nth = cases[i].first;
        w->shop.of_money = cases[i].then;
        accepted = place(w, &form);
        run_for(w, 60000);
        if (strcmp(status_of(w, accepted.order_id), cases[i].status) != 0)
            fail_msg("%s: %s", cases[i].why, status_of(w, accepted.order_id));
        check(w, accepted.order_id, 1);
    }
}

/* Whichever call fails, however: what was done fits what is said. */
static void whichever_call_fails_nothing_is_left(void **state)
{
    static const enum shop_mood MOODS[] = {SHOP_AWAY, SHOP_DEAF,  SHOP_SILENT,
                                           SHOP_NO,   SHOP_LATER, SHOP_NEVER};

    for (size_t m = 0; m < ARRAY_LEN(MOODS); m++)
        for (int nth = 1; nth <= 4; nth++)
            for (int declined = 0; declined <= 1; declined++) {
                struct world *w;
                struct order_form form = form_of(3, 100);
                struct order_accepted accepted;
                teardown(state);
                setup(state);
                w = *state;
                if (MOODS[m] == SHOP_NO && nth > 2)
                    continue; /* neither undoing nor what follows the pivot is refused */
                w->shop.code = "payment_declined";
                w->shop.of_money = declined ? SHOP_NO : SHOP_WELL;
                w->shop.nth = nth;
                w->shop.of_nth = MOODS[m];
                accepted = place(w, &form);
                run_for(w, 60000);
                assert_int_not_equal(placed(w, &accepted), ST_PENDING);
                check(w, accepted.order_id, 3);
            }
}

static void mall_declined_restores_stock(void **state)
{
    struct world *w = *state;
    struct order_form form = form_of(40, 100);
    struct order_accepted accepted;

    w->shop.of_money = SHOP_NO;
    w->shop.code = "payment_declined";
    accepted = place(w, &form);
    run_for(w, 0);
    assert_int_equal(w->shop.left, 100);
    assert_string_equal(status_of(w, accepted.order_id), "REJECTED");
    assert_string_equal(look(w, accepted.order_id).order.reason, "payment_declined");
}

static void who_cannot_have_it_is_told_of_which_line_and_why(void **state)
{
    struct world *w = *state;
    struct order_form form = form_of(99, 100);
    struct order_accepted accepted;

    w->shop.left = 2;
    accepted = place(w, &form);
    run_for(w, 0);
    for (int i = 0; i < 2; i++) { /* again too */
        assert_int_equal(placed(w, &accepted), ST_CONFLICT);
        assert_string_equal(w->problem.code, "sold_out");
        assert_int_equal(w->problem.n_errors, 1);
        assert_string_equal(w->problem.errors[0].field, "lines[0]");
        assert_string_equal(w->problem.errors[0].reason, "2 left");
    }
    assert_string_equal(look(w, accepted.order_id).lines[0].note, "2 left");
    assert_int_equal(w->shop.asked_money, 0);
}

static void an_order_that_makes_no_sense_is_refused(void **state)
{
    static const struct {
        const char *why, *currency;
        int64_t price;
        enum status want;
        const char *code;
    } cases[] = {
        {"two currencies",  "USD", 100,       ST_UNPROCESSABLE, "currency_mismatch"},
        {"beyond counting", "KRW", MONEY_MAX, ST_INVALID,       "invalid_request"  },
        {"two lines",       "KRW", 100,       ST_OK,            ""                 },
    };
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct order_form form = form_of(2, 100);
        struct order_accepted accepted;
        enum status got;
        form.lines[1] = form.lines[0];
        form.n_lines = 2;
        form.lines[1].unit_price.amount = cases[i].price;
        TEXT_COPY(form.lines[1].unit_price.currency, cases[i].currency);
        got = place_as(w, &form, ANN, cases[i].why, &accepted);
        if (got != cases[i].want || strcmp(w->problem.code, cases[i].code) != 0)
            fail_msg("%s: got %s %s", cases[i].why, status_name(got), w->problem.code);
    }
    assert_int_equal(outbox_memory_said(w->orders.outbox, NULL, NULL, 0), 1);
}

static void a_number_that_is_taken_is_drawn_again(void **state)
{
    struct world *w = *state;
    struct order_form form = form_of(1, 100);
    struct order_accepted accepted;

    w->same_numbers = 1;
    place(w, &form);
    w->same_numbers = 4;
    accepted = place(w, &form);
    assert_int_equal(strlen(accepted.order_num), 24);
    w->same_numbers = 5;
    assert_int_equal(place_as(w, &form, ANN, "unlucky", &accepted), ST_UNAVAILABLE);
    assert_int_equal(place_as(w, &form, ANN, "unlucky", &accepted), ST_OK);
}

static void catalogue_order_and_outbox_one_commit(void **state)
{
    struct world *w = *state;
    struct order_form form = form_of(1, 100);
    struct order_accepted accepted = place(w, &form);
    struct outbox_row said[2];

    assert_int_equal(outbox_memory_said(w->orders.outbox, NULL, said, ARRAY_LEN(said)), 1);
    assert_string_equal(said[0].type, "order.created");
    assert_true(uuid_equal(said[0].key, accepted.order_id));
    assert_true(uuid_equal(said[0].saga_id, accepted.saga_id));
    assert_string_equal(said[0].saga_state, "STARTED");
    w->same_numbers = 1;
    place(w, &form);
    w->same_numbers = 5; /* it cannot be kept: then nothing is said either */
    assert_int_equal(place_as(w, &form, ANN, "x", &accepted), ST_UNAVAILABLE);
    assert_int_equal(outbox_memory_said(w->orders.outbox, NULL, NULL, 0), 2);
}

static int n_read;
static struct store_ops real, counting;

static enum status count_list(struct store *self, struct transaction *tx, const struct call *call,
                              const struct store_list *list, size_t max, void *rows, size_t *n)
{
    n_read++;
    return real.list(self, tx, call, list, max, rows, n);
}

static enum status count_find(struct store *self, struct transaction *tx, const struct call *call,
                              const char *by, const void *key, void *out)
{
    n_read++;
    return real.find(self, tx, call, by, key, out);
}

/* Who placed it has its lines and its card in hand; whoever goes on after a failure reads them. */
static void what_is_in_hand_is_not_read(void **state)
{
    static const struct {
        const char *why;
        enum shop_mood of_first;
        int nth, reads;
    } cases[] = {
        {"straight through",   SHOP_WELL, 0, 0},
        {"stock asked twice",  SHOP_DEAF, 1, 2}, /* lines for the stock, the card for the money */
        {"money asked twice",  SHOP_DEAF, 2, 2}, /* the card for the money, lines to be said */
        {"commit asked twice", SHOP_DEAF, 3, 0},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct order_form form = form_of(2, 12900);
        struct order_accepted accepted;
        const struct store_ops *ops;
        struct outbox_row said[4];
        struct world *w;
        teardown(state);
        setup(state);
        w = *state;
        w->shop.nth = cases[i].nth;
        w->shop.of_nth = cases[i].of_first;
        w->shop.cheaper = 900;
        ops = w->orders.lines->ops;
        real = counting = *ops;
        counting.list = count_list;
        counting.find = count_find;
        n_read = 0;
        w->orders.lines->ops = w->orders.orders->ops = &counting;
        accepted = place(w, &form);
        run_for(w, 5000);
        w->orders.lines->ops = w->orders.orders->ops = ops;
        if (n_read != cases[i].reads)
            fail_msg("%s: %d reads", cases[i].why, n_read);
        check(w, accepted.order_id, 2);
        assert_string_equal(w->shop.method, "tok_ok");
        assert_int_equal(
            outbox_memory_said(w->orders.outbox, &accepted.order_id, said, ARRAY_LEN(said)), 2);
        assert_non_null(strstr(said[0].json, "12900"));
        assert_non_null(strstr(said[1].json, "비빔밥"));
        assert_non_null(strstr(said[1].json, "12000"));
    }
}

static void nothing_personal_is_said_or_kept_in_a_saga(void **state)
{
    static const char *const PERSONAL[] = {"Ann", "82101234", "Hanok-gil", "tok_ok"};
    struct world *w = *state;
    struct order_form form = form_of(1, 100);
    struct order_accepted accepted = place(w, &form);
    struct call call = call_of(w, ANN, "");
    struct saga_record saga;
    struct outbox_row said[4];
    size_t n;

    assert_int_equal(w->sagas->ops->find(w->sagas, &call, accepted.saga_id, &saga), ST_OK);
    assert_true(strlen(saga.data) > 10);
    run_for(w, 0);
    n = outbox_memory_said(w->orders.outbox, NULL, said, ARRAY_LEN(said));
    assert_int_equal(n, 2);
    for (size_t i = 0; i < ARRAY_LEN(PERSONAL); i++) {
        assert_null(strstr(saga.data, PERSONAL[i]));
        for (size_t j = 0; j < n; j++)
            assert_null(strstr(said[j].json, PERSONAL[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(mall_provisional_then_confirmed),
        TEST(what_costs_less_by_now_is_charged_less),
        TEST(it_ends_as_stock_and_payment_decide),
        TEST(an_order_is_deferred_only_if_payment_was_never_asked),
        TEST(whichever_call_fails_nothing_is_left),
        TEST(mall_declined_restores_stock),
        TEST(who_cannot_have_it_is_told_of_which_line_and_why),
        TEST(an_order_that_makes_no_sense_is_refused),
        TEST(a_number_that_is_taken_is_drawn_again),
        TEST(catalogue_order_and_outbox_one_commit),
        TEST(what_is_in_hand_is_not_read),
        TEST(nothing_personal_is_said_or_kept_in_a_saga),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
