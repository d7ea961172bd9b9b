/* fetch.h - GET over the network, within bounds: by libcurl, which is loaded when something is
 * fetched first, so that a process that fetches nothing does not pay for it. */
#ifndef TOOL_FETCH_FETCH_H
#define TOOL_FETCH_FETCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { FETCH_WHY_MAX = 255 };

struct fetch_rule {
    size_t size_max;         /* bytes of the answer */
    long timeout_ms;         /* for all of it */
    bool plain;              /* http:// is right, and no proxy asked; else https:// */
    const char *ca;          /* file of the CAs the server is known by; NULL, "" = the system's */
    const atomic_bool *stop; /* once it is true the fetch ends within a second; NULL = never */
};

/** Blocks; any thread. A 200 and nothing else: no redirection is followed. *body is freed by the
 * caller. False with why. */
bool fetch_get(const char *url, const struct fetch_rule *rule, char **body, size_t *len,
               char why[FETCH_WHY_MAX + 1]);

#endif
