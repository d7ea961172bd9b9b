/* table_test.c - one table of columns, shown in four ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/ctl/table.h"

static const struct cell CELLS[] = {
    {"NAME",   "name",    CELL_PLAIN, CELL_NAME},
    {"SEQ",    "at.seq",  CELL_PLAIN, 0        },
    {"READY",  "ready",   CELL_PLAIN, 0        },
    {"WAITS",  "waitsMs", CELL_MS,    0        },
    {"MEMORY", "bytes",   CELL_BYTES, CELL_WIDE},
    {"PARTS",  "parts",   CELL_PLAIN, CELL_JSON},
    {"DATA",   "data",    CELL_PLAIN, CELL_WIDE},
};
static const struct listing LISTING = {CELLS, ARRAY_LEN(CELLS)};
static const char ITEMS[] = "[{\"name\":\"a\",\"at\":{\"seq\":7},\"ready\":true,\"waitsMs\":-90500,"
                            "\"bytes\":1572864,\"other\":1,\"parts\":[1],\"data\":{\"k\":[2]}},{"
                            "\"name\":\"b c\",\"ready\":false}]";

static char *shown(const struct table_style *style)
{
    char *text = mem_alloc(1, 4096);
    struct table_style own = *style;
    json_t *items = json_loads(ITEMS, 0, NULL);

    own.out = fmemopen(text, 4096, "w");
    table_print(&own, &LISTING, items);
    fclose(own.out);
    json_decref(items);
    return text;
}

static void a_table_has_headings_and_leaves_wide_columns_out(void **state)
{
    char *text = shown(&(struct table_style){.format = TABLE_NARROW});

    (void)state;
    assert_non_null(strstr(text, "NAME SEQ READY  WAITS\n"));
    assert_non_null(strstr(text, "a    7   yes   -1m30s\n"));
    assert_null(strstr(text, "MEMORY"));
    free(text);
    text = shown(&(struct table_style){.format = TABLE_WIDE, .no_headings = true});
    assert_non_null(strstr(text, "1.5MiB"));
    assert_null(strstr(text, "NAME"));
    assert_null(strstr(text, "[1]"));
    assert_non_null(strstr(text, "{\"k\":[2]}"));
    free(text);
}

static void what_is_longer_than_its_room_is_cut(void **state)
{
    static const struct cell CELL = {"DATA", "data", CELL_PLAIN, 0};
    const char *text;
    char buf[8];
    json_t *item = json_loads("{\"data\":{\"key\":\"value\"}}", 0, NULL);

    (void)state;
    memset(buf, 'x', sizeof(buf));
    text = table_cell_text(&CELL, item, 0, buf, sizeof(buf));
    assert_true(strlen(text) < sizeof(buf));
    assert_int_equal(strncmp("{\"key\":\"value\"}", text, strlen(text)), 0);
    json_decref(item);
}

static void money_is_shown_in_its_currency(void **state)
{
    static const struct cell CELL = {"TOTAL", "total", CELL_MONEY, 0};
    static const struct {
        const char *total, *want;
    } cases[] = {
        {"{\"amount\":12900,\"currency\":\"KRW\"}", "12900 KRW"                              },
        {"{\"amount\":1275,\"currency\":\"USD\"}",  "12.75 USD"                              },
        {"{\"amount\":-275,\"currency\":\"KWD\"}",  "-0.275 KWD"                             },
        {"{\"amount\":5,\"currency\":\"QQQ\"}",     "{\"amount\":5,\"currency\":\"QQQ\"}"    },
        {"{\"amount\":\"5\",\"currency\":\"USD\"}", "{\"amount\":\"5\",\"currency\":\"USD\"}"},
        {"7",                                       "7"                                      },
        {"null",                                    ""                                       },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char buf[64];
        json_t *item =
            json_pack("{s:o}", "total", json_loads(cases[i].total, JSON_DECODE_ANY, NULL));

        assert_string_equal(table_cell_text(&CELL, item, 0, buf, sizeof(buf)), cases[i].want);
        json_decref(item);
    }
}

static void json_has_every_column_and_its_types(void **state)
{
    char *text = shown(&(struct table_style){.format = TABLE_JSON});
    json_t *page = json_loads(text, 0, NULL), *first;

    (void)state;
    first = json_array_get(json_object_get(page, "items"), 0);
    assert_int_equal(json_array_size(json_object_get(page, "items")), 2);
    assert_int_equal(json_integer_value(json_object_get(first, "seq")), 7);
    assert_true(json_is_true(json_object_get(first, "ready")));
    assert_int_equal(json_integer_value(json_object_get(first, "bytes")), 1572864);
    assert_null(json_object_get(first, "other"));
    assert_int_equal(json_array_size(json_object_get(first, "parts")), 1);
    json_decref(page);
    free(text);
    text = shown(&(struct table_style){.format = TABLE_JSON, .lines = true});
    assert_non_null(strstr(text, "}\n{\"name\":\"b c\""));
    free(text);
}

static void names_are_a_line_each(void **state)
{
    char *text = shown(&(struct table_style){.format = TABLE_NAME});

    (void)state;
    assert_string_equal(text, "a\nb c\n");
    free(text);
}

static void times_and_sizes_are_for_people(void **state)
{
    static const struct {
        enum cell_kind kind;
        const char *json, *text;
    } cases[] = {
        {CELL_MS,    "950",                      "950ms"    },
        {CELL_MS,    "12000",                    "12s"      },
        {CELL_S,     "200",                      "3m20s"    },
        {CELL_S,     "18720",                    "5h12m"    },
        {CELL_S,     "792000",                   "9d4h"     },
        {CELL_TIME,  "\"1970-01-01T00:00:01Z\"", "59s"      },
        {CELL_TIME,  "\"yesterday\"",            "yesterday"},
        {CELL_BYTES, "512",                      "0.5KiB"   },
        {CELL_PLAIN, "0.5",                      "0.5"      },
        {CELL_PLAIN, "null",                     ""         },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct cell cell = {"X", "x", cases[i].kind, 0};
        char json[128], buf[64];
        const char *text;
        json_t *item;
        snprintf(json, sizeof(json), "{\"x\":%s}", cases[i].json);
        item = json_loads(json, 0, NULL);
        text = table_cell_text(&cell, item, 60000000, buf, sizeof(buf));
        if (strcmp(text, cases[i].text) != 0)
            fail_msg("%s: %s", cases[i].json, text);
        json_decref(item);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_has_headings_and_leaves_wide_columns_out),
        cmocka_unit_test(what_is_longer_than_its_room_is_cut),
        cmocka_unit_test(money_is_shown_in_its_currency),
        cmocka_unit_test(json_has_every_column_and_its_types),
        cmocka_unit_test(names_are_a_line_each),
        cmocka_unit_test(times_and_sizes_are_for_people),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
