/* json_check_test.h - whether a text is one object, for tests and fuzz targets of who writes one.
 */
#ifndef TOOL_ENCODER_JSON_CHECK_TEST_H
#define TOOL_ENCODER_JSON_CHECK_TEST_H

#include "tool/encoder/json_doc.h"

/** One object, well-formed as decode() wants it, with any members. ST_OK | ST_INVALID, explained.
 */
static inline enum status json_check_object(const char *json, size_t len, struct problem *problem)
{
    json_t *doc = json_doc_load(json, len, problem);

    if (!doc)
        return ST_INVALID;
    json_decref(doc);
    return ST_OK;
}

#endif
