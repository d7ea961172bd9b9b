/* tally.h - how many of a table's rows are of each kind, as rows that every instance measures for
 * /metrics: hanok_orders{status="PENDING"}. An index on the column answers it: it is asked every
 * 15 s. */
#ifndef TOOL_STORE_TALLY_H
#define TOOL_STORE_TALLY_H

enum { TALLY_KINDS_MAX = 16 };

/* A table of these ends with a row without a name. */
struct tally {
    const char *name, *help;  /* of the gauges: "hanok_orders" */
    const char *table;        /* "orders" */
    const char *column;       /* of texts, and the gauges' label: "status" */
    const char *const *kinds; /* the texts that are counted, NULL-terminated, TALLY_KINDS_MAX at
                                 most; constants without quotes */
};

#endif
