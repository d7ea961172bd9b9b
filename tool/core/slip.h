/* slip.h - how far a word is from the one that may have been meant. */
#ifndef TOOL_CORE_SLIP_H
#define TOOL_CORE_SLIP_H

#include <stddef.h>

enum { SLIP_TEXT_MAX = 63 };

/** How many letters are to be put in, taken out, replaced, or swapped with the next, to make b of
 * a. SLIP_TEXT_MAX where b is longer than that: far. */
size_t slip_distance(const char *a, const char *b);

#endif
