/* link_url.c - see link_url.h. The library's own parser speaks up only when it connects, and then
 * it is taken for a server that is away. */
#include "tool/message/link_url.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { PORT_DIGITS_MAX = 5, PORT_HIGHEST = 65535 };

static bool is_port(const char *text, size_t len)
{
    return len > 0 && len <= PORT_DIGITS_MAX && strspn(text, "0123456789") >= len &&
           strtol(text, NULL, 10) > 0 && strtol(text, NULL, 10) <= PORT_HIGHEST;
}

/* [nats://|tls://][user:password@]host[:port] */
static bool is_server(const char *text, size_t len)
{
    const char *end = text + len, *mark, *colon;

    if (strncmp(text, "nats://", 7) == 0)
        text += 7;
    else if (strncmp(text, "tls://", 6) == 0)
        text += 6;
    if (text + strcspn(text, "/ \t,") < end)
        return false;
    mark = memchr(text, '@', (size_t)(end - text));
    if (mark)
        text = mark + 1;
    if (*text == '[') { /* an IPv6 address holds colons */
        mark = memchr(text, ']', (size_t)(end - text));
        return mark && mark > text + 1 &&
               (mark + 1 == end || (mark[1] == ':' && is_port(mark + 2, (size_t)(end - mark - 2))));
    }
    colon = memchr(text, ':', (size_t)(end - text));
    return colon ? colon > text && is_port(colon + 1, (size_t)(end - colon - 1)) : end > text;
}

const char *link_url_check(const void *value)
{
    const char *text = value;

    for (;;) {
        size_t len;

        text += strspn(text, " ");
        len = strcspn(text, ",");
        while (len > 0 && text[len - 1] == ' ')
            len--;
        if (len == 0 || !is_server(text, len))
            return "is no list of NATS servers: nats://host:port, comma separated, is right";
        text += strcspn(text, ",");
        if (*text++ == '\0')
            return NULL;
    }
}
