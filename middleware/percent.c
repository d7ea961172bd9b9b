/* percent.c - see percent.h. */
#include "middleware/percent.h"

#include <stdbool.h>
#include <string.h>

#include "tool/core/hex.h"

int percent_decode(const char **text)
{
    const char *at = *text;

    if (*at != '%') {
        *text = at + 1;
        return (unsigned char)*at;
    }
    if (hex_value(at[1]) < 0 || hex_value(at[2]) < 0)
        return -1;
    *text = at + 3;
    return hex_value(at[1]) << 4 | hex_value(at[2]);
}

static bool may_stand(const char *at)
{
    if (*at == '%')
        return hex_value(at[1]) >= 0 && hex_value(at[2]) >= 0;
    return (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9') ||
           strchr("-._~!$&'()*+,;=:@/", *at);
}

void percent_encode_path(const char *path, char *out, size_t size)
{
    size_t len = 0;

    for (; *path; path++) {
        bool plain = may_stand(path);

        if (len + (plain ? 1 : 3) >= size) {
            len = 0;
            break;
        }
        if (plain) {
            out[len++] = *path;
            continue;
        }
        out[len++] = '%';
        out[len++] = "0123456789ABCDEF"[(unsigned char)*path >> 4];
        out[len++] = "0123456789ABCDEF"[*path & 15];
    }
    out[len] = '\0';
}
