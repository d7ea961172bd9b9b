/* outbox_tail.c - see outbox_tail.h. */
#include "tool/outbox/mysql/outbox_tail.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/core/waiting.h"
#include "tool/dbc/binlog.h"

enum {
    RETRY_MS = 10000,
    LOST_MS = 500,      /* a lost connection is made again after it */
    CHANGES_MAX = 4000, /* of one transaction */
    IDLE_MAX = 8,       /* at the end of a log: behind the table's, it stays so */
};

enum column { SEQ, ID, PARTITION, SENT_AS, TYPE, KEY, SAGA, SAGA_STATE, DATA, TRACE, TIME };
static const char *const COLUMNS[] = {
    [SEQ] = "seq",
    [ID] = "id",
    [PARTITION] = "partition_no",
    [SENT_AS] = "stream_seq",
    [TYPE] = "type",
    [KEY] = "key",
    [SAGA] = "saga_id",
    [SAGA_STATE] = "saga_status",
    [DATA] = "payload",
    [TRACE] = "traceparent",
    [TIME] = "created_at",
};

struct outbox_tail {
    struct outbox_tail_config config;
    pthread_t thread;
    pthread_mutex_t lock; /* of stopping */
    pthread_cond_t cond;
    bool stopping;
    atomic_bool reads;

    struct binlog *binlog;
    bool lost;    /* the connection, the last time; else the log could not be read */
    bool resumes; /* there is a position to go on from */
    struct gtid_position position;
    char why[DBC_WHY_MAX + 1]; /* the log is not read, as was said; "" = it is */

    int idle; /* times in a row */

    struct mirror_change *changes; /* of the transaction that is being read */
    size_t n;
    bool adds; /* some are to be sent */
};

/* ---- rows ---- */

static bool read_text(const struct row_value *value, char *out, size_t size)
{
    if (value->len >= size)
        return false;
    if (!value->null)
        memcpy(out, value->text, value->len);
    out[value->null ? 0 : value->len] = '\0';
    return true;
}

/* BINARY(16), without the zeros it ends with. */
static bool read_id(const struct row_value *value, struct uuid *out)
{
    *out = (struct uuid){{0}};
    if (value->len > sizeof(out->b))
        return false;
    if (!value->null)
        memcpy(out->b, value->text, value->len);
    return true;
}

static bool read_row(const struct row_value values[], struct outbox_row *row)
{
    row->seq = (uint64_t)values[SEQ].number;
    row->partition = (unsigned)values[PARTITION].number;
    row->created_us = values[TIME].number;
    return row->partition < EVENT_PARTITIONS && read_id(&values[ID], &row->id) &&
           read_id(&values[KEY], &row->key) && read_id(&values[SAGA], &row->saga_id) &&
           read_text(&values[TYPE], row->type, sizeof(row->type)) &&
           read_text(&values[SAGA_STATE], row->saga_state, sizeof(row->saga_state)) &&
           read_text(&values[TRACE], row->traceparent, sizeof(row->traceparent)) &&
           read_text(&values[DATA], row->json, sizeof(row->json));
}

static bool keep(struct outbox_tail *t, enum binlog_change change, const struct row_value values[])
{
    struct mirror_change *out = &t->changes[t->n];
    struct outbox_row row, *copy;
    size_t size;

    if (t->n == CHANGES_MAX || !read_row(values, &row))
        return false;
    if (change == BINLOG_DELETE)
        out->kind = MIRROR_GONE;
    else
        out->kind = values[SENT_AS].number == 0 ? MIRROR_PENDING : MIRROR_SENT;
    out->stream_seq = (uint64_t)values[SENT_AS].number;
    size = offsetof(struct outbox_row, json) + strlen(row.json) + 1;
    copy = mem_alloc(1, size);
    memcpy(copy, &row, size);
    out->row = copy;
    t->adds |= out->kind == MIRROR_PENDING;
    t->n++;
    return true;
}

static void forget_changes(struct outbox_tail *t)
{
    for (size_t i = 0; i < t->n; i++)
        free((struct outbox_row *)t->changes[i].row);
    t->n = 0;
    t->adds = false;
}

/* ---- the log ---- */

/* Once for each reason. */
static void say_not_read(struct outbox_tail *t, const char *why)
{
    if (strcmp(t->why, why) == 0)
        return;
    snprintf(t->why, sizeof(t->why), "%s", why);
    log_warn("the transaction log is not read; the outbox is polled meanwhile",
             LOG_TEXT("why", why));
}

static void end_reading(struct outbox_tail *t, bool lost, const char *why)
{
    atomic_store(&t->reads, false);
    say_not_read(t, why);
    t->lost = lost;
    t->resumes &= lost;
    if (t->resumes)
        outbox_mirror_pause(t->config.mirror);
    else
        outbox_mirror_close(t->config.mirror);
    forget_changes(t);
    dbc_binlog_close(t->binlog);
    t->binlog = NULL;
    t->idle = 0;
}

/* False: the log cannot be followed. */
static bool commit(struct outbox_tail *t)
{
    bool adds = t->adds, fits;

    t->position = *dbc_binlog_position(t->binlog);
    fits = outbox_mirror_commit(t->config.mirror, t->changes, t->n, &t->position);
    forget_changes(t);
    if (adds)
        t->config.changed(t->config.arg);
    return fits;
}

