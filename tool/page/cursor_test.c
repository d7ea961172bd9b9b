/* cursor_test.c - a cursor goes on in its own list; any other is refused. */
#include "tool/page/cursor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

struct query {
    struct uuid user_id;
    char status[9];
    struct page_query page;
};

static const struct field FIELDS[] = {
    FIELD(struct query, user_id, "userId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH,
          .doc = "Whose."),
    FIELD(struct query, status, "status", FIELD_TEXT, FIELD_IN_QUERY, .doc = "Only such."),
    FIELD(struct query, page, "", FIELD_INLINE, 0, .item = &PAGE_QUERY),
};
static const struct descriptor QUERY = DESCRIPTOR(struct query, "Query", FIELDS, "Which orders.");
static const struct descriptor OTHER = DESCRIPTOR(struct query, "Other", FIELDS, "Another list.");

/* One that remembers what was said. */
struct marked_query {
    int64_t status;
    struct page_query page;
    struct given given;
};

static const struct field MARKED_FIELDS[] = {
    FIELD(struct marked_query, status, "status", FIELD_INT, FIELD_IN_QUERY, .doc = "Only such."),
    FIELD(struct marked_query, page, "", FIELD_INLINE, 0, .item = &PAGE_QUERY),
};
static const struct descriptor MARKED =
    DESCRIPTOR(struct marked_query, "Marked", MARKED_FIELDS, "Which orders.",
               .given = offsetof(struct marked_query, given));

struct line {
    struct uuid id;
};

struct page {
    struct line items[PAGE_LIMIT_MAX];
    size_t n_items;
    char next_cursor[PAGE_CURSOR_MAX + 1];
};

static const struct field LINE_FIELDS[] = {
    FIELD(struct line, id, "id", FIELD_UUID, FIELD_REQUIRED, .doc = "Which."),
};
static const struct descriptor LINE = DESCRIPTOR(struct line, "Line", LINE_FIELDS, "One.");
static const struct descriptor PAGE = PAGE_OF(struct page, "Page", &LINE, "Some lines.");

static struct cursor_key key;

static int setup(void **state)
{
    (void)state;
    cursor_key_init(&key, "secret");
    return 0;
}

static struct query asked(const char *json)
{
    struct problem problem = {.status = ST_OK};
    struct query query;

    if (decode(&QUERY, json, strlen(json), &query, &problem) != ST_OK)
        fail_msg("%s: %s: %s", json, problem.errors[0].field, problem.errors[0].reason);
    return query;
}

#define USER "\"userId\":\"0197f3a0-1234-7abc-8def-0123456789ab\""

static enum status open_with(const struct cursor_key *k, const struct descriptor *d,
                             const struct query *query, struct cursor *out, const char *code)
{
    struct problem problem = {.status = ST_OK};
    struct call call = {.clock = &CLOCK_SYSTEM, .problem = &problem};
    bool is_set = false;
    enum status st = cursor_open(k, &call, d, query, out, &is_set);

    assert_int_equal(is_set, query->page.cursor[0] != '\0');
    assert_string_equal(problem.code, code);
    return st;
}

static void a_list_goes_on_where_its_page_ended(void **state)
{
    static const struct cursor places[] = {
        {.id = {{1, 2, 3}}},
        { .id = {{255}},                               .number = INT64_MIN},
        {       .id = {{7}}, .number = 1769862896123456, .text = "한옥 \"quoted\""},
    };
    struct query query = asked("{" USER ",\"limit\":5}");
    struct cursor got;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        cursor_seal(&key, &QUERY, &query, &places[i], query.page.cursor);
        query.page.limit = 7; /* another size of page is the same list */
        assert_int_equal(open_with(&key, &QUERY, &query, &got, ""), ST_OK);
        assert_memory_equal(&got.id, &places[i].id, sizeof(got.id));
        assert_true(got.number == places[i].number);
        assert_string_equal(got.text, places[i].text);
    }
}

/* The first page is asked for without a cursor, and maybe without a limit. */
static void a_list_whose_query_remembers_what_was_said_goes_on_too(void **state)
{
    char json[PAGE_CURSOR_MAX + 64], text[PAGE_CURSOR_MAX + 1];
    struct problem problem = {.status = ST_OK};
    struct call call = {.clock = &CLOCK_SYSTEM, .problem = &problem};
    const struct cursor last = {.id = {{1, 2, 3}}, .number = 4};
    struct marked_query query;
    struct cursor got;
    bool is_set;

    (void)state;
    assert_int_equal(decode(&MARKED, "{\"status\":0}", 12, &query, &problem), ST_OK);
    cursor_seal(&key, &MARKED, &query, &last, text);
    snprintf(json, sizeof(json), "{\"status\":0,\"limit\":5,\"cursor\":\"%s\"}", text);
    assert_int_equal(decode(&MARKED, json, strlen(json), &query, &problem), ST_OK);
    assert_int_equal(cursor_open(&key, &call, &MARKED, &query, &got, &is_set), ST_OK);
    assert_true(is_set && got.number == 4);
    snprintf(json, sizeof(json), "{\"limit\":5,\"cursor\":\"%s\"}", text); /* 0 is no word */
    assert_int_equal(decode(&MARKED, json, strlen(json), &query, &problem), ST_OK);
    assert_int_equal(cursor_open(&key, &call, &MARKED, &query, &got, &is_set), ST_INVALID);
    assert_string_equal(problem.code, "cursor_mismatch");
}

