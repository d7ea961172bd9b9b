/* book_query.c - see book_query.h. No member needs percent-encoding, so none is understood. */
#include "cmd/pgsim/book_query.h"

#include <string.h>

enum { DIGITS_MAX = 9 };

static bool read_key(const char *value, size_t len, char out[CHARGE_KEY_MAX + 1])
{
    if (out[0] || !charge_is_key(value, len))
        return false;
    memcpy(out, value, len);
    out[len] = '\0';
    return true;
}

static bool read_limit(const char *value, size_t len, int64_t *limit)
{
    int64_t n = 0;

    if (*limit != BOOK_QUERY_ALL || len < 1 || len > DIGITS_MAX ||
        strspn(value, "0123456789") < len)
        return false;
    for (size_t i = 0; i < len; i++)
        n = 10 * n + (value[i] - '0');
    *limit = n;
    return n > 0;
}

/* One "name=value" of len bytes. */
static bool read_member(const char *member, size_t len, struct book_query *out)
{
    const char *equals = memchr(member, '=', len);
    size_t name = equals ? (size_t)(equals - member) : len;
    const char *value = equals ? equals + 1 : member + len;
    size_t rest = len - (size_t)(value - member);

    if (name == 3 && strncmp(member, "key", name) == 0)
        return read_key(value, rest, out->key);
    if (name == 5 && strncmp(member, "after", name) == 0)
        return read_key(value, rest, out->after);
    return name == 5 && strncmp(member, "limit", name) == 0 && read_limit(value, rest, &out->limit);
}

bool book_query_read(const char *query, struct book_query *out)
{
    *out = (struct book_query){.limit = BOOK_QUERY_ALL};
    for (bool more = query != NULL; more; query++) {
        size_t len = strcspn(query, "&");

        if (!read_member(query, len, out))
            return false;
        query += len;
        more = *query == '&';
    }
    return true;
}
