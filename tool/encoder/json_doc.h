/* json_doc.h - a JSON object in memory, for this layer only: the strict reading of contract and
 * clear words about what is wrong. */
#ifndef TOOL_ENCODER_JSON_DOC_H
#define TOOL_ENCODER_JSON_DOC_H

#include <jansson.h>

#include "tool/core/problem.h"

/** One object and nothing else: UTF-8, at most DECODE_DEPTH_MAX deep, no member twice, no U+0000.
 * NULL after problem says why, naming the byte (the first is 1). To be given to json_decref, which
 * wipes all texts it frees. */
json_t *json_doc_load(const char *json, size_t len, struct problem *problem);

#endif
