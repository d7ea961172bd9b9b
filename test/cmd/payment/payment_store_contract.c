/* payment_store_contract.c - what a store has to do with payments: it accepts an order, and what is
 * held is taken; its owner reads its payments and gives money back. */
#include <string.h>

#include "model/store.h"
#include "model/ticket.h"
#include "test/cmd/payment/payment_contract.h"
#include "tool/core/mem.h"

struct hearing_of {
    struct world *world;
    hear_fn fn;
    const void *data;
};

static enum status hear_in(struct transaction *tx, const struct call *call, void *arg)
{
    const struct hearing_of *h = arg;

    return h->fn(h->world->p, tx, call, NULL, h->data);
}

static enum status hear(struct world *w, hear_fn fn, const void *data)
{
    struct hearing_of h = {w, fn, data};
    struct call call = world_call(w, "");

    return transactor_run(w->p->transactor, &call, hear_in, &h);
}

static enum status accept(struct world *w, const struct purchase *p)
{
    struct ticket_event ticket = {.order_id = p->order_id, .store_id = w->store};

    return hear(w, payment_accept, &ticket);
}

/* ---- taking ---- */

static void what_its_store_accepts_is_taken_once(void **state)
{
    struct world *w = *state;
    struct purchase p = world_purchase("tok_ok", 1000, "KRW");
    struct payinfo info;

    assert_status(ST_OK, world_authorize(w, &p));
    for (int time = 0; time < 3; time++) {
        assert_status(ST_OK, accept(w, &p));
        world_sweep(w, &p, time);
    }
    world_expect(w, &p, PAYMENT_IS_CAPTURED);
    world_expect_net(w, &p, 1000, false);
    assert_status(ST_OK, world_read(w, &p, &info));
    assert_int_equal(2, info.n_operations);
}

/* Which of the two is heard first is chance where they cross. */
static void of_what_is_accepted_and_canceled_nothing_is_kept(void **state)
{
    static const char *const ORDERS[] = {"ac", "ca", "asc", "csa", "aca", "cac"};
    static const char *const METHODS[] = {"tok_ok", "tok_capture_fails"};
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(ORDERS) * ARRAY_LEN(METHODS); i++) {
        struct purchase p = world_purchase(METHODS[i % ARRAY_LEN(METHODS)], 1000, "KRW");

        assert_status(ST_OK, world_authorize(w, &p));
        for (const char *step = ORDERS[i / ARRAY_LEN(METHODS)]; *step; step++) {
            if (*step == 's')
                world_sweep(w, &p, 1);
            else
                assert_status(ST_OK, *step == 'a' ? accept(w, &p) : world_cancel(w, &p));
        }
        world_sweep(w, &p, 3);
        world_expect(w, &p, PAYMENT_IS_ORDER_CANCELED);
        world_expect_net(w, &p, 0, false);
    }
}

static enum status expire_in(struct transaction *tx, const struct call *call, void *arg)
{
    const struct hearing_of *h = arg;

    return payment_expire(h->world->p, tx, call, *(const struct uuid *)h->data);
}

static void an_acceptance_without_money_is_a_case_for_people(void **state)
{
    struct world *w = *state;
    struct purchase p = world_purchase("tok_ok", 1000, "KRW");
    struct call call = world_call(w, "");
    struct hearing_of expiring = {.world = w};

    assert_status(ST_NOT_FOUND, accept(w, &p));
    assert_status(ST_OK, world_authorize(w, &p));
    expiring.data = &p.authorized.payment_id;
    assert_status(ST_OK, transactor_run(w->p->transactor, &call, expire_in, &expiring));
    assert_status(ST_CONFLICT, accept(w, &p));
    assert_string_equal("wrong_state", w->problem.code);
}

/* ---- its owner ---- */

static void own(struct world *w, struct uuid owner, int64_t version)
{
    struct store_event store = {.store_id = w->store, .owner_id = owner, .version = version};

    assert_status(ST_OK, hear(w, store_owner_keep, &store));
}

static enum status read_of_store(struct world *w, struct payinfo_page *page)
{
    struct payinfo_list_query query = {.store_id = w->store, .page.limit = 10};

    return world_ask(w, &PAYMENT_LIST, "", NULL, &query, page);
}

static enum status refund(struct world *w, const struct purchase *p, const char *key)
{
    struct refund_form form = {
        .order_id = p->order_id, .amount = {100, "KRW"},
             .reason = "cold"
    };
    struct refund_made made;

    return world_ask(w, &PAYMENT_REFUND_CREATE, "", key, &form, &made);
}

static void the_owner_of_a_store_reads_its_payments_and_gives_money_back(void **state)
{
    struct world *w = *state;
    struct purchase p = world_captured(w, "tok_ok", 1000);
    struct payinfo_page *page = MEM_NEW(struct payinfo_page);
    struct uuid customer = w->user, owner = test_uuid();
    struct payinfo info;

    assert_status(ST_FORBIDDEN, read_of_store(w, page));
    assert_status(ST_FORBIDDEN, refund(w, &p, "1"));
    w->user = owner;
    assert_status(ST_NOT_FOUND, world_ask(w, &PAYMENT_GET, "", NULL, &p.order_id, &info));
    assert_status(ST_NOT_FOUND, refund(w, &p, "2"));
    own(w, owner, 1);
    assert_status(ST_OK, world_ask(w, &PAYMENT_GET, "", NULL, &p.order_id, &info));
    assert_int_equal(1, info.n_actions);
    assert_string_equal("refund", info.actions[0].name);
    assert_status(ST_OK, read_of_store(w, page));
    assert_int_equal(1, page->n_items);
    assert_true(uuid_equal(page->items[0].payment.user_id, customer));
    assert_status(ST_OK, refund(w, &p, "3"));
    world_expect(w, &p, PAYMENT_IS_PARTLY_REFUNDED);
    own(w, test_uuid(), 3); /* it is sold; and what comes late changes nothing */
    own(w, owner, 2);
    assert_status(ST_NOT_FOUND, refund(w, &p, "4"));
    assert_status(ST_FORBIDDEN, read_of_store(w, page));
    free(page);
}

int payment_store_contract(world_fn setup, world_fn teardown)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_its_store_accepts_is_taken_once),
        TEST(of_what_is_accepted_and_canceled_nothing_is_kept),
        TEST(an_acceptance_without_money_is_a_case_for_people),
        TEST(the_owner_of_a_store_reads_its_payments_and_gives_money_back),
    };

    return cmocka_run_group_tests_name("stores", tests, NULL, NULL);
}
