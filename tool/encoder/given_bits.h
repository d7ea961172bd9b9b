/* given_bits.h - the marks of a message and what its descriptor makes of "required". Private to
 * tool/encoder. */
#ifndef TOOL_ENCODER_GIVEN_BITS_H
#define TOOL_ENCODER_GIVEN_BITS_H

#include "tool/core/assert.h"
#include "tool/encoder/descriptor.h"

/** NULL when messages of d keep no marks. The message may be const: then so is what is returned. */
static inline struct given *given_of(const struct descriptor *d, const void *message)
{
    return d->given ? (struct given *)((uintptr_t)message + d->given) : NULL;
}

static inline uint64_t given_bit(size_t row)
{
    ASSERT(row < GIVEN_MAX);
    return (uint64_t)1 << row;
}

static inline bool field_is_required(const struct descriptor *d, const struct field *f)
{
    return (f->flags & FIELD_REQUIRED) && (!d->patch || (f->flags & FIELD_IN_PATH));
}

#endif
