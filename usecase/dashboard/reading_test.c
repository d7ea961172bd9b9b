/* reading_test.c - what is heard is shown to whom it is of. */
#include "protocol/dashboard.h"
#include "tool/encoder/patch.h"
#include "usecase/dashboard/dashboard_world_test.h"

static enum status run_shop(struct transaction *tx, const struct call *call, void *arg)
{
    struct world *w = arg;
    struct store_event store = {.store_id = SHOP, .open = true, .version = 2};

    TEXT_COPY(store.name, "달빛식당");
    assert_true(uuid_parse(BEN, &store.owner_id));
    return dashboard_hear_store(&w->dashboards, tx, call, &(struct event){0}, &store);
}

static void hear_shop(struct world *w)
{
    struct call call = call_of(w, "");

    assert_int_equal(transactor_run(w->dashboards.transactor, &call, run_shop, w), ST_OK);
}

static void an_order_is_shown_from_its_first_event_on(void **state)
{
    struct world *w = *state;
    struct dashboard_view view;

    assert_int_equal(read_one(w, ANN, 1, &view), ST_NOT_FOUND);
    hear(w, 1, 1, 2); /* money may be held before the order's own event comes */
    assert_int_equal(read_one(w, ANN, 1, &view), ST_NOT_FOUND);
    hear(w, 0, 1, 1);
    assert_int_equal(read_one(w, ANN, 1, &view), ST_OK);
    assert_int_equal(view.status, DASHBOARD_ORDERED);
    assert_int_equal(view.version, 3);
    assert_string_equal(view.payment_status, "AUTHORIZED");
    assert_string_equal(view.item_name, "");
    assert_string_equal(view.delivery_status, "");
    hear_shop(w);
    hear(w, 0, 1, 2);
    hear(w, 2, 1, 4);
    hear(w, 3, 1, 4);
    assert_int_equal(read_one(w, ANN, 1, &view), ST_OK);
    assert_string_equal(view.store_name, "달빛식당");
    assert_string_equal(view.item_name, "비빔밥 외 1건");
    assert_int_equal(view.item_qty, 3);
    assert_int_equal(view.price.amount, 4001);
    assert_int_equal(view.status, DASHBOARD_PICKED_UP);
    assert_int_equal(view.version, 2 + 2 + 4 + 4);
    assert_int_equal(view.times.ordered_us, view.ordered_us);
    assert_int_equal(view.times.paid_us, NOON_US + 2 * SECOND_US);
    assert_int_equal(view.times.accepted_us, view.ordered_us + 120 * SECOND_US);
    assert_int_equal(view.times.cooked_us, view.ordered_us + 720 * SECOND_US);
    assert_int_equal(view.times.picked_up_us, view.ordered_us + 900 * SECOND_US);
    assert_int_equal(view.times.delivered_us, 0);
    assert_int_equal(view.times.canceled_us, 0);
    hear(w, 0, 1, 5);
    assert_int_equal(read_one(w, ANN, 1, &view), ST_OK);
    assert_int_equal(view.status, DASHBOARD_ORDER_CANCELED);
    assert_int_equal(view.times.canceled_us, NOON_US + 3600 * SECOND_US);
    assert_string_equal(view.reason, "changed_my_mind");
}

/* What several owners have said, each of another order, is heard at once. */
struct several {
    struct world *w;
    size_t n;
    struct event events[OWNERS];
    union said said[OWNERS];
    struct hearing_item items[OWNERS];
};

static enum status run_hear_together(struct transaction *tx, const struct call *call, void *arg)
{
    struct several *s = arg;

    return dashboard_hear_together(&s->w->dashboards, tx, call, s->items, s->n);
}

/* Each owner has come to the version for an order of his own, from i on. */
static enum status move_all(struct world *w, size_t i, int64_t version)
{
    struct several *s = MEM_NEW(struct several);
    struct call call = call_of(w, "");
    enum status st;

    s->w = w;
    for (int owner = 0; owner < OWNERS; owner++, i++, s->n++) {
        w->versions[owner][i] = version;
        if (i >= w->n_orders)
            w->n_orders = i + 1;
        say_of(owner, i, version, &s->said[owner]);
        s->events[owner] = (struct event){.type = DASHBOARD_SOURCE_ROWS[owner].type};
        s->items[owner] = (struct hearing_item){&s->events[owner], &s->said[owner]};
    }
    st = transactor_run(w->dashboards.transactor, &call, run_hear_together, s);
    free(s);
    return st;
}

/* Some of them for the first time. */
static void what_is_heard_at_once_is_as_if_it_had_come_so(void **state)
{
    struct world *w = *state;
    struct dashboard_view view;

    for (size_t i = 0; i < OWNERS; i++)
        assert_int_equal(move_all(w, i, 1 + (int64_t)i), ST_OK);
    assert_as_owners_say(w);
    hear(w, 0, OWNERS - 1, 1);
    assert_int_equal(read_one(w, ANN, OWNERS - 1, &view), ST_OK);
    assert_int_equal(view.version, 4 + 3 + 2 + 1);
    assert_int_equal(move_all(w, 0, 1), ST_OK); /* again, or late */
    assert_int_equal(read_one(w, ANN, OWNERS - 1, &view), ST_OK);
    assert_int_equal(view.version, 4 + 3 + 2 + 1);
}

