/* book_file_test.c - lines that stay. */
#include "cmd/pgsim/book_file.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/core/log.h"

struct lines {
    char path[64], text[4096]; /* the lines that were told, each in brackets */
    const char *refused;       /* a line that is none; NULL = all are */
};

static bool take(void *arg, const char *line, size_t len)
{
    struct lines *lines = arg;
    size_t at = strlen(lines->text);

    if (lines->refused && strncmp(line, lines->refused, len) == 0)
        return false;
    snprintf(lines->text + at, sizeof(lines->text) - at, "<%.*s>", (int)len, line);
    return true;
}

static int begin(void **state)
{
    static struct lines lines;
    int fd;

    lines = (struct lines){.path = "/tmp/hanok-test-XXXXXX"};
    fd = mkstemp(lines.path);
    close(fd);
    unlink(lines.path);
    log_set_fd(-1);
    *state = &lines;
    return 0;
}

static int end(void **state)
{
    unlink(((struct lines *)*state)->path);
    return 0;
}

static struct book_file *open_again(struct lines *lines, const char *want)
{
    char why[BOOK_FILE_WHY_MAX + 1] = "";
    struct book_file *file;

    lines->text[0] = '\0';
    file = book_file_open(lines->path, take, lines, why);
    if (!file)
        fail_msg("%s", why);
    assert_string_equal(lines->text, want);
    return file;
}

static void put_raw(const struct lines *lines, const char *bytes, size_t len)
{
    int fd = open(lines->path, O_WRONLY | O_CREAT | O_APPEND, 0600);

    assert_int_equal(write(fd, bytes, len), len);
    close(fd);
}

static void what_is_synced_is_told_again(void **state)
{
    struct book_file *file = open_again(*state, "");

    assert_true(book_file_sync(file));
    book_file_add(file, "one", 3);
    book_file_add(file, "", 0);
    assert_true(book_file_sync(file));
    book_file_add(file, "three", 5);
    assert_true(book_file_sync(file));
    book_file_close(file);
    book_file_close(open_again(*state, "<one><><three>"));
}

static void a_line_that_was_cut_short_is_cut_off(void **state)
{
    static const char *const TORN[] = {"tw", "two", "\0\0\0\0"};
    static const size_t LENS[] = {2, 3, 4};

    for (size_t i = 0; i < 3; i++) {
        struct book_file *file = open_again(*state, i == 0 ? "" : "<one><two>");

        if (i == 0) {
            book_file_add(file, "one", 3);
            book_file_add(file, "two", 3);
            assert_true(book_file_sync(file));
        }
        book_file_close(file);
        put_raw(*state, TORN[i], LENS[i]);
    }
    {
        struct book_file *file = open_again(*state, "<one><two>");

        book_file_add(file, "three", 5);
        assert_true(book_file_sync(file));
        book_file_close(file);
    }
    book_file_close(open_again(*state, "<one><two><three>"));
}

static void what_cannot_be_a_book_is_left_alone(void **state)
{
    struct lines *lines = *state;
    char why[BOOK_FILE_WHY_MAX + 1] = "", want[128];

    put_raw(lines, "one\nbad\nthree\nto", 16);
    lines->refused = "bad";
    assert_null(book_file_open(lines->path, take, lines, why));
    snprintf(want, sizeof(want), "line 2 of %s is damaged", lines->path);
    assert_string_equal(why, want);
    lines->refused = NULL;
    book_file_close(open_again(lines, "<one><bad><three>"));
    assert_null(book_file_open("/nowhere/book", take, lines, why));
    assert_string_equal(why, "/nowhere/book: No such file or directory");
}

static void two_do_not_write_one_book(void **state)
{
    struct lines *lines = *state;
    struct book_file *file = open_again(lines, "");
    char why[BOOK_FILE_WHY_MAX + 1] = "";

    assert_null(book_file_open(lines->path, take, lines, why));
    assert_non_null(strstr(why, "is open in another process"));
    book_file_close(file);
    book_file_close(open_again(lines, ""));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_synced_is_told_again),
        TEST(a_line_that_was_cut_short_is_cut_off),
        TEST(what_cannot_be_a_book_is_left_alone),
        TEST(two_do_not_write_one_book),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
