/* payment_contract.c - money that is held, and what becomes of that whatever answers, and whatever
 * does not. */
#include "test/cmd/payment/payment_contract.h"

#include <string.h>

#include "tool/core/mem.h"

static void a_token_leads_to_its_end(void **state)
{
    static const struct {
        const char *method;
        enum status times[3]; /* what it is told when it is asked again and again */
        const char *says;     /* how the detail of a refusal begins */
        int status;
    } cases[] = {
        {"tok_ok",                 {ST_OK, ST_OK, ST_OK},                   "",          PAYMENT_IS_AUTHORIZED},
        {"tok_slow_3s",            {ST_OK, ST_OK, ST_OK},                   "",          PAYMENT_IS_AUTHORIZED},
        {"tok_late_15s",           {ST_OK, ST_OK, ST_OK},                   "",          PAYMENT_IS_AUTHORIZED},
        {"tok_no_answer",          {ST_OK, ST_OK, ST_OK},                   "",          PAYMENT_IS_AUTHORIZED},
        {"tok_flaky_2",            {ST_PENDING, ST_PENDING, ST_OK},         "",          PAYMENT_IS_AUTHORIZED},
        {"tok_black_hole",         {ST_PENDING, ST_PENDING, ST_PENDING},    "",          PAYMENT_IS_REQUESTED },
        {"tok_declined",           {ST_CONFLICT, ST_CONFLICT, ST_CONFLICT}, "declined:", PAYMENT_IS_DECLINED  },
        {"tok_insufficient_funds",
         {ST_CONFLICT, ST_CONFLICT, ST_CONFLICT},
         "insufficient_funds:",                                                          PAYMENT_IS_DECLINED  },
        {"tok_nobodys",
         {ST_CONFLICT, ST_CONFLICT, ST_CONFLICT},
         "unknown_token:",                                                               PAYMENT_IS_DECLINED  },
    };
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct purchase p = world_purchase(cases[i].method, 12900, "KRW");
        struct uuid payment_id = {{0}};

        for (size_t time = 0; time < ARRAY_LEN(cases[i].times); time++) {
            enum status st = world_authorize(w, &p);
            if (st != cases[i].times[time])
                fail_msg("%s: %s at time %zu", p.method, status_name(st), time);
            if (st == ST_CONFLICT) {
                assert_string_equal(w->problem.code, "payment_declined");
                assert_int_equal(strncmp(w->problem.detail, cases[i].says, strlen(cases[i].says)),
                                 0);
            }
            if (time > 0 && st == ST_OK)
                assert_true(uuid_equal(payment_id, p.authorized.payment_id));
            payment_id = p.authorized.payment_id;
        }
        world_expect(w, &p, cases[i].status);
        world_expect_net(w, &p, 0, cases[i].status == PAYMENT_IS_AUTHORIZED);
    }
}

static void amounts_are_sent_as_they_are(void **state)
{
    static const struct money MONEY[] = {
        {1,            "KRW"},
        {1,            "JPY"},
        {12345,        "USD"},
        {1234567,      "KWD"},
        {999999999999, "KRW"}
    };
    struct world *w = *state;
    struct provider_since since = {.limit = 1};
    struct provider_page page;
    bool asked;

    for (size_t i = 0; i < ARRAY_LEN(MONEY); i++) {
        struct call call = world_call(w, "");
        struct purchase p = world_purchase("tok_ok", MONEY[i].amount, MONEY[i].currency);
        assert_status(ST_OK, world_authorize(w, &p));
        assert_status(ST_OK, w->p->provider->ops->ask(w->p->provider, &call, &PROVIDER_BOOK, &since,
                                                      &page, &asked));
        assert_int_equal(1, page.n_items);
        assert_int_equal(MONEY[i].amount, page.items[0].operation.money.amount);
        assert_string_equal(MONEY[i].currency, page.items[0].operation.money.currency);
        TEXT_COPY(since.after, page.items[0].operation.key);
    }
}

