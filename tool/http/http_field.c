/* http_field.c - what the head of a request says. */
#include <string.h>
#include <strings.h>

#include "tool/http/http_internal.h"

const char *http_request_header(const struct http_request *r, const char *name)
{
    return r->mhd ? MHD_lookup_connection_value(r->mhd, MHD_HEADER_KIND, name) : NULL;
}

struct list {
    const char *name, *first;
    char *buf;
    size_t size, len, n;
};

static void list_add(struct list *list, const char *value, size_t len)
{
    size_t comma = list->len > 0;

    if (list->len + comma + len >= list->size)
        return;
    if (comma)
        list->buf[list->len] = ',';
    memcpy(list->buf + list->len + comma, value, len);
    list->len += comma + len;
    list->buf[list->len] = '\0';
}

static enum MHD_Result on_list_field(void *arg, enum MHD_ValueKind kind, const char *name,
                                     size_t name_len, const char *value, size_t value_len)
{
    struct list *list = arg;

    (void)kind;
    if (name_len != strlen(list->name) || strncasecmp(name, list->name, name_len) != 0 || !value)
        return MHD_YES;
    if (list->n++ == 0)
        list->first = value;
    list_add(list, value, value_len);
    return MHD_YES;
}

const char *http_request_list(const struct http_request *r, const char *name, char *buf,
                              size_t size)
{
    struct list list = {.name = name, .buf = buf, .size = size};

    if (!r->mhd)
        return NULL;
    buf[0] = '\0';
    MHD_get_connection_values_n(r->mhd, MHD_HEADER_KIND, on_list_field, &list);
    return list.n > 1 ? buf : list.first;
}

struct values {
    const char *name, **values;
    size_t n, max;
};

static enum MHD_Result on_value(void *arg, enum MHD_ValueKind kind, const char *name,
                                const char *value)
{
    struct values *all = arg;

    (void)kind;
    if (strcasecmp(name, all->name) != 0 || !value)
        return MHD_YES;
    if (all->n == all->max)
        memmove(all->values, all->values + 1, (--all->n) * sizeof(all->values[0]));
    all->values[all->n++] = value;
    return MHD_YES;
}

size_t http_request_values(const struct http_request *r, const char *name, const char **values,
                           size_t max)
{
    struct values all = {.name = name, .values = values, .max = max};

    if (r->mhd)
        MHD_get_connection_values(r->mhd, MHD_HEADER_KIND, on_value, &all);
    return all.n;
}
