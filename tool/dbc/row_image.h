/* row_image.h - a row as the transaction log of MariaDB has it (binlog_row_image=FULL): its values
 * one after the other, of the types that the log says of the table. For tool/dbc and
 * who reads logs. Connector/C's own reader of rows takes no BINARY and no unsigned column. */
#ifndef TOOL_DBC_ROW_IMAGE_H
#define TOOL_DBC_ROW_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ROW_COLUMNS_MAX = 32 };

struct row_layout {
    size_t n;
    struct {
        uint8_t type;  /* enum_field_types */
        uint16_t meta; /* what the type has of it */
    } columns[ROW_COLUMNS_MAX];
};

/* Points into the image. */
struct row_value {
    bool null;
    int64_t number; /* of an integer, which is taken as unsigned; of a time: us since 1970, UTC; of
                       an ENUM: 1 is the first */
    const char *text; /* of bytes; BINARY is without the zeros it ends with */
    size_t len;
};

/** types: one byte a column; meta: what a table map has about them. False: too many columns, one of
 * a type that is not read here, or malformed. Integers, ENUM, CHAR, BINARY, VARCHAR, TEXT,
 * DATETIME(n) are. */
bool row_layout_read(struct row_layout *layout, const uint8_t *types, size_t n, const uint8_t *meta,
                     size_t meta_len);
/** Reads one row, layout->n values, and moves *at behind it. False when malformed. */
bool row_image_read(const struct row_layout *layout, const uint8_t **at, const uint8_t *end,
                    struct row_value values[]);

#endif
