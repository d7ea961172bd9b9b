/* migration_file_test.c - a folder of numbered SQL files, right and wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/core/mem.h"
#include "tool/migrate/migration_file.h"

static void a_name_is_three_digits_and_a_word(void **state)
{
    static const struct {
        const char *name;
        unsigned want; /* 0 = refused */
    } cases[] = {
        {"001_user.sql",        1  },
        {"042_add_phone_2.sql", 42 },
        {"999_x.sql",           999},
        {"000_zero.sql",        0  },
        {"01_short.sql",        0  },
        {"0001_long.sql",       0  },
        {"001-dash.sql",        0  },
        {"001_.sql",            0  },
        {"001_Upper.sql",       0  },
        {"001_dot.dot.sql",     0  },
        {"001_user.SQL",        0  },
        {"001_user.sql~",       0  },
        {"a01_user.sql",        0  },
        {"001_sl/ash.sql",      0  },
        {"",                    0  },
        {"001_user.sql.bak",    0  },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        unsigned number = 0;
        bool ok = migration_name_parse(cases[i].name, &number);
        if (ok != (cases[i].want > 0) || (ok && number != cases[i].want))
            fail_msg("%s: got %d, number %u", cases[i].name, ok, number);
    }
}

static void a_text_is_split_at_its_dividers(void **state)
{
    static const struct {
        const char *why, *text, *want[4];
    } cases[] = {
        {"one",                      "SELECT 1;\n",                     {"SELECT 1"}            },
        {"no newline at the end",    "SELECT 1",                        {"SELECT 1"}            },
        {"two",                      "SELECT 1;\n-- next\nSELECT 2;\n", {"SELECT 1", "SELECT 2"}},
        {"spaces after the divider", "A\n-- next  \r\nB",               {"A", "B"}              },
        {"comments go",              "-- why\nA\n-- and\nB;\n",         {"A\nB"}                },
        {"not a divider",            "A\n-- next step\nB\n --next\n",   {"A\nB\n --next"}       },
        {"semicolons inside stay",   "SELECT ';';;\n",                  {"SELECT ';'"}          },
        {"nothing between",          "A\n-- next\n-- next\nB",          {"A", "", "B"}          },
        {"nothing at the end",       "A\n-- next\n",                    {"A", ""}               },
        {"nothing at all",           "",                                {""}                    },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *cursor = cases[i].text;
        char out[64];
        size_t n = 0;
        for (; migration_next_statement(&cursor, out); n++)
            if (n >= 4 || !cases[i].want[n] || strcmp(cases[i].want[n], out) != 0)
                fail_msg("%s: statement %zu is '%s'", cases[i].why, n, out);
        if (n < 4 && cases[i].want[n])
            fail_msg("%s: only %zu statements", cases[i].why, n);
    }
}

static void a_file_is_repeatable_when_each_statement_is_guarded(void **state)
{
    (void)state;
    assert_true(migration_is_repeatable("CREATE TABLE IF NOT EXISTS t (i INT);"));
    assert_true(migration_is_repeatable("create table if not exists t (i int)\n-- next\n"
                                        "ALTER TABLE t DROP COLUMN IF EXISTS c;"));
    assert_false(migration_is_repeatable("CREATE TABLE IF NOT EXISTS t (i INT);\n-- next\n"
                                         "UPDATE t SET i = i + 1;"));
    assert_false(migration_is_repeatable("-- IF NOT EXISTS\nCREATE TABLE t (i INT);"));
}

struct folder {
    char path[32];
};

static int make_folder(void **state)
{
    struct folder *folder = MEM_NEW(struct folder);

    TEXT_COPY(folder->path, "/tmp/hanok-sql-XXXXXX");
    *state = folder;
    return mkdtemp(folder->path) ? 0 : -1;
}

static void empty_folder(const struct folder *folder)
{
    DIR *dir = opendir(folder->path);
    struct dirent *entry;

    assert_non_null(dir);
    while ((entry = readdir(dir)))
        unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
}

static int remove_folder(void **state)
{
    struct folder *folder = *state;

    empty_folder(folder);
    rmdir(folder->path);
    free(folder);
    return 0;
}

static void put(const struct folder *folder, const char *name, const char *text)
{
    char path[512];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", folder->path, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void a_folder_is_read_in_order_of_number(void **state)
{
    struct migration_list list;
    char why[MIGRATION_WHY_MAX + 1] = "";

    put(*state, "002_b.sql", "B;");
    put(*state, "001_a.sql", "A;");
    put(*state, "README.md", "not SQL");
    put(*state, ".001_a.sql.swp", "an editor's");
    assert_int_equal(ST_OK, migration_list_read(((struct folder *)*state)->path, &list, why));
    assert_int_equal(2, list.n);
    assert_string_equal("001_a.sql", list.items[0].name);
    assert_string_equal("B;", list.items[1].text);
    migration_list_free(&list);
}

static void a_wrong_folder_is_refused_by_name(void **state)
{
    static const struct {
        const char *files[3], *text, *why;
    } cases[] = {
        {{"001_a.sql", "003_c.sql"}, "A;",           "number 002 is missing before 003_c.sql"         },
        {{"002_b.sql"},              "A;",           "number 001 is missing before 002_b.sql"         },
        {{"001_a.sql", "001_b.sql"}, "A;",           "001_a.sql and 001_b.sql have the same number"   },
        {{"001_a.sql", "1_b.sql"},   "A;",           "1_b.sql: is not named like 001_what_it_does.sql"},
        {{"001_a.sql"},              "-- nothing\n", "001_a.sql: has an empty statement"              },
        {{NULL},                     "",             "holds no migration"                             },
    };
    struct folder *folder = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct migration_list list;
        char why[MIGRATION_WHY_MAX + 1] = "";
        enum status st;
        empty_folder(folder);
        for (size_t k = 0; k < 3 && cases[i].files[k]; k++)
            put(folder, cases[i].files[k], cases[i].text);
        st = migration_list_read(folder->path, &list, why);
        migration_list_free(&list);
        if (st != ST_INVALID || !strstr(why, cases[i].why))
            fail_msg("%s: got %s, '%s'", cases[i].why, status_name(st), why);
    }
}

static void what_cannot_be_read_is_refused_by_name(void **state)
{
    struct folder *folder = *state;
    char why[MIGRATION_WHY_MAX + 1] = "", path[512];
    struct migration_list list;

    assert_int_equal(ST_INVALID, migration_list_read("/nowhere/at/all", &list, why));
    assert_non_null(strstr(why, "/nowhere/at/all: No such file or directory"));
    migration_list_free(&list);
    snprintf(path, sizeof(path), "%s/001_folder.sql", folder->path);
    assert_int_equal(0, mkdir(path, 0700));
    assert_int_equal(ST_INVALID, migration_list_read(folder->path, &list, why));
    assert_non_null(strstr(why, "001_folder.sql: "));
    migration_list_free(&list);
    rmdir(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_three_digits_and_a_word),
        cmocka_unit_test(a_text_is_split_at_its_dividers),
        cmocka_unit_test(a_file_is_repeatable_when_each_statement_is_guarded),
        cmocka_unit_test_setup_teardown(a_folder_is_read_in_order_of_number, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_wrong_folder_is_refused_by_name, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_is_refused_by_name, make_folder,
                                        remove_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
