/* route_path.h - a raw path cut at its slashes, then decoded, once. */
#ifndef MIDDLEWARE_ROUTE_PATH_H
#define MIDDLEWARE_ROUTE_PATH_H

#include "middleware/route.h"

enum route_path_verdict {
    ROUTE_PATH_OK,
    ROUTE_PATH_BAD, /* no path, or one with a byte that must not travel further */
    ROUTE_PATH_OFF, /* too long or too deep for any route */
};

/** segments point into text. "/" has none, "/a/" has two: "a" and "". */
enum route_path_verdict route_path_split(const char *raw, char text[ROUTE_DECODED_MAX + 1],
                                         const char *segments[ROUTE_SEGMENTS_MAX], size_t *n);
/** The same path as one text, from '/'; false where the above is not ROUTE_PATH_OK. */
bool route_path_text(const char *raw, char text[ROUTE_DECODED_MAX + 2]);
/** Whether a request can have that path, which is decoded. */
bool route_path_can_be(const char *path);

#endif
