/* outbox_sync.c - what was read is on disk before anybody is told. */
#include "tool/outbox/mysql/outbox_private.h"

/* Its own row: nobody else is in the way. */
static const char SQL_TOUCH[] = "UPDATE outbox SET sent_at = NOW(6) WHERE seq = ?";

/* The database shows what is committed before its log is synced: were it to die in between, what we
 * have read would never have been. A commit that comes later is answered when the log is synced up
 * to it. */
enum status outbox_mysql_sync(struct dbc_conn *conn, const struct call *call, uint64_t seq)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_TOUCH);
    enum status st;

    dbc_bind_int(s, (int64_t)seq);
    st = dbc_done(s, dbc_execute(s, call));
    return st == ST_UNCERTAIN ? ST_UNAVAILABLE : st;
}
