/* table_fault_test.c - a description that no store can work by is told apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/store/table.h"

struct shelf {
    struct uuid id;
    char name[9];
    int64_t version, at_us;
    int32_t n;
    bool has;
};

static void same(const char *from, char *to)
{
    memcpy(to, from, strlen(from) + 1);
}

#define KEY COLUMN(struct shelf, id, "id", COLUMN_UUID, COLUMN_KEY)

static void each_fault_is_named(void **state)
{
    static const struct {
        struct column columns[2];
        const char *want; /* NULL = it is good */
    } cases[] = {
        {{KEY, COLUMN(struct shelf, name, "name", COLUMN_TEXT, COLUMN_UNIQUE)},                  NULL                            },
        {{KEY, COLUMN(struct shelf, name, "name", COLUMN_TEXT, COLUMN_KEY)},
         "shelf has not one COLUMN_KEY"                                                                                          },
        {{KEY, KEY},                                                                             "shelf has not one COLUMN_KEY"  },
        {{KEY, COLUMN(struct shelf, name, "id", COLUMN_TEXT, 0)},                                "shelf.id stands twice"         },
        {{KEY, COLUMN(struct shelf, name, "name", COLUMN_UUID, 0)},                              "shelf.name is no struct uuid"  },
        {{KEY, COLUMN(struct shelf, name, "name", COLUMN_INT, 0)},                               "shelf.name is no integer"      },
        {{KEY, COLUMN(struct shelf, n, "n", COLUMN_TIME, 0)},                                    "shelf.n is no int64_t"         },
        {{KEY, COLUMN(struct shelf, at_us, "day", COLUMN_DATE, 0)},                              "shelf.day is no int32_t"       },
        {{KEY, COLUMN(struct shelf, n, "n", COLUMN_BOOL, 0)},                                    "shelf.n is no bool"            },
        {{KEY, COLUMN(struct shelf, n, "n", COLUMN_ENUM, 0)},                                    "shelf.n is no enum with .names"},
        {{KEY, COLUMN(struct shelf, n, "n", COLUMN_INT, COLUMN_VERSION)},
         "shelf.n is the version and no int64_t"                                                                                 },
        {{KEY, COLUMN(struct shelf, at_us, "at", COLUMN_INT, COLUMN_CREATED)},
         "shelf.at is set by the store and no time"                                                                              },
        {{KEY, COLUMN(struct shelf, at_us, "at", COLUMN_TIME, COLUMN_UPDATED | COLUMN_ASIDE)},
         "shelf.at is the key or set by the store, and COLUMN_ASIDE"                                                             },
        {{KEY, COLUMN(struct shelf, n, "n", COLUMN_INT, 0, .has = offsetof(struct shelf, has))},
         "shelf.n has .has but not COLUMN_NULLABLE"                                                                              },
        {{KEY, COLUMN(struct shelf, n, "n", COLUMN_INT, 0, .form = same)},
         "shelf.n has .form and is no text, or a longer one than TABLE_FORM_MAX"                                                 },
        {{KEY, COLUMN(struct shelf, name, "name", COLUMN_TEXT, 0, .length = 9)},
         "shelf.name has a .length that its member does not hold"                                                                },
        {{KEY, COLUMN(struct shelf, name, "name", COLUMN_TEXT, 0, .length = 8)},                 NULL                            },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct table table = TABLE(struct shelf, cases[i].columns, "shelf");
        char text[TABLE_FAULT_MAX + 1];
        const char *got = store_table_fault(&table, text);
        if (strcmp(got ? got : "", cases[i].want ? cases[i].want : "") != 0)
            fail_msg("wanted %s, got %s", cases[i].want, got);
    }
}

static void a_unique_key_names_columns_there_are(void **state)
{
    static const struct column COLUMNS[] = {KEY, COLUMN(struct shelf, n, "n", COLUMN_INT, 0)};
    static const struct {
        struct unique_key key;
        const char *want;
    } cases[] = {
        {{"both", {"id", "n"}}, NULL                                             },
        {{"none", {"id", "m"}}, "shelf.none names a column that there is not"    },
        {{"one", {"n"}},        "shelf.one has one column: that is COLUMN_UNIQUE"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct table table =
            TABLE(struct shelf, COLUMNS, "shelf", .uniques = &cases[i].key, .n_uniques = 1);
        char text[TABLE_FAULT_MAX + 1];
        const char *got = store_table_fault(&table, text);
        if (strcmp(got ? got : "", cases[i].want ? cases[i].want : "") != 0)
            fail_msg("wanted %s, got %s", cases[i].want, got);
    }
}

struct book {
    struct uuid id, shelf_id;
    char name[9];
    int64_t width;
};

static const struct column SHELF[] = {KEY, COLUMN(struct shelf, name, "name", COLUMN_TEXT, 0),
                                      COLUMN(struct shelf, n, "n", COLUMN_INT, 0)};
static const struct table SHELF_TABLE = TABLE(struct shelf, SHELF, "shelf");
static const struct column BOOK[] = {
    COLUMN(struct book, id, "id", COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct book, shelf_id, "shelf_id", COLUMN_UUID, 0),
};
static const struct table BOOK_TABLE = TABLE(struct book, BOOK, "book");

static void what_is_read_from_elsewhere_is_there(void **state)
{
    static const struct table_with ITS = {&SHELF_TABLE, "shelf_id"}, NO = {&SHELF_TABLE, "shelf"};
    static const struct table_least OTHERS = {&BOOK_TABLE, "id", NULL, "1", NULL, 1};
    static const struct table_least NOBODYS = {&BOOK_TABLE, "book_id", NULL, "1", NULL, 1};
    static const struct {
        struct table_read read;
        const char *want;
    } cases[] = {
        {READ(struct book, name,  "name",     COLUMN_TEXT, .with = &ITS),      NULL},
        {READ(struct book, name,  "name",     COLUMN_TEXT, .with = &NO),
         "book.name is read by a column that is no key of that table"              },
        {READ(struct book, name,  "label",    COLUMN_TEXT, .with = &ITS),
         "book.label is no such column of the table that it is read from"          },
        {READ(struct book, width, "n",        COLUMN_INT,  .with = &ITS),
         "book.n is no such column of the table that it is read from"              },
        {READ(struct book, name,  "shelf_id", COLUMN_TEXT, .with = &ITS),
         "book.shelf_id stands twice"                                              },
        {READ(struct book, name,  "name",     COLUMN_TEXT, .with = NULL),
         "book.name is read with one row or is the least of many"                  },
        {READ(struct book, width, "width",    COLUMN_INT,  .least = &OTHERS),  NULL},
        {READ(struct book, width, "width",    COLUMN_INT,  .least = &NOBODYS),
         "book.width is of rows that do not name this one"                         },
        {READ(struct book, name,  "width",    COLUMN_TEXT, .least = &OTHERS),
         "book.width is no int64_t"                                                },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct table table =
            TABLE(struct book, BOOK, "book", .reads = &cases[i].read, .n_reads = 1);
        char text[TABLE_FAULT_MAX + 1];
        const char *got = store_table_fault(&table, text);
        if (strcmp(got ? got : "", cases[i].want ? cases[i].want : "") != 0)
            fail_msg("wanted %s, got %s", cases[i].want, got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_is_named),
        cmocka_unit_test(a_unique_key_names_columns_there_are),
        cmocka_unit_test(what_is_read_from_elsewhere_is_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
