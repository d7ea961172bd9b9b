/* pricing_test.c - what a reservation is charged, and when it is refused, over tables in memory. */
#include "usecase/catalog/catalog_world_test.h"
#include "usecase/catalog/pricing.h"

static struct stock_reservation reservation_of(const struct product_view *view, int64_t quantity,
                                               int64_t price, const char *currency)
{
    struct stock_reservation asked = {.store_id = SHOP, .n_lines = 1};

    asked.lines[0] = (struct stock_line){
        view->product.product_id, quantity, {.amount = price, .currency = ""}
    };
    TEXT_COPY(asked.lines[0].unit_price.currency, currency);
    return asked;
}

static enum status do_price(struct world *w, const struct stock_reservation *asked,
                            struct priced *priced)
{
    struct call call = call_of(w, "");

    return catalog_price(&w->catalog, NULL, &call, asked, priced);
}

static void refused(struct world *w, const struct stock_reservation *asked, const char *code,
                    const char *field, const char *reason)
{
    struct priced *priced = MEM_NEW(struct priced);
    enum status st = do_price(w, asked, priced);

    assert_true(st == ST_CONFLICT || st == ST_UNPROCESSABLE);
    assert_string_equal(w->problem.code, code);
    if (field) {
        assert_int_equal(w->problem.n_errors, 1);
        assert_string_equal(w->problem.errors[0].field, field);
        assert_string_equal(w->problem.errors[0].reason, reason);
    }
    assert_int_equal(priced->reserved.n_lines, 0);
    free(priced);
}

static void a_price_that_has_fallen_is_charged_as_it_is_now(void **state)
{
    struct world *w = *state;
    struct product_view rice = make_product(w, "Rice", 900, make_item(w, "RICE", 9), 2);
    struct stock_reservation asked = reservation_of(&rice, 3, 1000, "KRW");
    struct priced *priced = MEM_NEW(struct priced);

    assert_int_equal(do_price(w, &asked, priced), ST_OK);
    assert_int_equal(priced->reserved.n_lines, 1);
    assert_string_equal(priced->reserved.lines[0].name, "Rice");
    assert_int_equal(priced->reserved.lines[0].unit_price.amount, 900);
    assert_int_equal(priced->reserved.total.amount, 2700);
    assert_string_equal(priced->reserved.total.currency, "KRW");
    assert_int_equal(priced->n_wants, 1);
    assert_true(uuid_equal(priced->wants[0].slot_id, rice.items[0].item_id));
    assert_int_equal(priced->wants[0].pieces, 3);
    assert_int_equal(priced->wants[0].each, 2);
    free(priced);
}

static void mall_price_rise_refused(void **state)
{
    struct world *w = *state;
    struct product_view rice = make_product(w, "Rice", 1001, make_item(w, "RICE", 9), 1);
    struct stock_reservation asked = reservation_of(&rice, 1, 1000, "KRW");

    refused(w, &asked, "price_changed", "lines[0].unitPrice", "is 1001 KRW now");
}

static void what_is_not_sold_there_is_refused(void **state)
{
    struct world *w = *state;
    struct product_view rice = make_product(w, "Rice", 1000, make_item(w, "RICE", 9), 1);
    struct stock_reservation asked = reservation_of(&rice, 1, 1000, "KRW");
    struct call call = call_of(w, "");
    struct product gone = {.status = PRODUCT_GONE};

    asked.store_id = OTHER_SHOP;
    refused(w, &asked, "product_gone", "lines[0].productId", "is not sold here");
    asked.store_id = SHOP;
    asked.lines[asked.n_lines++] = (struct stock_line){
        {{9}   },
        1, { 1, "USD"}
    };
    refused(w, &asked, "product_gone", "lines[1].productId", "is not sold here");
    asked.n_lines = 1;
    assert_int_equal(store_patch(w->catalog.products, NULL, &call, &rice.product.product_id, 0,
                                 &gone, (size_t[]){offsetof(struct product, status)}, 1, NULL,
                                 NULL),
                     ST_OK);
    refused(w, &asked, "product_gone", "lines[0].productId", "is not sold here");
}

