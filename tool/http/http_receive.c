/* http_receive.c - see http_receive.h. libmicrohttpd is not asked to parse what a client has sent:
 * when it reads, requests are handed over, and it is told that nothing has come. Only of one that
 * it has to end (http_request.c) it gets a head of ours, without a body. It then takes its socket
 * for drained, and waits for an event of it before it reads again. So does who is told that nothing
 * has come, and there will be none for what is here already: it is read after the answer
 * (http_due.c). That the client's end came with its last bytes is what nobody says; the sweep asks.
 */
#include "tool/http/http_receive.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tool/core/mem.h"
#include "tool/http/http_conn.h"
#include "tool/http/http_due.h"

static _Thread_local struct http_server *running;

static const char GO_ON[] = "HTTP/1.1 100 Continue\r\n\r\n";

static ssize_t receive_bytes(struct http_conn *conn, char *buf, size_t size)
{
    struct http_server *was = running;
    ssize_t n;

    if (conn->wire.ops) {
        running = NULL; /* to a wire recv is what it always was */
        n = conn->wire.ops->receive(conn->wire.self, buf, size);
        running = was;
        conn->drained = n < 0;
    } else {
        n = recvfrom(conn->fd, buf, size, 0, NULL, NULL);
        conn->drained = n < (ssize_t)size;
        http_conn_may_end(conn, n > 0 && conn->drained);
    }
    return n;
}

/* As sendmsg(2). */
static ssize_t send_parts(struct http_conn *conn, const struct iovec *parts, size_t n)
{
    struct mmsghdr one = {
        .msg_hdr = {.msg_iov = (struct iovec *)parts, .msg_iovlen = n}
    };
    struct http_server *was = running;
    ssize_t sent;

    if (conn->wire.ops) {
        running = NULL;
        sent = conn->wire.ops->send(conn->wire.self, parts, n);
        running = was;
        return sent;
    }
    if (n == 1)
        return sendto(conn->fd, parts->iov_base, parts->iov_len, MSG_NOSIGNAL, NULL, 0);
    return sendmmsg(conn->fd, &one, 1, MSG_NOSIGNAL) < 0 ? -1 : (ssize_t)one.msg_len;
}

bool http_conn_has_more(const struct http_conn *conn)
{
    return conn->held || !conn->drained;
}

ssize_t http_conn_send(struct http_conn *conn)
{
    struct http_request *r = conn->request;

    while (r->out_at < r->out_len) {
        const struct iovec rest = {.iov_base = r->out + r->out_at,
                                   .iov_len = r->out_len - r->out_at};
        ssize_t n = send_parts(conn, &rest, 1);

        if (n < 0)
            return n;
        r->out_at += (size_t)n;
    }
    return 0;
}

static void hold(struct http_conn *conn, const char *bytes, size_t len)
{
    conn->held = mem_alloc(1, len);
    memcpy(conn->held, bytes, len);
    conn->held_at = 0;
    conn->held_len = (uint32_t)len;
}

/* Into the request being read; returns how many bytes it took. */
static size_t feed(struct http_conn *conn, const char *bytes, size_t len)
{
    struct http_reader *in;
    enum http_reading before;
    size_t taken;

    if (!conn->reading) {
        conn->reading = http_request_create(conn);
        http_conn_phase(conn, HTTP_HEAD);
    }
    in = &conn->reading->in;
    before = in->state;
    taken = http_reader_take(in, &conn->server->bounds, bytes, len);
    if (in->state == HTTP_READ_BODY && before == HTTP_READ_HEAD)
        http_conn_phase(conn, HTTP_BODY);
    return taken;
}

static void feed_held(struct http_conn *conn)
{
    conn->held_at +=
        (uint32_t)feed(conn, conn->held + conn->held_at, conn->held_len - conn->held_at);
    if (conn->held_at < conn->held_len)
        return;
    free(conn->held);
    conn->held = NULL;
}

/* As recv(2). */
static ssize_t feed_received(struct http_conn *conn)
{
    char bytes[HTTP_RECEIVE_SIZE];
    ssize_t n = receive_bytes(conn, bytes, sizeof(bytes));
    size_t taken;

    if (n <= 0)
        return n;
    taken = feed(conn, bytes, (size_t)n);
    if (taken < (size_t)n)
        hold(conn, bytes + taken, (size_t)n - taken);
    return n;
}

/* A client that asked first is told to send its body, unless it has begun to. */
static bool tell_to_go_on(struct http_conn *conn)
{
    const struct iovec words = {.iov_base = (char *)GO_ON, .iov_len = sizeof(GO_ON) - 1};
    struct http_request *r = conn->reading;

    if (!r || r->told_to_go_on || r->in.state != HTTP_READ_BODY || !r->in.check.expects_continue)
        return true;
    r->told_to_go_on = true;
    return r->in.body_len > 0 || send_parts(conn, &words, 1) == (ssize_t)words.iov_len;
}

