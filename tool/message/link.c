/* link.c - keeps one connection to NATS: subscriptions, delivery, heartbeat. Its connector thread
 * does nothing but connect, because that blocks. */
#include "tool/message/link_private.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/loop_timer.h"
#include "tool/core/mem.h"
#include "tool/message/connection.h"
#include "tool/message/connector.h"
#include "tool/message/message_private.h"
#include "tool/message/refusals.h"
#include "tool/message/subs.h"
#include "tool/metrics/metrics.h"

enum { HEARTBEAT_MS = 1000, HEARTBEATS_MISSED_MAX = 2, CLOSE_PATIENCE_MS = 500 };
enum { INBOX_MAX = 95 };

struct link {
    struct loop *loop;
    struct connector *connector;
    struct connection *conn; /* NULL while there is none */
    atomic_bool up;
    bool turning; /* our end of turn is registered */

    struct loop_task arrived, woken, refused;
    struct refusals *refusals;
    atomic_bool waking; /* woken is posted and has not run */

    char inbox[INBOX_MAX + 1];
    struct subs subs;
    struct link_watcher *watchers;

    struct link_sub heartbeat;
    struct loop_timer heartbeat_timer;
    unsigned unanswered; /* heartbeats */
    unsigned silent;     /* of them since the server has said anything */

    struct metric *up_gauge, *connects;
};

void link_add_sub(struct link *link, struct link_sub *sub)
{
    subs_add(&link->subs, sub);
}

void link_remove_sub(struct link *link, struct link_sub *sub)
{
    subs_remove(&link->subs, sub);
}

void link_drain_sub(struct link *link, struct link_sub *sub)
{
    if (link_is_connected(link))
        subs_drain(&link->subs, sub);
}

void link_add_watcher(struct link *link, struct link_watcher *watcher)
{
    watcher->next = link->watchers;
    link->watchers = watcher;
}

void link_remove_watcher(struct link *link, struct link_watcher *watcher)
{
    struct link_watcher **at = &link->watchers;

    while (*at && *at != watcher)
        at = &(*at)->next;
    if (*at)
        *at = watcher->next;
}

/* ---- sending ---- */

static enum status status_of(natsStatus s)
{
    if (s == NATS_OK)
        return ST_OK;
    if (s == NATS_MAX_PAYLOAD)
        return ST_TOO_LARGE;
    if (s == NATS_INVALID_SUBJECT || s == NATS_INVALID_ARG)
        return ST_INVALID;
    return ST_UNAVAILABLE;
}

enum status link_publish_built(struct link *link, natsMsg *msg)
{
    if (!link_is_connected(link))
        return ST_UNAVAILABLE;
    return status_of(natsConnection_PublishMsg(link->conn->nc, msg));
}

enum status link_publish(struct link *link, const struct message_out *out, const char *subject,
                         const char *reply_to)
{
    natsMsg *msg;
    enum status st;

    if (!link_is_connected(link))
        return ST_UNAVAILABLE;
    if (subject[0] == '\0' || strpbrk(subject, " \t\r\n"))
        return ST_INVALID; /* the server would end the connection */
    if (out->n_headers == 0) {
        natsConnection *nc = link->conn->nc;
        int len = (int)out->len;

        return status_of(reply_to
                             ? natsConnection_PublishRequest(nc, subject, reply_to, out->data, len)
                             : natsConnection_Publish(nc, subject, out->data, len));
    }
    msg = message_build(out, subject, reply_to);
    if (!msg)
        return ST_INVALID;
    st = link_publish_built(link, msg);
    natsMsg_Destroy(msg);
    return st;
}

bool link_is_congested(const struct link *link)
{
    return link_is_connected(link) && natsConnection_Buffered(link->conn->nc) > LINK_BACKLOG_MAX;
}

/* ---- the connection comes and goes ---- */

static void beat(void *arg)
{
    struct link *link = arg;

    if (!link_is_connected(link))
        return;
    if (link->silent >= HEARTBEATS_MISSED_MAX) {
        log_warn("nats is silent");
        connection_break(link->conn);
        return;
    }
    if (link->unanswered == 0 && link_is_up(link))
        subs_beat(&link->subs);
    link->unanswered++;
    link->silent++;
    natsConnection_Publish(link->conn->nc, link->heartbeat.subject, NULL, 0);
    loop_timer_set(link->loop, &link->heartbeat_timer, HEARTBEAT_MS);
}

/* The server handles our subscriptions and messages in order: with the first echo they are made. */
static void on_heartbeat(void *arg, natsMsg *msg)
{
    struct link *link = arg;

    natsMsg_Destroy(msg);
    link->unanswered = 0;
    if (atomic_exchange(&link->up, true))
        return;
    metric_set(link->up_gauge, 1);
    log_info("nats is up");
}

