/* field_walk.h - the rows of a message in order, those of embedded structs (FIELD_INLINE) at their
 * place, as they stand on the wire. */
#ifndef TOOL_ENCODER_FIELD_WALK_H
#define TOOL_ENCODER_FIELD_WALK_H

#include "tool/encoder/descriptor.h"

enum { FIELD_INLINE_DEPTH = 4 };

/* for (struct field_walk w = field_walk(d); field_walk_next(&w);) ... */
struct field_walk {
    const struct field *field; /* never of kind FIELD_INLINE */
    size_t base;               /* where in the message the struct of its row begins */
    size_t row;                /* 0, 1, 2 ... of the message */
    /* private */
    size_t depth, rows;
    struct {
        const struct descriptor *descriptor;
        size_t next, base;
    } level[FIELD_INLINE_DEPTH];
};

/** Before the first row; d NULL has none. */
struct field_walk field_walk(const struct descriptor *d);
/** Goes to the next row; false when there is none left. */
bool field_walk_next(struct field_walk *w);
/** Goes to the row of that name (len bytes, no NUL needed); false when there is none. */
bool field_walk_find(struct field_walk *w, const struct descriptor *d, const char *name,
                     size_t len);

#endif
