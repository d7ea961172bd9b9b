/* location.h - a Location header as a row has it, "/users/{userId}", filled in from a reply. */
#ifndef MIDDLEWARE_LOCATION_H
#define MIDDLEWARE_LOCATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LOCATION_TEMPLATE_MAX = 127,
    LOCATION_MEMBERS_MAX = 4,
    LOCATION_MAX = 255, /* of what is written */
};

/* All zero is none. */
struct location {
    char text[LOCATION_TEMPLATE_MAX + 1]; /* the parts, a NUL behind each */
    size_t n;
    struct location_part {
        uint8_t at; /* in text */
        bool member;
    } parts[2 * LOCATION_MEMBERS_MAX + 1];
};

/** template: a path, {name} for members of the reply. False when it is no such thing. */
bool location_parse(struct location *location, const char *template);
/** Fills the members in from a JSON object. False, and out undefined, when there is no location, or
 * a member is not there, is not plain enough for a path, or is too long. */
bool location_write(const struct location *location, const char *json, size_t len,
                    char out[LOCATION_MAX + 1]);

#endif
