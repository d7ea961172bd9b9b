/* http_conn.c - connections: absolute limits of time (libmicrohttpd's own only sees silence, a
 * client sending a byte now and then lives for ever) and clients that left while they waited (it
 * does not know that they do, and does not watch a suspended socket at all). */
#include "tool/http/http_conn.h"

#include <malloc.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "tool/core/mem.h"
#include "tool/http/http_due.h"
#include "tool/http/http_linger.h"

void http_conn_phase(struct http_conn *conn, enum http_phase phase)
{
    struct http_server *server = conn->server;

    server->n_waiting -= conn->phase == HTTP_WAITING;
    server->n_waiting += phase == HTTP_WAITING;
    server->n_streaming -= conn->phase == HTTP_STREAMING;
    server->n_streaming += phase == HTTP_STREAMING;
    conn->phase = phase;
    conn->phase_since_ms = clock_now_ms(server->config.clock);
}

void http_conn_may_end(struct http_conn *conn, bool may)
{
    conn->server->n_may_end -= conn->may_end;
    conn->server->n_may_end += may;
    conn->may_end = may;
}

/* libmicrohttpd knows its connections by their descriptors when it reads and writes. */
static void remember(struct http_server *server, struct http_conn *conn)
{
    size_t fd = (size_t)conn->fd;

    if (fd >= server->n_fds) {
        size_t n = 2 * fd + 1;
        struct http_conn **grown = mem_alloc(n, sizeof(struct http_conn *));

        if (server->n_fds > 0)
            memcpy(grown, server->by_fd, server->n_fds * sizeof(struct http_conn *));
        free(server->by_fd);
        server->by_fd = grown;
        server->n_fds = n;
    }
    server->by_fd[fd] = conn;
}

void http_conn_set_peer(struct http_conn *conn, const char *address)
{
    TEXT_COPY(conn->peer, address);
}

/* What is sent is all there is to send just now. Without this the end of an answer that comes in
 * pieces (records of TLS), and each answer behind another, waits until the client has confirmed
 * what came before: 40 ms, for most confirm late. */
static void send_at_once(int fd)
{
    int on = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

static struct http_conn *conn_open(struct http_server *server, struct MHD_Connection *mhd)
{
    struct http_conn *conn = MEM_NEW(struct http_conn);

    conn->server = server;
    conn->mhd = mhd;
    conn->fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    remember(server, conn);
    send_at_once(conn->fd);
    getnameinfo(MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr,
                sizeof(struct sockaddr_in6), conn->peer, sizeof(conn->peer), NULL, 0,
                NI_NUMERICHOST);
    conn->next = server->conns;
    conn->prev = &server->conns;
    if (conn->next)
        conn->next->prev = &conn->next;
    server->conns = conn;
    server->n_conns++;
    server->peak = server->peak > server->n_conns ? server->peak : server->n_conns;
    http_conn_phase(conn, HTTP_IDLE);
    http_sweep_arm(server);
    if (server->config.connected &&
        !server->config.connected(server->config.arg, conn, conn->fd, &conn->wire))
        conn->unwanted = true;
    return conn;
}

static void conn_close(struct http_conn *conn)
{
    http_due_remove(conn);
    http_conn_may_end(conn, false);
    if (conn->reading && conn->reading->answered) {
        conn->request = conn->reading;
        conn->reading = NULL;
    }
    if (conn->request)
        http_request_over(conn->request);
    http_conn_phase(conn, HTTP_IDLE);
    if (conn->refused)
        http_linger_start(conn->server, conn->fd);
    if (conn->wire.ops)
        conn->wire.ops->close(conn->wire.self);
    conn->server->by_fd[conn->fd] = NULL;
    if (conn->reading)
        http_request_free(conn->reading);
    free(conn->held);
    *conn->prev = conn->next;
    if (conn->next)
        conn->next->prev = conn->prev;
    conn->server->n_conns--;
    /* If this was one of as many as there may be, or of as many descriptors as there are, the
     * listening socket is not watched: only a run puts it back, and no event may be to come. */
    conn->server->run_wanted = true;
    free(conn);
}

void http_on_connection(void *server, struct MHD_Connection *mhd, void **conn,
                        enum MHD_ConnectionNotificationCode what)
{
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *conn = conn_open(server, mhd);
    } else if (*conn) {
        conn_close(*conn);
        *conn = NULL;
    }
}

/* Only shut down: libmicrohttpd sees the end and closes in its own time. */
void http_conn_cut(const struct http_conn *conn)
{
    const struct linger drop_unsent = {.l_onoff = 1};

    if (conn->phase ==
        HTTP_WRITING) /* or the kernel would go on offering it to who does not read */
        setsockopt(conn->fd, SOL_SOCKET, SO_LINGER, &drop_unsent, sizeof(drop_unsent));
    shutdown(conn->fd, SHUT_RDWR);
}