/* a: authorize, v: void, s: sweep. */
static void a_void_is_right_before_without_and_after(void **state)
{
    static const struct {
        const char *order;
        enum status last;
        const char *code;
        int status; /* -1: there is no payment */
    } cases[] = {
        {"v",     ST_OK,       "",          -1                },
        {"va",    ST_CONFLICT, "cancelled", -1                },
        {"vav",   ST_OK,       "",          -1                },
        {"av",    ST_OK,       "",          PAYMENT_IS_VOIDING},
        {"avs",   ST_OK,       "",          PAYMENT_IS_VOIDED },
        {"avvss", ST_OK,       "",          PAYMENT_IS_VOIDED },
        {"ava",   ST_CONFLICT, "cancelled", PAYMENT_IS_VOIDING},
        {"avsa",  ST_CONFLICT, "cancelled", PAYMENT_IS_VOIDED },
        {"aavsv", ST_OK,       "",          PAYMENT_IS_VOIDED },
    };
    static const char *const METHODS[] = {"tok_ok", "tok_late_15s", "tok_no_answer"};
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases) * ARRAY_LEN(METHODS); i++) {
        struct purchase p = world_purchase(METHODS[i % ARRAY_LEN(METHODS)], 100, "USD");
        size_t c = i / ARRAY_LEN(METHODS);
        enum status got = ST_INTERNAL;
        struct payinfo info;

        for (const char *step = cases[c].order; *step; step++) {
            if (*step == 's')
                world_sweep(w, &p, 1);
            else
                got = *step == 'a' ? world_authorize(w, &p) : world_void(w, &p);
        }
        if (got != cases[c].last ||
            (got == ST_CONFLICT && strcmp(w->problem.code, cases[c].code) != 0))
            fail_msg("%s: %s %s", cases[c].order, status_name(got), w->problem.code);
        if (cases[c].status < 0) {
            assert_status(ST_NOT_FOUND, world_read(w, &p, &info));
            continue;
        }
        world_expect(w, &p, cases[c].status);
        world_sweep(w, &p, 2);
        world_expect(w, &p, PAYMENT_IS_VOIDED);
        world_expect_net(w, &p, 0, false);
    }
}

static void what_never_answers_is_voided_all_the_same(void **state)
{
    static const char *const METHODS[] = {"tok_black_hole", "tok_flaky_2"};
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(METHODS); i++) {
        struct purchase p = world_purchase(METHODS[i], 100, "JPY");
        struct payinfo info;

        assert_status(ST_PENDING, world_authorize(w, &p));
        world_sweep(w, &p, 2);
        world_expect(w, &p, PAYMENT_IS_REQUESTED); /* its saga may ask yet */
        assert_status(ST_OK, world_void(w, &p));
        world_sweep(w, &p, 2);
        world_expect(w, &p, PAYMENT_IS_VOIDED);
        world_expect_net(w, &p, 0, false);
        assert_status(ST_OK, world_read(w, &p, &info));
        for (size_t k = 0; k < info.n_operations; k++)
            assert_int_not_equal(OPERATION_REQUESTED, info.operations[k].state);
    }
}

static void what_was_never_asked_is_said_so_and_has_no_effect(void **state)
{
    struct world *w = *state;
    struct purchase p = world_purchase("tok_ok", 12900, "KRW"), other;

    provider_memory_up(w->p->provider, false);
    for (int time = 0; time < 2; time++) {
        assert_status(ST_UNAVAILABLE, world_authorize(w, &p));
        assert_string_equal(w->problem.code, "provider_unavailable");
    }
    world_expect(w, &p, PAYMENT_IS_REQUESTED);
    provider_memory_up(w->p->provider, true);
    world_sweep(w, &p, 3); /* nobody asks for it by himself: the order may be paid later */
    world_expect_net(w, &p, 0, false);
    world_expect(w, &p, PAYMENT_IS_REQUESTED);

    other = p; /* another saga of the same order pays it */
    other.saga_id = test_uuid();
    assert_status(ST_OK, world_authorize(w, &other));
    world_expect_net(w, &p, 0, true);
    assert_status(ST_OK, world_void(w, &p)); /* the first one's, which has nothing */
    world_sweep(w, &p, 2);
    world_expect(w, &p, PAYMENT_IS_AUTHORIZED);
    world_expect_net(w, &p, 0, true);
}

static void what_was_never_asked_may_be_asked_again(void **state)
{
    struct world *w = *state;
    struct purchase p = world_purchase("tok_ok", 12900, "KRW");

    provider_memory_up(w->p->provider, false);
    assert_status(ST_UNAVAILABLE, world_authorize(w, &p));
    provider_memory_up(w->p->provider, true);
    assert_status(ST_OK, world_authorize(w, &p));
    world_expect_net(w, &p, 0, true);
}

