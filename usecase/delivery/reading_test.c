/* reading_test.c - who sees which delivery, and who is told where it goes. */
#include "usecase/delivery/delivery_world_test.h"

static void a_delivery_is_seen_by_those_it_concerns(void **state)
{
    static const struct {
        const struct somebody *who;
        enum status waiting, started;
    } cases[] = {
        {&ANN,      ST_OK,        ST_OK       },
        {&OWNER,    ST_OK,        ST_OK       },
        {&ADMIN,    ST_OK,        ST_OK       },
        {&KIM,      ST_OK,        ST_OK       },
        {&LEE,      ST_OK,        ST_NOT_FOUND},
        {&STRANGER, ST_NOT_FOUND, ST_NOT_FOUND},
    };
    struct world *w = *state;
    struct delivery_view view;

    assert_int_equal(look(w, &ANN, &view), ST_NOT_FOUND);
    accepted(w, ORDER);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(look(w, cases[i].who, &view), cases[i].waiting);
    assert_int_equal(start(w, &KIM), ST_OK);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(look(w, cases[i].who, &view), cases[i].started);
}

static void what_is_offered_is_what_the_caller_may_do(void **state)
{
    static const struct {
        const struct somebody *who;
        const char *waiting, *started;
    } cases[] = {
        {&KIM,   "start", "pickup"},
        {&ANN,   NULL,    NULL    },
        {&OWNER, NULL,    NULL    },
        {&ADMIN, NULL,    NULL    },
    };
    struct world *w = *state;

    accepted(w, ORDER);
    cooked(w, ORDER);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct delivery_summary d = seen(w, cases[i].who).delivery;
        assert_int_equal(d.n_actions, cases[i].waiting != NULL);
        if (cases[i].waiting)
            assert_string_equal(d.actions[0].name, cases[i].waiting);
    }
    assert_int_equal(start(w, &KIM), ST_OK);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct delivery_summary d = seen(w, cases[i].who).delivery;
        assert_int_equal(d.n_actions, cases[i].started ? 2 : 0);
        if (cases[i].started)
            assert_string_equal(d.actions[0].name, cases[i].started);
    }
}

static bool is_told(struct world *w, const struct somebody *who)
{
    struct delivery_view view = seen(w, who);

    assert_int_equal(view.tag, view.delivery.version);
    return strcmp(view.deliver_to.address, "12 Hanok-gil") == 0;
}

static void the_address_is_told_to_who_carries_it_until_an_hour_after(void **state)
{
    static const struct somebody *const NEVER[] = {&ANN, &OWNER, &ADMIN};
    struct world *w = *state;

    accepted(w, ORDER);
    cooked(w, ORDER);
    assert_false(is_told(w, &KIM));
    assert_int_equal(start(w, &KIM), ST_OK);
    assert_true(is_told(w, &KIM));
    assert_int_equal(pickup(w, &KIM), ST_OK);
    assert_true(is_told(w, &KIM));
    assert_int_equal(complete(w, &KIM), ST_OK);
    w->now_ms += 3598 * 1000;
    assert_true(is_told(w, &KIM));
    assert_int_equal(w->n_asked, 3);
    for (size_t i = 0; i < ARRAY_LEN(NEVER); i++)
        assert_false(is_told(w, NEVER[i]));
    w->now_ms += 2000;
    assert_false(is_told(w, &KIM));
    assert_int_equal(w->n_asked, 3);
}

static void the_address_is_not_told_of_what_was_given_back_or_canceled(void **state)
{
    struct world *w = *state;

    accepted(w, ORDER);
    assert_int_equal(start(w, &KIM), ST_OK);
    assert_int_equal(give_back(w, &KIM), ST_OK);
    assert_false(is_told(w, &KIM));
    assert_int_equal(start(w, &LEE), ST_OK);
    canceled(w, ORDER);
    assert_false(is_told(w, &LEE));
    assert_int_equal(w->n_asked, 0);
}

