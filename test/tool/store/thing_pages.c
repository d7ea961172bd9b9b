/* thing_pages.c - rows by pages, in any store. */
#include <stdio.h>
#include <string.h>

#include "test/tool/store/thing.h"
#include "tool/core/mem.h"

static struct call call;

static struct store *things_of(void **state)
{
    call = test_call();
    return ((struct thing_world *)*state)->things;
}

static void pages_show_each_row_once_in_order(void **state)
{
    static const struct {
        const char *sort;
        bool descending;
        const char *want; /* codes */
    } cases[] = {
        {NULL,         false, "a b d e f "},
        {NULL,         true,  "f e d b a "},
        {"amount",     false, "d e b f a "},
        {"amount",     true,  "a f b e d "},
        {"code",       false, "a b d e f "},
        {"label",      true,  "a b f d e "},
        {"created_at", false, "a b d e f "},
    };
    static const int64_t AMOUNTS[] = {9, 5, 7, 1, 1, 5};
    static const char *const LABELS[] = {"z", "y", "x", "c", "b", "d"};
    struct store *things = things_of(state);
    enum thing_state meant = THING_OLD;
    struct uuid owner = {{5}};

    for (uint8_t i = 0; i < 6; i++) {
        struct thing row = thing_made((uint8_t)(i + 1), (char[]){(char)('a' + i), '\0'}, LABELS[i]);
        row.amount = AMOUNTS[i];
        row.owner = owner;
        row.state = i == 2 ? THING_NEW : THING_OLD; /* c is not meant */
        assert_status(ST_OK, store_insert(things, NULL, &call, &row, NULL));
    }
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        for (size_t max = 1; max <= 6; max++) {
            struct store_list list = {
                .where = {{"state", &meant}, {"owner", &owner}, {"due_at", NULL}},
                .sort = cases[i].sort,
                .descending = cases[i].descending
            };
            struct thing rows[6], last;
            char got[32] = "";
            size_t n = max, len = 0;
            while (n == max) {
                assert_status(ST_OK, store_list(things, NULL, &call, &list, max, rows, &n));
                assert_true(n <= max);
                for (size_t k = 0; k < n; k++)
                    len += (size_t)snprintf(got + len, sizeof(got) - len, "%s ", rows[k].code);
                if (n == 0)
                    break;
                last = rows[n - 1];
                list.after_key = &last.id;
                list.after_sort = !cases[i].sort                         ? NULL
                                  : strcmp(cases[i].sort, "amount") == 0 ? (void *)&last.amount
                                  : strcmp(cases[i].sort, "code") == 0   ? (void *)last.code
                                  : strcmp(cases[i].sort, "label") == 0  ? (void *)last.label
                                                                         : (void *)&last.created_us;
            }
            if (strcmp(got, cases[i].want) != 0)
                fail_msg("by %s, %zu a page: %s", cases[i].sort ? cases[i].sort : "key", max, got);
        }
}

static void a_page_may_begin_at_a_time_that_no_row_can_have(void **state)
{
    static const int64_t TIMES[] = {INT64_MIN, INT64_C(253402300800000000) /* the year 10000 */,
                                    INT64_MAX};
    struct store *things = things_of(state);
    struct thing row = thing_made(1, "a", "a"), got;
    struct uuid after = {{0}};

    assert_status(ST_OK, store_insert(things, NULL, &call, &row, NULL));
    for (size_t i = 0; i < ARRAY_LEN(TIMES); i++) {
        struct store_list list = {.sort = "created_at",
                                  .descending = i > 0,
                                  .after_key = &after,
                                  .after_sort = &TIMES[i]};
        size_t n = 0;

        assert_status(ST_OK, store_list(things, NULL, &call, &list, 1, &got, &n));
        assert_int_equal(1, n);
    }
}

#define TEST(name) cmocka_unit_test_prestate_setup_teardown(name, thing_empty, thing_empty, world)

int thing_pages(struct thing_world *world)
{
    const struct CMUnitTest tests[] = {
        TEST(pages_show_each_row_once_in_order),
        TEST(a_page_may_begin_at_a_time_that_no_row_can_have),
    };

    return cmocka_run_group_tests_name("pages", tests, NULL, NULL);
}
