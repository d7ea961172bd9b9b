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

/* A row: each version of a table's rows was said, by events whose key is the row's id and whose
 * type begins with `source_` and a dot; as far as the outbox remembers. */
#define VERSIONS_SAID(one_, table_, id_, source_)                                                  \
    {                                                                                              \
        "each version of " one_ " was said",                                                       \
            "SELECT t." id_ " AS id FROM " table_ " t JOIN (SELECT `key`, COUNT(*) AS n,"          \
            " MIN(CAST(JSON_VALUE(payload, '$.version') AS INT)) AS first,"                        \
            " MAX(CAST(JSON_VALUE(payload, '$.version') AS INT)) AS last"                          \
            " FROM outbox WHERE type LIKE '" source_ ".%' GROUP BY `key`) AS said"                 \
            " ON said.`key` = t." id_                                                              \
            " WHERE said.last <> t.version OR said.last - said.first + 1 <> said.n",               \
            "It was changed past its use cases: views of it are wrong until its next event."       \
    }

/* A table of these ends like that, too. */
struct id_set {
    const char *name; /* "active_accounts" */
    /* SELECT id ...: the ids that are in it, each once. SELECT id, value ...: each with a text of
     * 47 bytes at most, which must be the same in the set that it is compared with, if that has
     * one. */
    const char *query;
};

#endif
