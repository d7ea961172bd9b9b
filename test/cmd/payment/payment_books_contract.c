/* payment_books_contract.c - the books that are kept of money, what a provider tells of itself, and
 * what people read. */
#include <stdio.h>
#include <string.h>

#include "test/cmd/payment/payment_contract.h"
#include "tool/core/mem.h"
#include "tool/crypto/webhook.h"

/* ---- the ledger ---- */

static void the_ledger_tells_what_was_taken_and_given_back(void **state)
{
    static const struct {
        const char *account;
        int64_t amount;
    } want[] = {
        {"payable:store",       400  },
        {"receivable:provider", -400 },
        {"payable:store",       -1000},
        {"receivable:provider", 1000 }
    };
    struct world *w = *state;
    struct purchase p = world_captured(w, "tok_ok", 1000);
    struct ledger_query query = {.page.limit = 4};
    struct ledger_page *page = MEM_NEW(struct ledger_page);
    struct refund_made made;

    assert_status(ST_OK, world_refund(w, &p, "half", 400, &made));
    assert_status(ST_OK, world_ask(w, &PAYMENT_LEDGER_ENTRIES, "admin", NULL, &query, page));
    assert_int_equal(ARRAY_LEN(want), page->n_items);
    for (size_t i = 0; i < ARRAY_LEN(want); i++) {
        assert_string_equal(want[i].account, page->items[i].account);
        assert_int_equal(want[i].amount, page->items[i].money.amount);
    }
    assert_true(uuid_equal(made.operation_id, page->items[0].transaction_id));
    TEXT_COPY(query.account, "payable:store");
    query.page.limit = 1;
    assert_status(ST_OK, world_ask(w, &PAYMENT_LEDGER_ENTRIES, "admin", NULL, &query, page));
    assert_int_equal(400, page->items[0].money.amount);
    TEXT_COPY(query.page.cursor, page->next_cursor);
    assert_status(ST_OK, world_ask(w, &PAYMENT_LEDGER_ENTRIES, "admin", NULL, &query, page));
    assert_int_equal(-1000, page->items[0].money.amount);
    TEXT_COPY(query.account, "receivable:provider");
    assert_status(ST_INVALID, world_ask(w, &PAYMENT_LEDGER_ENTRIES, "admin", NULL, &query, page));
    free(page);
}

/* Nobody but a mistake of ours enters one side alone; currencies do not make up for each other. */
static void balances_are_sums_that_come_to_nothing(void **state)
{
    struct world *w = *state;
    struct purchase p = world_captured(w, "tok_ok", 1000);
    struct ledger_balances *all = MEM_NEW(struct ledger_balances);
    struct ledger_entry one[] = {
        {.entry_id = test_uuid(), .account = "payable:store", .money = {1, "KRW"} },
        {.entry_id = test_uuid(), .account = "payable:store", .money = {-1, "USD"}},
    };
    struct call call;
    struct refund_made made;

    assert_status(ST_OK, world_refund(w, &p, "one", 300, &made));
    assert_status(ST_OK, world_ask(w, &PAYMENT_LEDGER_ACCOUNTS, "admin", NULL, NULL, all));
    assert_int_equal(2, all->n_items);
    assert_string_equal("payable:store", all->items[0].account);
    assert_int_equal(-700, all->items[0].balance.amount);
    assert_int_equal(700, all->items[1].balance.amount);
    assert_int_equal(0, all->sum);
    for (size_t i = 0; i < ARRAY_LEN(one); i++) {
        call = world_call(w, "");
        one[i].transaction_id = one[i].entry_id;
        assert_status(ST_OK, store_insert(w->p->ledger, NULL, &call, &one[i], NULL));
    }
    assert_status(ST_OK, world_ask(w, &PAYMENT_LEDGER_ACCOUNTS, "admin", NULL, NULL, all));
    assert_int_equal(3, all->n_items);
    assert_int_equal(-699, all->items[0].balance.amount);
    assert_string_equal("USD", all->items[1].balance.currency);
    assert_int_equal(2, all->sum);
    for (size_t i = 0; i < ARRAY_LEN(one); i++) { /* the books are whole again */
        call = world_call(w, "");
        one[i].entry_id = test_uuid();
        one[i].seq = 1;
        one[i].money.amount = -one[i].money.amount;
        assert_status(ST_OK, store_insert(w->p->ledger, NULL, &call, &one[i], NULL));
    }
    free(all);
}

