/* http_field.c - what the head of a request says. */
#include <string.h>
#include <strings.h>

#include "tool/http/http_internal.h"

/* The index of the next field of that name, from i on; n_fields = there is none. */
static size_t find(const struct http_reader *in, const char *name, size_t i)
{
    while (i < in->n_fields && strcasecmp(in->head + in->fields[i].name, name) != 0)
        i++;
    return i;
}

static const char *value_of(const struct http_reader *in, size_t i)
{
    return in->head + in->fields[i].value;
}

const char *http_request_header(const struct http_request *r, const char *name)
{
    size_t i = find(&r->in, name, 0);

    return i < r->in.n_fields ? value_of(&r->in, i) : NULL;
}

static size_t append(char *buf, size_t size, size_t len, const char *value)
{
    size_t more = strlen(value), comma = len > 0;

    if (len + comma + more >= size)
        return len;
    if (comma)
        buf[len] = ',';
    memcpy(buf + len + comma, value, more + 1);
    return len + comma + more;
}

const char *http_request_list(const struct http_request *r, const char *name, char *buf,
                              size_t size)
{
    const struct http_reader *in = &r->in;
    size_t first = find(in, name, 0), len = 0;

    if (first == in->n_fields)
        return NULL;
    if (find(in, name, first + 1) == in->n_fields)
        return value_of(in, first);
    buf[0] = '\0';
    for (size_t i = first; i < in->n_fields; i = find(in, name, i + 1))
        len = append(buf, size, len, value_of(in, i));
    return buf;
}

size_t http_request_values(const struct http_request *r, const char *name, const char **values,
                           size_t max)
{
    const struct http_reader *in = &r->in;
    size_t n = 0;

    for (size_t i = find(in, name, 0); i < in->n_fields; i = find(in, name, i + 1)) {
        if (n == max)
            memmove(values, values + 1, --n * sizeof(values[0]));
        values[n++] = value_of(in, i);
    }
    return n;
}
