/* json_check.h - JSON objects without a descriptor: for who only forwards them. Pure; any thread.
 */
#ifndef TOOL_ENCODER_JSON_CHECK_H
#define TOOL_ENCODER_JSON_CHECK_H

#include "tool/core/json_out.h"
#include "tool/core/problem.h"

struct json_member {
    const char *name, *value;
};

/** One object, well-formed as decode() wants it, with any members. ST_OK | ST_INVALID, explained.
 */
enum status json_check_object(const char *json, size_t len, struct problem *problem);

/** Checks the object as json_check_object does and appends it to out with n members of type string
 * in front. False, explained in problem, when the check fails or the object has such a member
 * already. out->overflow says when it did not fit. */
bool json_merge_members(const char *object_json, size_t len, const struct json_member *members,
                        size_t n, struct json_out *out, struct problem *problem);

/** Copies the top-level member when it is a string that fits size bytes with its NUL. False, and
 * out empty, otherwise. */
bool json_get_text(const char *json, size_t len, const char *member, char *out, size_t size);

#endif
