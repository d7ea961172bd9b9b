/* product_list_test.c - lists of products and their cursors, over tables in memory. That MariaDB
 * lists likewise: test/dataservice/catalog. */
#include "usecase/catalog/catalog_world_test.h"

enum { PAGE_ROWS = 2 };

static struct product_list all_of(int sort)
{
    return (struct product_list){
        .max_price = MONEY_MAX, .sort = sort, .page = {.limit = PAGE_ROWS}};
}

static enum status do_list(struct world *w, const struct product_list *list,
                           struct product_page *page)
{
    struct call call = call_of(w, "");
    struct question asked = {&call, list, page, ST_INTERNAL};

    memset(page, 0, sizeof(*page));
    product_list(&w->catalog, &asked, 1);
    return asked.st;
}

/* All pages, the first letters of the names. */
static void walk(struct world *w, struct product_list list, char names[32])
{
    struct product_page *page = MEM_NEW(struct product_page);
    size_t n = 0;

    do {
        assert_int_equal(do_list(w, &list, page), ST_OK);
        for (size_t i = 0; i < page->n_items; i++)
            names[n++] = page->items[i].product.name[0];
        TEXT_COPY(list.page.cursor, page->next_cursor);
    } while (page->next_cursor[0]);
    names[n] = '\0';
    free(page);
}

static void fill(struct world *w)
{
    struct uuid rice = make_item(w, "RICE", 1), none = make_item(w, "NONE", 0);

    (void)make_product(w, "D", 40, rice, 1);
    (void)make_product(w, "B", 40, rice, 1);
    (void)make_product(w, "A", 30, none, 1);
    (void)make_product(w, "C", 10, rice, 1);
    (void)make_product(w, "E", 40, rice, 2);
}

static void lists_are_sorted_and_filtered(void **state)
{
    struct world *w = *state;
    struct product_list cases[] = {
        all_of(PRODUCT_BY_NAME), all_of(PRODUCT_BY_PRICE), all_of(PRODUCT_DEAREST),
        all_of(PRODUCT_NEWEST),  all_of(PRODUCT_BY_NAME),  all_of(PRODUCT_BY_NAME),
        all_of(PRODUCT_BY_NAME), all_of(PRODUCT_BY_NAME),  all_of(PRODUCT_BY_NAME),
    };
    static const char *const WANT[] = {"ABCDE", "CADBE", "EBDAC", "ECABD", "BCD",
                                       "ABDE",  "AC",    "",      ""};
    char names[32];

    fill(w);
    cases[4].available = true;
    cases[5].min_price = 30;
    cases[6].max_price = 30;
    TEXT_COPY(cases[7].category, "rice");
    cases[8].store_id = OTHER_SHOP;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        walk(w, cases[i], names);
        if (strcmp(names, WANT[i]) != 0)
            fail_msg("%zu: %s, not %s", i, names, WANT[i]);
    }
}

static void a_line_says_how_many_could_be_bought(void **state)
{
    struct world *w = *state;
    struct product_list list = all_of(PRODUCT_BY_NAME);
    struct product_page *page = MEM_NEW(struct product_page);

    list.page.limit = PAGE_LIMIT_MAX;
    fill(w);
    assert_int_equal(do_list(w, &list, page), ST_OK);
    assert_int_equal(page->n_items, 5);
    assert_string_equal(page->next_cursor, "");
    for (size_t i = 0; i < page->n_items; i++)
        assert_int_equal(page->items[i].available,
                         strchr("AE", page->items[i].product.name[0]) ? 0 : 1);
    free(page);
}

static void a_cursor_is_good_for_its_own_list_only(void **state)
{
    struct world *w = *state;
    struct product_list list = all_of(PRODUCT_BY_NAME), other;
    struct product_page *page = MEM_NEW(struct product_page);

    fill(w);
    assert_int_equal(do_list(w, &list, page), ST_OK);
    TEXT_COPY(list.page.cursor, page->next_cursor);
    other = list;
    other.page.limit = 1; /* may be another */
    assert_int_equal(do_list(w, &other, page), ST_OK);
    other = list;
    other.sort = PRODUCT_BY_PRICE;
    assert_int_equal(do_list(w, &other, page), ST_INVALID);
    assert_string_equal(w->problem.code, "cursor_mismatch");
    other = list;
    other.min_price = 1;
    assert_int_equal(do_list(w, &other, page), ST_INVALID);
    assert_string_equal(w->problem.code, "cursor_mismatch");
    list.page.cursor[0] ^= 1;
    assert_int_equal(do_list(w, &list, page), ST_INVALID);
    assert_string_equal(w->problem.code, "invalid_request");
    free(page);
}

static void who_asks_together_gets_his_own_list(void **state)
{
    struct world *w = *state;
    struct product_list lists[] = {all_of(PRODUCT_BY_NAME), all_of(PRODUCT_DEAREST),
                                   all_of(PRODUCT_BY_NAME), all_of(PRODUCT_BY_NAME)};
    struct product_page *pages = mem_alloc(ARRAY_LEN(lists), sizeof(*pages));
    struct question asked[ARRAY_LEN(lists)];
    struct call call;

    fill(w);
    TEXT_COPY(lists[3].page.cursor, "AAAA");
    call = call_of(w, "");
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        asked[i] = (struct question){&call, &lists[i], &pages[i], ST_INTERNAL};
    product_list(&w->catalog, asked, ARRAY_LEN(lists));
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        assert_int_equal(asked[i].st, i == 3 ? ST_INVALID : ST_OK);
    assert_memory_equal(&pages[0], &pages[2], sizeof(pages[0]));
    assert_string_equal(pages[0].items[0].product.name, "A");
    assert_string_equal(pages[1].items[0].product.name, "E");
    free(pages);
}

/* Rows come before and behind the place that was reached, and the row itself goes. */
static void a_walk_neither_skips_nor_repeats(void **state)
{
    static const char *const SOME[] = {"B", "D", "F", "H", "J"};
    struct world *w = *state;
    struct uuid rice = make_item(w, "RICE", 1);
    struct product_list list = all_of(PRODUCT_BY_NAME);
    struct product_page *page = MEM_NEW(struct product_page);
    struct call call;

    for (size_t i = 0; i < ARRAY_LEN(SOME); i++)
        (void)make_product(w, SOME[i], 1, rice, 1);
    assert_int_equal(do_list(w, &list, page), ST_OK);
    assert_string_equal(page->items[1].product.name, "D");
    call = call_of(w, "");
    assert_int_equal(store_remove(w->catalog.products, NULL, &call,
                                  &page->items[1].product.product_id, NULL, NULL),
                     ST_OK);
    (void)make_product(w, "A", 1, rice, 1);
    (void)make_product(w, "G", 1, rice, 1);
    TEXT_COPY(list.page.cursor, page->next_cursor);
    assert_int_equal(do_list(w, &list, page), ST_OK);
    assert_string_equal(page->items[0].product.name, "F");
    assert_string_equal(page->items[1].product.name, "G");
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lists_are_sorted_and_filtered),          TEST(a_line_says_how_many_could_be_bought),
        TEST(a_cursor_is_good_for_its_own_list_only), TEST(who_asks_together_gets_his_own_list),
        TEST(a_walk_neither_skips_nor_repeats),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
