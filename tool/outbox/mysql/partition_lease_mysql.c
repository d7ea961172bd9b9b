/* partition_lease_mysql.c - rows of job_lease: "outbox.07" is a partition's, "outbox@<id>" says
 * that a holder lives. */
#include <stdio.h>
#include <string.h>

#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/transactor.h"
#include "tool/outbox/mysql/outbox_mysql.h"

/* Locked, so that one holder after the other decides. */
static const char SQL_LOOK[] =
    "SELECT name, holder, free_at > NOW(6), free_at < NOW(6) - INTERVAL 1 HOUR FROM job_lease"
    " WHERE name BETWEEN 'outbox.' AND 'outbox@g' ORDER BY name FOR UPDATE";
/* An end further ahead than that is of a clock that has been set back since, maybe by a holder who
 * is dead. */
static const char SQL_RENEW[] = "UPDATE job_lease SET free_at = NOW(6) + INTERVAL ? MICROSECOND"
                                " WHERE name BETWEEN 'outbox.' AND 'outbox@g'"
                                " AND (holder = ? OR free_at > NOW(6) + INTERVAL ? MICROSECOND)";
static const char SQL_TAKE[] =
    "INSERT INTO job_lease (name, holder, fence, taken_at, free_at)"
    " VALUES (?, ?, 1, NOW(6), NOW(6) + INTERVAL ? MICROSECOND) ON DUPLICATE KEY UPDATE"
    " holder = VALUES(holder), fence = fence + 1, taken_at = NOW(6), free_at = VALUES(free_at)";
static const char SQL_GIVE_BACK[] =
    "UPDATE job_lease SET holder = ?, free_at = NOW(6) WHERE name = ?";
static const char SQL_FORGET[] = "DELETE FROM job_lease WHERE name = ?";
static const char SQL_LEAVE[] =
    "UPDATE job_lease SET free_at = NOW(6) WHERE name BETWEEN 'outbox.' AND 'outbox@g'"
    " AND holder = ?";

enum { CLAIMS_MAX = 256, CLAIM_NAME_MAX = 63 };

struct partition_lease_mysql {
    struct partition_lease base;
    struct transactor *transactor;
};

struct holding {
    struct uuid holder;
    int64_t lease_ms;
    struct partition_claim claims[CLAIMS_MAX];
    size_t n;
    bool known;                    /* the holder has a row */
    char gone[CLAIM_NAME_MAX + 1]; /* of a holder who has not lived for long; "" = none */
    struct partition_plan plan;
};

/* -1: it is a holder's. */
static int partition_of(const char *name)
{
    const char *digits = strchr(name, '.');

    return digits ? (digits[1] - '0') * 10 + digits[2] - '0' : -1;
}

static void read_claim(struct dbc_stmt *s, struct holding *h)
{
    struct partition_claim *claim = &h->claims[h->n];
    char name[CLAIM_NAME_MAX + 1];
    int64_t alive, gone;

    dbc_col_text(s, name, sizeof(name));
    dbc_col_uuid(s, &claim->holder);
    dbc_col_int(s, &alive);
    dbc_col_int(s, &gone);
    claim->partition = partition_of(name);
    claim->alive = alive != 0;
    h->known |= claim->partition < 0 && uuid_equal(claim->holder, h->holder);
    if (gone && claim->partition < 0 && !uuid_equal(claim->holder, h->holder))
        memcpy(h->gone, name, sizeof(name));
    h->n++;
}

static enum status look(struct dbc_conn *conn, const struct call *call, struct holding *h)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_LOOK);
    enum status st = dbc_execute(s, call);

    h->n = 0;
    h->known = false;
    h->gone[0] = '\0';
    while (st == ST_OK && h->n < CLAIMS_MAX && dbc_next(s))
        read_claim(s, h);
    return dbc_done(s, st);
}

static enum status take(struct dbc_conn *conn, const struct call *call, const struct holding *h,
                        const char *name)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_TAKE);

    dbc_bind_text(s, name);
    dbc_bind_uuid(s, h->holder);
    dbc_bind_int(s, h->lease_ms * 1000);
    return dbc_done(s, dbc_execute(s, call));
}

