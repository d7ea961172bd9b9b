/* pool.c - a stack of connections: the one used last is the one used next, so that what is not
 * needed goes idle and ages out. Transactions run on connections without autocommit, single
 * statements on others: each takes one that is as it needs it, else turns one round. */
#include "tool/dbc/pool_private.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/core/waiting.h"
#include "tool/dbc/reading.h"

enum {
    POOL_PING_IDLE_MS = 30 * 1000,    /* a link that vanished silently is found out */
    POOL_AGE_MAX_MS = 30 * 60 * 1000, /* well below the server's wait_timeout */
    POOL_AWAY_MS = 200,               /* after a failed connect, others fail at once this long */
    POOL_FULL_MS = 500, /* after the server had no room for one more, none is asked for this long */
};

static struct metric *error_metric(struct metrics *all, const char *kind)
{
    char labels[64];

    snprintf(labels, sizeof(labels), "kind=\"%s\"", kind);
    return metrics_counter(all, "hanok_db_errors_total", "Trouble with the database, by kind.",
                           labels);
}

static void init_metrics(struct dbc_pool *pool, struct metrics *all)
{
    static const char NAME[] = "hanok_db_connections", HELP[] = "Connections to the database.";

    pool->busy = metrics_gauge(all, NAME, HELP, "state=\"busy\"");
    pool->idle = metrics_gauge(all, NAME, HELP, "state=\"idle\"");
    pool->unreachable = error_metric(all, "connect");
    pool->exhausted = error_metric(all, "no_connection_free");
    pool->counts.faults[DRIVER_CONTENDED] = error_metric(all, "contended");
    pool->counts.faults[DRIVER_REFUSED] = error_metric(all, "refused");
    pool->counts.faults[DRIVER_MISPLACED] = error_metric(all, "read_only");
    pool->counts.faults[DRIVER_FULL] = error_metric(all, "full");
    pool->counts.faults[DRIVER_LOST] = error_metric(all, "lost");
    pool->counts.faults[DRIVER_SQL] = error_metric(all, "sql");
}

static const char *own(const char *text)
{
    return mem_strdup(text ? text : "");
}
static void disown(const char *text)
{
    free((char *)text);
}

struct dbc_pool *dbc_pool_create(const struct dbc_config *config, const struct clock *clock)
{
    struct dbc_pool *pool = MEM_NEW(struct dbc_pool);

    ASSERT(config->connections > 0);
    pool->config = *config;
    pool->config.socket = own(config->socket);
    pool->config.host = own(config->host);
    pool->config.user = own(config->user);
    pool->config.password = own(config->password);
    pool->config.schema = own(config->schema);
    pool->config.tls_ca = own(config->tls_ca);
    pool->room = config->connections;
    pool->clock = clock;
    init_metrics(pool, config->metrics);
    pthread_mutex_init(&pool->lock, NULL);
    waiting_init(&pool->freed);
    return pool;
}

const struct dbc_config *dbc_pool_config(const struct dbc_pool *pool)
{
    return &pool->config;
}

void dbc_conn_free(struct dbc_conn *conn)
{
    dbc_conn_free_stmts(conn);
    driver_close(conn->driver);
    free(conn);
}

