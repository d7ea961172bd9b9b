/* store.h - where the rows of one table are kept. By memory/ and mysql/. What follows from the
 * table's description is here; SQL by hand is for what does not (tool/store/mysql/store_mysql.h).
 * There are no relations, no joins but by another table's key (struct table_read), no other
 * conditions than equality and bounds, no generated DDL.
 *
 *   st = store_find(users, tx, call, "email_key", form->email, &profile);
 *   st = store_change(orders, tx, call, &id, &(struct store_change){.fn = ship}, &order);
 */
#ifndef TOOL_STORE_STORE_H
#define TOOL_STORE_STORE_H

#include "tool/core/question.h"
#include "tool/core/transaction.h"
#include "tool/store/table.h"

struct store {
    const struct store_ops *ops;
    const struct table *table;
};

/** A domain function: what row, as it is and locked, becomes. ST_OK, or a refusal: then nothing is
 * written. May be called again from the start, like a transaction's body; uses no store. */
typedef enum status (*store_change_fn)(void *row, const struct call *call, void *arg);

/* A change of one column alone, from one value to another. */
struct store_turn {
    const struct column *column;
    const void *from, *to; /* as a key of store_find */
};

struct store_change {
    store_change_fn fn;
    void *arg;
    int64_t version;               /* ST_STALE unless the row is at this one; 0 = at any */
    const char **taken;            /* see store_insert; NULL = does not matter */
    const struct store_turn *turn; /* what fn does to a row that has turn->from: then it need not be
                                      called. Of store_turn; else NULL */
};

struct store_equal {
    const char *column;
    const void *value; /* as a key of store_find; NULL = is NULL */
};

/* Not below, not above; each as a key of store_find, NULL = whatever. */
struct store_bound {
    const char *column;
    const void *least, *most;
};

enum { STORE_EQUALS_MAX = 4, STORE_BOUNDS_MAX = 2, STORE_INSERT_MAX = 64 };

/* A page of a list: rows equal in `where` and within `bounds`, by (sort, key), strictly after the
 * cursor. Both may be about what is read with a row (struct table_read). */
struct store_list {
    struct store_equal where[STORE_EQUALS_MAX];  /* the rest {NULL} */
    struct store_bound bounds[STORE_BOUNDS_MAX]; /* likewise */
    const char *sort;                            /* not nullable; NULL = by key alone */
    bool descending;                             /* both, sort and key */
    const void *after_key;                       /* of the last row seen; NULL = from the start */
    const void *after_sort;                      /* of the same row, unless sort is NULL */
};

/* Several lists at once: of each value the rows that are equal to it, by sort. */
struct store_many {
    const char *column; /* neither it nor sort is nullable; few rows are of one value */
    const void *const *values;
    size_t n; /* of the values; twice the same is fine */
    const char *sort;
};

/* What rows come to: the sums of a column, one for each of the values that others have. */
struct store_sums {
    const char *column;               /* COLUMN_INT, of an int64_t; neither it nor the others are
                                         nullable or derived */
    const char *by[STORE_EQUALS_MAX]; /* one at least; the rest NULL */
};

/* Every op is required, borrows its arguments, blocks until call->deadline_ms at most, may be
 * called from any thread, and writes its outputs only on ST_OK (arrays as it goes: after anything
 * else nothing in them counts). tx NULL: on its own. Any of them:
 * ST_UNAVAILABLE, ST_OVERLOADED (no connection free in time), ST_INTERNAL (a value that does not
 * fit; logged); those that write, on their own: ST_UNCERTAIN. After any other status than these the
 * transaction can go on. */
struct store_ops {
    enum status (*insert)(struct store *self, struct transaction *tx, const struct call *call,
                          void *row, const char **taken);
    enum status (*insert_many)(struct store *self, struct transaction *tx, const struct call *call,
                               void *rows, size_t n, const char **taken);
    enum status (*keep)(struct store *self, struct transaction *tx, const struct call *call,
                        const void *row, const char **taken);
    enum status (*find)(struct store *self, struct transaction *tx, const struct call *call,
                        const char *by, const void *key, void *out);
    enum status (*find_many)(struct store *self, struct transaction *tx, const struct call *call,
                             const char *by, const void *const keys[], size_t n, void *rows,
                             bool found[]);
    enum status (*list)(struct store *self, struct transaction *tx, const struct call *call,
                        const struct store_list *list, size_t max, void *rows, size_t *n);
    enum status (*list_many)(struct store *self, struct transaction *tx, const struct call *call,
                             const struct store_many *many, size_t max, void *rows,
                             size_t counts[]);
    enum status (*sum)(struct store *self, struct transaction *tx, const struct call *call,
                       const struct store_sums *sums, size_t max, void *rows, size_t *n);
    enum status (*change)(struct store *self, struct transaction *tx, const struct call *call,
                          const void *key, const struct store_change *how, void *out);
    enum status (*replace)(struct store *self, struct transaction *tx, const struct call *call,
                           const void *seen, const void *wanted, size_t n, size_t *replaced);
    enum status (*remove)(struct store *self, struct transaction *tx, const struct call *call,
                          const void *key, store_change_fn may, void *arg);
    /** Frees self; NULL is fine. No other op may be running. */
    void (*destroy)(struct store *self);
};

/** Sets row's version and times. ST_OK | ST_CONFLICT: *taken (NULL = does not matter) is the unique
 * key that refused: a column, one of the table's uniques, or "PRIMARY"; static. */
static inline enum status store_insert(struct store *s, struct transaction *tx,
                                       const struct call *call, void *row, const char **taken)
{
    return s->ops->insert(s, tx, call, row, taken);
}

