/* table.h - things shown to people and scripts, by one table of columns: as a table cut to the
 * terminal, wide, as JSON that is never cut, as names. */
#ifndef TOOL_CTL_TABLE_H
#define TOOL_CTL_TABLE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum cell_kind {
    CELL_PLAIN, /* a text, a number, a truth */
    CELL_TIME,  /* RFC 3339: how long ago */
    CELL_S,     /* seconds: how long */
    CELL_MS,    /* milliseconds: how long; negative: how long ago */
    CELL_BYTES,
    CELL_MONEY, /* {"amount":1275,"currency":"USD"}: 12.75 USD */
};

enum cell_flag {
    CELL_WIDE = 1, /* not in the narrow table */
    CELL_NAME = 2, /* what -o name prints */
    CELL_CUT = 4,  /* may be cut where the terminal is too narrow */
    CELL_JSON = 8, /* in JSON only: an object or a list */
};

struct cell {
    const char *heading; /* "STATE" */
    const char *member;  /* of an item: "state", "message.seq" */
    enum cell_kind kind;
    unsigned flags;
};

struct listing {
    const struct cell *cells;
    size_t n;
};

enum table_format { TABLE_NARROW, TABLE_WIDE, TABLE_JSON, TABLE_NAME, TABLE_FORMATS };

/** The words of -o, NULL-terminated, in their order. */
extern const char *const TABLE_FORMAT_NAMES[];

struct table_style {
    enum table_format format;
    bool no_headings;
    bool lines; /* JSON: one object a line, of each item */
    FILE *out;
};

/** items: an array of objects. JSON is {"items":[...]}, with the members of all cells. */
void table_print(const struct table_style *style, const struct listing *listing,
                 const json_t *items);
/** One item, a line a cell; JSON is the whole of it, as it came. */
void table_print_one(const struct table_style *style, const struct listing *listing,
                     const json_t *item);
/** How a member is shown; buf is used where it is not shown as it is. now_us: the wall clock. */
const char *table_cell_text(const struct cell *cell, const json_t *item, int64_t now_us, char *buf,
                            size_t size);

#endif
