/* ticket_test.c - from an order that is confirmed to what the courier fetches, over tables in
 * memory. */
#include "model/delivery.h"
#include "tool/store/memory/store_counted_test.h"
#include "usecase/store/store_world_test.h"

static enum status read_as(struct world *w, const char *who, struct uuid store_id,
                           struct ticket_view *out)
{
    struct call call = call_of(w, who);

    memset(out, 0, sizeof(*out));
    return declared(w, &STORE_TICKET_GET,
                    ticket_read(&w->shops, &call, &(struct ticket_query){store_id, ORDER}, out));
}

static void delivery_ticket_arrives(void **state)
{
    struct world *w = *state;
    struct ticket_view *view = MEM_NEW(struct ticket_view);

    make_store(w, (struct store_form){.name = "One"});
    hear_order(w, ticket_hear_confirmed);
    assert_ticket(w, TICKET_RECEIVED, "store.received");
    assert_int_equal(read_as(w, ANN, SHOP, view), ST_OK);
    assert_string_equal(view->order_num, "202611290830001234567890");
    assert_int_equal(view->n_lines, 2);
    assert_int_equal(view->lines[1].quantity, 2);
    assert_string_equal(view->lines[0].name, "비빔밥");
    assert_string_equal(view->lines[1].name, "");
    assert_int_equal(view->accept_by_us - clock_wall_us(&w->clock),
                     ACCEPT_WITHIN_S * INT64_C(1000000));
    assert_int_equal(view->n_actions, 2);
    assert_string_equal(view->actions[0].name, "accept");
    assert_string_equal(view->actions[1].name, "reject");
    free(view);
}

static void a_ticket_is_its_store_s_and_the_administrators(void **state)
{
    struct world *w = *state;
    struct ticket_view *view = MEM_NEW(struct ticket_view);

    make_store(w, (struct store_form){.name = "One"});
    make_store(w, (struct store_form){.name = "Two", .store_id = OTHER_SHOP});
    hear_order(w, ticket_hear_confirmed);
    assert_int_equal(read_as(w, BEN, SHOP, view), ST_FORBIDDEN);
    assert_int_equal(read_as(w, ANN, OTHER_SHOP, view), ST_NOT_FOUND);
    assert_int_equal(desk(w, BEN, ticket_accept), ST_FORBIDDEN);
    assert_int_equal(view->version, 0);
    w->roles = "admin";
    assert_int_equal(read_as(w, BEN, SHOP, view), ST_OK);
    assert_int_equal(desk(w, BEN, ticket_accept), ST_OK);
    free(view);
}

static void who_ordered_reads_the_ticket_too(void **state)
{
    static const char WHO_ORDERED[] = "71000000-0000-0000-0000-000000000000";
    struct world *w = *state;
    struct ticket_view *view = MEM_NEW(struct ticket_view);

    make_store(w, (struct store_form){.name = "One"});
    hear_order(w, ticket_hear_confirmed);
    assert_int_equal(read_as(w, WHO_ORDERED, SHOP, view), ST_OK);
    assert_int_equal(view->status, TICKET_RECEIVED);
    assert_int_equal(view->n_actions, 0);
    assert_int_equal(read_as(w, WHO_ORDERED, OTHER_SHOP, view), ST_FORBIDDEN);
    assert_int_equal(desk(w, WHO_ORDERED, ticket_accept), ST_FORBIDDEN);
    free(view);
}

static enum status find_nothing_now(struct store *self, struct transaction *tx,
                                    const struct call *call, const char *by, const void *key,
                                    void *out)
{
    (void)self, (void)tx, (void)call, (void)by, (void)key, (void)out;
    return ST_UNAVAILABLE;
}

/* Whether it is his nobody knows then. */
static void who_asks_while_tickets_are_away_is_not_refused(void **state)
{
    static const struct store_ops AWAY = {.find = find_nothing_now};
    struct world *w = *state;
    struct shops shops = w->shops;
    struct store away = {&AWAY, w->shops.tickets->table};
    struct ticket_view *view = MEM_NEW(struct ticket_view);
    struct call call = call_of(w, BEN);

    make_store(w, (struct store_form){.name = "One"});
    shops.tickets = &away;
    assert_int_equal(ticket_read(&shops, &call, &(struct ticket_query){SHOP, ORDER}, view),
                     ST_UNAVAILABLE);
    free(view);
}

