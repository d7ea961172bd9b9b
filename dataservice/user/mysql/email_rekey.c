/* email_rekey.c - see email_rekey.h. A key is changed only as long as it is the one that was read,
 * so neither another instance nor a change of the profile is in the way. */
#include "dataservice/user/mysql/email_rekey.h"

#include <string.h>

#include "model/profile.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"

enum { PAGE = 5000, BATCH = 100, KEY_BYTES = 4 * PROFILE_EMAIL_MAX + 1 };

/* Keys in ASCII are the same in either form: only others are read. */
static const char SQL_PAGE[] = "SELECT COUNT(*), MAX(user_id) FROM (SELECT user_id FROM user_inform"
                               " WHERE user_id > ? ORDER BY user_id LIMIT ?) AS page";
static const char SQL_OTHERS[] =
    "SELECT user_id, email, email_key FROM user_inform WHERE user_id > ? AND user_id <= ?"
    " AND LENGTH(email_key) <> CHAR_LENGTH(email_key) ORDER BY user_id LIMIT ?";
static const char SQL_NOTED[] = "SELECT u.user_id, u.email, u.email_key FROM user_inform u"
                                " JOIN email_conflict c ON c.user_id = u.user_id"
                                " WHERE u.user_id > ? ORDER BY u.user_id LIMIT ?";
static const char SQL_CHANGE[] =
    "UPDATE user_inform SET email_key = ? WHERE user_id = ? AND email_key = ? AND email = ?";
static const char SQL_NOTE[] = "INSERT IGNORE INTO email_conflict (user_id, other_id, found_at)"
                               " SELECT ?, user_id, UTC_TIMESTAMP(6) FROM user_inform"
                               " WHERE email_key = ?";
static const char SQL_OTHER[] = "SELECT other_id FROM email_conflict WHERE user_id = ?";
static const char SQL_FORGET[] = "DELETE FROM email_conflict WHERE user_id = ?";
static const char SQL_GONE[] =
    "DELETE c FROM email_conflict c LEFT JOIN user_inform u ON u.user_id = c.user_id"
    " WHERE u.user_id IS NULL";

struct row {
    struct uuid user_id;
    char email[PROFILE_EMAIL_MAX + 1];
    char key[KEY_BYTES];
};

struct batch {
    struct row rows[BATCH];
    size_t n;
};

static enum status read_rows(struct dbc_stmt *s, const struct call *call, struct batch *batch)
{
    enum status st = dbc_execute(s, call);

    for (batch->n = 0; st == ST_OK && batch->n < BATCH && dbc_next(s); batch->n++) {
        struct row *row = &batch->rows[batch->n];
        dbc_col_uuid(s, &row->user_id);
        dbc_col_text(s, row->email, sizeof(row->email));
        dbc_col_text(s, row->key, sizeof(row->key));
    }
    return dbc_done(s, st);
}

static enum status run_for(struct dbc_conn *conn, const struct call *call, const char *sql,
                           struct uuid id)
{
    struct dbc_stmt *s = dbc_prepare(conn, sql);

    dbc_bind_uuid(s, id);
    return dbc_done(s, dbc_execute(s, call));
}

static void warn(struct dbc_conn *conn, const struct call *call, struct uuid id)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_OTHER);
    struct uuid other = {{0}};
    enum status st;

    dbc_bind_uuid(s, id);
    st = dbc_execute(s, call);
    if (st == ST_OK && dbc_next(s))
        dbc_col_uuid(s, &other);
    (void)dbc_done(s, st);
    log_warn("two profiles have the same e-mail address", LOG_UUID("userId", id),
             LOG_UUID("otherId", other));
}

/* Once: a conflict that is noted already is not said again. */
static enum status note(struct dbc_conn *conn, const struct call *call, const struct row *row,
                        const char *key)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_NOTE);
    enum status st;
    bool fresh;

    dbc_bind_uuid(s, row->user_id);
    dbc_bind_text(s, key);
    st = dbc_execute(s, call);
    fresh = st == ST_OK && dbc_affected(s) > 0;
    st = dbc_done(s, st);
    if (fresh)
        warn(conn, call, row->user_id);
    return st;
}

static enum status change(struct dbc_conn *conn, const struct call *call, const struct row *row,
                          const char *key)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_CHANGE);

    dbc_bind_text(s, key);
    dbc_bind_uuid(s, row->user_id);
    dbc_bind_text(s, row->key);
    dbc_bind_text(s, row->email);
    return dbc_done(s, dbc_execute(s, call));
}

static enum status rekey(struct dbc_conn *conn, const struct call *call, const struct row *row)
{
    char key[PROFILE_EMAIL_MAX + 1];
    enum status st;

