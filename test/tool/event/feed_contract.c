/* feed_contract.c - a view is built from nothing, by the pages that another service exports. */
#include <stdio.h>
#include <string.h>

#include "test/tool/event/event_contract.h"
#include "tool/core/mem.h"
#include "tool/event/feed.h"
#include "tool/memdb/memdb.h"
#include "tool/store/memory/store_memory.h"

enum { ROWS = 3 * EXPORT_PAGE_MAX + 7 };

/* ---- the service that exports ---- */

struct parcel {
    struct uuid id, place;
    int64_t weight, version;
};

/* clang-format off */
static const struct column PARCEL_COLUMNS[] = {
    COLUMN(struct parcel, id, "id", COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct parcel, place, "place", COLUMN_UUID, COLUMN_UNIQUE),
    COLUMN(struct parcel, weight, "weight", COLUMN_INT, 0),
    COLUMN(struct parcel, version, "version", COLUMN_INT, COLUMN_VERSION),
};
/* clang-format on */
static const struct table PARCEL_TABLE = TABLE(struct parcel, PARCEL_COLUMNS, "parcel");

struct post {
    struct store *parcels;
    struct exporter exporter;
    struct memdb *db;
    unsigned n_asked;
    enum status sad; /* what it answers instead */
};

static void parcel_data(const void *row, void *data)
{
    const struct parcel *parcel = row;

    *(struct order_event *)data = (struct order_event){parcel->id, parcel->weight};
}

static const struct export_row EXPORTS[] = {
    {&ORDER_SEEN, offsetof(struct post, parcels), parcel_data, NULL},
};

static const struct export_row BY_PLACE[] = {
    {&ORDER_SEEN, offsetof(struct post, parcels), parcel_data, "place"},
};

static const struct descriptor WEIGHT = {.name = "Weight", .size = sizeof(struct order_event)};
static const struct event_type ORDER_WEIGHED = {.name = "shop.order_weighed", .data = &WEIGHT};
static const struct event_type *const SAYS[] = {&ORDER_SEEN, &ORDER_SHOWN, &ORDER_WEIGHED, NULL};

static struct uuid parcel_id(int i)
{
    return (struct uuid){
        {1, 2, 3, (uint8_t)(i >> 8), (uint8_t)i}
    };
}

static void open_post(struct post *post)
{
    struct call call = test_call();

    *post = (struct post){.db = memdb_create(), .sad = ST_OK};
    post->parcels = store_memory_create(post->db, &PARCEL_TABLE);
    post->exporter = (struct exporter){EXPORTS, ARRAY_LEN(EXPORTS), SAYS, post};
    for (int i = ROWS - 1; i >= 0; i--) {
        struct parcel parcel = {.id = parcel_id(i), .place = parcel_id(ROWS - 1 - i), .weight = i};
        assert_status(ST_OK, store_insert(post->parcels, NULL, &call, &parcel, NULL));
    }
}

static void close_post(struct post *post)
{
    store_destroy(post->parcels);
    memdb_destroy(post->db);
}

static enum status ask_post(void *arg, const struct call *call, const struct operation *from,
                            const struct export_query *query, struct export_page *page)
{
    struct post *post = arg;

    assert_ptr_equal(from, &SHOP_EXPORT);
    post->n_asked++;
    return post->sad == ST_OK ? export_read(&post->exporter, call, query, page) : post->sad;
}

/* ---- pages ---- */

/* All of them, so many a page; look is given each item in its turn. */
static void walk_pages(struct post *post, int limit,
                       void (*look)(const struct export_item *item, int seen))
{
    struct export_query query = {.type = "shop.order_seen", .limit = limit};
    struct export_page *page = MEM_NEW(struct export_page);
    struct call call = test_call();
    int seen = 0;

    do {
        assert_status(ST_OK, export_read(&post->exporter, &call, &query, page));
        for (size_t i = 0; i < page->n; i++) {
            look(&page->items[i], seen++);
            query.after = page->items[i].key;
        }
    } while (page->n == (size_t)limit);
    assert_int_equal(seen, ROWS);
    free(page);
}

static void is_the_next_row(const struct export_item *item, int seen)
{
    char want[96], id[UUID_TEXT_LEN + 1];

    snprintf(want, sizeof(want), "{\"orderId\":\"%s\",\"n\":%d}", uuid_text(parcel_id(seen), id),
             seen);
    assert_string_equal(item->data, want);
}

static void pages_hold_each_row_once_as_data_of_the_type(void **state)
{
    struct post post;

    (void)state;
    open_post(&post);
    walk_pages(&post, EXPORT_PAGE_MAX, is_the_next_row);
    close_post(&post);
}

static void all_that_is_said_of_the_same_data_is_exported(void **state)
{
    static const struct {
        const char *why, *type;
        enum status want;
    } CASES[] = {
        {"of the row's type",     "shop.order_seen",    ST_OK       },
        {"of the same data",      "shop.order_shown",   ST_OK       },
        {"of other data",         "shop.order_weighed", ST_NOT_FOUND},
        {"which it does not say", "shop.order_paid",    ST_NOT_FOUND},
    };
    struct export_page *page = MEM_NEW(struct export_page);
    struct call call = test_call();
    struct post post;

    (void)state;
    open_post(&post);
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        struct export_query query = {.limit = 1};
        enum status got;

        TEXT_COPY(query.type, CASES[i].type);
        page->n = 0;
        got = export_read(&post.exporter, &call, &query, page);
        if (got != CASES[i].want || page->n != (size_t)(got == ST_OK))
            fail_msg("%s: %s, %zu items", CASES[i].why, status_name(got), page->n);
    }
    free(page);
    close_post(&post);
}

