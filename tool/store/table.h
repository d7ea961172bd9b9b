/* table.h - one description of a table: which member of a struct is which column. From it follow
 * reading, writing, the fake in memory, and the check against the schema as migrated. Rows are
 * plain values of fixed size. See store.h. */
#ifndef TOOL_STORE_TABLE_H
#define TOOL_STORE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tool/core/mem.h"
#include "tool/core/uuid.h"

enum { TABLE_COLUMNS_MAX = 40, TABLE_ROW_MAX = 4096, TABLE_FORM_MAX = 512, TABLE_FAULT_MAX = 255 };

enum column_kind {
    COLUMN_UUID, /* struct uuid: BINARY(16) */
    COLUMN_TEXT, /* char[]: VARCHAR, CHAR or TEXT, of a binary collation (_bin) */
    COLUMN_INT,  /* any signed integer member: any integer column */
    COLUMN_BOOL, /* bool: any integer column, 0 or 1 */
    COLUMN_TIME, /* int64_t, microseconds since 1970: DATETIME(6) */
    COLUMN_DATE, /* int32_t, days since 1970-01-01: DATE */
    COLUMN_ENUM, /* an enum, by its .names: VARCHAR or CHAR */
};

enum column_flag {
    COLUMN_KEY = 1,       /* the primary key: one column */
    COLUMN_UNIQUE = 2,    /* has a unique key of its own, which has the column's name */
    COLUMN_VERSION = 4,   /* COLUMN_INT: 1, raised by each change */
    COLUMN_CREATED = 8,   /* COLUMN_TIME: set by insert */
    COLUMN_UPDATED = 16,  /* COLUMN_TIME: set by insert and change */
    COLUMN_NULLABLE = 32, /* NULL when the bool at .has is false; without .has when it is zero */
    COLUMN_ASIDE = 64 /* a change of nothing but such columns is no other version, and no other time
                         of change: who holds the row, not what it says */
};

struct column {
    const char *name;
    enum column_kind kind;
    unsigned flags;
    size_t offset, size;      /* of the member */
    const char *const *names; /* COLUMN_ENUM: NULL-terminated, by value */
    /* A derived text: written from the member, sought by it, never read (an address in lower case).
     * to has as many bytes as the member, at most TABLE_FORM_MAX. */
    void (*form)(const char *from, char *to);
    int length; /* COLUMN_TEXT: characters that fit the column; 0 = the member's bytes - 1 */
    size_t has; /* COLUMN_NULLABLE: offset of its bool; not the first member */
};

/* COLUMN(struct item, price.amount, "price", COLUMN_INT, COLUMN_NULLABLE, .has = ...) */
#define COLUMN(type, member, ...)                                                                  \
    {                                                                                              \
        __VA_ARGS__, .offset = offsetof(type, member), .size = sizeof(((type *)0)->member)         \
    }

/* What nearly every table has, by members of the same names: version, created_us, updated_us; and
 * the key, of a column called id. */
#define COLUMNS_CHANGED(type)                                                                      \
    COLUMN(type, version, "version", COLUMN_INT, COLUMN_VERSION),                                  \
        COLUMN(type, created_us, "created_at", COLUMN_TIME, COLUMN_CREATED),                       \
        COLUMN(type, updated_us, "updated_at", COLUMN_TIME, COLUMN_UPDATED)
#define COLUMNS_SHARED(type, key)                                                                  \
    COLUMN(type, key, "id", COLUMN_UUID, COLUMN_KEY), COLUMNS_CHANGED(type)
/* A struct money, in a column each: COLUMNS_MONEY(struct item, price, "price", "currency"). */
#define COLUMNS_MONEY(type, member, amount_, currency_)                                            \
    COLUMN(type, member.amount, amount_, COLUMN_INT, 0),                                           \
        COLUMN(type, member.currency, currency_, COLUMN_TEXT, 0)

enum { UNIQUE_COLUMNS_MAX = 4 };

/* A unique key of more than one column. */
struct unique_key {
    const char *name;
    const char *columns[UNIQUE_COLUMNS_MAX]; /* the rest NULL */
};

/* The row of another table whose key is what this one has in `by`. Rows that have none are not
 * read. */
struct table_with {
    const struct table *table;
    const char *by;
};

/* Of the rows of another table that have this one's key in `by` the least `of`, 0 when there are
 * none: of what is put together, so much is there as of its scarcest part. That a list has only
 * those of which there is so much takes for granted that there is a row. */
struct table_least {
    const struct table *table;
    const char *by;
    const struct table_with *with; /* of that table's reads: what sql is about, too; NULL = none */
    const char *sql;               /* the same as `of` in the words of the columns, in brackets */
    int64_t (*of)(const void *row);
    int64_t most; /* more are not told */
};

/* What is read with a row and never written: READ(struct part, sku, "sku", COLUMN_TEXT, .with =
 * &ITEM). Not by who inserts or changes a row. */
struct table_read {
    struct column column;          /* no flags; .with: named like the column of that table */
    const struct table_with *with; /* or */
    const struct table_least *least;
};
#define READ(type, member, name_, kind_, ...)                                                      \
    {                                                                                              \
        .column = COLUMN(type, member, name_, kind_, 0), __VA_ARGS__                               \
    }

struct table {
    const char *name;
    size_t row_size;
    const struct column *columns; /* rows of them; one is COLUMN_KEY */
    size_t n_columns;
    const struct unique_key *uniques;
    size_t n_uniques;
    const struct table_read *reads;
    size_t n_reads;
    size_t stored_size; /* of a row that begins with one of another description of this table: of
                           that; 0 = row_size */
};

/* TABLE(struct item, COLUMNS, "item", ROWS_OF(uniques, UNIQUES)) */
#define TABLE(type, rows, ...)                                                                     \
    {                                                                                              \
        .row_size = sizeof(type), ROWS_OF(columns, rows), .name = __VA_ARGS__                      \
    }

/** What is wrong with a description, as a sentence in text; NULL = nothing. For the start of a
 * service and for tests; everything else takes a good one for granted. */
const char *store_table_fault(const struct table *t, char text[TABLE_FAULT_MAX + 1]);

/** By name; NULL when there is none. */
const struct column *table_find(const struct table *t, const char *name);
/** The same, of what is read with its rows as well. */
const struct column *table_readable(const struct table *t, const char *name);
/** What is read under that name from elsewhere; NULL when there is none. */
const struct table_read *table_read_of(const struct table *t, const char *name);
/** The same, of one whose key finds at most one row: the primary key for NULL, a unique column
 * otherwise. Anything else is a bug. */
const struct column *table_unique(const struct table *t, const char *name);
/** The column with that flag, or NULL. */
const struct column *table_flagged(const struct table *t, enum column_flag flag);
/** Its name as a unique key in the database's words: "PRIMARY" or the column's. */
const char *column_key_name(const struct column *c);

/** COLUMN_TEXT: characters that fit. */
int column_length(const struct column *c);

#endif