/* ---- webhooks ---- */

static void base64(const char *text, char *out)
{
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t len = strlen(text), n = 0;

    for (size_t i = 0; i < len; i += 3) {
        unsigned long bits = 0;
        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (i + k < len ? (unsigned char)text[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            out[n++] = i + k <= len ? DIGITS[bits >> (18 - 6 * k) & 63] : '=';
    }
    out[n] = '\0';
}

struct letter {
    const char *type, *event, *key, *secret;
    int64_t age_s; /* how long ago it was signed */
    const char *provider;
};

static enum status send(struct world *w, const struct letter *letter)
{
    struct webhook hook = {.provider = ""};
    struct webhook_taken taken;
    char body[256];

    snprintf(body, sizeof(body),
             "{\"id\":\"%s\",\"type\":\"%s\",\"key\":\"%s\",\"state\":\"DONE\"}", letter->event,
             letter->type, letter->key);
    TEXT_COPY(hook.provider, letter->provider);
    webhook_sign(letter->secret, clock_wall_us(&CLOCK_SYSTEM) / 1000000 - letter->age_s, body,
                 strlen(body), hook.webhook_signature);
    base64(body, hook.body);
    return world_ask(w, &PAYMENT_WEBHOOK, "", NULL, &hook, &taken);
}

static enum status tell(struct world *w, const char *event, const char *key, const char *secret,
                        int64_t age_s, const char *provider)
{
    return send(w, &(struct letter){"payment.captured", event, key, secret, age_s, provider});
}

static enum status tell_of(struct world *w, const char *type, const char *event, const char *key)
{
    return send(w, &(struct letter){type, event, key, WORLD_SECRET, 0, "pgsim"});
}

static void a_webhook_is_a_nudge_and_nothing_more(void **state)
{
    struct world *w = *state;
    struct purchase p = world_purchase("tok_ok", 1000, "KRW");
    char key[UUID_TEXT_LEN + 1], event[UUID_TEXT_LEN + 1];

    provider_memory_lose(w->p->provider, 1);
    assert_status(ST_OK, world_authorize(w, &p));
    uuid_text(p.authorized.operation_id, key);
    uuid_text(test_uuid(), event);
    for (int time = 0; time < 3; time++) /* it says "captured", and lies */
        assert_status(ST_OK, tell(w, event, key, WORLD_SECRET, 0, "pgsim"));
    world_expect(w, &p, PAYMENT_IS_AUTHORIZED);

    /* One that comes before our own answer: it makes us ask. */
    p = world_purchase("tok_ok", 1000, "KRW");
    assert_status(ST_OK, world_authorize(w, &p));
    provider_memory_up(w->p->provider, false);
    assert_status(ST_OK, world_void(w, &p));
    world_sweep(w, &p, 1);
    world_expect(w, &p, PAYMENT_IS_VOIDING);
    provider_memory_up(w->p->provider, true);
    uuid_text(p.authorized.operation_id, key);
    assert_status(ST_OK, tell(w, "evt_1", key, WORLD_SECRET, 0, "pgsim"));
    world_sweep(w, &p, 1);
    world_expect(w, &p, PAYMENT_IS_VOIDED);
}

static void a_webhook_that_is_forged_or_old_or_nobodys_is_refused(void **state)
{
    struct world *w = *state;
    struct purchase p = world_purchase("tok_black_hole", 1000, "KRW");
    struct webhook_taken taken;
    struct webhook hook = {.provider = "pgsim", .body = "e30=", .webhook_signature = "t=1,v1=00"};
    char key[UUID_TEXT_LEN + 1];

    assert_status(ST_PENDING, world_authorize(w, &p));
    uuid_text(p.authorized.operation_id, key);
    assert_status(ST_INVALID, tell(w, "evt_2", key, "another secret", 0, "pgsim"));
    assert_string_equal(w->problem.code, "bad_signature");
    assert_status(ST_INVALID, tell(w, "evt_2", key, WORLD_SECRET, 301, "pgsim"));
    assert_string_equal(w->problem.code, "bad_signature");
    assert_status(ST_INVALID, tell(w, "evt_2", key, WORLD_SECRET, -301, "pgsim"));
    assert_status(ST_OK, tell(w, "evt_2", key, WORLD_SECRET, 290, "pgsim"));
    assert_status(ST_INVALID, world_ask(w, &PAYMENT_WEBHOOK, "", NULL, &hook, &taken));
    assert_status(ST_NOT_FOUND,
                  tell(w, "evt_3", uuid_text(test_uuid(), key), WORLD_SECRET, 0, "pgsim"));
    assert_status(ST_NOT_FOUND, tell(w, "evt_4", key, WORLD_SECRET, 0, "others"));
    w->p->webhook_secret = ""; /* none was given: nobody is believed */
    assert_status(ST_INVALID, tell(w, "evt_5", key, "", 0, "pgsim"));
    assert_string_equal(w->problem.code, "bad_signature");
    w->p->webhook_secret = WORLD_SECRET;
}

/* ---- the provider's book ---- */

static void compare_book(struct world *w)
{
    struct call call = world_call(w, "");
    struct job_run run = {.call = &call, .name = "compare_book", .lease = w->lease};
    int64_t wait_ms;

    assert_status(ST_OK, w->lease->ops->take(w->lease, &call, run.name, test_uuid(), 60000,
                                             &run.fence, &wait_ms));
    assert_status(ST_OK, book_compare(w->p, &run));
    assert_status(ST_OK, w->lease->ops->give(w->lease, &call, run.name, run.fence, 0));
}

static void the_provider_s_book_is_as_ours_or_it_is_noted(void **state)
{
    struct world *w = *state;
    struct purchase p = world_captured(w, "tok_ok", 1000),
                    late = world_purchase("tok_ok", 70, "KRW");
    struct provider_operation nobodys = {
        .kind = PROVIDER_CAPTURE, .money = {5, "KRW"}
    };
    struct store_list all = {.sort = NULL};
    struct book_difference found[4];
    struct payment_operation *ops = mem_alloc(64, sizeof(*ops));
    struct call call;
    size_t n;

    for (int i = 0; i < 40; i++) { /* more than a page */
        struct purchase more = world_purchase("tok_ok", 100 + i, "USD");
        assert_status(ST_OK, world_authorize(w, &more));
    }
    provider_memory_lose(w->p->provider, 1);
    assert_status(ST_OK, world_authorize(w, &late));
    compare_book(w);
    call = world_call(w, "");
    assert_status(ST_OK, store_list(w->p->differences, NULL, &call, &all, 4, found, &n));
    assert_int_equal(0, n);
    all.where[0] = (struct store_equal){"payment_id", &p.authorized.payment_id};
    assert_status(ST_OK, store_list(w->p->operations, NULL, &call, &all, 64, ops, &n));
    assert_int_equal(2, n);
    assert_true(ops[0].booked && ops[1].booked);

    TEXT_COPY(nobodys.key, "not one of ours");
    provider_memory_forge(w->p->provider, &nobodys);
    uuid_text(test_uuid(), nobodys.key);
    provider_memory_forge(w->p->provider, &nobodys);
    compare_book(w);
    all = (struct store_list){.sort = NULL};
    assert_status(ST_OK, store_list(w->p->differences, NULL, &call, &all, 4, found, &n));
    assert_int_equal(2, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(BOOK_UNKNOWN_HERE, found[i].what);
    free(ops);
}

/* What its book says, once, however often the book is read. */
static void what_the_provider_pays_out_is_in_the_bank(void **state)
{
    struct world *w = *state;
    struct purchase p = world_captured(w, "tok_ok", 1000);
    struct provider_operation paid = {
        .kind = PROVIDER_SETTLE, .money = {700, "KRW"}
    };
    struct ledger_query query = {.account = LEDGER_BANK, .page.limit = 10};
    struct ledger_page *page = MEM_NEW(struct ledger_page);
    struct store_list all = {.sort = NULL};
    struct book_difference found[2];
    struct call call;
    size_t n;

    uuid_text(test_uuid(), paid.key);
    assert_status(ST_OK, tell_of(w, "payment.settled", "evt_paid", paid.key));
    provider_memory_forge(w->p->provider, &paid);
    for (int time = 0; time < 2; time++)
        compare_book(w);
    assert_status(ST_OK, world_ask(w, &PAYMENT_LEDGER_ENTRIES, "admin", NULL, &query, page));
    assert_int_equal(1, page->n_items);
    assert_int_equal(700, page->items[0].money.amount);
    TEXT_COPY(query.account, LEDGER_RECEIVABLE);
    assert_status(ST_OK, world_ask(w, &PAYMENT_LEDGER_ENTRIES, "admin", NULL, &query, page));
    assert_int_equal(2, page->n_items);
    assert_int_equal(-700, page->items[0].money.amount);
    call = world_call(w, "");
    assert_status(ST_OK, store_list(w->p->differences, NULL, &call, &all, 2, found, &n));
    assert_int_equal(0, n);
    world_expect(w, &p, PAYMENT_IS_CAPTURED);
    free(page);
}

/* ---- reading ---- */

static void who_pays_reads_his_own_payments_only(void **state)
{
    struct world *w = *state;
    struct purchase p = world_purchase("tok_ok", 1000, "KRW");
    struct payinfo_list_query query = {.page.limit = 2};
    struct payinfo_page *page = MEM_NEW(struct payinfo_page);
    struct payinfo info;

    assert_status(ST_OK, world_authorize(w, &p));
    assert_status(ST_OK, world_ask(w, &PAYMENT_GET, "", NULL, &p.order_id, &info));
    assert_int_equal(1, info.n_operations);
    assert_int_equal(0, info.n_actions);
    assert_string_equal(info.line.method.brand, "pgsim");
    for (int i = 0; i < 4; i++) {
        struct purchase more = world_purchase(i < 2 ? "tok_ok" : "tok_declined", 100, "KRW");
        (void)world_authorize(w, &more);
    }
    assert_status(ST_OK, world_ask(w, &PAYMENT_LIST, "", NULL, &query, page));
    assert_int_equal(2, page->n_items);
    assert_int_equal(PAYMENT_IS_DECLINED, page->items[0].payment.status);
    TEXT_COPY(query.page.cursor, page->next_cursor);
    query.page.limit = 10;
    assert_status(ST_OK, world_ask(w, &PAYMENT_LIST, "", NULL, &query, page));
    assert_int_equal(3, page->n_items);
    assert_true(uuid_equal(page->items[2].payment.order_id, p.order_id));
    w->user = test_uuid();
    assert_status(ST_NOT_FOUND, world_ask(w, &PAYMENT_GET, "", NULL, &p.order_id, &info));
    query.page.cursor[0] = '\0';
    assert_status(ST_OK, world_ask(w, &PAYMENT_LIST, "", NULL, &query, page));
    assert_int_equal(0, page->n_items);
    free(page);
}

static void an_admin_is_told_that_he_may_refund(void **state)
{
    struct world *w = *state;
    struct purchase p = world_captured(w, "tok_ok", 1000);
    struct payinfo info;

    assert_status(ST_OK, world_read(w, &p, &info));
    assert_int_equal(1, info.n_actions);
    assert_string_equal("refund", info.actions[0].name);
    assert_int_equal(2, info.n_operations);
    assert_int_equal(PAYMENT_KIND_CAPTURE, info.operations[0].kind);
}

int payment_books_contract(world_fn setup, world_fn teardown)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_ledger_tells_what_was_taken_and_given_back),
        TEST(balances_are_sums_that_come_to_nothing),
        TEST(a_webhook_is_a_nudge_and_nothing_more),
        TEST(a_webhook_that_is_forged_or_old_or_nobodys_is_refused),
        TEST(the_provider_s_book_is_as_ours_or_it_is_noted),
        TEST(what_the_provider_pays_out_is_in_the_bank),
        TEST(who_pays_reads_his_own_payments_only),
        TEST(an_admin_is_told_that_he_may_refund),
    };

    return cmocka_run_group_tests_name("books", tests, NULL, NULL);
}
