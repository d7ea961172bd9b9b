/* assert.c - the end of a process that has a bug. It says so by itself: the bug may be in the log,
 * or the log may be off. */
#include "tool/core/assert.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "tool/core/fd_write.h"

enum { LINE_MAX_BYTES = 1024, PATIENCE_MS = 1000 };

struct said {
    char text[LINE_MAX_BYTES];
    size_t len;
};

static void add(struct said *said, const char *text, bool as_value)
{
    for (; *text && said->len < LINE_MAX_BYTES - 32; text++) {
        if (as_value && (*text == '"' || *text == '\\'))
            said->text[said->len++] = '\\';
        said->text[said->len++] = as_value && (unsigned char)*text < ' ' ? ' ' : *text;
    }
}

static void add_number(struct said *said, int n)
{
    char digits[12];
    size_t at = sizeof(digits) - 1;

    digits[at] = '\0';
    do
        digits[--at] = (char)('0' + n % 10);
    while ((n /= 10) > 0);
    add(said, digits + at, false);
}

_Noreturn void assert_fail(const char *expr, const char *file, int line)
{
    struct said said = {.len = 0};

    add(&said, "{\"level\":\"error\",\"msg\":\"assertion failed\",\"file\":\"", false);
    add(&said, file, true);
    add(&said, "\",\"line\":", false);
    add_number(&said, line);
    add(&said, ",\"expression\":\"", false);
    add(&said, expr, true);
    said.text[said.len++] = '"';
    said.text[said.len++] = '}';
    said.text[said.len++] = '\n';
    fd_write_all(STDERR_FILENO, said.text, said.len, PATIENCE_MS);
    abort();
}