static void without_a_cursor_it_starts_at_the_start(void **state)
{
    struct query query = asked("{" USER "}");
    struct cursor got;

    (void)state;
    assert_int_equal(query.page.limit, 20);
    assert_int_equal(open_with(&key, &QUERY, &query, &got, ""), ST_OK);
    assert_true(uuid_is_nil(got.id));
}

static void the_longest_sort_value_fits(void **state)
{
    struct query query = asked("{" USER "}");
    struct cursor last = {.number = -1}, got;

    (void)state;
    memset(last.text, 'x', CURSOR_TEXT_MAX);
    cursor_seal(&key, &QUERY, &query, &last, query.page.cursor);
    assert_true(strlen(query.page.cursor) <= PAGE_CURSOR_MAX);
    assert_int_equal(open_with(&key, &QUERY, &query, &got, ""), ST_OK);
    assert_string_equal(got.text, last.text);
}

static void another_list_is_a_mismatch(void **state)
{
    struct query query = asked("{" USER ",\"status\":\"PAID\"}"), other;
    struct cursor last = {.id = {{1}}}, got;

    (void)state;
    cursor_seal(&key, &QUERY, &query, &last, query.page.cursor);
    other = query;
    other.status[0] = '\0';
    assert_int_equal(open_with(&key, &QUERY, &other, &got, "cursor_mismatch"), ST_INVALID);
    other = query;
    other.user_id.b[15]++;
    assert_int_equal(open_with(&key, &QUERY, &other, &got, "cursor_mismatch"), ST_INVALID);
    assert_int_equal(open_with(&key, &OTHER, &query, &got, "cursor_mismatch"), ST_INVALID);
}

static void a_cursor_that_was_changed_or_made_up_is_refused(void **state)
{
    static const char *const made_up[] = {"a", "AAAA", "____________________________"};
    struct query query = asked("{" USER "}"), other;
    struct cursor last = {.id = {{1}}, .number = 3, .text = "abc"}, got;
    struct cursor_key another;

    (void)state;
    cursor_seal(&key, &QUERY, &query, &last, query.page.cursor);
    for (size_t i = 0; query.page.cursor[i]; i++) {
        other = query;
        other.page.cursor[i] = other.page.cursor[i] == 'A' ? 'B' : 'A';
        assert_int_equal(open_with(&key, &QUERY, &other, &got, "invalid_request"), ST_INVALID);
    }
    for (size_t n = strlen(query.page.cursor) - 1; n > 0; n--) {
        other = query;
        other.page.cursor[n] = '\0';
        assert_int_equal(open_with(&key, &QUERY, &other, &got, "invalid_request"), ST_INVALID);
    }
    for (size_t i = 0; i < ARRAY_LEN(made_up); i++) {
        other = query;
        TEXT_COPY(other.page.cursor, made_up[i]);
        assert_int_equal(open_with(&key, &QUERY, &other, &got, "invalid_request"), ST_INVALID);
    }
    cursor_key_init(&another, "Secret");
    assert_int_equal(open_with(&another, &QUERY, &query, &got, "invalid_request"), ST_INVALID);
}

static void a_made_up_one_is_named_as_the_query_names_it(void **state)
{
    static const struct field rows[] = {
        FIELD(struct query, page.cursor, "after", FIELD_CURSOR, FIELD_IN_QUERY, .doc = "Where."),
    };
    static const struct descriptor after = DESCRIPTOR(struct query, "After", rows, "Which.");
    struct problem problem = {.status = ST_OK};
    struct call call = {.problem = &problem};
    struct query query = {.page.cursor = "AAAA"};
    struct cursor got;
    bool is_set;

    (void)state;
    assert_int_equal(cursor_open(&key, &call, &after, &query, &got, &is_set), ST_INVALID);
    assert_int_equal(problem.n_errors, 1);
    assert_string_equal(problem.errors[0].field, "after");
}

static void instances_with_one_secret_have_one_key(void **state)
{
    struct cursor_key again;

    (void)state;
    cursor_key_init(&again, "secret");
    assert_memory_equal(&again, &key, sizeof(key));
    cursor_key_init(&again, "");
    assert_memory_not_equal(&again, &key, sizeof(key));
}

static void a_page_is_items_and_where_to_go_on(void **state)
{
    struct page *page = MEM_NEW(struct page);
    char text[256];
    struct json_out o;

    (void)state;
    json_out_init(&o, text, sizeof(text));
    encode(&PAGE, page, &o);
    assert_string_equal(text, "{\"items\":[]}");
    page->n_items = 1;
    TEXT_COPY(page->next_cursor, "abc");
    json_out_init(&o, text, sizeof(text));
    encode(&PAGE, page, &o);
    assert_string_equal(text, "{\"items\":[{\"id\":\"00000000-0000-0000-0000-000000000000\"}],"
                              "\"nextCursor\":\"abc\"}");
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_goes_on_where_its_page_ended),
        cmocka_unit_test(a_list_whose_query_remembers_what_was_said_goes_on_too),
        cmocka_unit_test(without_a_cursor_it_starts_at_the_start),
        cmocka_unit_test(the_longest_sort_value_fits),
        cmocka_unit_test(another_list_is_a_mismatch),
        cmocka_unit_test(a_cursor_that_was_changed_or_made_up_is_refused),
        cmocka_unit_test(a_made_up_one_is_named_as_the_query_names_it),
        cmocka_unit_test(instances_with_one_secret_have_one_key),
        cmocka_unit_test(a_page_is_items_and_where_to_go_on),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}
