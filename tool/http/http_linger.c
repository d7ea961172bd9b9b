/* http_linger.c - a refused client may still be sending. Closing now would reset the connection and
 * could wipe out the answer it has not read yet, so what it sends is read away for a moment. */
#include "tool/http/http_linger.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tool/core/loop_fd.h"
#include "tool/core/mem.h"
#include "tool/http/http_conn.h"

static void stop(struct http_linger *linger)
{
    struct http_server *server = linger->server;

    loop_del_fd(server->config.loop, linger->fd);
    close(linger->fd);
    *linger->prev = linger->next;
    if (linger->next)
        linger->next->prev = linger->prev;
    server->n_lingers--;
    free(linger);
}

static void on_readable(void *arg, uint32_t events)
{
    struct http_linger *linger = arg;
    /* MSG_TRUNC: thrown away where it is, nothing is copied */
    ssize_t n = recv(linger->fd, NULL, HTTP_LINGER_STEP, MSG_DONTWAIT | MSG_TRUNC);

    (void)events;
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0 || (size_t)n >= linger->left) {
        stop(linger);
        return;
    }
    linger->left -= (size_t)n;
}

static struct http_linger *oldest(struct http_server *server)
{
    struct http_linger *linger = server->lingers;

    while (linger->next)
        linger = linger->next;
    return linger;
}

/* libmicrohttpd closes fd right after this; the duplicate keeps the connection. It has already
 * shut down the sending side. */
void http_linger_start(struct http_server *server, int fd)
{
    struct http_linger *linger;
    int copy;

    if (server->stopping)
        return;
    if (server->n_lingers == HTTP_LINGER_MAX)
        stop(oldest(server));
    copy = dup(fd);
    if (copy < 0)
        return;
    linger = MEM_NEW(struct http_linger);
    *linger = (struct http_linger){
        .server = server,
        .fd = copy,
        .until_ms = clock_now_ms(server->config.clock) + HTTP_LINGER_MS,
        .left = HTTP_LINGER_BYTES,
        .next = server->lingers,
        .prev = &server->lingers,
    };
    if (loop_add_fd(server->config.loop, copy, EPOLLIN, on_readable, linger) != 0) {
        close(copy);
        free(linger);
        return;
    }
    if (linger->next)
        linger->next->prev = &linger->next;
    server->lingers = linger;
    server->n_lingers++;
    http_sweep_arm(server);
}

void http_linger_sweep(struct http_server *server, int64_t now_ms)
{
    struct http_linger *next;

    for (struct http_linger *linger = server->lingers; linger; linger = next) {
        next = linger->next;
        if (now_ms >= linger->until_ms)
            stop(linger);
    }
}

void http_linger_stop_all(struct http_server *server)
{
    while (server->lingers)
        stop(server->lingers);
}
