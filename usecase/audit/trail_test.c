/* trail_test.c - noting and telling, over a table in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/auth.h"
#include "protocol/events.h"
#include "tool/core/mem.h"
#include "tool/encoder/field_walk.h"
#include "tool/store/memory/store_memory.h"
#include "usecase/audit/trail.h"

static const struct uuid ANN = {{1}}, BEN = {{2}};
static const char JSON[] = "{\"userId\":\"01000000-0000-0000-0000-000000000000\"}...";

struct world {
    struct memdb *db;
    struct trail trail;
    struct cursor_key key;
    struct problem problem;
    struct call call;
    struct trail_page page;
};

static int setup(void **state)
{
    struct world *w = MEM_NEW(struct world);

    w->db = memdb_create();
    cursor_key_init(&w->key, "secret");
    w->trail = (struct trail){store_memory_create(w->db, &TRAIL_TABLE), &w->key};
    w->call = (struct call){.clock = &CLOCK_SYSTEM, .problem = &w->problem};
    w->call.deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + 60000;
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    store_destroy(w->trail.entries);
    memdb_destroy(w->db);
    free(w);
    return 0;
}

static struct event event_of(struct uuid key, unsigned char id, int64_t time_us)
{
    return (struct event){.id = {{id}},
                          .source = "/hanok/auth",
                          .key = key,
                          .type = &AUTH_ACCOUNT_CREATED,
                          .time_us = time_us,
                          .json = JSON,
                          .json_len = sizeof(JSON) - sizeof("...")};
}

static enum status hear(struct world *w, const struct event *event)
{
    w->problem = (struct problem){0};
    return trail_note(&w->trail, NULL, &w->call, event, NULL);
}

static enum status tell(struct world *w, struct trail_query *query)
{
    memset(&w->page, 0, sizeof(w->page));
    w->problem = (struct problem){0};
    return trail_read(&w->trail, &w->call, query, &w->page);
}

static void what_was_heard_is_told_as_it_was(void **state)
{
    struct world *w = *state;
    struct event event = event_of(ANN, 7, 1000000);
    const struct trail_entry *entry = w->page.items;

    assert_int_equal(hear(w, &event), ST_OK);
    assert_int_equal(tell(w,
                          &(struct trail_query){
                              ANN, {20, ""}
    }),
                     ST_OK);
    assert_int_equal(w->page.n_items, 1);
    assert_string_equal(w->page.next_cursor, "");
    assert_memory_equal(&entry->event_id, &event.id, sizeof(event.id));
    assert_string_equal(entry->type, "auth.account_created");
    assert_int_equal(entry->time_us, 1000000);
    assert_string_equal(entry->data, "{\"userId\":\"01000000-0000-0000-0000-000000000000\"}");
}

/* Which the line of ANN is made of, by the first bytes of the ids. */
static void assert_line(struct world *w, const char *want)
{
    char got[PAGE_LIMIT_MAX + 1] = "";

    assert_int_equal(tell(w,
                          &(struct trail_query){
                              ANN, {PAGE_LIMIT_MAX, ""}
    }),
                     ST_OK);
    for (size_t i = 0; i < w->page.n_items; i++)
        got[i] = (char)w->page.items[i].event_id.b[0];
    assert_string_equal(got, want);
}

static void what_another_service_says_late_has_its_place_by_its_time(void **state)
{
    static const struct {
        const char *source, id;
        int64_t time_us;
    } said[] = {
        {"/hanok/user", 'b', 2000},
        {"/hanok/auth", 'a', 1000},
        {"/hanok/auth", 'c', 3000},
    };
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(said); i++) {
        struct event event = event_of(ANN, (unsigned char)said[i].id, said[i].time_us);
        TEXT_COPY(event.source, said[i].source);
        assert_int_equal(hear(w, &event), ST_OK);
    }
    assert_line(w, "abc");
}

static void what_one_service_says_stays_in_order_whatever_its_clock_does(void **state)
{
    static const int64_t times_us[] = {5000, 1000, 1000, 5001, 9000};
    struct world *w = *state;

    for (unsigned i = 0; i < ARRAY_LEN(times_us); i++) {
        struct event event = event_of(ANN, (unsigned char)('z' - i), times_us[i]);
        assert_int_equal(hear(w, &event), ST_OK);
    }
    assert_line(w, "zyxwv");
    for (unsigned i = 0; i < ARRAY_LEN(times_us); i++)
        assert_int_equal(w->page.items[i].time_us, times_us[i]);
}

