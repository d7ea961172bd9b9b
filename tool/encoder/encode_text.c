/* encode_text.c - see encode_text.h. */
#include "tool/encoder/encode_text.h"

#include "tool/core/assert.h"

struct encoding {
    const struct descriptor *descriptor;
    const void *value;
};

static void write_value(const void *arg, struct json_out *o)
{
    const struct encoding *encoding = arg;

    encode(encoding->descriptor, encoding->value, o);
}

bool encode_text(struct json_text *t, char *guess, size_t size, size_t max,
                 const struct descriptor *d, const void *value)
{
    return json_text_write(t, guess, size, max, write_value, &(struct encoding){d, value});
}

/* For names and reasons that are nothing but escapes. */
static void encode_shorter(const struct problem *p, const char *instance, const char *request_id,
                           struct json_out *o)
{
    struct problem shorter = *p;

    do {
        if (shorter.n_errors > 0)
            problem_keep_errors(&shorter, shorter.n_errors / 2);
        json_out_init(o, o->buf, o->size);
        encode_problem(&shorter, shorter.n_errors > 0 ? instance : NULL, request_id, o);
    } while (o->overflow && shorter.n_errors > 0);
}

size_t encode_problem_fitting(const struct problem *p, const char *instance, const char *request_id,
                              char *buf, size_t size)
{
    struct json_out o;

    json_out_init(&o, buf, size);
    encode_problem(p, instance, request_id, &o);
    if (o.overflow)
        encode_shorter(p, instance, request_id, &o);
    ASSERT(!o.overflow && size >= ENCODE_PROBLEM_MIN);
    return o.len;
}