static ssize_t put(char *buf, size_t size, const char *method, const char *rest)
{
    size_t method_len = strlen(method), len = strlen(rest);

    if (method_len + len > size)
        return 0;
    memcpy(buf, method, method_len);
    memcpy(buf + method_len, rest, len);
    return (ssize_t)(method_len + len);
}

/* What libmicrohttpd gets to know of a request: whether the answer has a body and may have chunks,
 * and whether another request may follow. */
static ssize_t stand_in(const struct http_request *r, char *buf, size_t size)
{
    const struct http_reader *in = &r->in;
    bool head = in->target && strcmp(in->head, "HEAD") == 0;
    const char *method = head ? "HEAD" : "GET";
    bool closes = in->state == HTTP_READ_REFUSED || in->check.close;

    if (in->check.http_1_0 && closes)
        return put(buf, size, method, " / HTTP/1.0\r\n\r\n");
    if (closes)
        return put(buf, size, method, " / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    if (in->check.http_1_0)
        return put(buf, size, method, " / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    return put(buf, size, method, " / HTTP/1.1\r\nHost: h\r\n\r\n");
}

static ssize_t fail(int error)
{
    errno = error;
    return -1;
}

ssize_t http_conn_take(struct http_conn *conn)
{
    for (;;) {
        ssize_t n = 1;

        if (conn->held)
            feed_held(conn);
        else if (!conn->reading || conn->reading->in.state < HTTP_READ_WHOLE)
            n = feed_received(conn);
        if (n == 0)
            errno = 0;
        if (n <= 0)
            return n;
        if (conn->reading->in.state >= HTTP_READ_WHOLE) {
            conn->unwanted = !http_request_begin(conn);
            return conn->unwanted ? fail(ECONNRESET) : 1;
        }
        if (!tell_to_go_on(conn))
            return fail(ECONNRESET);
    }
}

ssize_t http_conn_receive(struct http_conn *conn, char *buf, size_t size)
{
    ssize_t n;

    conn->resumed = false;
    if (conn->unwanted)
        return 0;
    if (conn->request) { /* one at a time */
        conn->drained = false;
        return fail(EAGAIN);
    }
    if (!conn->reading || !conn->reading->answered) {
        n = http_conn_take(conn);
        if (n <= 0)
            return n;
        if (!conn->request->answered)
            return fail(EAGAIN);
        if (http_due_settle(conn)) {
            if (!http_conn_has_more(conn))
                http_due_remove(conn);
            return fail(EAGAIN);
        }
        http_due_remove(conn);
    }
    return stand_in(conn->reading, buf, size);
}

/* Ours goes out instead of what the library would send: all of it, or the head of a stream. */
static bool has_own(const struct http_request *r)
{
    return r->out && (!r->stream || r->out_at < r->out_len);
}

/* ---- what libmicrohttpd calls */

void http_run(struct http_server *server)
{
    running = server;
    MHD_run(server->daemon);
    running = NULL;
}

struct http_conn *http_conn_of(int fd)
{
    return running && fd >= 0 && (size_t)fd < running->n_fds ? running->by_fd[fd] : NULL;
}

/* These four stand in for those of the C library, as the first definitions that the dynamic linker
 * meets, in the whole process: everybody else's descriptors go where they were meant to. */
ssize_t recv(int fd, void *buf, size_t size, int flags)
{
    struct http_conn *conn = http_conn_of(fd);

    return conn ? http_conn_receive(conn, buf, size) : recvfrom(fd, buf, size, flags, NULL, NULL);
}

ssize_t send(int fd, const void *buf, size_t len, int flags)
{
    struct http_conn *conn = http_conn_of(fd);
    const struct iovec part = {.iov_base = (void *)buf, .iov_len = len};

    if (conn && conn->request && has_own(conn->request))
        return http_conn_send(conn) < 0 ? -1 : (ssize_t)len;
    if (conn && conn->wire.ops)
        return send_parts(conn, &part, 1);
    return sendto(fd, buf, len, flags, NULL, 0);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    struct http_conn *conn = http_conn_of(fd);
    struct mmsghdr one = {.msg_hdr = *message};

    if (conn && conn->wire.ops)
        return send_parts(conn, message->msg_iov, message->msg_iovlen);
    return sendmmsg(fd, &one, 1, flags) < 0 ? -1 : (ssize_t)one.msg_len;
}

int shutdown(int fd, int how)
{
    struct http_conn *conn = http_conn_of(fd);

    if (conn && conn->wire.ops && how != SHUT_RD)
        conn->wire.ops->end(conn->wire.self);
    return (int)syscall(SYS_shutdown, fd, how);
}
