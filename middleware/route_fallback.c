/* route_fallback.c - see route_fallback.h. */
#include "middleware/route_fallback.h"

#include <stdlib.h>
#include <string.h>

#include "middleware/route_gather.h"
#include "protocol/operations.h"
#include "tool/core/mem.h"
#include "tool/encoder/json_check.h"

static bool is_object(const char *text)
{
    char copy[ROUTE_FALLBACK_MAX + 1];
    struct problem problem = {0};
    struct json_out o;

    json_out_init(&o, copy, sizeof(copy));
    return json_merge_members(text, strlen(text), NULL, 0, &o, &problem) && !o.overflow;
}

bool route_fallback_parse(struct route_fallback *fallback, const char *text)
{
    *fallback = (struct route_fallback){0};
    if (*text == '{')
        return TEXT_COPY(fallback->json, text) && is_object(text);
    fallback->op = operation_find(text);
    return route_subject_fits(text) && TEXT_COPY(fallback->subject, text);
}

const char *route_fallback_lacks(const struct route_fallback *fallback, const struct descriptor *d)
{
    static _Thread_local struct problem problem;
    const char *json = fallback->json;
    void *reply;
    bool fits;

    if (!d || !json[0])
        return NULL;
    reply = mem_alloc(1, d->size);
    problem_clear(&problem);
    fits = decode_lenient(d, json, strlen(json), reply, &problem) == ST_OK;
    free(reply);
    if (fits)
        return NULL;
    return problem.n_errors > 0 ? problem.errors[0].field : "more";
}
