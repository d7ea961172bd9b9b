/* slip.c - see slip.h. */
#include "tool/core/slip.h"

#include <string.h>

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The table of Damerau and Levenshtein, of which three rows are looked at. */
size_t slip_distance(const char *a, const char *b)
{
    size_t rows[3][SLIP_TEXT_MAX + 1], n = strlen(b);

    if (n > SLIP_TEXT_MAX)
        return SLIP_TEXT_MAX;
    for (size_t k = 0; k <= n; k++)
        rows[0][k] = k;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t *now = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];

        now[0] = i;
        for (size_t k = 1; k <= n; k++) {
            now[k] = least(least(above[k], now[k - 1]) + 1, above[k - 1] + (a[i - 1] != b[k - 1]));
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                now[k] = least(now[k], before[k - 2] + 1);
        }
    }
    return rows[strlen(a) % 3][n];
}