/* Who has sent half a request is told that it is too late for the rest. The end of what can be
 * received is the event at which libmicrohttpd reads, and finds that. */
static void refuse_slow(struct http_conn *conn)
{
    http_reader_refuse(&conn->reading->in, 408, "The request took too long to come.");
    http_conn_phase(conn, HTTP_WRITING);
    shutdown(conn->fd, SHUT_RD);
}

static void cut_slow(struct http_server *server, int64_t now_ms)
{
    const int64_t limit_ms[] = {
        [HTTP_IDLE] = server->config.head_timeout_ms,
        [HTTP_HEAD] = server->config.head_timeout_ms,
        [HTTP_BODY] = server->config.body_timeout_ms,
        [HTTP_WAITING] = INT64_MAX, /* its owner has a deadline */
        [HTTP_WRITING] = server->config.body_timeout_ms,
        [HTTP_STREAMING] = INT64_MAX,
    };

    for (struct http_conn *conn = server->conns; conn; conn = conn->next)
        if (now_ms - conn->phase_since_ms <= limit_ms[conn->phase])
            continue;
        else if (conn->phase == HTTP_HEAD || conn->phase == HTTP_BODY)
            refuse_slow(conn);
        else
            http_conn_cut(conn);
}

/* Nobody watches its socket. */
static bool sleeps(const struct http_conn *conn)
{
    return conn->phase == HTTP_WAITING || conn->phase == HTTP_STREAMING;
}

/* Whether it may be gone, and nothing but asking tells. */
static bool is_doubtful(const struct http_conn *conn, int64_t now_ms)
{
    return sleeps(conn) ? now_ms - conn->phase_since_ms > HTTP_GONE_AFTER_MS
                        : conn->may_end && !conn->request && !conn->reading;
}

static size_t collect_doubtful(struct http_server *server, int64_t now_ms)
{
    size_t n = 0, most = (size_t)server->n_waiting + server->n_streaming + server->n_may_end;

    if (most > server->pollfds_size) {
        free(server->pollfds);
        free(server->polled);
        server->pollfds_size = 2 * most;
        server->pollfds = mem_alloc(server->pollfds_size, sizeof(*server->pollfds));
        server->polled = mem_alloc(server->pollfds_size, sizeof(*server->polled));
    }
    for (struct http_conn *conn = server->conns; conn; conn = conn->next)
        if (is_doubtful(conn, now_ms)) {
            server->pollfds[n] = (struct pollfd){.fd = conn->fd, .events = POLLRDHUP};
            server->polled[n++] = conn;
        }
    return n;
}

static void let_go(struct http_request *r)
{
    struct http_response nothing = {.status = 503};

    http_request_disown(r);
    if (r->stream) {
        http_stream_cut(r);
        return;
    }
    http_response_header(&nothing, "Connection", "close");
    http_request_answer(r, &nothing);
}

static void look_for_end(struct http_conn *conn, bool gone)
{
    if (gone && sleeps(conn))
        let_go(conn->request);
    if (conn->request)
        return;
    http_conn_may_end(conn, false);
    if (gone) {
        conn->drained = false;
        http_due_add(conn);
    }
}

static void find_gone(struct http_server *server, int64_t now_ms)
{
    size_t n;

    if (now_ms < server->gone_check_ms ||
        server->n_waiting + server->n_streaming + server->n_may_end == 0)
        return;
    server->gone_check_ms = now_ms + HTTP_GONE_CHECK_MS;
    n = collect_doubtful(server, now_ms);
    if (n == 0 || poll(server->pollfds, n, 0) < 0)
        return;
    /* gone() may answer another request, but no connection is closed before libmicrohttpd runs. */
    for (size_t i = 0; i < n; i++)
        look_for_end(server->polled[i], server->pollfds[i].revents != 0);
}

void http_sweep_arm(struct http_server *server)
{
    if (server->sweep_set || server->stopping)
        return;
    server->sweep_set = true;
    loop_timer_set(server->config.loop, &server->sweep, HTTP_SWEEP_MS);
}

/* After a crowd has left, its memory goes back to the system. */
static void rest(struct http_server *server)
{
    if (server->peak > HTTP_CROWD)
        malloc_trim(0);
    server->peak = 0;
}

void http_sweep_run(void *arg)
{
    struct http_server *server = arg;
    int64_t now_ms = clock_now_ms(server->config.clock);

    server->sweep_set = false;
    cut_slow(server, now_ms);
    find_gone(server, now_ms);
    http_linger_sweep(server, now_ms);
    if (server->conns || server->lingers)
        http_sweep_arm(server);
    else
        rest(server);
}