static void is_the_next_by_its_place(const struct export_item *item, int seen)
{
    const struct uuid place = parcel_id(seen);
    char want[24];

    snprintf(want, sizeof(want), "\"n\":%d}", ROWS - 1 - seen);
    assert_non_null(strstr(item->data, want));
    assert_memory_equal(&item->key, &place, sizeof(place));
}

static void pages_may_be_in_the_order_of_another_key(void **state)
{
    struct post post;

    (void)state;
    open_post(&post);
    post.exporter = (struct exporter){BY_PLACE, ARRAY_LEN(BY_PLACE), SAYS, &post};
    walk_pages(&post, 9, is_the_next_by_its_place);
    close_post(&post);
}

/* ---- feeding ---- */

struct scene {
    struct orders *orders;
    struct hearer *hearer;
    struct post post;
    struct feed feed;
    struct call call;
    char service[32];
};

static void begin(struct scene *s, struct orders *orders)
{
    struct hearer_config config = orders_hearer(orders);

    *s = (struct scene){.orders = orders, .call = test_call()};
    config.service = test_name("view", s->service, sizeof(s->service)); /* with marks of its own */
    orders->poison = -1;
    orders->sad = ST_CONFLICT;
    orders->n_runs = 0;
    s->hearer = hearer_create(&config);
    open_post(&s->post);
    s->feed = (struct feed){s->hearer, ask_post, &s->post};
}

static void end(struct scene *s)
{
    hearer_destroy(s->hearer);
    close_post(&s->post);
}

static void all_there_is_is_heard_once(void **state)
{
    struct scene s;
    int64_t n[ORDERS_EFFECTS_MAX];

    begin(&s, *state);
    assert_status(ST_OK, feed_go_on(&s.feed, &s.call));
    assert_int_equal(s.orders->n_runs, ROWS);
    assert_true(orders_effects(s.orders, parcel_id(ROWS - 1), n) >= 1);
    s.post.n_asked = 0;
    assert_status(ST_OK, feed_go_on(&s.feed, &s.call));
    assert_int_equal(s.post.n_asked, 0); /* there is nothing to do any more */
    end(&s);
}

static void it_goes_on_where_it_was_left(void **state)
{
    struct scene s;

    begin(&s, *state);
    s.orders->poison = EXPORT_PAGE_MAX + 3; /* in the second page */
    s.orders->sad = ST_UNAVAILABLE;
    assert_status(ST_UNAVAILABLE, feed_go_on(&s.feed, &s.call));
    assert_int_equal(s.orders->n_runs, EXPORT_PAGE_MAX + 4);
    s.orders->poison = -1;
    assert_status(ST_OK, feed_go_on(&s.feed, &s.call));
    assert_int_equal(s.orders->n_runs, ROWS + 4); /* what of that page had been heard, again */
    end(&s);
}

static void who_is_away_is_asked_again(void **state)
{
    struct scene s;

    begin(&s, *state);
    s.post.sad = ST_UNAVAILABLE;
    assert_status(ST_UNAVAILABLE, feed_go_on(&s.feed, &s.call));
    assert_int_equal(s.orders->n_runs, 0);
    s.post.sad = ST_OK;
    assert_status(ST_OK, feed_go_on(&s.feed, &s.call));
    assert_int_equal(s.orders->n_runs, ROWS);
    end(&s);
}

static void what_is_refused_is_a_dead_letter_and_the_rest_goes_on(void **state)
{
    struct dead_letter letter;
    struct scene s;

    begin(&s, *state);
    s.orders->poison = 5;
    assert_status(ST_OK, feed_go_on(&s.feed, &s.call));
    assert_int_equal(s.orders->n_runs, ROWS + HEARER_ATTEMPTS - 1);
    assert_status(ST_OK, s.orders->letters->ops->find(s.orders->letters, NULL, &s.call,
                                                      parcel_id(5), &letter));
    assert_string_equal(letter.type, "shop.order_seen");
    end(&s);
}

int feed_contract(struct orders *orders)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(pages_hold_each_row_once_as_data_of_the_type, orders),
        cmocka_unit_test_prestate(pages_may_be_in_the_order_of_another_key, orders),
        cmocka_unit_test_prestate(all_that_is_said_of_the_same_data_is_exported, orders),
        cmocka_unit_test_prestate(all_there_is_is_heard_once, orders),
        cmocka_unit_test_prestate(it_goes_on_where_it_was_left, orders),
        cmocka_unit_test_prestate(who_is_away_is_asked_again, orders),
        cmocka_unit_test_prestate(what_is_refused_is_a_dead_letter_and_the_rest_goes_on, orders),
    };

    return cmocka_run_group_tests_name("views fed", tests, NULL, NULL);
}