static void delivery_cook(void **state)
{
    static const struct {
        change_fn fn;
        enum status want;
        enum ticket_status status;
        const char *said;
    } cases[] = {
        {ticket_cook,   ST_CONFLICT, TICKET_RECEIVED, "store.received"       },
        {ticket_accept, ST_OK,       TICKET_ACCEPTED, "store.accepted"       },
        {ticket_accept, ST_CONFLICT, TICKET_ACCEPTED, "store.accepted"       },
        {ticket_reject, ST_CONFLICT, TICKET_ACCEPTED, "store.accepted"       },
        {ticket_ready,  ST_CONFLICT, TICKET_ACCEPTED, "store.accepted"       },
        {ticket_cook,   ST_OK,       TICKET_COOKING,  "store.cooking_started"},
        {ticket_ready,  ST_OK,       TICKET_READY,    "store.cooked"         },
        {ticket_ready,  ST_CONFLICT, TICKET_READY,    "store.cooked"         },
    };
    struct world *w = *state;

    make_store(w, (struct store_form){.name = "One"});
    assert_int_equal(desk(w, ANN, ticket_accept), ST_NOT_FOUND);
    hear_order(w, ticket_hear_confirmed);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(desk(w, ANN, cases[i].fn), cases[i].want);
        if (cases[i].want == ST_CONFLICT)
            assert_string_equal(w->problem.code, "wrong_state");
        assert_ticket(w, cases[i].status, cases[i].said);
        assert_int_equal(ticket_now(w).accepted_us != 0, cases[i].status != TICKET_RECEIVED);
        assert_int_equal(ticket_now(w).cooked_us != 0, cases[i].status == TICKET_READY);
    }
    assert_int_equal(ticket_now(w).minutes, 20);
    assert_true(ticket_now(w).accepted_us <= ticket_now(w).cooked_us);
}

/* It is read under its lock, and not before. */
static void to_move_a_ticket_it_is_read_once(void **state)
{
    static const change_fn MOVES[] = {ticket_accept, ticket_cook, ticket_ready};
    struct world *w = *state;
    struct store *tickets = w->shops.tickets;
    struct store_ops ops = *tickets->ops;
    const struct store_ops *before = tickets->ops;

    make_store(w, (struct store_form){.name = "One"});
    hear_order(w, ticket_hear_confirmed);
    ops.find = find_nothing_now;
    tickets->ops = &ops;
    for (size_t i = 0; i < ARRAY_LEN(MOVES); i++)
        assert_int_equal(desk(w, ANN, MOVES[i]), ST_OK);
    tickets->ops = before;
    assert_ticket(w, TICKET_READY, "store.cooked");
}

static void another_store_s_ticket_does_not_move(void **state)
{
    struct world *w = *state;
    struct ticket_query which = {OTHER_SHOP, ORDER};
    struct ticket_view *view = MEM_NEW(struct ticket_view);

    make_store(w, (struct store_form){.name = "One"});
    make_store(w, (struct store_form){.name = "Two", .store_id = OTHER_SHOP});
    hear_order(w, ticket_hear_confirmed);
    assert_int_equal(desk(w, ANN, ticket_accept), ST_OK);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(
            do_deed(
                w, ANN,
                (struct deed){.change = i ? ticket_ready : ticket_cook, .in = &which, .out = view}),
            ST_NOT_FOUND);
    assert_ticket(w, TICKET_ACCEPTED, "store.accepted");
    free(view);
}