static enum status give_back(struct dbc_conn *conn, const struct call *call, const char *name)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_GIVE_BACK);

    dbc_bind_uuid(s, (struct uuid){{0}});
    dbc_bind_text(s, name);
    return dbc_done(s, dbc_execute(s, call));
}

static enum status renew(struct dbc_conn *conn, const struct call *call, const struct holding *h)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_RENEW);

    dbc_bind_int(s, h->lease_ms * 1000);
    dbc_bind_uuid(s, h->holder);
    dbc_bind_int(s, h->lease_ms * 1000);
    return dbc_done(s, dbc_execute(s, call));
}

static enum status forget(struct dbc_conn *conn, const struct call *call, const char *name)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_FORGET);

    dbc_bind_text(s, name);
    return dbc_done(s, dbc_execute(s, call));
}

static enum status carry_out(struct dbc_conn *conn, const struct call *call,
                             const struct holding *h)
{
    char name[CLAIM_NAME_MAX + 1], id[UUID_TEXT_LEN + 1];
    enum status st = renew(conn, call, h);

    for (unsigned p = 0; p < EVENT_PARTITIONS && st == ST_OK; p++) {
        snprintf(name, sizeof(name), "outbox.%02u", p);
        if (h->plan.take >> p & 1)
            st = take(conn, call, h, name);
        else if (h->plan.give_back >> p & 1)
            st = give_back(conn, call, name);
    }
    if (st == ST_OK && h->gone[0])
        st = forget(conn, call, h->gone);
    snprintf(name, sizeof(name), "outbox@%s", uuid_text(h->holder, id));
    return st == ST_OK && !h->known ? take(conn, call, h, name) : st;
}

static enum status hold_body(struct transaction *tx, const struct call *call, void *arg)
{
    struct dbc_conn *conn = dbc_tx_conn(tx);
    struct holding *h = arg;
    enum status st = look(conn, call, h);

    if (st != ST_OK)
        return st;
    h->plan = partition_share(h->claims, h->n, h->holder);
    return carry_out(conn, call, h);
}

static struct partition_lease_mysql *self_of(struct partition_lease *base)
{
    return container_of(base, struct partition_lease_mysql, base);
}

static enum status mysql_hold(struct partition_lease *base, const struct call *call,
                              struct uuid holder, int64_t lease_ms, uint32_t *held,
                              unsigned *holders)
{
    struct holding h = {.holder = holder, .lease_ms = lease_ms};
    enum status st = transactor_run(self_of(base)->transactor, call, hold_body, &h);

    if (st == ST_OK) {
        *held = h.plan.keep | h.plan.take;
        *holders = h.plan.holders;
    }
    return st;
}

static enum status leave_body(struct transaction *tx, const struct call *call, void *arg)
{
    struct dbc_stmt *s = dbc_prepare(dbc_tx_conn(tx), SQL_LEAVE);

    dbc_bind_uuid(s, *(const struct uuid *)arg);
    return dbc_done(s, dbc_execute(s, call));
}

static enum status mysql_leave(struct partition_lease *base, const struct call *call,
                               struct uuid holder)
{
    return transactor_run(self_of(base)->transactor, call, leave_body, &holder);
}

static void mysql_destroy(struct partition_lease *base)
{
    struct partition_lease_mysql *self = self_of(base);

    self->transactor->ops->destroy(self->transactor);
    free(self);
}

static const struct partition_lease_ops MYSQL_OPS = {
    .hold = mysql_hold,
    .leave = mysql_leave,
    .destroy = mysql_destroy,
};

struct partition_lease *partition_lease_mysql_create(struct dbc_pool *pool)
{
    struct partition_lease_mysql *self = MEM_NEW(struct partition_lease_mysql);

    self->base.ops = &MYSQL_OPS;
    self->transactor = dbc_transactor_create(pool);
    return &self->base;
}
