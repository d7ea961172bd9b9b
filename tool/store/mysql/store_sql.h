/* store_sql.h - the statements of a table. Private to tool/store/mysql. */
#ifndef TOOL_STORE_MYSQL_STORE_SQL_H
#define TOOL_STORE_MYSQL_STORE_SQL_H

#include "tool/store/store.h"

enum { SQL_MAX = 8191, SQL_MANY_SIZES = 6 }; /* a statement for 1, 2, 4 ... 32 keys */
enum { SQL_MANY_MAX = 1 << (SQL_MANY_SIZES - 1) };

/* By a unique column; all NULL for another. */
struct sql_by {
    char *find;
    char *many[SQL_MANY_SIZES];
};

struct sql {
    char *columns; /* its own that are read */
    char *select;  /* all that is read, FROM where it is */
    char *insert;
    char *lock; /* by the key, FOR UPDATE */
    char *update;
    char *keep; /* the same, if its version is below that at the end */
    char *remove;
    struct sql_by by[TABLE_COLUMNS_MAX];
};

void sql_init(struct sql *sql, const struct table *t);
void sql_fini(struct sql *sql);
/** The statement that turns a column where it has a value; its parameters are the new value, the
 * time (if the table keeps one), the key and the old value. */
void sql_turn(const struct table *t, const struct column *column, char text[SQL_MAX + 1]);
/** The statement that makes n rows what is wanted of them, each of which still is at a version; in
 * a text to be freed. Its parameters are, a row, its key, that version, and its values but for
 * those of the key and of when it was made. */
char *sql_replace(const struct table *t, size_t n);
/** The statement that inserts n rows, in a text to be freed. Its parameters are their values. */
char *sql_insert_many(const struct sql *sql, const struct table *t, size_t n);
/** The statement of n lists at once, in text; its parameters are the values of that column. */
void sql_list_many(const struct sql *sql, const struct table *t, const struct store_many *many,
                   size_t n, char text[SQL_MAX + 1]);
/** The statement of a list, in text; its parameters are the values of where that are not NULL,
 * those of bounds (least, most), then
 * with a cursor (and a sort: sort, sort and) key, then the number of rows. */
void sql_list(const struct sql *sql, const struct table *t, const struct store_list *list,
              char text[SQL_MAX + 1]);

#endif
