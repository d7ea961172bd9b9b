/* route_header.h - header fields that a route puts into the message, "Stripe-Signature" as the
 * member stripeSignature. Pure; any thread. */
#ifndef MIDDLEWARE_ROUTE_HEADER_H
#define MIDDLEWARE_ROUTE_HEADER_H

#include <stdbool.h>
#include <stddef.h>

enum { ROUTE_HEADERS_MAX = 6, ROUTE_HEADER_MAX = 47 };

/* All zero is none. */
struct route_headers {
    size_t n;
    struct route_header {
        char name[ROUTE_HEADER_MAX + 1], member[ROUTE_HEADER_MAX + 1];
    } rows[ROUTE_HEADERS_MAX];
};

/** "Name,Name"; false when one is no such name, is there twice, or is one that says in messages who
 * asks. */
bool route_headers_parse(struct route_headers *headers, const char *text);

#endif
