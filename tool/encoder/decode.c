/* decode.c - JSON into a struct, by its descriptor. */
#include "tool/encoder/descriptor.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/encoder/field_walk.h"
#include "tool/encoder/given_bits.h"
#include "tool/encoder/json_doc.h"
#include "tool/encoder/money_rows.h"
#include "tool/encoder/scalar.h"

/* Where a value stands: a member (name), or an item of the list above it (name NULL). Turned into
 * text only when something is wrong there. */
struct place {
    const struct place *parent;
    const char *name;
    size_t index;
};

struct decoding {
    struct problem *problem;
    bool lenient;
    bool ok;
};

static void read_fields(struct decoding *dec, const struct descriptor *d, json_t *object, char *out,
                        const struct place *parent);
static void read_value(struct decoding *dec, const struct field *f, json_t *v, char *base,
                       const struct place *at);

/* "items[3].price"; what is too long is cut. */
static void place_text(const struct place *at, char text[PROBLEM_FIELD_MAX + 1])
{
    size_t len;

    text[0] = '\0';
    if (at->parent)
        place_text(at->parent, text);
    len = strlen(text);
    if (!at->name)
        snprintf(text + len, PROBLEM_FIELD_MAX + 1 - len, "[%zu]", at->index);
    else
        snprintf(text + len, PROBLEM_FIELD_MAX + 1 - len, "%s%s", len > 0 ? "." : "", at->name);
}

static void wrong(struct decoding *dec, const struct place *at, const char *reason)
{
    char field[PROBLEM_FIELD_MAX + 1];

    place_text(at, field);
    problem_field(dec->problem, field, "%s", reason);
    dec->ok = false;
}

static void read_object(struct decoding *dec, const struct descriptor *d, json_t *v, char *out,
                        const struct place *at)
{
    if (json_is_object(v))
        read_fields(dec, d, v, out, at);
    else
        wrong(dec, at, "must be an object");
}

static void read_money(struct decoding *dec, const struct field *f, json_t *v, char *out,
                       const struct place *at)
{
    struct money_rows rows;

    money_rows_init(&rows, f);
    read_object(dec, &rows.descriptor, v, out, at);
}

static void read_item(struct decoding *dec, const struct descriptor *d, json_t *v, char *out,
                      const struct place *at)
{
    if (d->bare)
        read_value(dec, d->fields, v, out, at);
    else
        read_object(dec, d, v, out, at);
}

static void read_list(struct decoding *dec, const struct field *f, json_t *v, char *out,
                      size_t *out_count, const struct place *at)
{
    size_t n = json_array_size(v);
    char reason[PROBLEM_REASON_MAX + 1];

    ASSERT(f->max > 0 && (size_t)f->max * f->item->size <= f->size);
    if (!json_is_array(v)) {
        wrong(dec, at, "must be a list");
        return;
    }
    if (n < (size_t)f->min || n > (size_t)f->max) {
        snprintf(reason, sizeof(reason), "must hold %lld to %lld items", f->min, f->max);
        wrong(dec, at, reason);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        struct place item = {.parent = at, .index = i};
        read_item(dec, f->item, json_array_get(v, i), out + i * f->item->size, &item);
    }
    *out_count = n;
}

static void read_value(struct decoding *dec, const struct field *f, json_t *v, char *base,
                       const struct place *at)
{
    char *out = base + f->offset, reason[PROBLEM_REASON_MAX + 1];

    if (f->kind == FIELD_OBJECT)
        read_object(dec, f->item, v, out, at);
    else if (f->kind == FIELD_LIST)
        read_list(dec, f, v, out, (size_t *)(void *)(base + f->count_offset), at);
    else if (f->kind == FIELD_MONEY)
        read_money(dec, f, v, out, at);
    else if (!scalar_read(f, v, !dec->lenient, out, reason))
        wrong(dec, at, reason);
}

/* A member that is there, marked where the message keeps marks. */
static void read_member(struct decoding *dec, const struct descriptor *d,
                        const struct field_walk *w, json_t *v, char *out, const struct place *at)
{
    const struct field *f = w->field;
    struct given *given = given_of(d, out);
    bool null = json_is_null(v);

    if (null && !(f->flags & FIELD_NULLABLE)) {
        if ((f->flags & FIELD_REQUIRED) || !dec->lenient)
            wrong(dec, at, "must not be null");
        return;
    }
    if (!null)
        read_value(dec, f, v, out + w->base, at);
    if (given) {
        given->said |= given_bit(w->row);
        given->null |= null ? given_bit(w->row) : 0;
    }
}

/* What stays when nothing is said, a null that a lenient reader skips included. */
static void fall_back(const struct field *f, char *base)
{
    if (f->kind == FIELD_INT)
        *(int64_t *)(void *)(base + f->offset) = f->fallback;
}

static void name_unknown(struct decoding *dec, const struct descriptor *d, json_t *object,
                         const struct place *parent)
{
    struct field_walk w;
    const char *name;
    json_t *v;

    json_object_foreach (object, name, v) {
        struct place at = {.parent = parent, .name = name};
        if (!field_walk_find(&w, d, name, strlen(name)))
            wrong(dec, &at, "is not known here");
    }
}

static void read_fields(struct decoding *dec, const struct descriptor *d, json_t *object, char *out,
                        const struct place *parent)
{
    size_t known = 0;

    for (struct field_walk w = field_walk(d); field_walk_next(&w);) {
        struct place at = {.parent = parent, .name = w.field->name};
        json_t *v = json_object_get(object, w.field->name);

        known += v != NULL;
        if (!d->patch && !(json_is_null(v) && (w.field->flags & FIELD_NULLABLE)))
            fall_back(w.field, out + w.base);
        if (v)
            read_member(dec, d, &w, v, out, &at);
        else if (field_is_required(d, w.field))
            wrong(dec, &at, "is required");
    }
    if (!dec->lenient && json_object_size(object) > known)
        name_unknown(dec, d, object, parent);
}

static enum status decode_doc(const struct descriptor *d, const char *json, size_t len, void *out,
                              struct problem *problem, bool lenient)
{
    struct decoding dec = {.problem = problem, .lenient = lenient, .ok = true};
    json_t *doc;

    memset(out, 0, d->size);
    doc = json_doc_load(json, len, problem);
    if (!doc)
        return ST_INVALID;
    read_fields(&dec, d, doc, out, NULL);
    json_decref(doc);
    return dec.ok ? ST_OK : ST_INVALID;
}

enum status decode(const struct descriptor *d, const char *json, size_t len, void *out,
                   struct problem *problem)
{
    return decode_doc(d, json, len, out, problem, false);
}

enum status decode_lenient(const struct descriptor *d, const char *json, size_t len, void *out,
                           struct problem *problem)
{
    return decode_doc(d, json, len, out, problem, true);
}
