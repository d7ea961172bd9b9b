/* network.c - see network.h. */
#include "tool/core/network.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { NETWORK_BYTES = 8 };

void network_of(const char *address, char out[NETWORK_TEXT_MAX + 1])
{
    struct in6_addr a;
    char text[INET6_ADDRSTRLEN];

    if (inet_pton(AF_INET6, address, &a) != 1) {
        snprintf(out, NETWORK_TEXT_MAX + 1, "%s", address);
        return;
    }
    if (IN6_IS_ADDR_V4MAPPED(&a)) {
        inet_ntop(AF_INET, &a.s6_addr[12], text, sizeof(text));
        snprintf(out, NETWORK_TEXT_MAX + 1, "%s", text);
        return;
    }
    memset(&a.s6_addr[NETWORK_BYTES], 0, sizeof(a.s6_addr) - NETWORK_BYTES);
    inet_ntop(AF_INET6, &a, text, sizeof(text));
    snprintf(out, NETWORK_TEXT_MAX + 1, "%s/64", text);
}
