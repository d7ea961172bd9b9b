/* route_near.c - see route_near.h. */
#include "middleware/route_near.h"

#include <string.h>

#include "middleware/route.h"
#include "protocol/operations.h"
#include "tool/core/assert.h"

enum { ANOTHER_SERVICE = 2 }; /* so many letters away, a name is no slip */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Three rows of the table of Damerau and Levenshtein are enough. */
size_t route_distance(const char *a, const char *b)
{
    size_t rows[3][ROUTE_SUBJECT_MAX + 1], n = strlen(b);

    ASSERT(n <= ROUTE_SUBJECT_MAX);
    for (size_t k = 0; k <= n; k++)
        rows[0][k] = k;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t *now = rows[i % 3], *before = rows[(i + 2) % 3], *above = rows[(i + 1) % 3];

        now[0] = i;
        for (size_t k = 1; k <= n; k++) {
            now[k] =
                least(least(before[k], now[k - 1]) + 1, before[k - 1] + (a[i - 1] != b[k - 1]));
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                now[k] = least(now[k], above[k - 2] + 1);
        }
    }
    return rows[strlen(a) % 3][n];
}

static bool same_service(const char *a, const char *b)
{
    size_t n = strcspn(a, ".");

    return strcspn(b, ".") == n && memcmp(a, b, n) == 0;
}

static bool knows_service_of(const char *subject)
{
    for (size_t i = 0; OPERATIONS[i]; i++)
        if (same_service(OPERATIONS[i]->subject, subject))
            return true;
    return false;
}

const struct operation *route_near(const char *subject)
{
    const struct operation *near = NULL;
    bool known = knows_service_of(subject);
    size_t nearest = known ? SIZE_MAX : ANOTHER_SERVICE;

    if (operation_find(subject))
        return NULL;
    for (size_t i = 0; OPERATIONS[i]; i++) {
        size_t far = route_distance(subject, OPERATIONS[i]->subject);

        if (far < nearest && (!known || same_service(OPERATIONS[i]->subject, subject))) {
            near = OPERATIONS[i];
            nearest = far;
        }
    }
    return near;
}
