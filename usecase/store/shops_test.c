/* shops_test.c - making, changing, opening, closing and reading stores, over tables in memory. */
#include "tool/encoder/patch.h"
#include "usecase/store/store_world_test.h"

static enum status read_store(struct world *w, struct uuid id, struct store_row *out)
{
    struct call call = call_of(w, "");

    *out = (struct store_row){.version = 0};
    return declared(w, &STORE_GET, shop_read(&w->shops, &call, &(struct store_query){id}, out));
}

static void assert_said(struct world *w, const char *const types[], size_t n)
{
    struct outbox_row said[SAID_MAX];

    assert_int_equal(outbox_memory_said(w->shops.outbox, &SHOP, said, SAID_MAX), n);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(said[i].type, types[i]);
}

static void a_store_is_open_once_it_is_made(void **state)
{
    static const char *const SAID[] = {"store.opened"};
    struct world *w = *state;
    struct store_row store, found;

    store = make_store(w, (struct store_form){.auto_accept = true});
    assert_int_equal(read_store(w, SHOP, &found), ST_OK);
    assert_memory_equal(&found, &store, sizeof(store));
    assert_true(found.open && found.auto_accept && !found.approve_unanswered);
    assert_int_equal(found.version, 1);
    assert_said(w, SAID, 1);
    assert_int_equal(read_store(w, OTHER_SHOP, &found), ST_NOT_FOUND);
}

static void an_id_has_one_store(void **state)
{
    struct world *w = *state;
    struct store_form form = {.store_id = SHOP, .owner_id = {{9}}, .name = "Another"};
    struct store_row store = {.version = 0};

    make_store(w, (struct store_form){.name = "One"});
    assert_int_equal(
        declared(w, &STORE_CREATE,
                 do_deed(w, ANN, (struct deed){.change = shop_create, .in = &form, .out = &store})),
        ST_CONFLICT);
    assert_int_equal(read_store(w, SHOP, &store), ST_OK);
    assert_string_equal(store.name, "One");
    form.store_id = (struct uuid){{0}};
    store = (struct store_row){.version = 0};
    assert_int_equal(
        do_deed(w, ANN, (struct deed){.change = shop_create, .in = &form, .out = &store}), ST_OK);
    assert_false(uuid_is_nil(store.store_id) || uuid_equal(store.store_id, SHOP));
}

static void its_owner_opens_and_closes_it(void **state)
{
    static const char *const SAID[] = {"store.opened", "store.closed", "store.opened"};
    struct world *w = *state;
    struct store_row found;

    make_store(w, (struct store_form){.name = "One"});
    assert_int_equal(open_store(w, BEN, SHOP, false), ST_FORBIDDEN);
    assert_int_equal(open_store(w, BEN, OTHER_SHOP, false), ST_FORBIDDEN);
    assert_int_equal(open_store(w, ANN, SHOP, false), ST_OK);
    assert_int_equal(open_store(w, ANN, SHOP, false), ST_OK); /* is so already */
    assert_int_equal(read_store(w, SHOP, &found), ST_OK);
    assert_false(found.open);
    w->roles = "admin";
    assert_int_equal(open_store(w, BEN, SHOP, true), ST_OK);
    assert_int_equal(open_store(w, BEN, OTHER_SHOP, true), ST_NOT_FOUND);
    assert_said(w, SAID, ARRAY_LEN(SAID));
}

static enum status rename_store(struct world *w, const char *who, struct uuid id, const char *name,
                                struct store_row *out)
{
    struct store_patch patch = {.store_id = id};

    TEXT_COPY(patch.name, name);
    given_set(STORE_UPDATE.request, &patch, offsetof(struct store_patch, name));
    *out = (struct store_row){.version = 0};
    return declared(
        w, &STORE_UPDATE,
        do_deed(w, who, (struct deed){.change = shop_update, .in = &patch, .out = out}));
}

