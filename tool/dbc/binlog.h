/* binlog.h - reads the transaction log of MariaDB as a replica does: what has been committed to one
 * table, in the order of the commits. Only binlog.c knows the library's replication API. */
#ifndef TOOL_DBC_BINLOG_H
#define TOOL_DBC_BINLOG_H

#include "tool/dbc/gtid.h"
#include "tool/dbc/pool.h"
#include "tool/dbc/row_image.h"

struct binlog;

struct binlog_config {
    struct dbc_pool *pool; /* to whose server and schema another connection is made */
    const char *table;
    const char *const *columns; /* ROW_COLUMNS_MAX at most: those that are wanted */
    size_t n;
    unsigned server_id; /* of nobody else who reads this server's log */
};

enum binlog_event {
    BINLOG_QUIET,     /* nothing that concerns the table */
    BINLOG_IDLE,      /* nothing at all, for a quarter of a second: that was the end of the log */
    BINLOG_ROWS,      /* of a transaction that has not ended: ask for them */
    BINLOG_COMMITTED, /* it is committed, and the position has gone on */
    BINLOG_UNDONE,    /* it is not: forget its rows */
    BINLOG_LOST,      /* the connection is; open another one from this position */
    BINLOG_UNABLE,    /* it cannot be read on from there */
};

enum binlog_change { BINLOG_INSERT, BINLOG_UPDATE, BINLOG_DELETE };

/** From the position on; NULL: from the end of the log, which is then the position: everything
 * before it is visible to whoever looks from now on. NULL, *lost and why, when that cannot be done:
 * the server is away (lost), or it keeps no such log (log_bin, binlog_format=ROW,
 * binlog_row_image=FULL, log_bin_compress off, sync_binlog=1, so that what is read stays), or the
 * client library cannot read it. That the user lacks REPLICATION SLAVE, or the log the position, is
 * found out by the first dbc_binlog_next. Blocks for some seconds at most. */
struct binlog *dbc_binlog_open(const struct binlog_config *config, const struct gtid_position *from,
                               bool *lost, char why[DBC_WHY_MAX + 1]);
/** The next event; blocks until there is one, for some seconds at most. */
enum binlog_event dbc_binlog_next(struct binlog *binlog);
/** After BINLOG_ROWS: the next row, its values in the order of the columns wanted, valid until the
 * next event; an updated one as it is afterwards. False when there are no more, or they cannot be
 * read: then the next event is BINLOG_UNABLE. */
bool dbc_binlog_row(struct binlog *binlog, enum binlog_change *change, struct row_value values[]);
/** Behind the last transaction that was committed. */
const struct gtid_position *dbc_binlog_position(const struct binlog *binlog);
/** Why it is lost or unable; without secrets. */
const char *dbc_binlog_why(const struct binlog *binlog);
/** NULL is fine. */
void dbc_binlog_close(struct binlog *binlog);

#endif
