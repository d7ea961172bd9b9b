/* money_rows.h - what FIELD_MONEY is on the wire, as rows. Private to tool/encoder. */
#ifndef TOOL_ENCODER_MONEY_ROWS_H
#define TOOL_ENCODER_MONEY_ROWS_H

#include "tool/encoder/descriptor.h"

struct money_rows {
    struct field fields[2];
    struct descriptor descriptor; /* of struct money */
};

/** The rows with the bounds of f, a field of that kind. The struct stays where it is. */
void money_rows_init(struct money_rows *rows, const struct field *f);

#endif
