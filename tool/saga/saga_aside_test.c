/* saga_aside_test.c - rows that this release cannot read. */
#include "tool/saga/saga_admin.h"
#include "tool/saga/saga_trip_test.h"

static void insert_row(struct world *w, uint8_t n, const char *type, const char *step,
                       const char *data)
{
    struct saga_record record = {
        .view = {.id = id_of(n), .about = id_of(200), .state = SAGA_PROCESSING},
        .remaining_ms = DEADLINE_MS * 100,
    };
    struct call call = call_of(w);

    TEXT_COPY(record.type, type);
    TEXT_COPY(record.view.step, step);
    TEXT_COPY(record.data, data);
    assert_int_equal(w->store->ops->insert(w->store, NULL, &call, &record, 0), ST_OK);
}

static void rows_that_cannot_be_read_wait_for_a_release_that_can(void **state)
{
    static const char GOOD[] = "{\"places\":2}";
    struct world *w = *state;
    struct saga_view view;

    insert_row(w, 1, "cruise", "book_cabin", GOOD);
    insert_row(w, 2, "booking", "book_train", GOOD);
    insert_row(w, 3, "booking", "book_flight", "{\"places\":0}");
    insert_row(w, 4, "booking", "book_flight", GOOD);
    saga_store_memory_spoil(w->store, id_of(4), true);
    insert_row(w, 5, "booking", "book_flight", "{\"places\":2,\"berths\":[1]}"); /* a newer one's */
    for (uint8_t n = 10; n < 60; n++)
        insert_row(w, n, n % 2 ? "cruise" : "booking", "book_flight", GOOD);
    run_for(w, 0);
    for (uint8_t n = 10; n < 60; n += 2)
        assert_int_equal(view_of(w, n).state, SAGA_SUCCEEDED);
    assert_int_equal(view_of(w, 5).state, SAGA_SUCCEEDED);
    assert_int_equal(saga_engine_unreadable(w->engine), 4 + 25);
    run_for(w, 300000);
    assert_int_equal(saga_engine_unreadable(w->engine), 4 + 25);
    view = view_of(w, 1);
    assert_int_equal(view.state, SAGA_PROCESSING);
    assert_string_equal(view.step, "book_cabin");
    assert_true(view_of(w, 4).unreadable);
    saga_store_memory_spoil(w->store, id_of(4), false); /* the newer release is there */
    run_for(w, 35000);
    assert_int_equal(view_of(w, 4).state, SAGA_SUCCEEDED);
    assert_int_equal(saga_engine_unreadable(w->engine), 3 + 25);
}

static void who_asks_for_one_is_told_why_it_cannot_be_read(void **state)
{
    static const char *const WHY[] = {"its type is not known", "its type has no such step",
                                      "its data is not what the steps need", ""};
    struct world *w = *state;
    struct call call = call_of(w);
    struct saga_detail detail;

    insert_row(w, 1, "cruise", "book_cabin", "{\"places\":2}");
    insert_row(w, 2, "booking", "book_train", "{\"places\":2}");
    insert_row(w, 3, "booking", "book_flight", "{\"places\":0}");
    insert_row(w, 4, "booking", "book_flight", "{\"places\":2}");
    for (uint8_t n = 1; n <= ARRAY_LEN(WHY); n++) {
        struct saga_query query = {.saga_id = id_of(n)};
        memset(&detail, 0, sizeof(detail));
        assert_int_equal(saga_admin_get(&w->engine, &call, &query, &detail), ST_OK);
        assert_string_equal(detail.item.why, WHY[n - 1]);
    }
    run_for(w, 0);
    assert_int_equal(view_of(w, 4).state, SAGA_SUCCEEDED);
    assert_int_equal(
        saga_admin_get(&w->engine, &call, &(struct saga_query){.saga_id = id_of(4)}, &detail),
        ST_OK);
    assert_string_equal(detail.item.why, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rows_that_cannot_be_read_wait_for_a_release_that_can),
        TEST(who_asks_for_one_is_told_why_it_cannot_be_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
