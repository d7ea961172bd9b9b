/* tally.h - how many of a schema's rows are of each kind, as rows that every instance measures for
 * /metrics: hanok_orders{status="PENDING"}. Queries are the schema's own, and answered by an index:
 * they are asked every 15 s. */
#ifndef TOOL_STORE_TALLY_H
#define TOOL_STORE_TALLY_H

enum { TALLY_KINDS_MAX = 16 };

/* A table of these ends with a row without a name. */
struct tally {
    const char *name, *help;  /* of the gauges: "hanok_orders" */
    const char *label;        /* "status" */
    const char *const *kinds; /* what it may be, NULL-terminated, TALLY_KINDS_MAX at most */
    const char *query; /* SELECT kind, COUNT(*) ... GROUP BY kind; another kind is left out */
};

#endif
