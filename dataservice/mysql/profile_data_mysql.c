/* profile_data_mysql.c - profiles in hanok_user.user_inform. */
#include "dataservice/mysql/profile_data_mysql.h"

#include "tool/core/mem.h"

static const char SQL_INSERT[] =
    "INSERT INTO user_inform (user_id, name, email, email_key, phone, version, created_at,"
    " updated_at) VALUES (?, ?, ?, ?, ?, 1, NOW(6), NOW(6))";
static const char SQL_FIND[] =
    "SELECT user_id, name, email, phone, version, created_at, updated_at FROM user_inform"
    " WHERE user_id = ?";
static const char SQL_REMOVE[] = "DELETE FROM user_inform WHERE user_id = ?";

struct profile_data_mysql {
    struct profile_data_service base;
    struct dbc_pool *pool;
};

static struct profile_data_mysql *self_of(struct profile_data_service *base)
{
    return container_of(base, struct profile_data_mysql, base);
}

static enum status mysql_insert(struct profile_data_service *base, struct transaction *tx,
                                const struct call *call, const struct profile *profile)
{
    struct profile_data_mysql *self = self_of(base);
    char email_key[PROFILE_EMAIL_MAX + 1];
    struct dbc_conn *conn = NULL;
    enum status st = dbc_join(self->pool, tx, call, &conn);
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    profile_email_key(profile->person.email, email_key);
    s = dbc_prepare(conn, SQL_INSERT);
    dbc_bind_uuid(s, profile->user_id);
    dbc_bind_text(s, profile->person.name);
    dbc_bind_text(s, profile->person.email);
    dbc_bind_text(s, email_key);
    dbc_bind_text(s, profile->person.phone);
    st = dbc_done(s, dbc_execute(s, call));
    dbc_leave(self->pool, tx, conn);
    return st;
}

static void read_profile(struct dbc_stmt *s, struct profile *out)
{
    dbc_col_uuid(s, &out->user_id);
    dbc_col_text(s, out->person.name, sizeof(out->person.name));
    dbc_col_text(s, out->person.email, sizeof(out->person.email));
    dbc_col_text(s, out->person.phone, sizeof(out->person.phone));
    dbc_col_int(s, &out->version);
    dbc_col_time(s, &out->created_us);
    dbc_col_time(s, &out->updated_us);
}

static enum status mysql_find(struct profile_data_service *base, struct transaction *tx,
                              const struct call *call, struct uuid user_id, struct profile *out)
{
    struct profile_data_mysql *self = self_of(base);
    struct profile profile = {0};
    struct dbc_conn *conn = NULL;
    enum status st = dbc_join(self->pool, tx, call, &conn);
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, SQL_FIND);
    dbc_bind_uuid(s, user_id);
    st = dbc_execute(s, call);
    if (st == ST_OK && dbc_next(s))
        read_profile(s, &profile);
    else if (st == ST_OK)
        st = ST_NOT_FOUND;
    st = dbc_done(s, st);
    dbc_leave(self->pool, tx, conn);
    if (st == ST_OK)
        *out = profile;
    return st;
}

static enum status mysql_remove(struct profile_data_service *base, struct transaction *tx,
                                const struct call *call, struct uuid user_id)
{
    struct profile_data_mysql *self = self_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_join(self->pool, tx, call, &conn);
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, SQL_REMOVE);
    dbc_bind_uuid(s, user_id);
    st = dbc_done(s, dbc_execute(s, call));
    dbc_leave(self->pool, tx, conn);
    return st;
}

static void mysql_destroy(struct profile_data_service *base)
{
    if (base)
        free(self_of(base));
}

static const struct profile_data_ops MYSQL_OPS = {
    .insert = mysql_insert,
    .find = mysql_find,
    .remove = mysql_remove,
    .destroy = mysql_destroy,
};

struct profile_data_service *profile_data_mysql_create(struct dbc_pool *pool)
{
    struct profile_data_mysql *self = MEM_NEW(struct profile_data_mysql);

    self->base.ops = &MYSQL_OPS;
    self->pool = pool;
    return &self->base;
}
