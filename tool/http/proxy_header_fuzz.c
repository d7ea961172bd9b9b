/* proxy_header_fuzz.c - any bytes before everything else: an address, none, or no header. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/http/proxy_header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t SIGNATURE[] = {0x0d, 0x0a, 0x0d, 0x0a, 0,    0x0d,
                                        0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
    uint8_t begin[PROXY_HEADER_BEGIN] = {0}, *header;
    char address[PROXY_ADDRESS_MAX + 1];
    struct in6_addr parsed;
    size_t len;

    memcpy(begin, SIGNATURE, sizeof(SIGNATURE)); /* which would take long to be guessed */
    memcpy(begin + sizeof(SIGNATURE), data, size < 4 ? size : 4);
    len = proxy_header_length(begin);
    ASSERT(len == 0 || (len >= PROXY_HEADER_BEGIN && len <= PROXY_HEADER_MAX));
    if (len == 0)
        return 0;
    header = mem_alloc(1, len); /* as long as it says, and not longer */
    memcpy(header, begin, sizeof(begin));
    if (size > 4)
        memcpy(header + sizeof(begin), data + 4,
               size - 4 < len - sizeof(begin) ? size - 4 : len - sizeof(begin));
    if (proxy_header_read(header, len, address))
        ASSERT(!address[0] || inet_pton(AF_INET, address, &parsed) == 1 ||
               inet_pton(AF_INET6, address, &parsed) == 1);
    free(header);
    return 0;
}