void dbc_pool_destroy(struct dbc_pool *pool)
{
    if (!pool)
        return;
    while (pool->top) {
        struct dbc_conn *conn = pool->top;
        pool->top = conn->next;
        pool->open--;
        metric_add(pool->idle, -1);
        dbc_conn_free(conn);
    }
    ASSERT(pool->open == 0);
    disown(pool->config.socket);
    disown(pool->config.host);
    disown(pool->config.user);
    disown(pool->config.password);
    disown(pool->config.schema);
    disown(pool->config.tls_ca);
    pthread_cond_destroy(&pool->freed);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

/* How many may be open now. Beyond what the server had room for one at a time is tried, and not all
 * the time. */
static unsigned limit(const struct dbc_pool *pool)
{
    bool again = clock_now_ms(pool->clock) - pool->full_ms >= POOL_FULL_MS;

    return pool->room + (again && pool->room < pool->config.connections);
}

/* Until one is given back, or one more may be tried. False when the caller's time is over. */
static bool wait_freed(struct dbc_pool *pool, const struct call *call)
{
    int64_t left_ms = call_left_ms(call);
    struct timespec until;

    if (left_ms == 0)
        return false;
    if (pool->room < pool->config.connections && left_ms > POOL_FULL_MS)
        left_ms = POOL_FULL_MS;
    until = waiting_until(left_ms);
    waiting_on(&pool->freed, &pool->lock, &until);
    return true;
}

/* While the database is away one at a time asks for it, and not all the time. */
static bool may_connect(const struct dbc_pool *pool)
{
    return !pool->away ||
           (!pool->trying && clock_now_ms(pool->clock) - pool->failed_ms >= POOL_AWAY_MS);
}

/* The idle connection to use next; there is one. */
static struct dbc_conn *take_idle(struct dbc_pool *pool, bool autocommit)
{
    struct dbc_conn **link = &pool->top, *conn;

    while (*link && (*link)->autocommit != autocommit)
        link = &(*link)->next;
    if (!*link)
        link = &pool->top;
    conn = *link;
    *link = conn->next;
    return conn;
}

/* An idle connection, or with *out NULL the right to open one. */
static enum status reserve(struct dbc_pool *pool, const struct call *call, bool autocommit,
                           struct dbc_conn **out)
{
    enum status st = ST_OK;

    pthread_mutex_lock(&pool->lock);
    while (!pool->top && pool->open >= limit(pool) && st == ST_OK)
        st = wait_freed(pool, call) ? ST_OK : ST_OVERLOADED;
    *out = NULL;
    if (st == ST_OK && pool->top) {
        *out = take_idle(pool, autocommit);
        metric_add(pool->idle, -1);
        metric_add(pool->busy, 1);
    } else if (st == ST_OK && may_connect(pool)) {
        pool->trying = pool->away;
        pool->open++;
        metric_add(pool->busy, 1);
    } else if (st == ST_OK) {
        metric_add(pool->unreachable, 1);
        pthread_cond_signal(
            &pool->freed); /* nothing will be given back: so the next one learns it */
        st = ST_UNAVAILABLE;
    } else {
        metric_add(pool->exhausted, 1);
    }
    pthread_mutex_unlock(&pool->lock);
    return st;
}

static void discard(struct dbc_pool *pool, struct dbc_conn *conn)
{
    if (conn)
        dbc_conn_free(conn);
    pthread_mutex_lock(&pool->lock);
    pool->open--;
    metric_add(pool->busy, -1);
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&pool->lock);
}

/* Says so once when it goes and once when it is back. */
static void note_connect(struct dbc_pool *pool, const char *why)
{
    bool was_away;

    pthread_mutex_lock(&pool->lock);
    was_away = pool->away;
    pool->away = why != NULL;
    pool->trying = false;
    pool->failed_ms = clock_now_ms(pool->clock);
    if (!why && pool->open > pool->room)
        pool->room = pool->open;
    snprintf(pool->why, sizeof(pool->why), "%s", why ? why : "");
    pthread_mutex_unlock(&pool->lock);
    if (why)
        metric_add(pool->unreachable, 1);
    if (why && !was_away)
        log_warn("database is away", LOG_TEXT("reason", why));
    else if (!why && was_away)
        log_info("database is back");
}

/* It is there, but has no room for this one: who asked waits for another to be given back. */
static void note_full(struct dbc_pool *pool, const char *why)
{
    unsigned room, before;
    bool was_away;

    pthread_mutex_lock(&pool->lock);
    before = pool->room;
    was_away = pool->away;
    room = pool->room = pool->open - 1;
    pool->full_ms = clock_now_ms(pool->clock);
    pool->away = pool->trying = false;
    snprintf(pool->why, sizeof(pool->why), "%s", why);
    pthread_mutex_unlock(&pool->lock);
    metric_add(pool->counts.faults[DRIVER_FULL], 1);
    if (was_away)
        log_info("database is back");
    if (before == pool->config.connections)
        log_warn("database has room for fewer connections than are wanted", LOG_INT("open", room),
                 LOG_INT("wanted", pool->config.connections), LOG_TEXT("reason", why));
}

/* *out stays NULL, with ST_OK, when the server is full. */
static enum status open_conn(struct dbc_pool *pool, bool autocommit, struct dbc_conn **out)
{
    char why[DBC_WHY_MAX + 1] = "";
    unsigned place = atomic_load(&pool->place);
    enum driver_fault fault;
    struct driver *driver = driver_open(&pool->config, autocommit, &fault, why);