static enum status (*really_replace)(struct store *self, struct transaction *tx,
                                     const struct call *call, const void *seen, const void *wanted,
                                     size_t n, size_t *replaced);

static enum status replace_but_one(struct store *self, struct transaction *tx,
                                   const struct call *call, const void *seen, const void *wanted,
                                   size_t n, size_t *replaced)
{
    return really_replace(self, tx, call, seen, wanted, n - 1, replaced);
}

static void what_somebody_has_changed_meanwhile_is_not_overwritten(void **state)
{
    struct world *w = *state;
    const struct store_ops *ops = w->dashboards.rows->ops;
    static struct store_ops other;
    struct dashboard_view view;

    for (size_t i = 0; i < OWNERS; i++)
        move(w, 0, i, 1);
    other = *ops;
    really_replace = other.replace;
    other.replace = replace_but_one;
    w->dashboards.rows->ops = &other;
    assert_int_equal(move_all(w, 0, 2), ST_OK);
    w->dashboards.rows->ops = ops;
    assert_as_owners_say(w);
    assert_int_equal(read_one(w, ANN, 0, &view), ST_OK);
    assert_int_equal(view.version, 2);
}

static void it_is_of_who_ordered_who_owns_the_store_and_administrators(void **state)
{
    struct world *w = *state;
    struct dashboard_view view;

    hear(w, 0, 1, 1);
    assert_int_equal(read_one(w, ANN, 1, &view), ST_OK);
    assert_int_equal(read_one(w, EVE, 1, &view), ST_NOT_FOUND);
    assert_int_equal(read_one(w, "", 1, &view), ST_NOT_FOUND);
    assert_int_equal(read_one(w, BEN, 1, &view), ST_NOT_FOUND); /* who owns it is not known yet */
    hear_shop(w);
    assert_int_equal(read_one(w, BEN, 1, &view), ST_OK);
    assert_int_equal(read_one(w, EVE, 1, &view), ST_NOT_FOUND);
    w->roles = "admin";
    assert_int_equal(read_one(w, EVE, 1, &view), ST_OK);
}

static void what_comes_again_or_late_changes_nothing(void **state)
{
    struct world *w = *state;
    struct dashboard_view view, again;

    hear(w, 0, 1, 4);
    hear(w, 2, 1, 3);
    assert_int_equal(read_one(w, ANN, 1, &view), ST_OK);
    hear(w, 0, 1, 3);
    hear(w, 2, 1, 3);
    hear(w, 2, 1, 1);
    assert_int_equal(read_one(w, ANN, 1, &again), ST_OK);
    assert_int_equal(again.version, view.version);
    assert_int_equal(again.status, view.status);
    assert_int_equal(again.as_of_us, view.as_of_us);
}

static size_t list(struct world *w, const char *who, struct dashboard_list query,
                   struct dashboard_page *page)
{
    struct call call = call_of(w, who);

    memset(page, 0, sizeof(*page));
    if (query.page.limit == 0)
        query.page.limit = PAGE_LIMIT_MAX;
    assert_int_equal(dashboard_read_list(&w->dashboards, &call, &query, page), ST_OK);
    return page->n_items;
}

static void a_list_is_of_one_s_own_orders_or_of_one_s_store(void **state)
{
    struct world *w = *state;
    struct dashboard_page *page = MEM_NEW(struct dashboard_page);
    struct dashboard_list of_status = {.status = DASHBOARD_ORDER_CANCELED};
    struct dashboard_list before_all = {.to_us = 0};
    struct dashboard_list between = {.from_us = NOON_US + 2 * SECOND_US,
                                     .to_us = NOON_US + 5 * SECOND_US};

    hear_shop(w);
    for (size_t i = 0; i < 12; i++)
        hear(w, 0, i, i == 3 ? 5 : 2);
    hear(w, 1, 20, 1); /* nothing is known of the order itself */
    assert_int_equal(list(w, ANN, (struct dashboard_list){.status = 0}, page), 12);
    assert_int_equal(page->items[0].price.amount, 4011); /* the newest */
    assert_string_equal(page->items[0].store_name, "달빛식당");
    assert_int_equal(list(w, BEN, (struct dashboard_list){.status = 0}, page), 0);
    assert_int_equal(list(w, BEN, (struct dashboard_list){.store_id = SHOP}, page), 12);
    assert_int_equal(list(w, EVE, (struct dashboard_list){.store_id = SHOP}, page), 0);
    given_set(DASHBOARD_LIST.request, &of_status, offsetof(struct dashboard_list, status));
    assert_int_equal(list(w, ANN, of_status, page), 1);
    given_set(DASHBOARD_LIST.request, &between, offsetof(struct dashboard_list, to_us));
    assert_int_equal(list(w, ANN, between, page), 3);
    given_set(DASHBOARD_LIST.request, &before_all, offsetof(struct dashboard_list, to_us));
    assert_int_equal(list(w, ANN, before_all, page), 0);
    w->roles = "admin";
    assert_int_equal(list(w, EVE, (struct dashboard_list){.status = 0}, page), 12);
    free(page);
}

