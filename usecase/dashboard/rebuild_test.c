/* rebuild_test.c - a view that is heard and one that is read from its owners are the same. */
#include "tool/core/sanitized_test.h"
#include "usecase/dashboard/dashboard_world_test.h"

enum { SEEDS = SANITIZED ? 2 : 12, VERSIONS = 5 };

static uint32_t seed;

static uint32_t draw(uint32_t below)
{
    seed = seed * 1664525U + 1013904223U;
    return (seed >> 8) % below;
}

struct asking {
    struct world *w;
    struct dashboard_rebuilding out;
};

static enum status run_ask(struct transaction *tx, const struct call *call, void *arg)
{
    struct asking *asking = arg;

    return dashboard_rebuild(&asking->w->dashboards, tx, call, NULL, &asking->out);
}

static struct dashboard_rebuilding ask_for_rebuild(struct world *w)
{
    struct asking asking = {.w = w};
    struct call call = call_of(w, "");

    assert_int_equal(transactor_run(w->dashboards.transactor, &call, run_ask, &asking), ST_OK);
    return asking.out;
}

static enum status go_on(struct world *w)
{
    struct call call = call_of(w, "");
    const struct job_run run = {.call = &call, .name = VIEW_TABLES_JOB, .fence = w->fence};

    return dashboard_rebuild_go_on(&w->dashboards, &run);
}

static void rebuild(struct world *w)
{
    unsigned swaps = w->swaps;

    assert_int_equal(ask_for_rebuild(w).state, REBUILD_WANTED);
    assert_int_equal(go_on(w), ST_OK);
    assert_int_equal(w->swaps, swaps + 1);
    assert_int_equal(go_on(w), ST_OK);
    assert_int_equal(w->swaps, swaps + 1);
}

/* Each of the four has come to some version of each order, or has none of it. */
static void live(struct world *w, size_t n_orders)
{
    w->n_orders = n_orders;
    for (int owner = 0; owner < OWNERS; owner++)
        for (size_t i = 0; i < n_orders; i++)
            w->versions[owner][i] = draw(VERSIONS + 1);
}

/* Some of what was said, in any order, some of it twice. */
static void hear_some(struct world *w, size_t times)
{
    for (size_t t = 0; t < times; t++) {
        int owner = (int)draw(OWNERS);
        size_t i = draw((uint32_t)w->n_orders);
        if (w->versions[owner][i] > 0)
            hear(w, owner, i, 1 + draw((uint32_t)w->versions[owner][i]));
    }
}

static void hear_latest(struct world *w)
{
    for (size_t i = w->n_orders; i > 0; i--)
        for (int owner = 0; owner < OWNERS; owner++)
            if (w->versions[owner][i - 1] > 0)
                hear(w, owner, i - 1, w->versions[owner][i - 1]);
}

static void any_order_doubles_and_losses_come_to_what_owners_say(void **state)
{
    struct world *w = *state;

    for (uint32_t s = 1; s <= SEEDS; s++) {
        seed = s;
        live(w, 20);
        hear_some(w, 100);
        hear_latest(w);
        hear_some(w, 100);
        assert_as_owners_say(w);
        assert_int_equal(teardown(state), 0);
        assert_int_equal(setup(state), 0);
        w = *state;
    }
}

static void what_was_lost_is_there_after_a_rebuild(void **state)
{
    struct world *w = *state;
    struct dashboard_digest before, after;

    seed = 7;
    live(w, ORDERS_MAX); /* more than two pages */
    hear_some(w, 200);
    before = digest(w, false);
    assert_string_not_equal(before.digest, digest(w, true).digest);
    rebuild(w);
    assert_as_owners_say(w);
    after = digest(w, false);
    rebuild(w);
    assert_string_equal(digest(w, false).digest, after.digest);
}

static void a_row_that_nobody_has_said_is_gone_after_a_rebuild(void **state)
{
    struct world *w = *state;
    struct dashboard_view view;

    move(w, 0, 1, 2);
    hear(w, 0, 2, 2); /* its owner knows nothing of it */
    assert_int_equal(read_one(w, ANN, 2, &view), ST_OK);
    rebuild(w);
    assert_int_equal(read_one(w, ANN, 2, &view), ST_NOT_FOUND);
    assert_int_equal(read_one(w, ANN, 1, &view), ST_OK);
}

/* What happens while pages are read is said, and heard at once. */
static void go_on_living(struct world *w)
{
    for (int t = 0; t < 20; t++) {
        int owner = (int)draw(OWNERS);
        size_t i = draw((uint32_t)w->n_orders);
        if (w->versions[owner][i] < VERSIONS)
            move(w, owner, i, w->versions[owner][i] + 1);
    }
}

static void what_happens_during_a_rebuild_is_in_it(void **state)
{
    struct world *w = *state;

    for (uint32_t s = 1; s <= SEEDS; s++) {
        seed = s;
        live(w, ORDERS_MAX);
        hear_some(w, 50);
        w->between = go_on_living;
        rebuild(w);
        w->between = NULL;
        assert_as_owners_say(w);
    }
}

static struct dashboard_rebuild rebuild_now(struct world *w)
{
    struct dashboard_rebuild found;
    struct call call = call_of(w, "");

    assert_int_equal(dashboard_rebuild_find(&w->dashboards, NULL, &call, &found), ST_OK);
    return found;
}

