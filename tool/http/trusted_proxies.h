/* trusted_proxies.h - whose a request is that a proxy has handed on. What is forwarded is
 * anybody's to write: it counts as far as each hop of it was written by a proxy that we trust, from
 * the last one on. Pure; any thread. */
#ifndef TOOL_HTTP_TRUSTED_PROXIES_H
#define TOOL_HTTP_TRUSTED_PROXIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tool/http/forwarded.h"

enum { TRUSTED_PROXIES_MAX = 16, TRUSTED_ADDRESS_BYTES = 16, CLIENT_ADDRESS_MAX = 45 };

/* IPv4 as ::ffff:a.b.c.d. */
struct trusted_network {
    uint8_t address[TRUSTED_ADDRESS_BYTES];
    unsigned bits;
};

struct trusted_proxies {
    size_t n;
    struct trusted_network networks[TRUSTED_PROXIES_MAX];
};

/** text: addresses and networks with commas or blanks between, "10.0.0.0/8, ::1"; "" = none. False
 * when it is not: more than TRUSTED_PROXIES_MAX, or one with bits behind those that count. */
bool trusted_proxies_parse(const char *text, struct trusted_proxies *out);
/** The check of a setting (char[]): why it will not do, static; NULL = it will. */
const char *trusted_proxies_check(const void *text);

/** Who asks, as text: the peer, or whom trusted proxies have seen, going by forwarded. IPv4 in
 * disguise is told as IPv4; a peer that is no address is told as it is, cut. True: the proxy that
 * has seen him says that he came by https. */
bool trusted_proxies_client(const struct trusted_proxies *self, const char *peer,
                            const struct forwarded *forwarded, char out[CLIENT_ADDRESS_MAX + 1]);
/** Whether an address, as text, is one of them. */
bool trusted_proxies_hold(const struct trusted_proxies *self, const char *address);

#endif
