/* percent.c - see percent.h. */
#include "middleware/percent.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

int percent_decode(const char **text)
{
    const char *at = *text;

    if (*at != '%') {
        *text = at + 1;
        return (unsigned char)*at;
    }
    if (hex(at[1]) < 0 || hex(at[2]) < 0)
        return -1;
    *text = at + 3;
    return hex(at[1]) << 4 | hex(at[2]);
}