static void each_page_is_asked_for_once(void **state)
{
    struct world *w = *state;

    w->n_orders = ORDERS_MAX;
    for (int owner = 0; owner < OWNERS; owner++)
        for (size_t i = 0; i < ORDERS_MAX; i++)
            w->versions[owner][i] = 1;
    rebuild(w);
    assert_int_equal(w->n_asked, OWNERS * (ORDERS_MAX / EXPORT_PAGE_MAX + 1));
    assert_int_equal(rebuild_now(w).items, OWNERS * ORDERS_MAX);
    assert_as_owners_say(w);
}

/* What it has read of one, and not put together with what others say, is read again. */
static void it_goes_on_where_somebody_did_not_answer(void **state)
{
    struct world *w = *state;
    int64_t items = 0;

    seed = 11;
    live(w, ORDERS_MAX);
    for (int owner = 0; owner < OWNERS; owner++)
        for (size_t i = 0; i < ORDERS_MAX; i++)
            items += w->versions[owner][i] > 0;
    for (unsigned at = 1; at <= 2 * OWNERS; at++) {
        unsigned swaps = w->swaps;
        w->n_asked = 0;
        w->fails_at = at;
        assert_int_equal(ask_for_rebuild(w).state, REBUILD_WANTED);
        assert_int_equal(go_on(w), ST_UNAVAILABLE);
        assert_int_equal(rebuild_now(w).state, REBUILD_READING);
        w->fails_at = 0;
        assert_int_equal(go_on(w), ST_OK);
        assert_int_equal(w->swaps, swaps + 1);
        assert_int_equal(rebuild_now(w).items, items);
        assert_as_owners_say(w);
    }
}

/* It is slower then, and nothing else. */
static void owners_need_not_be_in_the_order_of_orders(void **state)
{
    struct world *w = *state;

    for (uint32_t s = 1; s <= 4; s++) {
        seed = s;
        live(w, ORDERS_MAX);
        w->payments_apart = true;
        w->between = s % 2 ? go_on_living : NULL;
        rebuild(w);
        w->between = NULL;
        assert_as_owners_say(w);
    }
}

/* Nobody has said anything so far. */
static void of_nothing_there_is_a_rebuild_too(void **state)
{
    struct world *w = *state;

    rebuild(w);
    assert_int_equal(rebuild_now(w).items, 0);
    assert_as_owners_say(w);
}

/* Nobody knows whether the tables have changed their names. */
static void an_end_that_is_not_known_begins_anew(void **state)
{
    struct world *w = *state;

    seed = 3;
    live(w, 60);
    w->cannot_swap = true;
    assert_int_equal(ask_for_rebuild(w).state, REBUILD_WANTED);
    assert_int_equal(go_on(w), ST_UNCERTAIN);
    assert_int_equal(ask_for_rebuild(w).state, REBUILD_SWAPPING);
    w->cannot_swap = false;
    assert_int_equal(tables_swap(&w->tables, NULL, w->fence), ST_OK); /* they had */
    assert_int_equal(go_on(w), ST_OK);
    assert_int_equal(w->swaps, 2);
    assert_as_owners_say(w);
}

enum { TABLE_CHANGES = 3 }; /* of a rebuild: emptied, swapped, emptied */

/* The one that is about to change the tables stands still, and another has taken over: that one has
 * read half of it. */
static void another_takes_over(struct world *w)
{
    if (--w->stands_at > 0)
        return;
    w->stood = NULL;
    w->fence++;
    (void)ask_for_rebuild(w);
    w->fails_at = w->n_asked + OWNERS + 1;
    assert_int_equal(go_on(w), ST_UNAVAILABLE);
    w->fails_at = 0;
}

static void who_was_overtaken_does_nothing_to_what_another_builds(void **state)
{
    struct world *w = *state;

    seed = 5;
    live(w, ORDERS_MAX);
    for (unsigned at = 1; at <= TABLE_CHANGES; at++) {
        w->stands_at = at;
        w->stood = another_takes_over;
        assert_int_equal(ask_for_rebuild(w).state, REBUILD_WANTED);
        assert_int_equal(go_on(w), ST_OK);
        assert_null(w->stood);
        assert_int_equal(rebuild_now(w).state, REBUILD_READING);
        assert_int_equal(go_on(w), ST_OK);
        assert_int_equal(rebuild_now(w).state, REBUILD_IDLE);
        assert_as_owners_say(w);
    }
}

/* What is said of the rows is compared, and not only their parts. */
static void a_status_that_does_not_follow_is_wrong(void **state)
{
    struct world *w = *state;
    const struct uuid id = order_id_of(1);
    const int from = DASHBOARD_ORDERED, to = DASHBOARD_DELIVERED;
    struct call call = call_of(w, "");

    move(w, 0, 1, 2);
    assert_as_owners_say(w);
    assert_int_equal(store_turn(w->dashboards.rows, NULL, &call, &id, "status", &from, &to), ST_OK);
    assert_int_equal(digest(w, false).wrong, 1);
    rebuild(w);
    assert_as_owners_say(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(any_order_doubles_and_losses_come_to_what_owners_say),
        TEST(what_was_lost_is_there_after_a_rebuild),
        TEST(a_row_that_nobody_has_said_is_gone_after_a_rebuild),
        TEST(what_happens_during_a_rebuild_is_in_it),
        TEST(each_page_is_asked_for_once),
        TEST(it_goes_on_where_somebody_did_not_answer),
        TEST(owners_need_not_be_in_the_order_of_orders),
        TEST(of_nothing_there_is_a_rebuild_too),
        TEST(an_end_that_is_not_known_begins_anew),
        TEST(who_was_overtaken_does_nothing_to_what_another_builds),
        TEST(a_status_that_does_not_follow_is_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