    if (fault == DRIVER_FULL)
        note_full(pool, why);
    else
        note_connect(pool, driver ? NULL : why);
    if (!driver) {
        discard(pool, NULL);
        return fault == DRIVER_FULL ? ST_OK : ST_UNAVAILABLE;
    }
    *out = MEM_NEW(struct dbc_conn);
    (*out)->pool = pool;
    (*out)->counts = &pool->counts;
    (*out)->driver = driver;
    (*out)->number = atomic_fetch_add(&pool->opened, 1) + 1;
    (*out)->place = place;
    (*out)->autocommit = autocommit;
    (*out)->opened_ms = clock_now_ms(pool->clock);
    return ST_OK;
}

static bool still_good(struct dbc_pool *pool, struct dbc_conn *conn)
{
    if (conn->place != atomic_load(&pool->place) || !driver_idle_intact(conn->driver))
        return false;
    return clock_now_ms(pool->clock) - conn->used_ms <= POOL_PING_IDLE_MS ||
           driver_ping(conn->driver) == DRIVER_OK;
}

/* Nothing is open on an idle connection. */
static bool turn(struct dbc_conn *conn, bool autocommit)
{
    if (conn->autocommit == autocommit)
        return true;
    conn->autocommit = autocommit;
    return driver_set_autocommit(conn->driver, autocommit) == DRIVER_OK;
}

static enum status take(struct dbc_pool *pool, const struct call *call, bool autocommit,
                        struct dbc_conn **out)
{
    for (;;) {
        struct dbc_conn *conn;
        enum status st = reserve(pool, call, autocommit, &conn);
        bool idle = st == ST_OK && conn;

        if (st == ST_OK && !conn)
            st = open_conn(pool, autocommit, &conn);
        if (st != ST_OK)
            return st;
        if (conn && (!idle || (still_good(pool, conn) && turn(conn, autocommit)))) {
            *out = conn;
            return ST_OK;
        }
        if (conn)
            discard(pool, conn);
    }
}

enum status dbc_take(struct dbc_pool *pool, const struct call *call, struct dbc_conn **out)
{
    return take(pool, call, true, out);
}

enum status dbc_take_tx(struct dbc_pool *pool, const struct call *call, struct dbc_conn **out)
{
    enum status st = take(pool, call, false, out);

    if (st == ST_OK)
        (*out)->in_tx = true;
    return st;
}

enum status dbc_join(struct dbc_pool *pool, struct transaction *tx, const struct call *call,
                     struct dbc_conn **out)
{
    if (!tx)
        return dbc_take(pool, call, out);
    ASSERT(tx->conn->pool == pool);
    *out = tx->conn;
    return ST_OK;
}

void dbc_leave(struct dbc_pool *pool, struct transaction *tx, struct dbc_conn *conn)
{
    if (!tx)
        dbc_give(pool, conn);
}

void dbc_give(struct dbc_pool *pool, struct dbc_conn *conn)
{
    if (!conn)
        return;
    ASSERT(conn->n_in_use == 0);
    dbc_conn_rollback(conn);
    conn->used_ms = clock_now_ms(pool->clock);
    if (conn->doomed == DRIVER_MISPLACED) { /* so are the others that lead there */
        unsigned place = conn->place;
        atomic_compare_exchange_strong(&pool->place, &place, place + 1);
    }
    if (dbc_conn_ends(conn) || conn->place != atomic_load(&pool->place) ||
        conn->used_ms - conn->opened_ms > POOL_AGE_MAX_MS) {
        discard(pool, conn);
        return;
    }
    pthread_mutex_lock(&pool->lock);
    conn->next = pool->top;
    pool->top = conn;
    metric_add(pool->busy, -1);
    metric_add(pool->idle, 1);
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&pool->lock);
}

uint64_t dbc_opened(const struct dbc_pool *pool)
{
    return atomic_load(&pool->opened);
}

bool dbc_was_there(const struct dbc_conn *conn, uint64_t opened)
{
    return conn->number <= opened;
}

void dbc_why(struct dbc_pool *pool, char text[DBC_WHY_MAX + 1])
{
    pthread_mutex_lock(&pool->lock);
    snprintf(text, DBC_WHY_MAX + 1, "%s", pool->why);
    pthread_mutex_unlock(&pool->lock);
}
