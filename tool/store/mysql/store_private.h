/* store_private.h - what the files of tool/store/mysql share. */
#ifndef TOOL_STORE_MYSQL_STORE_PRIVATE_H
#define TOOL_STORE_MYSQL_STORE_PRIVATE_H

#include "tool/core/mem.h"
#include "tool/store/mysql/store_mysql.h"
#include "tool/store/mysql/store_sql.h"
#include "tool/store/value.h"

struct store_mysql {
    struct store base;
    struct dbc_pool *pool;
    struct transactor *transactor; /* of changes on their own */
    struct sql sql;
};

struct row {
    _Alignas(max_align_t) char bytes[TABLE_ROW_MAX];
};

static inline struct store_mysql *store_mysql_of(struct store *base)
{
    return container_of(base, struct store_mysql, base);
}

static inline const struct sql_by *store_sql_by(const struct store_mysql *self,
                                                const struct column *c)
{
    return &self->sql.by[c - self->base.table->columns];
}

/** The next column of a result, not NULL, into the member of column c. */
void store_read_member(struct dbc_stmt *s, const struct column *c, char *member);
/** store_read, and what is read with it from other tables. */
void store_read_all(struct dbc_stmt *s, const struct table *table, void *row);
/** As the next parameter. */
void store_bind(struct dbc_stmt *s, const struct value *v);
/** What row has in each column; false, and a log line, when one of them does not fit. */
bool store_take_values(const struct table *t, const void *row,
                       struct value values[TABLE_COLUMNS_MAX]);
/** Runs a bound INSERT, UPDATE or DELETE and hands it back; affected (NULL = not wanted): its rows.
 */
enum status store_run(struct dbc_stmt *s, const struct call *call, const struct table *t,
                      const char **taken, int64_t *affected);

/* Rows that are written together, as they are to be. What is bound is borrowed until the statement
 * is run: texts of rows, and those that are derived from them. */
struct store_rows {
    const struct table *t;
    size_t n, n_formed;
    char *rows;
    char (*formed)[TABLE_FORM_MAX];
};

/** n rows, zeroed, to be filled. */
void store_rows_init(struct store_rows *r, const struct table *t, size_t n);
void store_rows_fini(struct store_rows *r);
/** store_take_values of row i, once; they live as long as r. */
bool store_rows_take(struct store_rows *r, size_t i, struct value values[TABLE_COLUMNS_MAX]);

enum status store_mysql_insert_many(struct store *base, struct transaction *tx,
                                    const struct call *call, void *rows, size_t n,
                                    const char **taken);
enum status store_mysql_keep(struct store *base, struct transaction *tx, const struct call *call,
                             const void *row, const char **taken);

/** ST_OK: the row has turned. ST_NOT_FOUND: no row of that key had turn->from, or it takes a look
 * at the row. Otherwise as store_change */
enum status store_mysql_turn(struct store_mysql *self, struct dbc_conn *conn,
                             const struct call *call, const void *key,
                             const struct store_turn *turn);

enum status store_mysql_replace(struct store *base, struct transaction *tx, const struct call *call,
                                const void *seen, const void *wanted, size_t n, size_t *replaced);
enum status store_mysql_find_many(struct store *base, struct transaction *tx,
                                  const struct call *call, const char *by, const void *const keys[],
                                  size_t n, void *rows, bool found[]);
enum status store_mysql_list(struct store *base, struct transaction *tx, const struct call *call,
                             const struct store_list *list, size_t max, void *rows, size_t *n);
enum status store_mysql_list_many(struct store *base, struct transaction *tx,
                                  const struct call *call, const struct store_many *many,
                                  size_t max, void *rows, size_t counts[]);
enum status store_mysql_sum(struct store *base, struct transaction *tx, const struct call *call,
                            const struct store_sums *sums, size_t max, void *rows, size_t *n);

#endif
