/* order_copying_test.c - the catalogue's copy of orders, over a table in memory. */
#include "model/order_view.h"
#include "usecase/catalog/catalog_world_test.h"
#include "usecase/catalog/order_copying.h"

static struct order_event order_of(int64_t version, const char *status, size_t n_lines)
{
    struct order_event order = {
        .order_id = {{7}   },
          .total = { 9, "KRW"},
          .version = version
    };

    assert_true(uuid_parse(ANN, &order.user_id));
    TEXT_COPY(order.order_num, "202611290830001234567890");
    TEXT_COPY(order.status, status);
    for (order.n_lines = 0; order.n_lines < n_lines; order.n_lines++)
        order.lines[order.n_lines] = (struct order_line){
            .product_id = {{9}   },
            .quantity = LINE_UNITS_MAX,
            .unit_price = { PRODUCT_PRICE_MAX, "KRW"},
        };
    return order;
}

struct heard {
    struct catalog *catalog;
    struct order_event order;
    struct event event;
};

static enum status run_keep(struct transaction *tx, const struct call *call, void *arg)
{
    struct heard *heard = arg;

    return order_copy_keep(heard->catalog, tx, call, &heard->event, &heard->order);
}

static void keep(struct world *w, struct order_event order, int64_t time_us)
{
    struct heard heard = {.catalog = &w->catalog, .order = order, .event = {.time_us = time_us}};
    struct call call = call_of(w, "");

    assert_int_equal(transactor_run(w->catalog.transactor, &call, run_keep, &heard), ST_OK);
}

static enum status do_read(struct world *w, const char *who, struct order_copy_view *view)
{
    struct order_copy_query query = {{{7}}};
    struct call call = call_of(w, who);

    memset(view, 0, sizeof(*view));
    return order_copy_read(&w->catalog, &call, &query, view);
}

static void an_order_is_known_from_its_first_event_on(void **state)
{
    struct world *w = *state;
    struct order_copy_view *view = MEM_NEW(struct order_copy_view);

    assert_int_equal(do_read(w, ANN, view), ST_NOT_FOUND);
    keep(w, order_of(1, "PENDING", ORDER_LINES_MAX), 11);
    assert_int_equal(do_read(w, ANN, view), ST_OK);
    assert_string_equal(view->status, "PENDING");
    assert_string_equal(view->order_num, "202611290830001234567890");
    assert_int_equal(view->lines.n_lines, ORDER_LINES_MAX);
    assert_int_equal(view->lines.lines[ORDER_LINES_MAX - 1].quantity, LINE_UNITS_MAX);
    assert_true(view->lines.lines[0].unit_price.amount == PRODUCT_PRICE_MAX);
    assert_int_equal(view->total.amount, 9);
    assert_int_equal(view->as_of_us, 11);
    free(view);
}

/* Whatever comes again, or before what came first. */
static void the_latest_version_is_kept(void **state)
{
    static const int64_t COMING[] = {1, 3, 2, 3, 1, 4};
    static const int64_t WANT[] = {1, 3, 3, 3, 3, 4};
    struct world *w = *state;
    struct order_copy_view *view = MEM_NEW(struct order_copy_view);

    for (size_t i = 0; i < ARRAY_LEN(COMING); i++) {
        keep(w, order_of(COMING[i], "CONFIRMED", 1), 100 + COMING[i]);
        assert_int_equal(do_read(w, ANN, view), ST_OK);
        assert_int_equal(view->version, WANT[i]);
        assert_int_equal(view->as_of_us, 100 + WANT[i]);
    }
    free(view);
}

static void it_is_its_owner_s_and_the_administrators(void **state)
{
    struct world *w = *state;
    struct order_copy_view *view = MEM_NEW(struct order_copy_view);

    keep(w, order_of(1, "PENDING", 1), 1);
    assert_int_equal(do_read(w, BEN, view), ST_NOT_FOUND);
    assert_int_equal(view->version, 0);
    assert_int_equal(do_read(w, "", view), ST_NOT_FOUND);
    w->roles = "admin";
    assert_int_equal(do_read(w, BEN, view), ST_OK);
    free(view);
}

struct taking {
    struct catalog *catalog;
    const struct hold *hold;
    const struct capacity_want *want;
};

static enum status run_take(struct transaction *tx, const struct call *call, void *arg)
{
    struct taking *t = arg;
    struct hold hold = *t->hold;
    bool again;
    enum status st = capacity_open(&t->catalog->capacity, tx, call, &hold, &again);

    return st == ST_OK ? capacity_take(&t->catalog->capacity, tx, call, hold.id, t->want, 1) : st;
}

/* Twice, as events may come; or told as what it has become since, by its export. */
static void what_was_held_for_a_canceled_order_is_free_again(void **state)
{
    struct world *w = *state;
    struct uuid rice = make_item(w, "RICE", 5);
    struct product_view view = make_product(w, "Rice", 1, rice, 1);
    struct order_copy_view *copy = MEM_NEW(struct order_copy_view);
    struct heard heard = {.catalog = &w->catalog, .order = order_of(3, "CANCELED", 1)};
    struct taking taking = {
        .catalog = &w->catalog,
        .hold = &(struct hold){.id = {{1}},  .owner_id = heard.order.order_id},
        .want = &(struct capacity_want){ .slot_id = rice, .pieces = 2,                        .each = 1},
    };
    struct call call = call_of(w, "");

    assert_int_equal(transactor_run(w->catalog.transactor, &call, run_take, &taking), ST_OK);
    assert_int_equal(read_product(w, view.product.product_id, &view), ST_OK);
    assert_int_equal(view.available, 3);
    for (int i = 0; i < 2; i++)
        assert_int_equal(transactor_run(w->catalog.transactor, &call, run_keep, &heard), ST_OK);
    assert_int_equal(read_product(w, view.product.product_id, &view), ST_OK);
    assert_int_equal(view.available, 5);
    assert_int_equal(do_read(w, ANN, copy), ST_OK);
    assert_string_equal(copy->status, "CANCELED");
    free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_order_is_known_from_its_first_event_on),
        TEST(the_latest_version_is_kept),
        TEST(what_was_held_for_a_canceled_order_is_free_again),
        TEST(it_is_its_owner_s_and_the_administrators),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