static void its_owner_says_what_it_is_called_and_what_it_does_by_itself(void **state)
{
    static const char *const SAID[] = {"store.opened", "store.opened", "store.closed",
                                       "store.closed"};
    struct world *w = *state;
    struct store_patch patch = {.store_id = SHOP, .auto_accept = true};
    struct store_row store = {.version = 0};

    make_store(w, (struct store_form){.name = "One", .approve_unanswered = true});
    assert_int_equal(rename_store(w, BEN, SHOP, "Mine", &store), ST_FORBIDDEN);
    assert_int_equal(rename_store(w, BEN, OTHER_SHOP, "Mine", &store), ST_FORBIDDEN);
    assert_int_equal(rename_store(w, ANN, SHOP, "Two", &store), ST_OK);
    assert_string_equal(store.name, "Two");
    assert_true(store.open && !store.auto_accept && store.approve_unanswered);
    assert_int_equal(store.version, 2);
    assert_int_equal(rename_store(w, ANN, SHOP, "Two", &store), ST_OK); /* is so already */
    assert_int_equal(store.version, 2);
    assert_int_equal(open_store(w, ANN, SHOP, false), ST_OK);
    given_set(STORE_UPDATE.request, &patch, offsetof(struct store_patch, auto_accept));
    assert_int_equal(
        do_deed(w, ANN, (struct deed){.change = shop_update, .in = &patch, .out = &store}), ST_OK);
    assert_true(!store.open && store.auto_accept && store.approve_unanswered);
    w->roles = "admin";
    assert_int_equal(rename_store(w, BEN, OTHER_SHOP, "Mine", &store), ST_NOT_FOUND);
    assert_said(w, SAID, ARRAY_LEN(SAID));
}

static void a_store_that_is_another_by_now_stays_as_it_is(void **state)
{
    struct world *w = *state;
    struct store_row store;

    make_store(w, (struct store_form){.name = "One"});
    w->if_version = 2;
    assert_int_equal(rename_store(w, ANN, SHOP, "Two", &store), ST_STALE);
    w->if_version = CALL_ANY_VERSION;
    assert_int_equal(rename_store(w, ANN, SHOP, "Two", &store), ST_OK);
    w->if_version = 1;
    assert_int_equal(rename_store(w, ANN, SHOP, "Three", &store), ST_STALE);
    assert_int_equal(read_store(w, SHOP, &store), ST_OK);
    assert_string_equal(store.name, "Two");
    w->if_version = 2;
    assert_int_equal(rename_store(w, ANN, SHOP, "Three", &store), ST_OK);
    assert_int_equal(store.version, 3);
}

static struct store_page *list(struct world *w, const struct store_filter *filter)
{
    struct store_page *page = MEM_NEW(struct store_page);
    struct call call = call_of(w, "");

    assert_int_equal(declared(w, &STORE_LIST, shop_list(&w->shops, &call, filter, page)), ST_OK);
    return page;
}

static void stores_are_listed_by_name_page_by_page(void **state)
{
    static const char *const NAMES[] = {"Curry", "Apples", "Bread", "Bread", "Dumplings"};
    static const char *const WANT[] = {"Apples", "Bread", "Bread", "Curry", "Dumplings"};
    struct world *w = *state;
    struct store_filter filter = {.page = {.limit = 2}};
    size_t seen = 0;

    for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
        struct store_form form = {.store_id = {{(uint8_t)(i + 1)}}};
        TEXT_COPY(form.name, NAMES[i]);
        make_store(w, form);
    }
    for (bool more = true; more;) {
        struct store_page *page = list(w, &filter);
        for (size_t i = 0; i < page->n_items; i++)
            assert_string_equal(page->items[i].name, WANT[seen++]);
        TEXT_COPY(filter.page.cursor, page->next_cursor);
        more = page->next_cursor[0] != '\0';
        free(page);
    }
    assert_int_equal(seen, ARRAY_LEN(WANT));
}

static void a_list_is_of_whom_and_what_was_asked_for(void **state)
{
    struct world *w = *state;
    struct store_filter filter = {.page = {.limit = 9}, .owner_id = {{9}}};
    struct store_page *page;

    make_store(w, (struct store_form){.name = "Ann's"});
    make_store(w,
               (struct store_form){.name = "Another's", .store_id = OTHER_SHOP, .owner_id = {{9}}});
    assert_int_equal(open_store(w, ANN, SHOP, false), ST_OK);
    page = list(w, &filter);
    assert_int_equal(page->n_items, 1);
    assert_string_equal(page->items[0].name, "Another's");
    free(page);
    filter = (struct store_filter){.page = {.limit = 9}};
    for (int open = 0; open < 2; open++) {
        filter.open = open;
        filter.given.said = 1; /* its first row */
        page = list(w, &filter);
        assert_int_equal(page->n_items, 1);
        assert_string_equal(page->items[0].name, open ? "Another's" : "Ann's");
        free(page);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_store_is_open_once_it_is_made),
        TEST(an_id_has_one_store),
        TEST(its_owner_opens_and_closes_it),
        TEST(its_owner_says_what_it_is_called_and_what_it_does_by_itself),
        TEST(a_store_that_is_another_by_now_stays_as_it_is),
        TEST(stores_are_listed_by_name_page_by_page),
        TEST(a_list_is_of_whom_and_what_was_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