/** Inserts n rows (1..STORE_INSERT_MAX, an array) by one statement: all of them, or none. Each n is
 * a statement that a connection keeps, so powers of two are for who inserts many. Otherwise as
 * store_insert; *taken is of one of the rows that are refused. */
static inline enum status store_insert_many(struct store *s, struct transaction *tx,
                                            const struct call *call, void *rows, size_t n,
                                            const char **taken)
{
    return s->ops->insert_many(s, tx, call, rows, n, taken);
}

/** For a view of what another service owns: keeps row as it is, with its version, unless one of its
 * key is there with that version or a later one; its times are those of here. So whatever comes
 * again or late changes nothing; what is gone there is kept as a row that says so. ST_OK (it is
 * kept) | ST_STALE (there is as new a one) | ST_CONFLICT (as store_insert, of another key's row) */
static inline enum status store_keep(struct store *s, struct transaction *tx,
                                     const struct call *call, const void *row, const char **taken)
{
    return s->ops->keep(s, tx, call, row, taken);
}

/** by: a unique column, NULL = the key. key: the address of a struct uuid, int64_t ..., or the text
 * itself. out: a row. ST_OK | ST_NOT_FOUND */
static inline enum status store_find(struct store *s, struct transaction *tx,
                                     const struct call *call, const char *by, const void *key,
                                     void *out)
{
    return s->ops->find(s, tx, call, by, key, out);
}

/** Asks for n keys (each as in store_find; twice the same is fine) at once: found[i] says whether
 * rows[i] (an array of n) was written. ST_OK */
static inline enum status store_find_many(struct store *s, struct transaction *tx,
                                          const struct call *call, const char *by,
                                          const void *const keys[], size_t n, void *rows,
                                          bool found[])
{
    return s->ops->find_many(s, tx, call, by, keys, n, rows, found);
}

/** Answers n (1..QUESTIONS_MAX) questions with the rows they ask for, by one find_many: the key
 * stands in each request at key_offset, the reply is the row. Sets each st: ST_OK | ST_NOT_FOUND |
 * as store_find. A row that cannot be read fails who asked for it, and nobody else. */
void store_answer(struct store *s, const char *by, size_t key_offset, struct question *asked,
                  size_t n);

/** At most max rows; *n says how many. A page that is full may be followed by an empty one. ST_OK
 */
static inline enum status store_list(struct store *s, struct transaction *tx,
                                     const struct call *call, const struct store_list *list,
                                     size_t max, void *rows, size_t *n)
{
    return s->ops->list(s, tx, call, list, max, rows, n);
}

/** Lines of many orders, instead of a list each. rows: n times max of them; those of
 * many->values[i] begin at rows[i * max], and counts[i] says how many there are; what is more than
 * max is left out. ST_OK */
static inline enum status store_list_many(struct store *s, struct transaction *tx,
                                          const struct call *call, const struct store_many *many,
                                          size_t max, void *rows, size_t counts[])
{
    return s->ops->list_many(s, tx, call, many, max, rows, counts);
}

/** Sums over all rows of the table, by the values of sums->by in their order, the first max of
 * them: each in a row of which only those members and that of sums->column are not zero. ST_OK */
static inline enum status store_sum(struct store *s, struct transaction *tx,
                                    const struct call *call, const struct store_sums *sums,
                                    size_t max, void *rows, size_t *n)
{
    return s->ops->sum(s, tx, call, sums, max, rows, n);
}

/** Locks the row, has how->fn change it, and writes what that changed: its version is one higher
 * then; a row left as it was is not written. out (NULL = not wanted): the row as it is then; only
 * on ST_OK. ST_OK | ST_NOT_FOUND | ST_STALE | ST_CONFLICT (as store_insert) | what fn returned */
static inline enum status store_change(struct store *s, struct transaction *tx,
                                       const struct call *call, const void *key,
                                       const struct store_change *how, void *out)
{
    return s->ops->change(s, tx, call, key, how, out);
}

/** Makes n rows (1..QUESTIONS_MAX, of different keys) what is wanted of them, by one statement and
 * without a lock before it: each that still is at the version at which it was seen. seen, wanted:
 * arrays of rows; the table has a version. *replaced: how
 * many were; who wants to know which, when it is not n, looks again. ST_OK */
static inline enum status store_replace(struct store *s, struct transaction *tx,
                                        const struct call *call, const void *seen,
                                        const void *wanted, size_t n, size_t *replaced)
{
    return s->ops->replace(s, tx, call, seen, wanted, n, replaced);
}

/** Changes those members of the row that are named by their offsets to what they are in `from` (and
 * what is derived from them with them). Otherwise as store_change; version 0 = any. */
enum status store_patch(struct store *s, struct transaction *tx, const struct call *call,
                        const void *key, int64_t version, const void *from, const size_t members[],
                        size_t n, void *out, const char **taken);

/** Turns a column (not nullable, not derived) from one value into another: a status, what was read.
 * A row that has the other already is left as it is. from, to: as a key of store_find.
 * ST_CONFLICT: it has neither. Otherwise as store_change */
enum status store_turn(struct store *s, struct transaction *tx, const struct call *call,
                       const void *key, const char *column, const void *from, const void *to);

/** Removes the row if may (NULL = always) returns ST_OK for it, as it is and locked.
 * ST_OK | ST_NOT_FOUND | what may returned */
static inline enum status store_remove(struct store *s, struct transaction *tx,
                                       const struct call *call, const void *key,
                                       store_change_fn may, void *arg)
{
    return s->ops->remove(s, tx, call, key, may, arg);
}

static inline void store_destroy(struct store *s)
{
    if (s)
        s->ops->destroy(s);
}

#endif