/* What is known here is answered; nobody takes it for all there is to know. */
static void a_delivery_is_read_while_orders_cannot_be_asked(void **state)
{
    static const struct {
        enum status said;
        bool is_whole;
    } cases[] = {
        {ST_UNAVAILABLE, false},
        {ST_OVERLOADED,  false},
        {ST_TIMEOUT,     false},
        {ST_NOT_FOUND,   true },
    };
    struct world *w = *state;

    accepted(w, ORDER);
    assert_int_equal(start(w, &KIM), ST_OK);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct delivery_view view;
        w->address = cases[i].said;
        view = seen(w, &KIM);
        assert_string_equal(view.deliver_to.address, "");
        assert_int_equal(view.tag, cases[i].is_whole ? 2 : 0);
        assert_int_equal(view.delivery.version, 2);
    }
    w->address = ST_OK;
    assert_true(is_told(w, &KIM));
}

/* ---- lists ---- */

static enum status list(struct world *w, const struct somebody *who, int status, int64_t limit,
                        const char *cursor, struct delivery_page *page)
{
    struct delivery_list query = {.status = status < 0 ? 0 : status, .page = {.limit = limit}};
    struct call call = call_of(w, who);

    if (status >= 0)
        given_set(DELIVERY_LIST.request, &query, offsetof(struct delivery_list, status));
    TEXT_COPY(query.page.cursor, cursor);
    memset(page, 0, sizeof(*page));
    return declared(w, &DELIVERY_LIST, delivery_show_list(&w->use, &call, &query, page));
}

static void jobs_are_listed_for_every_courier_the_oldest_first(void **state)
{
    struct world *w = *state;
    struct delivery_page *page = MEM_NEW(struct delivery_page);
    char cursor[PAGE_CURSOR_MAX + 1] = "";

    for (uint8_t i = 1; i <= 5; i++)
        accepted(w, (struct uuid){{(uint8_t)(10 - i)}});
    for (uint8_t i = 1; i <= 5; i++) {
        assert_int_equal(list(w, &LEE, DELIVERY_IS_WAITING, 1, cursor, page), ST_OK);
        assert_int_equal(page->n_items, 1);
        assert_int_equal(page->items[0].order_id.b[0], 10 - i);
        assert_string_equal(page->items[0].actions[0].name, "start");
        TEXT_COPY(cursor, page->next_cursor);
    }
    assert_int_equal(list(w, &LEE, DELIVERY_IS_WAITING, 1, cursor, page), ST_OK);
    assert_int_equal(page->n_items, 0);
    assert_int_equal(list(w, &LEE, DELIVERY_IS_STARTED, 1, cursor, page), ST_INVALID);
    assert_string_equal(w->problem.code, "cursor_mismatch");
    free(page);
}

static void a_courier_lists_what_he_carries(void **state)
{
    struct world *w = *state;
    struct delivery_page *page = MEM_NEW(struct delivery_page);

    accepted(w, ORDER);
    accepted(w, (struct uuid){{8}});
    assert_int_equal(start(w, &KIM), ST_OK);
    assert_int_equal(list(w, &KIM, -1, 20, "", page), ST_OK);
    assert_int_equal(page->n_items, 1);
    assert_true(uuid_equal(page->items[0].order_id, ORDER));
    assert_int_equal(list(w, &KIM, DELIVERY_IS_STARTED, 20, "", page), ST_OK);
    assert_int_equal(page->n_items, 1);
    assert_int_equal(list(w, &KIM, DELIVERY_IS_DELIVERED, 20, "", page), ST_OK);
    assert_int_equal(page->n_items, 0);
    assert_int_equal(list(w, &LEE, -1, 20, "", page), ST_OK);
    assert_int_equal(page->n_items, 0);
    assert_int_equal(list(w, &ADMIN, -1, 20, "", page), ST_OK);
    assert_int_equal(page->n_items, 2);
    assert_int_equal(list(w, &ADMIN, DELIVERY_IS_STARTED, 20, "", page), ST_OK);
    assert_int_equal(page->n_items, 1);
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_delivery_is_seen_by_those_it_concerns),
        TEST(what_is_offered_is_what_the_caller_may_do),
        TEST(the_address_is_told_to_who_carries_it_until_an_hour_after),
        TEST(the_address_is_not_told_of_what_was_given_back_or_canceled),
        TEST(a_delivery_is_read_while_orders_cannot_be_asked),
        TEST(jobs_are_listed_for_every_courier_the_oldest_first),
        TEST(a_courier_lists_what_he_carries),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
