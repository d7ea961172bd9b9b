/* forwarded.c - see forwarded.h. */
#include "tool/http/forwarded.h"

#include <string.h>
#include <strings.h>

#include "tool/http/http_bytes.h"

static const char BLANKS[] = " \t";

static void add(struct forwarded *f, struct forwarded_hop hop)
{
    if (f->n == FORWARDED_HOPS_MAX)
        memmove(f->hops, f->hops + 1, --f->n * sizeof(f->hops[0]));
    f->hops[f->n++] = hop;
}

void forwarded_add_x(struct forwarded *f, const char *value)
{
    static const char SEPARATORS[] = ", \t";

    for (value += strspn(value, SEPARATORS); *value; value += strspn(value, SEPARATORS)) {
        size_t len = strcspn(value, SEPARATORS);

        add(f, (struct forwarded_hop){.node = value, .len = len});
        value += len;
    }
}

/* ---- RFC 7239 ---- */

static size_t token_length(const char *text)
{
    size_t len = 0;

    while (http_is_tchar(text[len]))
        len++;
    return len;
}

/* A token or a quoted string at *text, which then stands behind it. False: neither. One with a
 * backslash in it is taken and left empty: no address and no scheme needs any. */
static bool read_value(const char **text, const char **value, size_t *len)
{
    const char *p = *text, *begin;

    if (*p != '"') {
        *value = p;
        *len = token_length(p);
        *text += *len;
        return *len > 0;
    }
    begin = ++p;
    *len = 1;
    for (; *p && *p != '"'; p++)
        if (*p == '\\') {
            *len = 0;
            if (!*++p)
                return false;
        }
    *value = begin;
    *len = *len ? (size_t)(p - begin) : 0;
    *text = p + 1;
    return *p == '"';
}

/* One name=value at *text. */
static bool read_pair(const char **text, struct forwarded_hop *hop)
{
    const char *name = *text, *value;
    size_t name_len = token_length(name), len;

    *text += name_len;
    if (name_len == 0 || **text != '=')
        return false;
    (*text)++;
    if (!read_value(text, &value, &len))
        return false;
    if (http_equals(name, name_len, "proto")) {
        hop->https = http_equals(value, len, "https");
    } else if (http_equals(name, name_len, "for")) {
        if (hop->len > 0)
            return false; /* twice */
        hop->node = value;
        hop->len = len;
    }
    return true;
}

static bool read_elements(struct forwarded *f, const char *text)
{
    for (;;) {
        struct forwarded_hop hop = {.node = ""};
        bool empty = true;

        for (;;) {
            text += strspn(text, BLANKS);
            if (*text && *text != ';' && *text != ',') {
                if (!read_pair(&text, &hop))
                    return false;
                empty = false;
                text += strspn(text, BLANKS);
            }
            if (*text != ';')
                break;
            text++;
        }
        if (*text && *text != ',')
            return false;
        if (!empty) /* a list may have empty elements (RFC 9110 5.6.1) */
            add(f, hop);
        if (!*text)
            return true;
        text++;
    }
}

void forwarded_add(struct forwarded *f, const char *value)
{
    struct forwarded read = {.n = 0};

    if (!read_elements(&read, value)) {
        add(f, (struct forwarded_hop){.node = ""});
        return;
    }
    for (size_t i = 0; i < read.n; i++)
        add(f, read.hops[i]);
}

void forwarded_set_proto(struct forwarded *f, const char *value)
{
    bool https = value && strcasecmp(value, "https") == 0;

    for (size_t i = 0; i < f->n; i++)
        f->hops[i].https = https;
}
