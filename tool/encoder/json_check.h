/* json_check.h - JSON objects without a descriptor: for who only forwards them. Pure; any thread.
 */
#ifndef TOOL_ENCODER_JSON_CHECK_H
#define TOOL_ENCODER_JSON_CHECK_H

#include "tool/core/json_out.h"
#include "tool/core/problem.h"

struct json_member {
    const char *name;
    const char *value; /* NULL = is not there, and may not be in the body */
    const char *place; /* where it belongs, "path", "query" or "header"; NULL = path */
    bool bare;         /* value is JSON already: a number, true or false */
};

/** Appends the members that are there to the object that is open in out. */
void json_write_members(const struct json_member *members, size_t n, struct json_out *out);
/** Checks that it is one object, well-formed as decode() wants it, and appends it to out with n
 * members in front. False, explained in problem, when the check fails or the object has such a
 * member already. out->overflow says when it did not fit. */
bool json_merge_members(const char *object_json, size_t len, const struct json_member *members,
                        size_t n, struct json_out *out, struct problem *problem);

enum { JSON_TEXT_MAX = 127 };

struct json_found {
    const char *name;              /* of a member */
    char value[JSON_TEXT_MAX + 1]; /* to be filled in */
};

/** Copies n top-level members that are strings, reading the object once. False when one of them is
 * not there, is no string or too long; then values are undefined. */
bool json_get_texts(const char *json, size_t len, struct json_found *texts, size_t n);

#endif