static void on_readable(void *arg, uint32_t events)
{
    struct link *link = arg;
    bool more = (events & ~(uint32_t)EPOLLOUT) != 0;

    if (more) /* an answer may be behind much else, on a slow way */
        link->silent = 0;
    while (more) {
        more = connection_read(link->conn);
        if (!link->conn->dead) /* before the next read, which may find it so */
            subs_deliver(&link->subs);
    }
}

static void lose(struct link *link)
{
    const char *detail = NULL;

    natsConnection_GetLastError(link->conn->nc, &detail);
    log_warn("nats is down", LOG_TEXT("error", detail));
    atomic_store(&link->up, false);
    metric_set(link->up_gauge, 0);
    loop_timer_cancel(link->loop, &link->heartbeat_timer);
    subs_close(&link->subs);
    connection_close(link->conn, 0);
    link->conn = NULL;
    for (struct link_watcher *w = link->watchers, *next; w; w = next) {
        next = w->next;
        w->lost(w->arg);
    }
    connector_ask(link->connector);
}

static int on_turn_end(void *arg)
{
    struct link *link = arg;

    if (!link->conn)
        return -1;
    connection_write(link->conn);
    if (link->conn->dead)
        lose(link);
    return -1;
}

static void on_arrived(void *arg)
{
    struct link *link = arg;

    ASSERT(!link->conn);
    link->conn = connector_take(link->connector);
    /* Added only now, when everybody who publishes at the end of a turn has added his: we go last.
     */
    if (!link->turning)
        loop_add_turn(link->loop, on_turn_end, link);
    link->turning = true;
    metric_add(link->connects, 1);
    subs_open(&link->subs, link->conn->nc);
    connection_watch(link->conn, on_readable);
    link->unanswered = link->silent = 0;
    beat(link);
}

static void on_refused(void *arg)
{
    struct link *link = arg;
    char subject[LINK_SUBJECT_MAX + 1];

    while (refusals_take(link->refusals, subject))
        subs_refuse(&link->subs, subject);
}

static void on_woken(void *arg)
{
    struct link *link = arg;

    atomic_store(&link->waking, false); /* the end of this turn will write */
}

static void wake(void *arg)
{
    struct link *link = arg;

    if (!atomic_exchange(&link->waking, true))
        loop_post(link->loop, &link->woken);
}

/* ---- life ---- */

/* Behind the name, so that a server can give each user the inboxes of its own. */
static void make_inbox(struct link *link, const char *name)
{
    natsInbox *unique = NULL;
    int n;

    ASSERT(natsInbox_Create(&unique) == NATS_OK);
    n = snprintf(link->inbox, sizeof(link->inbox), "_INBOX.%s%s", name, strchr(unique, '.'));
    ASSERT(n > 0 && n < (int)sizeof(link->inbox));
    natsInbox_Destroy(unique);
}

struct link *link_create(const struct link_config *config)
{
    struct link *link = MEM_NEW(struct link);
    link->loop = config->loop;
    link->arrived = (struct loop_task){.fn = on_arrived, .arg = link};
    link->woken = (struct loop_task){.fn = on_woken, .arg = link};
    link->refused = (struct loop_task){.fn = on_refused, .arg = link};
    link->refusals = refusals_create(link->loop, &link->refused);
    link->heartbeat_timer = (struct loop_timer){.fn = beat, .arg = link};
    make_inbox(link, config->name);
    snprintf(link->heartbeat.subject, sizeof(link->heartbeat.subject), "%s.hb", link->inbox);
    link->heartbeat.fn = on_heartbeat;
    link->heartbeat.arg = link;
    link_add_sub(link, &link->heartbeat);
    link->up_gauge = metrics_gauge(config->metrics, "hanok_nats_up",
                                   "1 while the process is connected to NATS.", "");
    link->connects = metrics_counter(config->metrics, "hanok_nats_connects_total",
                                     "Connections made to NATS.", "");
    link->connector = connector_create(config, &link->arrived, wake, link, link->refusals);
    connector_ask(link->connector);
    return link;
}

void link_destroy(struct link *link)
{
    struct connection *untaken;

    if (!link)
        return;
    untaken = connector_destroy(link->connector);
    loop_timer_cancel(link->loop, &link->heartbeat_timer);
    subs_close(&link->subs);
    connection_close(untaken, 0);
    connection_close(link->conn, CLOSE_PATIENCE_MS);
    refusals_end(link->refusals);
    free(link);
}

bool link_is_up(const struct link *link)
{
    return atomic_load(&link->up);
}

const char *link_unheard(const struct link *link)
{
    return subs_unheard(&link->subs);
}

bool link_is_connected(const struct link *link)
{
    return link->conn && !link->conn->dead;
}

const char *link_inbox(const struct link *link)
{
    return link->inbox;
}
