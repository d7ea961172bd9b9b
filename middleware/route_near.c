/* route_near.c - see route_near.h. */
#include "middleware/route_near.h"

#include <string.h>

#include "protocol/operations.h"
#include "tool/core/slip.h"

enum { ANOTHER_SERVICE = 2 }; /* so many letters away, a name is no slip */

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
        size_t far = slip_distance(subject, OPERATIONS[i]->subject);

        if (far < nearest && (!known || same_service(OPERATIONS[i]->subject, subject))) {
            near = OPERATIONS[i];
            nearest = far;
        }
    }
    return near;
}