static void each_user_has_a_line_of_his_own_in_the_order_of_what_was_heard(void **state)
{
    struct world *w = *state;

    for (unsigned char i = 1; i <= 6; i++) {
        struct event event = event_of(i % 2 ? ANN : BEN, (unsigned char)(100 - i), 1000 - i);
        assert_int_equal(hear(w, &event), ST_OK);
    }
    assert_int_equal(tell(w,
                          &(struct trail_query){
                              BEN, {20, ""}
    }),
                     ST_OK);
    assert_int_equal(w->page.n_items, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(w->page.items[i].event_id.b[0], 100 - 2 * (i + 1));
    assert_int_equal(tell(w,
                          &(struct trail_query){
                              {{3}},
                              { 20, ""}
    }),
                     ST_OK);
    assert_int_equal(w->page.n_items, 0);
}

static void pages_hold_all_of_it_once(void **state)
{
    enum { EVENTS = 7, LIMIT = 3 };
    struct world *w = *state;
    struct trail_query query = {
        ANN, {LIMIT, ""}
    };
    unsigned seen = 0;

    for (unsigned char i = 1; i <= EVENTS; i++) {
        struct event event = event_of(ANN, i, 0), other = event_of(BEN, 100 + i, 0);
        assert_int_equal(hear(w, &event), ST_OK);
        assert_int_equal(hear(w, &other), ST_OK);
    }
    do {
        assert_int_equal(tell(w, &query), ST_OK);
        for (size_t i = 0; i < w->page.n_items; i++)
            assert_int_equal(w->page.items[i].event_id.b[0], ++seen);
        TEXT_COPY(query.page.cursor, w->page.next_cursor);
    } while (query.page.cursor[0]);
    assert_int_equal(seen, EVENTS);
    assert_int_equal(w->page.n_items, EVENTS % LIMIT);
}

static void a_cursor_is_good_for_its_own_line_only(void **state)
{
    struct world *w = *state;
    struct event event = event_of(ANN, 1, 0);
    struct trail_query query = {
        BEN, {1, ""}
    };

    assert_int_equal(hear(w, &event), ST_OK);
    assert_int_equal(tell(w,
                          &(struct trail_query){
                              ANN, {1, ""}
    }),
                     ST_OK);
    TEXT_COPY(query.page.cursor, w->page.next_cursor);
    assert_int_equal(tell(w, &query), ST_INVALID);
    assert_string_equal(w->problem.code, "cursor_mismatch");
}

static void what_comes_again_when_the_barrier_has_forgotten_it_is_there_already(void **state)
{
    struct world *w = *state;
    struct event event = event_of(ANN, 1, 0);

    assert_int_equal(hear(w, &event), ST_OK);
    assert_int_equal(hear(w, &event), ST_OK);
    assert_int_equal(tell(w,
                          &(struct trail_query){
                              ANN, {20, ""}
    }),
                     ST_OK);
    assert_int_equal(w->page.n_items, 1);
}

static void data_that_is_too_long_is_refused_and_not_cut(void **state)
{
    struct world *w = *state;
    struct event event = event_of(ANN, 1, 0);
    static char json[TRAIL_DATA_MAX + 1];

    memset(json, ' ', sizeof(json));
    event.json = json;
    event.json_len = TRAIL_DATA_MAX;
    assert_int_equal(hear(w, &event), ST_OK);
    event.id.b[0]++;
    event.json_len++;
    assert_int_equal(hear(w, &event), ST_UNPROCESSABLE);
    assert_string_equal(w->problem.code, "data_too_long");
}

/* The longest there can be: each text full of what takes most room. */
static size_t longest(const struct event_type *type)
{
    static char json[1 << 16];
    char *data = mem_alloc(1, type->data->size);
    struct json_out o;

    for (struct field_walk f = field_walk(type->data); field_walk_next(&f);)
        if (f.field->kind == FIELD_TEXT)
            memset(data + f.base + f.field->offset, '"', f.field->size - 1);
    json_out_init(&o, json, sizeof(json));
    encode(type->data, data, &o);
    assert_false(o.overflow);
    free(data);
    return o.len;
}

static void the_data_of_every_type_there_is_fits(void **state)
{
    (void)state;
    for (size_t i = 0; event_type_at(i); i++)
        if (longest(event_type_at(i)) > TRAIL_DATA_MAX)
            fail_msg("%s: %zu bytes", event_type_at(i)->name, longest(event_type_at(i)));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_heard_is_told_as_it_was),
        TEST(what_another_service_says_late_has_its_place_by_its_time),
        TEST(what_one_service_says_stays_in_order_whatever_its_clock_does),
        TEST(each_user_has_a_line_of_his_own_in_the_order_of_what_was_heard),
        TEST(pages_hold_all_of_it_once),
        TEST(a_cursor_is_good_for_its_own_line_only),
        TEST(what_comes_again_when_the_barrier_has_forgotten_it_is_there_already),
        TEST(data_that_is_too_long_is_refused_and_not_cut),
        TEST(the_data_of_every_type_there_is_fits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
