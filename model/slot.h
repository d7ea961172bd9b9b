/* slot.h - something of which there are so many, to be held and sold by the piece: an item in
 * stock, a type of room on a night, a class of seats on a flight. Plain values. */
#ifndef MODEL_SLOT_H
#define MODEL_SLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "tool/core/uuid.h"

enum { SLOT_REF_MAX = 64, SLOT_TOTAL_MAX = 1000000000 };

struct slot {
    struct uuid id;
    char ref[SLOT_REF_MAX + 1]; /* its name in its schema: a SKU, a room type and a night */
    int64_t total;              /* 0 to SLOT_TOTAL_MAX; held + sold at least */
    int64_t held, sold;         /* 0 or more */
    bool untold;                /* set by each change of them, until it was told of */
    int64_t version;            /* raised by each change, of the counters too */
};

/** How many could be had now. */
static inline int64_t slot_available(const struct slot *slot)
{
    return slot->total - slot->held - slot->sold;
}

#endif
