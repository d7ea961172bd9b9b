/* percent.c - see percent.h. */
#include "middleware/percent.h"

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
