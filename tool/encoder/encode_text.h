/* encode_text.h - encoding into a buffer that must fit. */
#ifndef TOOL_ENCODER_ENCODE_TEXT_H
#define TOOL_ENCODER_ENCODE_TEXT_H

#include "tool/core/json_text.h"
#include "tool/encoder/descriptor.h"

/** A value by its descriptor, in guess or in heap memory: as json_text_write, which see. */
bool encode_text(struct json_text *t, char *guess, size_t size, size_t max,
                 const struct descriptor *d, const void *value);

enum { ENCODE_PROBLEM_MIN = 4096 };
/** As encode_problem; of one that is too long only the first errors go, and it says so. size:
 * ENCODE_PROBLEM_MIN at least. Returns the length. */
size_t encode_problem_fitting(const struct problem *p, const char *instance, const char *request_id,
                              char *buf, size_t size);

#endif
