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

size_t encode_problem_fitting(const struct problem *p, const char *instance, const char *request_id,
                              char *buf, size_t size)
{
    struct json_out o;

    json_out_init(&o, buf, size);
    encode_problem(p, instance, request_id, &o);
    if (o.overflow) { /* names and reasons that are nothing but escapes */
        struct problem shorter = *p;

        shorter.n_errors = 0;
        json_out_init(&o, buf, size);
        encode_problem(&shorter, NULL, request_id, &o);
    }
    ASSERT(!o.overflow && size >= ENCODE_PROBLEM_MIN);
    return o.len;
}
