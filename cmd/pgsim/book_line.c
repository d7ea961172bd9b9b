/* book_line.c - see book_line.h. */
#include "cmd/pgsim/book_line.h"

#include "cmd/pgsim/issuer.h"
#include "tool/core/assert.h"

size_t book_line_write(const struct charge *op, char line[CHARGE_JSON_MAX + 1])
{
    struct json_out o;

    json_out_init(&o, line, CHARGE_JSON_MAX + 1);
    encode(&CHARGE_LINE, op, &o);
    ASSERT(!o.overflow);
    return o.len;
}

bool book_line_take(struct book *book, const char *line, size_t len)
{
    struct problem problem = {.status = ST_OK};
    struct charge op;

    if (decode(&CHARGE_LINE, line, len, &op, &problem) != ST_OK)
        return false;
    if (op.state == CHARGE_DONE && op.amount > ISSUER_LIMIT) /* nobody has decided that */
        return false;
    return book_find(book, op.key) == BOOK_NONE && book_add(book, &op) != BOOK_NONE;
}
