/* forwarded.h - through whom a request has come, as proxies write it: X-Forwarded-For or Forwarded
 * (RFC 7239). Anybody may have written it: see trusted_proxies.h for what of it counts. Pure; any
 * thread. */
#ifndef TOOL_HTTP_FORWARDED_H
#define TOOL_HTTP_FORWARDED_H

#include <stdbool.h>
#include <stddef.h>

enum { FORWARDED_HOPS_MAX = 16 };

/* Who came to a proxy: what it has written about him. */
struct forwarded_hop {
    const char *node; /* an address, perhaps with a port; "" = it does not say */
    size_t len;
    bool https; /* he came to it by https */
};

/* In the order of the way; points into what was read. */
struct forwarded {
    size_t n;
    struct forwarded_hop hops[FORWARDED_HOPS_MAX]; /* of more the last ones */
};

/** Adds the words of one X-Forwarded-For, commas or blanks between them. */
void forwarded_add_x(struct forwarded *f, const char *value);
/** Adds the elements of one Forwarded. Of one that is not well-formed nothing can be believed, for
 * who wrote its beginning may have meant to swallow the end: it is one hop that says nothing. */
void forwarded_add(struct forwarded *f, const char *value);
/** value: of X-Forwarded-Proto; NULL is fine. It holds for all hops. */
void forwarded_set_proto(struct forwarded *f, const char *value);

#endif
