/* given.h - what a message said about its members, one bit a row of its descriptor: beside a value
 * of zero it tells "0" from "nothing said" and from null. Part of the message's struct. */
#ifndef TOOL_CORE_GIVEN_H
#define TOOL_CORE_GIVEN_H

#include <stdint.h>

enum { GIVEN_MAX = 64 };

struct given {
    uint64_t said; /* was there, as a value or as null */
    uint64_t null; /* was null; the member itself is zero */
};

#endif
