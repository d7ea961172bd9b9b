/* field_walk.c - see field_walk.h. */
#include "tool/encoder/field_walk.h"

#include <string.h>

#include "tool/core/assert.h"

struct field_walk field_walk(const struct descriptor *d)
{
    return (struct field_walk){.depth = d ? 1 : 0, .level = {{d, 0, 0}}};
}

bool field_walk_next(struct field_walk *w)
{
    while (w->depth > 0) {
        const struct descriptor *d = w->level[w->depth - 1].descriptor;
        size_t base = w->level[w->depth - 1].base;
        const struct field *f = &d->fields[w->level[w->depth - 1].next++];

        if (f == d->fields + d->n_fields) {
            w->depth--;
        } else if (f->kind == FIELD_INLINE) {
            ASSERT(w->depth < FIELD_INLINE_DEPTH && f->item->size <= f->size);
            w->level[w->depth].descriptor = f->item;
            w->level[w->depth].next = 0;
            w->level[w->depth++].base = base + f->offset;
        } else {
            w->field = f;
            w->base = base;
            w->row = w->rows++;
            return true;
        }
    }
    return false;
}

bool field_walk_find(struct field_walk *w, const struct descriptor *d, const char *name, size_t len)
{
    for (*w = field_walk(d); field_walk_next(w);)
        if (strlen(w->field->name) == len && memcmp(w->field->name, name, len) == 0)
            return true;
    return false;
}