static void pages_have_each_order_once(void **state)
{
    struct world *w = *state;
    struct dashboard_page *page = MEM_NEW(struct dashboard_page);
    struct dashboard_list query = {.page.limit = 5};
    int64_t before = INT64_MAX;
    size_t seen = 0, n;

    for (size_t i = 0; i < 13; i++)
        hear(w, 0, i, 2);
    do {
        n = list(w, ANN, query, page);
        for (size_t i = 0; i < n; i++) {
            assert_true(page->items[i].ordered_us < before);
            before = page->items[i].ordered_us;
        }
        seen += n;
        TEXT_COPY(query.page.cursor, page->next_cursor);
    } while (page->next_cursor[0]);
    assert_int_equal(seen, 13);
    free(page);
}

/* ---- a day ---- */

static enum status summarize(struct world *w, const char *who, struct dashboard_summary_query query,
                             struct dashboard_summary *out)
{
    struct call call = call_of(w, who);

    given_set(DASHBOARD_SUMMARY.request, &query, offsetof(struct dashboard_summary_query, day));
    memset(out, 0, sizeof(*out));
    return dashboard_summarize(&w->dashboards, &call, &query, out);
}

static void a_day_is_summed_up(void **state)
{
    const int32_t day = (int32_t)(NOON_US / (86400 * SECOND_US));
    struct world *w = *state;
    struct dashboard_summary sum;

    hear_shop(w);
    for (size_t i = 0; i < 10; i++) {
        hear(w, 0, i, i < 2 ? 5 : 2);
        hear(w, 1, i, i == 9 ? 4 : 3);
        hear(w, 2, i, 5);
        hear(w, 3, i, 5);
    }
    assert_int_equal(summarize(w, EVE, (struct dashboard_summary_query){SHOP, .day = day}, &sum),
                     ST_FORBIDDEN);
    assert_int_equal(summarize(w, BEN, (struct dashboard_summary_query){.day = day}, &sum),
                     ST_FORBIDDEN);
    assert_int_equal(summarize(w, BEN, (struct dashboard_summary_query){SHOP, .day = day}, &sum),
                     ST_OK);
    assert_int_equal(sum.orders, 10);
    assert_int_equal(sum.canceled, 2);
    assert_int_equal(sum.cancel_rate, 20);
    assert_int_equal(sum.n_revenue, 1);
    assert_int_equal(sum.revenue[0].amount, 10 * 4000 - 1000);
    assert_string_equal(sum.revenue[0].currency, "KRW");
    assert_int_equal(sum.accept_minutes, 2);
    assert_int_equal(sum.cook_minutes, 10);
    assert_int_equal(sum.deliver_minutes, 18);
    assert_true(given_has(DASHBOARD_SUMMARY.reply, &sum,
                          offsetof(struct dashboard_summary, deliver_minutes)));
    w->roles = "admin";
    assert_int_equal(summarize(w, EVE, (struct dashboard_summary_query){.day = day + 1}, &sum),
                     ST_OK);
    assert_int_equal(sum.orders, 0);
    assert_int_equal(sum.n_revenue, 0);
    assert_false(given_has(DASHBOARD_SUMMARY.reply, &sum,
                           offsetof(struct dashboard_summary, accept_minutes)));
}

static void the_last_day_of_all_has_an_end(void **state)
{
    const int32_t last = 2932896; /* 9999-12-31 */
    struct world *w = *state;
    struct dashboard_summary sum;

    hear_shop(w);
    w->roles = "admin";
    w->dashboards.day_east_s = -9 * 3600;
    assert_int_equal(summarize(w, EVE, (struct dashboard_summary_query){.day = last}, &sum), ST_OK);
    assert_int_equal(sum.day, last);
    assert_int_equal(sum.orders, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_order_is_shown_from_its_first_event_on),
        TEST(what_is_heard_at_once_is_as_if_it_had_come_so),
        TEST(what_somebody_has_changed_meanwhile_is_not_overwritten),
        TEST(it_is_of_who_ordered_who_owns_the_store_and_administrators),
        TEST(what_comes_again_or_late_changes_nothing),
        TEST(a_list_is_of_one_s_own_orders_or_of_one_s_store),
        TEST(pages_have_each_order_once),
        TEST(a_day_is_summed_up),
        TEST(the_last_day_of_all_has_an_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
