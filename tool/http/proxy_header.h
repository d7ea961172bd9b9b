/* proxy_header.h - what a proxy writes before everything else, to say whose connection it hands on:
 * the PROXY protocol, version 2, of haproxy. Pure; any thread. */
#ifndef TOOL_HTTP_PROXY_HEADER_H
#define TOOL_HTTP_PROXY_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PROXY_HEADER_BEGIN = 16, /* bytes by which its length is known */
    PROXY_HEADER_MAX = 1024, /* with all that is told beside addresses */
    PROXY_ADDRESS_MAX = 45,
};

/** The length of the header that begins like this, in all; 0 = it is none, or a longer one. */
size_t proxy_header_length(const uint8_t begin[PROXY_HEADER_BEGIN]);
/** header: whole, of the length above. address: whose the connection is, "" = the proxy's own, or
 * it does not say. False: it contradicts itself, or the connection is not by TCP. */
bool proxy_header_read(const uint8_t *header, size_t len, char address[PROXY_ADDRESS_MAX + 1]);

#endif