static bool take_rows(struct outbox_tail *t)
{
    struct row_value values[ARRAY_LEN(COLUMNS)];
    enum binlog_change change;

    while (dbc_binlog_row(t->binlog, &change, values))
        if (!keep(t, change, values))
            return false;
    return true;
}

/* Whether it is to be read on. */
static bool take_event(struct outbox_tail *t)
{
    enum binlog_event event = dbc_binlog_next(t->binlog);

    t->idle = event == BINLOG_IDLE ? t->idle + 1 : 0;
    switch (event) {
    case BINLOG_QUIET:
        return true;
    case BINLOG_IDLE:
        if (t->idle < IDLE_MAX || !outbox_mirror_is_behind(t->config.mirror))
            return true;
        end_reading(t, true, "the log has ended before the table: it is another server's");
        return false;
    case BINLOG_ROWS:
        if (take_rows(t))
            return true;
        end_reading(t, false, "a transaction is too large, or a row too long");
        return false;
    case BINLOG_UNDONE:
        forget_changes(t);
        return true;
    case BINLOG_COMMITTED:
        if (commit(t))
            return true;
        end_reading(t, false, "too many events wait to be sent");
        return false;
    case BINLOG_LOST:
    case BINLOG_UNABLE:
        break;
    }
    end_reading(t, event == BINLOG_LOST, dbc_binlog_why(t->binlog));
    return false;
}

static unsigned any_server_id(const struct entropy *entropy)
{
    uint32_t id;

    entropy->fill(entropy, &id, sizeof(id));
    return id | UINT32_C(1) << 31; /* servers are numbered from below */
}

/* What was found out only by reading is over, too. */
static void say_read(struct outbox_tail *t)
{
    char text[GTID_TEXT_MAX + 1];

    atomic_store(&t->reads, true);
    t->why[0] = '\0';
    log_info("the transaction log is read", LOG_TEXT("from", gtid_text(&t->position, text)));
}

static bool open_log(struct outbox_tail *t)
{
    char why[DBC_WHY_MAX + 1] = "";
    bool lost = false;

    t->binlog = dbc_binlog_open(
        &(struct binlog_config){
            .pool = t->config.db,
            .table = "outbox",
            .columns = COLUMNS,
            .n = ARRAY_LEN(COLUMNS),
            .server_id = any_server_id(t->config.entropy),
        },
        t->resumes ? &t->position : NULL, &lost, why);
    if (!t->binlog) {
        end_reading(t, lost, why);
        return false;
    }
    /* Some refusals come with the first event only. */
    return take_event(t);
}

static bool is_stopping(struct outbox_tail *t)
{
    bool stopping;

    pthread_mutex_lock(&t->lock);
    stopping = t->stopping;
    pthread_mutex_unlock(&t->lock);
    return stopping;
}

static void read_log(struct outbox_tail *t)
{
    bool resumes = t->resumes;

    if (!open_log(t))
        return;
    t->position = *dbc_binlog_position(t->binlog);
    if (resumes)
        outbox_mirror_resume(t->config.mirror);
    else
        outbox_mirror_open(t->config.mirror, &t->position);
    t->resumes = true;
    say_read(t);
    t->config.changed(t->config.arg);
    while (take_event(t) && !is_stopping(t)) {
    }
}

/* False: it is to stop. */
static bool wait_for(struct outbox_tail *t, int64_t ms)
{
    struct timespec until = waiting_until(ms);
    bool go_on;

    pthread_mutex_lock(&t->lock);
    while (!t->stopping && waiting_on(&t->cond, &t->lock, &until)) {
    }
    go_on = !t->stopping;
    pthread_mutex_unlock(&t->lock);
    return go_on;
}

static void *run(void *arg)
{
    struct outbox_tail *t = arg;
    int64_t retry_ms = t->config.retry_ms > 0 ? t->config.retry_ms : RETRY_MS;

    pthread_setname_np(pthread_self(), "tail");
    do
        read_log(t);
    while (wait_for(t, t->lost ? LOST_MS : retry_ms));
    return NULL;
}

struct outbox_tail *outbox_tail_create(const struct outbox_tail_config *config)
{
    struct outbox_tail *t = MEM_NEW(struct outbox_tail);
    sigset_t all, before;

    t->config = *config;
    t->changes = mem_alloc(CHANGES_MAX, sizeof(*t->changes));
    pthread_mutex_init(&t->lock, NULL);
    waiting_init(&t->cond);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    ASSERT(pthread_create(&t->thread, NULL, run, t) == 0);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return t;
}

bool outbox_tail_reads(const struct outbox_tail *t)
{
    return atomic_load(&t->reads);
}

void outbox_tail_destroy(struct outbox_tail *t)
{
    if (!t)
        return;
    pthread_mutex_lock(&t->lock);
    t->stopping = true;
    pthread_cond_signal(&t->cond);
    pthread_mutex_unlock(&t->lock);
    pthread_join(t->thread, NULL);
    forget_changes(t);
    dbc_binlog_close(t->binlog);
    pthread_cond_destroy(&t->cond);
    pthread_mutex_destroy(&t->lock);
    free(t->changes);
    free(t);
}
