/* base64.c - see base64.h. */
#include "middleware/base64.h"

#include <string.h>

#include "tool/core/mem.h"

void base64_write(const void *bytes, size_t len, struct json_out *o)
{
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *at = bytes;
    char *text = mem_alloc(1, base64_len(len) + 2), *end = text;

    *end++ = '"';
    for (; len > 0; at += 3) {
        size_t n = len < 3 ? len : 3;
        unsigned bits = (unsigned)at[0] << 16 | (n > 1 ? (unsigned)at[1] << 8 : 0) |
                        (n > 2 ? (unsigned)at[2] : 0);

        for (size_t i = 0; i < 4; i++)
            *end++ = i <= n ? DIGITS[bits >> (18 - 6 * i) & 63] : '=';
        len -= n;
    }
    *end++ = '"';
    json_out_raw(o, text, (size_t)(end - text));
    free(text);
}