static void what_the_courier_has_is_picked_up(void **state)
{
    struct world *w = *state;
    struct delivery_event delivery = {.order_id = ORDER};
    const struct deed hear = {.hear = ticket_hear_picked_up, .in = &delivery};

    assert_int_equal(do_deed(w, "", hear), ST_OK); /* of nothing */
    make_store(w, (struct store_form){.auto_accept = true});
    hear_order(w, ticket_hear_confirmed);
    assert_int_equal(do_deed(w, "", hear), ST_OK); /* too early */
    assert_ticket(w, TICKET_ACCEPTED, "store.accepted");
    assert_int_equal(desk(w, ANN, ticket_cook), ST_OK);
    assert_int_equal(desk(w, ANN, ticket_ready), ST_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(do_deed(w, "", hear), ST_OK);
    assert_ticket(w, TICKET_PICKED_UP, "store.ticket_changed");
    hear_order(w, ticket_hear_canceled);
    assert_ticket(w, TICKET_PICKED_UP, "store.ticket_changed");
}

static void what_is_rejected_says_why(void **state)
{
    struct world *w = *state;

    make_store(w, (struct store_form){.name = "One"});
    hear_order(w, ticket_hear_confirmed);
    assert_int_equal(desk(w, ANN, ticket_reject), ST_OK);
    assert_ticket(w, TICKET_REJECTED, "store.rejected");
    assert_string_equal(ticket_now(w).reason, "no_rice");
    hear_order(w, ticket_hear_canceled); /* what becomes of it then */
    assert_ticket(w, TICKET_REJECTED, "store.rejected");
}

static void a_store_of_goods_accepts_at_once(void **state)
{
    struct world *w = *state;

    make_store(w, (struct store_form){.auto_accept = true});
    hear_order(w, ticket_hear_confirmed);
    assert_ticket(w, TICKET_ACCEPTED, "store.accepted");
    assert_int_equal(ticket_now(w).version, 2);
}

static void what_is_heard_again_changes_nothing(void **state)
{
    struct world *w = *state;

    make_store(w, (struct store_form){.auto_accept = true});
    for (int i = 0; i < 3; i++)
        hear_order(w, ticket_hear_confirmed);
    assert_ticket(w, TICKET_ACCEPTED, "store.accepted");
    for (int i = 0; i < 3; i++)
        hear_order(w, ticket_hear_canceled);
    assert_ticket(w, TICKET_CANCELED, "store.canceled");
    assert_int_equal(ticket_now(w).version, 3);
}

static void of_an_order_that_was_never_confirmed_there_is_no_ticket(void **state)
{
    struct world *w = *state;

    make_store(w, (struct store_form){.name = "One"});
    hear_order(w, ticket_hear_canceled);
    assert_int_equal(ticket_now(w).version, 0);
}

/* Of a store that nobody has registered. */
static void nobody_s_ticket_is_the_administrators(void **state)
{
    struct world *w = *state;

    hear_order(w, ticket_hear_confirmed);
    assert_ticket(w, TICKET_RECEIVED, "store.received");
    assert_int_equal(desk(w, ANN, ticket_accept), ST_FORBIDDEN);
    w->roles = "admin";
    assert_int_equal(desk(w, ANN, ticket_accept), ST_OK);
}

static void tickets_are_listed_the_newest_first(void **state)
{
    struct world *w = *state;
    struct ticket_list query = {.store_id = SHOP, .page = {.limit = 2}};
    struct ticket_page *page = MEM_NEW(struct ticket_page);
    struct order_event order = {.store_id = SHOP};
    struct store_counted lines;
    uint8_t want = 5;

    make_store(w, (struct store_form){.name = "One"});
    for (uint8_t i = 1; i <= 5; i++) {
        order.order_id.b[0] = i;
        order.n_lines = 1 + i % 3;
        for (size_t k = 0; k < order.n_lines; k++)
            order.lines[k].quantity = 10 * i + (int)k;
        w->now_ms += 1000;
        assert_int_equal(do_deed(w, "", (struct deed){.hear = ticket_hear_confirmed, .in = &order}),
                         ST_OK);
    }
    store_counted_init(&lines, &w->shops.lines);
    do {
        struct call call = call_of(w, ANN);
        memset(page, 0, sizeof(*page));
        assert_int_equal(
            declared(w, &STORE_TICKET_LIST, ticket_read_list(&w->shops, &call, &query, page)),
            ST_OK);
        for (size_t i = 0; i < page->n_items; i++) {
            const struct ticket_view *view = &page->items[i];
            assert_int_equal(view->order_id.b[0], want);
            assert_int_equal(view->n_lines, 1 + want % 3);
            for (size_t k = 0; k < view->n_lines; k++)
                assert_int_equal(view->lines[k].quantity, 10 * want + k);
            want--;
        }
        TEXT_COPY(query.page.cursor, page->next_cursor);
    } while (page->next_cursor[0]);
    w->shops.lines = lines.inner;
    assert_int_equal(lines.lists, 3); /* a page, not a ticket */
    assert_int_equal(want, 0);
    free(page);
}

static void a_list_is_of_one_status(void **state)
{
    struct world *w = *state;
    struct ticket_list query = {
        .store_id = SHOP, .status = TICKET_ACCEPTED, .page = {.limit = 9}, .given = {.said = 2}};
    struct ticket_page *page = MEM_NEW(struct ticket_page);
    struct call call;

    make_store(w, (struct store_form){.name = "One"});
    hear_order(w, ticket_hear_confirmed);
    for (size_t want = 0; want < 2; want++) {
        call = call_of(w, ANN);
        memset(page, 0, sizeof(*page));
        assert_int_equal(ticket_read_list(&w->shops, &call, &query, page), ST_OK);
        assert_int_equal(page->n_items, want);
        assert_int_equal(desk(w, ANN, ticket_accept), want ? ST_CONFLICT : ST_OK);
    }
    call = call_of(w, BEN);
    assert_int_equal(
        declared(w, &STORE_TICKET_LIST, ticket_read_list(&w->shops, &call, &query, page)),
        ST_FORBIDDEN);
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(delivery_ticket_arrives),
        TEST(a_ticket_is_its_store_s_and_the_administrators),
        TEST(who_ordered_reads_the_ticket_too),
        TEST(who_asks_while_tickets_are_away_is_not_refused),
        TEST(delivery_cook),
        TEST(to_move_a_ticket_it_is_read_once),
        TEST(another_store_s_ticket_does_not_move),
        TEST(what_the_courier_has_is_picked_up),
        TEST(what_is_rejected_says_why),
        TEST(a_store_of_goods_accepts_at_once),
        TEST(what_is_heard_again_changes_nothing),
        TEST(of_an_order_that_was_never_confirmed_there_is_no_ticket),
        TEST(nobody_s_ticket_is_the_administrators),
        TEST(tickets_are_listed_the_newest_first),
        TEST(a_list_is_of_one_status),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
