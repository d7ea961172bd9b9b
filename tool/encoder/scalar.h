/* scalar.h - one JSON value that has no members of its own, into the member of a struct. Private to
 * tool/encoder; pure; any thread. */
#ifndef TOOL_ENCODER_SCALAR_H
#define TOOL_ENCODER_SCALAR_H

#include <jansson.h>

#include "tool/encoder/descriptor.h"

/** Every kind but object, list, money and embedded structs. outside: v is of a request from there.
 * False after reason says why not ("must be ..."); out is then as it was. */
bool scalar_read(const struct field *f, const json_t *v, bool outside, void *out,
                 char reason[PROBLEM_REASON_MAX + 1]);

#endif
