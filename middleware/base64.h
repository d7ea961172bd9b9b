/* base64.h - bytes as text (RFC 4648, 4), in JSON. Pure. */
#ifndef MIDDLEWARE_BASE64_H
#define MIDDLEWARE_BASE64_H

#include "tool/core/json_out.h"

/** So many characters are len bytes. */
static inline size_t base64_len(size_t len)
{
    return (len + 2) / 3 * 4;
}

/** Writes a string of the bytes, with padding. */
void base64_write(const void *bytes, size_t len, struct json_out *o);

#endif
