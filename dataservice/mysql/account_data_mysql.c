/* account_data_mysql.c - accounts in hanok_auth.user. */
#include "dataservice/mysql/account_data_mysql.h"

#include <string.h>

#include "tool/core/mem.h"

#define ACCOUNT_COLUMNS "id, login_id, password_hash, status, created_at, updated_at"

static const char SQL_INSERT[] =
    "INSERT INTO user (" ACCOUNT_COLUMNS ") VALUES (?, ?, ?, ?, NOW(6), NOW(6))";
static const char SQL_FIND_BY_LOGIN_ID[] =
    "SELECT " ACCOUNT_COLUMNS " FROM user WHERE login_id = ?";
static const char SQL_FIND[] = "SELECT " ACCOUNT_COLUMNS " FROM user WHERE id = ?";
static const char SQL_CHANGE_STATUS[] =
    "UPDATE user SET status = ?, updated_at = NOW(6) WHERE id = ? AND status = ?";
static const char SQL_CHANGE_PASSWORD[] =
    "UPDATE user SET password_hash = ?, updated_at = NOW(6) WHERE id = ? AND password_hash = ?";
static const char SQL_REMOVE[] = "DELETE FROM user WHERE id = ? AND status = ?";

struct account_data_mysql {
    struct account_data_service base;
    struct dbc_pool *pool;
};

static struct account_data_mysql *self_of(struct account_data_service *base)
{
    return container_of(base, struct account_data_mysql, base);
}

static enum status parse_status(const char *text, enum account_status *out)
{
    for (int i = 0; ACCOUNT_STATUS_NAMES[i]; i++) {
        if (strcmp(ACCOUNT_STATUS_NAMES[i], text) == 0) {
            *out = (enum account_status)i;
            return ST_OK;
        }
    }
    return ST_INTERNAL;
}

/* Runs a bound SELECT of ACCOUNT_COLUMNS and hands the statement back. */
static enum status read_account(struct dbc_stmt *s, const struct call *call, struct account *out)
{
    struct account account = {0};
    char status[32];
    enum status st = dbc_execute(s, call);

    if (st == ST_OK && !dbc_next(s))
        st = ST_NOT_FOUND;
    if (st == ST_OK) {
        dbc_col_uuid(s, &account.id);
        dbc_col_text(s, account.login_id, sizeof(account.login_id));
        dbc_col_text(s, account.password_hash, sizeof(account.password_hash));
        dbc_col_text(s, status, sizeof(status));
        dbc_col_time(s, &account.created_us);
        dbc_col_time(s, &account.updated_us);
        st = parse_status(status, &account.status);
    }
    st = dbc_done(s, st);
    if (st == ST_OK)
        *out = account;
    return st;
}

static enum status read_by_id(struct dbc_conn *conn, const struct call *call, struct uuid id,
                              struct account *out)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_FIND);

    dbc_bind_uuid(s, id);
    return read_account(s, call, out);
}

static enum status mysql_insert(struct account_data_service *base, struct transaction *tx,
                                const struct call *call, const struct account *account)
{
    struct account_data_mysql *self = self_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_join(self->pool, tx, call, &conn);
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, SQL_INSERT);
    dbc_bind_uuid(s, account->id);
    dbc_bind_text(s, account->login_id);
    dbc_bind_text(s, account->password_hash);
    dbc_bind_text(s, ACCOUNT_STATUS_NAMES[account->status]);
    st = dbc_done(s, dbc_execute(s, call));
    dbc_leave(self->pool, tx, conn);
    return st;
}

static enum status mysql_find_by_login_id(struct account_data_service *base, struct transaction *tx,
                                          const struct call *call, const char *login_id,
                                          struct account *out)
{
    struct account_data_mysql *self = self_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_join(self->pool, tx, call, &conn);
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, SQL_FIND_BY_LOGIN_ID);
    dbc_bind_text(s, login_id);
    st = read_account(s, call, out);
    dbc_leave(self->pool, tx, conn);
    return st;
}

static enum status mysql_find(struct account_data_service *base, struct transaction *tx,
                              const struct call *call, struct uuid id, struct account *out)
{
    struct account_data_mysql *self = self_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_join(self->pool, tx, call, &conn);

    if (st != ST_OK)
        return st;
    st = read_by_id(conn, call, id, out);
    dbc_leave(self->pool, tx, conn);
    return st;
}

static enum status mysql_change_status(struct account_data_service *base, struct transaction *tx,
                                       const struct call *call, struct uuid id,
                                       enum account_status from, enum account_status to)
{
    struct account_data_mysql *self = self_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_join(self->pool, tx, call, &conn);
    struct account now;
    struct dbc_stmt *s;
    int64_t changed;

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, SQL_CHANGE_STATUS);
    dbc_bind_text(s, ACCOUNT_STATUS_NAMES[to]);
    dbc_bind_uuid(s, id);
    dbc_bind_text(s, ACCOUNT_STATUS_NAMES[from]);
    st = dbc_execute(s, call);
    changed = dbc_affected(s);
    st = dbc_done(s, st);
    if (st == ST_OK && changed == 0) {
        st = read_by_id(conn, call, id, &now);
        if (st == ST_OK && now.status != to)
            st = ST_CONFLICT;
    }
    dbc_leave(self->pool, tx, conn);
    return st;
}

static enum status mysql_change_password(struct account_data_service *base, struct transaction *tx,
                                         const struct call *call, struct uuid id,
                                         const char *old_hash, const char *new_hash)
{
    struct account_data_mysql *self = self_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_join(self->pool, tx, call, &conn);
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, SQL_CHANGE_PASSWORD);
    dbc_bind_text(s, new_hash);
    dbc_bind_uuid(s, id);
    dbc_bind_text(s, old_hash);
    st = dbc_execute(s, call);
    if (st == ST_OK && dbc_affected(s) == 0)
        st = ST_STALE;
    st = dbc_done(s, st);
    dbc_leave(self->pool, tx, conn);
    return st;
}

static enum status mysql_remove(struct account_data_service *base, struct transaction *tx,
                                const struct call *call, struct uuid id, enum account_status status)
{
    struct account_data_mysql *self = self_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_join(self->pool, tx, call, &conn);
    struct account now;
    struct dbc_stmt *s;
    int64_t removed;

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, SQL_REMOVE);
    dbc_bind_uuid(s, id);
    dbc_bind_text(s, ACCOUNT_STATUS_NAMES[status]);
    st = dbc_execute(s, call);
    removed = dbc_affected(s);
    st = dbc_done(s, st);
    if (st == ST_OK && removed == 0) {
        st = read_by_id(conn, call, id, &now);
        if (st == ST_OK)
            st = ST_CONFLICT;
        else if (st == ST_NOT_FOUND)
            st = ST_OK;
    }
    dbc_leave(self->pool, tx, conn);
    return st;
}

static void mysql_destroy(struct account_data_service *base)
{
    if (base)
        free(self_of(base));
}

static const struct account_data_ops MYSQL_OPS = {
    .insert = mysql_insert,
    .find_by_login_id = mysql_find_by_login_id,
    .find = mysql_find,
    .change_status = mysql_change_status,
    .change_password = mysql_change_password,
    .remove = mysql_remove,
    .destroy = mysql_destroy,
};

struct account_data_service *account_data_mysql_create(struct dbc_pool *pool)
{
    struct account_data_mysql *self = MEM_NEW(struct account_data_mysql);

    self->base.ops = &MYSQL_OPS;
    self->pool = pool;
    return &self->base;
}