    profile_email_key(row->email, key);
    if (strcmp(key, row->key) == 0)
        return ST_OK;
    st = change(conn, call, row, key);
    return st == ST_CONFLICT ? note(conn, call, row, key) : st;
}

/* Of those noted: it has the key it should, by now or for another reason? Then it is forgotten. */
static enum status settle(struct dbc_conn *conn, const struct call *call, const struct row *row)
{
    char key[PROFILE_EMAIL_MAX + 1];
    enum status st = ST_OK;

    profile_email_key(row->email, key);
    if (strcmp(key, row->key) != 0)
        st = change(conn, call, row, key);
    if (st == ST_CONFLICT)
        return ST_OK;
    return st == ST_OK ? run_for(conn, call, SQL_FORGET, row->user_id) : st;
}

static enum status settle_noted(struct dbc_conn *conn, const struct call *call, struct batch *batch)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_GONE);
    enum status st = dbc_done(s, dbc_execute(s, call));
    struct uuid after = {{0}};

    for (batch->n = BATCH; st == ST_OK && batch->n == BATCH;) {
        s = dbc_prepare(conn, SQL_NOTED);
        dbc_bind_uuid(s, after);
        dbc_bind_int(s, BATCH);
        st = read_rows(s, call, batch);
        for (size_t i = 0; st == ST_OK && i < batch->n; i++) {
            st = settle(conn, call, &batch->rows[i]);
            after = batch->rows[i].user_id;
        }
    }
    return st;
}

/* What is of interest up to last; after moves on. */
static enum status rekey_page(struct email_rekey *self, struct dbc_conn *conn,
                              const struct call *call, struct uuid last, struct batch *batch)
{
    enum status st = ST_OK;

    for (batch->n = BATCH; st == ST_OK && batch->n == BATCH;) {
        struct dbc_stmt *s = dbc_prepare(conn, SQL_OTHERS);
        dbc_bind_uuid(s, self->after);
        dbc_bind_uuid(s, last);
        dbc_bind_int(s, BATCH);
        st = read_rows(s, call, batch);
        for (size_t i = 0; st == ST_OK && i < batch->n; i++) {
            st = rekey(conn, call, &batch->rows[i]);
            if (st == ST_OK)
                self->after = batch->rows[i].user_id;
        }
    }
    if (st == ST_OK)
        self->after = last;
    return st;
}

static enum status find_page(const struct email_rekey *self, struct dbc_conn *conn,
                             const struct call *call, int64_t *n, struct uuid *last)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_PAGE);
    enum status st;

    dbc_bind_uuid(s, self->after);
    dbc_bind_int(s, PAGE);
    st = dbc_execute(s, call);
    if (st == ST_OK && dbc_next(s)) {
        dbc_col_int(s, n);
        dbc_col_uuid(s, last);
    }
    return dbc_done(s, st);
}

/* The next pass begins with ids of this time: the first of those a UUIDv7 can be. */
static struct uuid first_at(int64_t wall_us)
{
    uint64_t ms = wall_us > 0 ? (uint64_t)wall_us / 1000 : 0;
    struct uuid id = {{0}};

    for (int i = 0; i < 6; i++)
        id.b[i] = (uint8_t)(ms >> (40 - 8 * i));
    return id;
}

static enum status go_on(struct email_rekey *self, struct dbc_conn *conn, const struct call *call,
                         struct batch *batch)
{
    enum status st = ST_OK;
    struct uuid last;
    int64_t n = PAGE;

    if (self->began_us == 0) {
        st = settle_noted(conn, call, batch);
        self->began_us = st == ST_OK ? clock_wall_us(call->clock) : 0;
    }
    while (st == ST_OK && n == PAGE) {
        if (call_left_ms(call) < 1000)
            return ST_PENDING;
        st = find_page(self, conn, call, &n, &last);
        if (st == ST_OK && n > 0)
            st = rekey_page(self, conn, call, last, batch);
    }
    if (st == ST_OK) {
        self->after = first_at(self->began_us - EMAIL_REKEY_BACK_US);
        self->began_us = 0;
    }
    return st;
}

enum status email_rekey(void *self, const struct job_run *run)
{
    struct email_rekey *rekeying = self;
    struct dbc_conn *conn = NULL;
    struct batch *batch = NULL;
    enum status st = dbc_take(rekeying->db, run->call, &conn);

    if (st == ST_OK) {
        batch = MEM_NEW(struct batch);
        st = go_on(rekeying, conn, run->call, batch);
    }
    free(batch);
    dbc_give(rekeying->db, conn);
    return st;
}
