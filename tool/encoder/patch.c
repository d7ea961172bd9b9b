/* patch.c - see patch.h. */
#include "tool/encoder/patch.h"

#include <string.h>

#include "tool/encoder/field_walk.h"
#include "tool/encoder/given_bits.h"

static uint64_t bit_at(const struct descriptor *d, size_t offset)
{
    struct field_walk w = field_walk(d);

    while (field_walk_next(&w) && w.base + w.field->offset != offset)
        continue;
    ASSERT(d->given && w.field && w.base + w.field->offset == offset);
    return given_bit(w.row);
}

bool given_has(const struct descriptor *d, const void *message, size_t offset)
{
    return given_of(d, message)->said & bit_at(d, offset);
}

void given_set(const struct descriptor *d, void *message, size_t offset)
{
    given_of(d, message)->said |= bit_at(d, offset);
}

void given_unset(const struct descriptor *d, void *message, size_t offset)
{
    given_of(d, message)->said &= ~bit_at(d, offset);
}

static bool copy(void *to, const void *from, size_t size)
{
    bool differs = memcmp(to, from, size) != 0;

    memcpy(to, from, size);
    return differs;
}

/* Texts are compared as texts: what stands behind the NUL is nobody's. */
static bool copy_member(const struct field_walk *to, char *target, const struct field_walk *from,
                        const char *patch)
{
    char *value = target + to->base + to->field->offset;
    const char *given = patch + from->base + from->field->offset;
    bool differs;

    ASSERT(to->field->kind == from->field->kind && to->field->size == from->field->size);
    if (to->field->kind == FIELD_OBJECT && from->field->item->patch)
        return patch_apply(from->field->item, given, to->field->item, value);
    if (to->field->kind == FIELD_TEXT) {
        differs = strcmp(value, given) != 0;
        memcpy(value, given, to->field->size);
        return differs;
    }
    differs = copy(value, given, to->field->size);
    if (to->field->kind == FIELD_LIST)
        differs |= copy(target + to->base + to->field->count_offset,
                        patch + from->base + from->field->count_offset, sizeof(size_t));
    return differs;
}

/* Where target keeps marks too, it says what the patch said. */
static bool mark(struct given *given, uint64_t bit, bool null)
{
    struct given before = *given;

    given->said |= bit;
    given->null = null ? given->null | bit : given->null & ~bit;
    return given->said != before.said || given->null != before.null;
}

bool patch_apply(const struct descriptor *patch_d, const void *patch,
                 const struct descriptor *target_d, void *target)
{
    const struct given *given = given_of(patch_d, patch);
    struct given *marks = given_of(target_d, target);
    bool differs = false;

    for (struct field_walk from = field_walk(patch_d), to; field_walk_next(&from);) {
        bool found = field_walk_find(&to, target_d, from.field->name, strlen(from.field->name));
        if (from.field->flags & FIELD_ELSEWHERE)
            continue;
        ASSERT(found);
        if (!(given->said & given_bit(from.row)))
            continue;
        differs |= copy_member(&to, target, &from, patch);
        if (marks)
            differs |= mark(marks, given_bit(to.row), given->null & given_bit(from.row));
    }
    return differs;
}
