/* json_check.c - see json_check.h. */
#include "tool/encoder/json_check.h"

#include <string.h>

#include "tool/core/mem.h"
#include "tool/encoder/json_doc.h"

void json_write_members(const struct json_member *members, size_t n, struct json_out *out)
{
    for (size_t i = 0; i < n; i++) {
        if (!members[i].value)
            continue;
        json_out_key(out, members[i].name);
        if (members[i].bare)
            json_out_raw(out, members[i].value, strlen(members[i].value));
        else
            json_out_text(out, members[i].value);
    }
}

bool json_merge_members(const char *object_json, size_t len, const struct json_member *members,
                        size_t n, struct json_out *out, struct problem *problem)
{
    json_t *doc = json_doc_load(object_json, len, problem);
    bool ok = doc != NULL;

    for (size_t i = 0; doc && i < n; i++)
        if (json_object_get(doc, members[i].name)) {
            problem_field(problem, members[i].name, "is in the %s, not in the body",
                          members[i].place ? members[i].place : "path");
            ok = false;
        }
    if (ok) {
        json_out_open(out, '{');
        json_write_members(members, n, out);
        if (json_object_size(doc) > 0) {
            /* As they were sent, whatever is between the outer braces. */
            const char *first = (const char *)memchr(object_json, '{', len) + 1;
            const char *last = memrchr(object_json, '}', len);
            json_out_raw(out, first, (size_t)(last - first));
        }
        json_out_close(out, '}');
    }
    json_decref(doc);
    return ok;
}

bool json_get_texts(const char *json, size_t len, struct json_found *texts, size_t n)
{
    struct problem ignored = {.status = ST_OK};
    json_t *doc = n > 0 ? json_doc_load(json, len, &ignored) : NULL;
    bool ok = doc || n == 0;

    for (size_t i = 0; ok && i < n; i++) {
        const char *text = json_string_value(json_object_get(doc, texts[i].name));

        ok = text && TEXT_COPY(texts[i].value, text);
    }
    json_decref(doc);
    return ok;
}
