/* thing_model.c - see thing_model.h. */
#include "test/tool/store/thing_model.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Blanks at the end do not count. */
static size_t length(const char *text)
{
    size_t len = strlen(text);

    while (len > 0 && text[len - 1] == ' ')
        len--;
    return len;
}

static bool same_text(const char *a, const char *b)
{
    return length(a) == length(b) && memcmp(a, b, length(a)) == 0;
}

static bool same_label(const char *a, const char *b)
{
    return length(a) == length(b) && strncasecmp(a, b, length(a)) == 0;
}

struct thing *model_by_id(struct model *m, struct uuid id)
{
    for (size_t i = 0; i < m->n; i++)
        if (uuid_equal(m->rows[i].id, id))
            return &m->rows[i];
    return NULL;
}

struct thing *model_by_code(struct model *m, const char *code)
{
    for (size_t i = 0; i < m->n; i++)
        if (same_text(m->rows[i].code, code))
            return &m->rows[i];
    return NULL;
}

struct thing *model_by_label(struct model *m, const char *label)
{
    for (size_t i = 0; i < m->n; i++)
        if (same_label(m->rows[i].label, label))
            return &m->rows[i];
    return NULL;
}

bool model_may_stand(struct model *m, const struct thing *row, const struct thing *place)
{
    for (size_t i = 0; i < m->n; i++) {
        const struct thing *other = &m->rows[i];
        if (other == place)
            continue;
        if (uuid_equal(other->id, row->id) || same_text(other->code, row->code) ||
            same_label(other->label, row->label) ||
            (uuid_equal(other->owner, row->owner) && other->seat == row->seat))
            return false;
    }
    return true;
}

void model_remove(struct model *m, struct thing *place)
{
    *place = m->rows[--m->n];
}

static int compare(const void *a, const void *b)
{
    const struct thing *x = a, *y = b;

    if (x->amount != y->amount)
        return x->amount < y->amount ? -1 : 1;
    return memcmp(&x->id, &y->id, sizeof(x->id));
}

static int compare_back(const void *a, const void *b)
{
    return compare(b, a);
}

size_t model_sorted(const struct model *m, enum thing_state state, bool descending,
                    struct thing out[MODEL_ROWS_MAX])
{
    size_t n = 0;

    for (size_t i = 0; i < m->n; i++)
        if (m->rows[i].state == state)
            out[n++] = m->rows[i];
    qsort(out, n, sizeof(out[0]), descending ? compare_back : compare);
    return n;
}
