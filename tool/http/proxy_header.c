/* proxy_header.c - see proxy_header.h. */
#include "tool/http/proxy_header.h"

#include <arpa/inet.h>
#include <string.h>

enum {
    VERSION_AND_COMMAND = 12, /* offsets of octets */
    FAMILY = 13,
    LENGTH = 14,
    LOCAL = 0x20, /* version 2: the proxy asks for itself, as for a health check */
    HANDS_ON = 0x21,
    UNSPECIFIED = 0x00,
    TCP4 = 0x11,
    TCP6 = 0x21,
    UNIX_STREAM = 0x31,
    TCP4_BYTES = 12, /* two addresses, two ports */
    TCP6_BYTES = 36,
};

static const uint8_t SIGNATURE[] = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d,
                                    0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};

size_t proxy_header_length(const uint8_t begin[PROXY_HEADER_BEGIN])
{
    size_t len = PROXY_HEADER_BEGIN + (size_t)begin[LENGTH] * 256 + begin[LENGTH + 1];
    uint8_t what = begin[VERSION_AND_COMMAND];

    if (memcmp(begin, SIGNATURE, sizeof(SIGNATURE)) != 0 || (what != LOCAL && what != HANDS_ON))
        return 0;
    return len <= PROXY_HEADER_MAX ? len : 0;
}

bool proxy_header_read(const uint8_t *header, size_t len, char address[PROXY_ADDRESS_MAX + 1])
{
    const uint8_t *told = header + PROXY_HEADER_BEGIN;
    size_t bytes = len - PROXY_HEADER_BEGIN;

    address[0] = '\0';
    if (header[VERSION_AND_COMMAND] == LOCAL)
        return true;
    switch (header[FAMILY]) {
    case UNSPECIFIED:
    case UNIX_STREAM:
        return true;
    case TCP4:
        return bytes >= TCP4_BYTES &&
               inet_ntop(AF_INET, told, address, PROXY_ADDRESS_MAX + 1) != NULL;
    case TCP6:
        return bytes >= TCP6_BYTES &&
               inet_ntop(AF_INET6, told, address, PROXY_ADDRESS_MAX + 1) != NULL;
    default:
        return false;
    }
}