static void what_was_never_asked_is_undone_without_asking(void **state)
{
    struct world *w = *state;
    struct purchase p = world_purchase("tok_ok", 12900, "KRW");
    unsigned asked;

    provider_memory_up(w->p->provider, false);
    assert_status(ST_UNAVAILABLE, world_authorize(w, &p));
    provider_memory_up(w->p->provider, true);
    asked = provider_memory_asked(w->p->provider);
    assert_status(ST_OK, world_void(w, &p));
    world_sweep(w, &p, 2);
    world_expect(w, &p, PAYMENT_IS_VOIDED);
    assert_int_equal(asked, provider_memory_asked(w->p->provider));
}

/* It is down after it may have been asked: then nobody knows, and nobody says that he does. */
static void what_may_have_been_asked_is_never_said_not_to_be(void **state)
{
    struct world *w = *state;
    struct purchase p = world_purchase("tok_black_hole", 12900, "KRW");

    assert_status(ST_PENDING, world_authorize(w, &p));
    provider_memory_up(w->p->provider, false);
    assert_status(ST_PENDING, world_authorize(w, &p));
    assert_status(ST_PENDING, world_authorize(w, &p));
    provider_memory_up(w->p->provider, true);
}

static void a_lost_answer_is_found(void **state)
{
    struct world *w = *state;
    struct purchase p = world_purchase("tok_ok", 12900, "KRW");

    provider_memory_lose(w->p->provider, 1);
    assert_status(ST_OK, world_authorize(w, &p));
    assert_int_equal(1, provider_memory_asked(w->p->provider));
    world_expect_net(w, &p, 0, true);
}

/* The first is that of the question, the second of who looks what became of it. */
static void an_answer_about_something_else_is_none(void **state)
{
    struct world *w = *state;
    struct purchase p = world_purchase("tok_ok", 12900, "KRW");

    provider_memory_mistake(w->p->provider, 2);
    assert_status(ST_PENDING, world_authorize(w, &p));
    world_expect(w, &p, PAYMENT_IS_REQUESTED);
    provider_memory_mistake(w->p->provider, 1);
    assert_status(ST_PENDING, world_authorize(w, &p));
    assert_status(ST_OK, world_authorize(w, &p));
    assert_int_equal(1, provider_memory_asked(w->p->provider));
    world_expect_net(w, &p, 0, true);
}

static void who_dies_with_the_row_written_is_taken_up(void **state)
{
    struct world *w = *state;

    for (int time = 0; time < 2; time++) {
        struct purchase p = world_purchase("tok_ok", 12900, "KRW");
        struct payment_authorization form = {.saga_id = p.saga_id,
                                             .order_id = p.order_id,
                                             .user_id = w->user,
                                             .store_id = w->store,
                                             .amount = 12900,
                                             .currency = "KRW",
                                             .method = "tok_ok"};

        assert_status(ST_OK, world_ask_and_die(w, &PAYMENT_AUTHORIZE, &form, &p.authorized));
        world_expect(w, &p, PAYMENT_IS_REQUESTED);
        if (time == 0) { /* the saga asks again */
            assert_status(ST_OK, world_authorize(w, &p));
            world_expect_net(w, &p, 0, true);
            continue;
        }
        assert_status(ST_OK, world_void(w, &p)); /* or gives up */
        world_sweep(w, &p, 2);
        world_expect(w, &p, PAYMENT_IS_VOIDED);
        world_expect_net(w, &p, 0, false);
    }
}

static void another_amount_of_the_same_order_is_refused(void **state)
{
    struct world *w = *state;
    struct purchase p = world_purchase("tok_ok", 12900, "KRW"), other = p;

    assert_status(ST_OK, world_authorize(w, &p));
    other.saga_id = test_uuid();
    other.total.amount = 12901;
    assert_status(ST_UNPROCESSABLE, world_authorize(w, &other));
    assert_string_equal(w->problem.code, "amount_mismatch");
    other.saga_id = test_uuid();
    other.total = (struct money){12900, "JPY"};
    assert_status(ST_UNPROCESSABLE, world_authorize(w, &other));
    world_expect_net(w, &p, 0, true);
}

static void an_order_is_held_once_whoever_asks(void **state)
{
    struct world *w = *state;
    struct purchase p = world_purchase("tok_ok", 12900, "KRW"), other = p;

    assert_status(ST_OK, world_authorize(w, &p));
    other.saga_id = test_uuid();
    assert_status(ST_OK, world_authorize(w, &other));
    assert_true(uuid_equal(p.authorized.payment_id, other.authorized.payment_id));
    world_expect_net(w, &p, 0, true);
    assert_status(ST_OK, world_void(w, &p)); /* it is the other one's by now */
    world_expect(w, &p, PAYMENT_IS_AUTHORIZED);
    assert_status(ST_OK, world_void(w, &other));
    world_sweep(w, &p, 2);
    world_expect(w, &p, PAYMENT_IS_VOIDED);
    world_expect_net(w, &p, 0, false);
}

