/* book_line_fuzz.c - a file of any bytes as a book: what is taken can be told, and written again.
 */
#include <string.h>

#include "cmd/pgsim/book_line.h"
#include "cmd/pgsim/book_report.h"
#include "tool/core/assert.h"

enum { JSON_MAX = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char json[JSON_MAX];
    struct book *book = book_create(), *again = book_create();
    const char *at = (const char *)data, *end = at + size;
    char line[CHARGE_JSON_MAX + 1];
    struct json_out o;

    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));

        stop = stop ? stop : end;
        (void)book_line_take(book, at, (size_t)(stop - at));
        at = stop + 1;
    }
    for (size_t i = 0; i < book_count(book); i++)
        ASSERT(book_line_take(again, line, book_line_write(&book_at(book, i)->op, line)));
    json_out_init(&o, json, sizeof(json));
    book_report_summary(again, &o);
    book_report_items(again, &(struct book_page){.max = BOOK_MAX}, &o);
    book_destroy(book);
    book_destroy(again);
    return 0;
}
