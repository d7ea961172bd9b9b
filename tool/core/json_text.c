/* json_text.c - see json_text.h. */
#include "tool/core/json_text.h"

#include <string.h>

#include "tool/core/mem.h"

enum { FIRST_BYTES = 2048, GROWTH = 4 };

bool json_text_write(struct json_text *t, char *guess, size_t size, size_t max, json_write_fn fn,
                     const void *arg)
{
    struct json_out o;

    *t = (struct json_text){.text = guess, .size = size};
    for (;;) {
        size_t larger = t->size > 0 ? t->size * GROWTH : FIRST_BYTES;

        if (t->size > 0) {
            json_out_init(&o, t->text, t->size);
            fn(arg, &o);
            t->len = o.overflow ? t->size : o.len;
            if (!o.overflow)
                return true;
        }
        json_text_fini(t);
        if (t->size > max)
            return false;
        t->text = t->heap = mem_alloc(1, larger);
        t->size = larger;
    }
}

void json_text_fini(struct json_text *t)
{
    if (t->text)
        explicit_bzero(t->text, t->len);
    free(t->heap);
    t->text = t->heap = NULL;
    t->len = 0;
}