static void what_was_declined_or_voided_is_paid_by_another_saga(void **state)
{
    struct world *w = *state;
    struct purchase p = world_purchase("tok_declined", 12900, "KRW"), other = p;

    assert_status(ST_CONFLICT, world_authorize(w, &p));
    assert_status(ST_OK, world_void(w, &p)); /* its saga undoes what it asked */
    world_expect(w, &p, PAYMENT_IS_DECLINED);
    other.saga_id = test_uuid();
    other.method = "tok_ok";
    assert_status(ST_OK, world_authorize(w, &other));
    assert_status(ST_OK, world_void(w, &other));
    p.saga_id = test_uuid();
    p.method = "tok_ok";
    assert_status(ST_PENDING, world_authorize(w, &p)); /* first the void comes to its end */
    world_sweep(w, &p, 1);
    assert_status(ST_OK, world_authorize(w, &p));
    world_expect_net(w, &p, 0, true);
}

static void delivery_payinfo_canceled(void **state)
{
    static const char *const METHODS[] = {"tok_ok", "tok_declined", "tok_black_hole",
                                          "tok_late_15s"};
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(METHODS); i++) {
        struct purchase p = world_purchase(METHODS[i], 100, "KRW");

        (void)world_authorize(w, &p);
        for (int time = 0; time < 2; time++)
            assert_status(ST_OK, world_cancel(w, &p));
        world_sweep(w, &p, 2);
        world_expect(w, &p, PAYMENT_IS_ORDER_CANCELED);
        world_expect_net(w, &p, 0, false);
        assert_status(ST_OK, world_void(w, &p));
        world_expect(w, &p, PAYMENT_IS_ORDER_CANCELED);
        p.saga_id = test_uuid(); /* one that comes late */
        assert_status(ST_CONFLICT, world_authorize(w, &p));
        assert_string_equal(w->problem.code, "wrong_state");
    }
}

static void an_order_that_was_canceled_unpaid_is_never_paid(void **state)
{
    struct world *w = *state;
    struct purchase p = world_purchase("tok_ok", 100, "KRW");

    assert_status(ST_OK, world_cancel(w, &p));
    world_expect(w, &p, PAYMENT_IS_ORDER_CANCELED);
    assert_status(ST_CONFLICT, world_authorize(w, &p));
    assert_int_equal(0, provider_memory_asked(w->p->provider));
}

static void a_cancellation_that_meets_a_void_ends_canceled(void **state)
{
    struct world *w = *state;
    struct purchase p = world_purchase("tok_ok", 100, "KRW");

    assert_status(ST_OK, world_authorize(w, &p));
    assert_status(ST_OK, world_void(w, &p));
    assert_status(ST_OK, world_cancel(w, &p));
    world_expect(w, &p, PAYMENT_IS_CANCELING);
    world_sweep(w, &p, 2);
    world_expect(w, &p, PAYMENT_IS_ORDER_CANCELED);
    world_expect_net(w, &p, 0, false);
}

int payment_contract(world_fn setup, world_fn teardown)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_token_leads_to_its_end),
        TEST(amounts_are_sent_as_they_are),
        TEST(a_void_is_right_before_without_and_after),
        TEST(what_never_answers_is_voided_all_the_same),
        TEST(what_was_never_asked_is_said_so_and_has_no_effect),
        TEST(what_was_never_asked_may_be_asked_again),
        TEST(what_was_never_asked_is_undone_without_asking),
        TEST(what_may_have_been_asked_is_never_said_not_to_be),
        TEST(a_lost_answer_is_found),
        TEST(an_answer_about_something_else_is_none),
        TEST(who_dies_with_the_row_written_is_taken_up),
        TEST(another_amount_of_the_same_order_is_refused),
        TEST(an_order_is_held_once_whoever_asks),
        TEST(what_was_declined_or_voided_is_paid_by_another_saga),
        TEST(delivery_payinfo_canceled),
        TEST(an_order_that_was_canceled_unpaid_is_never_paid),
        TEST(a_cancellation_that_meets_a_void_ends_canceled),
    };

    return cmocka_run_group_tests_name("payments", tests, NULL, NULL);
}
