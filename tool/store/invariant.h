/* invariant.h - what must be true of a schema's rows at any moment, as rows that `hanokctl doctor`
 * asks; and sets of ids, by which it compares one service's rows with another's. Names, columns and
 * queries are the schema's own. */
#ifndef TOOL_STORE_INVARIANT_H
#define TOOL_STORE_INVARIANT_H

/* A table of these ends with a row without a name. */
struct invariant {
    const char *name;   /* what is true: "an account has a status we know" */
    const char *query;  /* SELECT id ...: the BINARY(16) ids of what breaks it */
    const char *advice; /* a sentence: what to do then */
};

/* Likewise. */
struct id_set {
    const char *name;  /* "active_accounts" */
    const char *query; /* SELECT id ...: the ids that are in it, each once */
};

#endif
