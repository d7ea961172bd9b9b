/* route_name.h - what lines of a file of routes are called that routes name, and roles. */
#ifndef MIDDLEWARE_ROUTE_NAME_H
#define MIDDLEWARE_ROUTE_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { ROUTE_NAME_MAX = 31 };

static inline bool route_name_fits(const char *text)
{
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    return len > 0 && len <= ROUTE_NAME_MAX && !text[len];
}

/** Whether role[0..len) can be a role of a caller. */
static inline bool route_role_fits(const char *role, size_t len)
{
    return len > 0 && strspn(role, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789-_.") >= len;
}

#endif
