/* schema.h - JSON Schemas (2020-12) in the forms OpenAPI wants: requests, bodies, replies. */
#ifndef TOOL_ENCODER_SCHEMA_H
#define TOOL_ENCODER_SCHEMA_H

#include "tool/encoder/descriptor.h"

enum schema_flag {
    SCHEMA_REQUEST = 1, /* what clients send: no other members, secrets are writeOnly. Without it: a
                           reply, to which later versions may add members */
    SCHEMA_BODY = 2,    /* without the fields that travel in the URL */
};

/** Appends the schema of d; d NULL is the empty object. */
void encode_schema_as(const struct descriptor *d, unsigned flags, struct json_out *o);
/** Appends the schema of one field's value. */
void encode_field_schema(const struct field *f, unsigned flags, struct json_out *o);

/** What encode_problem writes. */
extern const struct descriptor PROBLEM_BODY;

#endif
