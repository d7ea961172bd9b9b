/* traits.c - see traits.h. */
#include "tool/service/traits.h"

#include <string.h>

#include "tool/encoder/field_walk.h"

const struct field *traits_saga_id(const struct descriptor *d)
{
    struct field_walk w;

    if (!field_walk_find(&w, d, "sagaId", strlen("sagaId")))
        return NULL;
    return w.field->kind == FIELD_UUID && w.base == 0 ? w.field : NULL;
}

bool traits_secret(const struct descriptor *d)
{
    for (struct field_walk w = field_walk(d); field_walk_next(&w);)
        if ((w.field->flags & FIELD_SECRET) || traits_secret(w.field->item))
            return true;
    return false;
}

bool traits_has_uuid(const struct descriptor *d, size_t offset)
{
    for (struct field_walk w = field_walk(d); field_walk_next(&w);)
        if (w.base + w.field->offset == offset && w.field->kind == FIELD_UUID)
            return w.field->flags & FIELD_REQUIRED;
    return false;
}
