/* rate_class.h - classes of rates, by which requests are counted: rows of the file of routes,
 *
 *   rate people         600/60 burst=200
 *   rate people.partner 6000/60
 *
 * gives each client 600 requests in 60 seconds, 200 of them at once, and callers with the role
 * partner more: they are in a tier of the class. */
#ifndef MIDDLEWARE_RATE_CLASS_H
#define MIDDLEWARE_RATE_CLASS_H

#include <stdbool.h>
#include <stddef.h>

#include "tool/core/call.h"
#include "tool/resilience/bucket.h"

enum {
    RATE_CLASSES_MAX = 32,
    RATE_NAME_MAX = 31,
    RATE_REQUESTS_MAX = 1000000,
    RATE_WINDOW_MAX_S = 86400,
    RATE_FAULT_MAX = 191,
};

struct rate_class {
    char name[RATE_NAME_MAX + 1]; /* of a-z, 0-9, '-' and '_'; of a tier "class.role" */
    struct bucket_rate rate;
};

struct rate_classes {
    size_t n;
    struct rate_class rows[RATE_CLASSES_MAX];
};

/** Adds the class, or the tier of one that is there, of a row; text: what stands behind "rate".
 * False when it is wrong: fault says what would be right. */
bool rate_class_add(struct rate_classes *all, const char *text, char fault[RATE_FAULT_MAX + 1]);
/** The class of that name, or the tier; NULL when there is none. */
const struct rate_class *rate_class_find(const struct rate_classes *all, const char *name);
/** By what call is counted where a route names that class: of its tiers the first whose role the
 * caller has, else itself. NULL when there is no such class. */
const struct rate_class *rate_class_for(const struct rate_classes *all, const char *name,
                                        const struct call *call);
/** Bytes of its name that are its class's: who changes tiers is the same client. */
size_t rate_class_stem_len(const struct rate_class *class);
/** Whether name can be that of a class, not of a tier. */
bool rate_class_is_name(const char *name);

enum { RATE_FIELD_MAX = RATE_NAME_MAX + 40 };

/** The value of RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10): "people";q=600;w=60 */
void rate_class_policy(const struct rate_class *class, char text[RATE_FIELD_MAX + 1]);
/** The value of RateLimit: what is left, and in how many seconds all of it is back, or the next one
 * where nothing is left: "people";r=12;t=19 */
void rate_class_limit(const struct rate_class *class, const struct bucket_level *level,
                      char text[RATE_FIELD_MAX + 1]);
/** Seconds until it is worth asking again, at least 1. */
int rate_class_retry_after_s(const struct bucket_level *level);

#endif