static void an_order_has_one_currency(void **state)
{
    struct world *w = *state;
    struct uuid item = make_item(w, "RICE", 9);
    struct product_view rice = make_product(w, "Rice", 1000, item, 1);
    struct stock_reservation asked = reservation_of(&rice, 1, 1000, "USD");
    struct product_form form = {
        .store_id = SHOP,
        .name = "Tea",
        .price = {1250, "KWD"},
        .parts = {{item, 1}   },
        .n_parts = 1
    };
    struct product_view tea = {.tag = 0};

    refused(w, &asked, "currency_mismatch", "lines[0].unitPrice", "is sold in KRW");
    assert_int_equal(do_change(w, ANN, (struct change){product_create, NULL, &form, &tea}), ST_OK);
    asked = reservation_of(&rice, 1, 1000, "KRW");
    asked.lines[asked.n_lines++] = (struct stock_line){
        tea.product.product_id, 1, {1250, "KWD"}
    };
    refused(w, &asked, "currency_mismatch", "lines[1].unitPrice", "is sold in KWD");
}

static void amounts_are_minor_units_of_any_currency(void **state)
{
    static const char *const CURRENCIES[] = {"KRW", "JPY", "USD", "KWD"};
    struct world *w = *state;
    struct uuid item = make_item(w, "TEA", 9);

    for (size_t i = 0; i < ARRAY_LEN(CURRENCIES); i++) {
        struct product_form form = {
            .store_id = SHOP,
            .name = "Tea",
            .price = {PRODUCT_PRICE_MAX, ""},
            .parts = {{item, 1}                },
            .n_parts = 1
        };
        struct product_view tea = {.tag = 0};
        struct priced *priced = MEM_NEW(struct priced);
        struct stock_reservation asked;
        TEXT_COPY(form.price.currency, CURRENCIES[i]);
        assert_int_equal(do_change(w, ANN, (struct change){product_create, NULL, &form, &tea}),
                         ST_OK);
        asked = reservation_of(&tea, LINE_UNITS_MAX, PRODUCT_PRICE_MAX, CURRENCIES[i]);
        for (; asked.n_lines < ORDER_LINES_MAX; asked.n_lines++)
            asked.lines[asked.n_lines] = asked.lines[0];
        assert_int_equal(do_price(w, &asked, priced), ST_OK);
        assert_true(priced->reserved.total.amount ==
                    PRODUCT_PRICE_MAX * ORDER_LINES_MAX * LINE_UNITS_MAX);
        assert_string_equal(priced->reserved.total.currency, CURRENCIES[i]);
        free(priced);
    }
}

static void a_closed_store_sells_nothing_and_an_unknown_one_does(void **state)
{
    struct world *w = *state;
    struct product_view rice = make_product(w, "Rice", 1000, make_item(w, "RICE", 9), 1);
    struct stock_reservation asked = reservation_of(&rice, 1, 1000, "KRW");
    struct store_open closed = {.store_id = SHOP, .open = false, .version = 2};
    struct priced *priced = MEM_NEW(struct priced);
    struct call call = call_of(w, "");

    assert_int_equal(store_remove(w->catalog.stores, NULL, &call, &SHOP, NULL, NULL), ST_OK);
    assert_int_equal(do_price(w, &asked, priced), ST_OK);
    free(priced);
    assert_int_equal(store_keep(w->catalog.stores, NULL, &call, &closed, NULL), ST_OK);
    refused(w, &asked, "store_closed", NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_price_that_has_fallen_is_charged_as_it_is_now),
        TEST(mall_price_rise_refused),
        TEST(what_is_not_sold_there_is_refused),
        TEST(an_order_has_one_currency),
        TEST(amounts_are_minor_units_of_any_currency),
        TEST(a_closed_store_sells_nothing_and_an_unknown_one_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
