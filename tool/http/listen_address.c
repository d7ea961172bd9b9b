/* listen_address.c - see listen_address.h. */
#include "tool/http/listen_address.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { PORT_HIGHEST = 65535 };

static bool is_port(const char *text)
{
    size_t len = strlen(text);

    return len > 0 && len <= LISTEN_PORT_MAX && strspn(text, "0123456789") == len &&
           strtol(text, NULL, 10) <= PORT_HIGHEST; /* getaddrinfo() would take it modulo 65536 */
}

bool listen_address_split(const char *text, char host[LISTEN_HOST_MAX + 1],
                          char port[LISTEN_PORT_MAX + 1])
{
    const char *colon = strrchr(text, ':');
    size_t len = colon ? (size_t)(colon - text) : 0;

    if (!colon || !is_port(colon + 1))
        return false;
    if (len > 1 && text[0] == '[' && text[len - 1] == ']') {
        text++;
        len -= 2;
    }
    if (len == 0 || len > LISTEN_HOST_MAX)
        return false;
    memcpy(host, text, len);
    host[len] = '\0';
    memcpy(port, colon + 1, strlen(colon + 1) + 1);
    return true;
}

const char *listen_address_check(const void *text)
{
    char host[LISTEN_HOST_MAX + 1], port[LISTEN_PORT_MAX + 1];

    return listen_address_split(text, host, port)
               ? NULL
               : "is not an address: host:port or [v6]:port is right";
}
