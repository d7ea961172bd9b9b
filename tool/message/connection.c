/* connection.c - libnats without its threads: SetEventLoop and SendAsap leave reading and writing
 * to us, so that one turn of the loop costs one read and one write however much it carried. */
#include "tool/message/connection.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/message/connect_limit.h"
#include "tool/message/link_options.h"

enum {
    CONNECT_TIMEOUT_MS = 1000,
    HANDSHAKE_TIMEOUT_MS = 3000,
    SEND_TIMEOUT_MS = 3000,
    IO_BUFFER_BYTES = 64 * 1024,
    RECORDS_A_TURN = 16,
    READS_TO_END = 256
};

/* ---- what libnats calls, always with its connection lock held: no libnats call in here ---- */

static natsStatus on_attach(void **user_data, void *arg, natsConnection *nc, natsSock fd)
{
    struct connection *c = arg;
    unsigned send_ms = SEND_TIMEOUT_MS;

    /* Over TLS libnats waits inside of its write until the socket has taken the whole record: with
     * room in the socket that is at once, and if it is not, then not for ever. */
    setsockopt((int)fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &send_ms, sizeof(send_ms));
    *user_data = c;
    c->nc = nc; /* on_detach may need it before natsConnection_Connect has returned it */
    c->fd = (int)fd;
    return NATS_OK;
}

static natsStatus on_read(void *user_data, bool add)
{
    struct connection *c = user_data;

    if (add || c->fd < 0)
        return NATS_OK;
    if (c->watched)
        loop_del_fd(c->loop, c->fd);
    c->watched = false;
#if NATS_VERSION_NUMBER >= 0x030902 /* from 3.9.2 on closing is left to us */
    natsSock fd = c->fd;
    natsConnection_ProcessCloseEvent(&fd);
#endif
    c->fd = -1;
    return NATS_OK;
}

static natsStatus on_write(void *user_data, bool add)
{
    struct connection *c = user_data;

    atomic_store(&c->want_write, add);
    if (add && !loop_is_current(c->loop))
        c->wanted(c->arg);
    return NATS_OK;
}

static natsStatus on_detach(void *user_data)
{
    struct connection *c = user_data;

    c->dead = true;
#if NATS_VERSION_NUMBER >= 0x030B00 /* 3.11 */
    natsConnection_ProcessDetachedEvent(c->nc);
#endif
    return NATS_OK;
}

/* In libnats' own thread: the connection's last error may be a newer one, or just being written. */
static void on_error(natsConnection *nc, natsSubscription *sub, natsStatus err, void *arg)
{
    natsStatus of = NATS_OK;
    const char *text = nats_GetLastError(&of);

    (void)nc;
    (void)sub;
    if (of == err && text && refusals_tell(arg, text))
        return;
    log_warn("nats complains", LOG_TEXT("error", natsStatus_GetText(err)),
             LOG_TEXT("detail", of == err ? text : NULL));
}

/* The last that libnats says of a connection it has made, in that same thread. */
static void on_closed(natsConnection *nc, void *arg)
{
    (void)nc;
    refusals_release(arg);
}

/* ---- opening ---- */

static natsStatus set_options(natsOptions *o, const struct link_config *config,
                              struct connection *c, struct refusals *refusals)
{
    natsStatus s = link_options_set(o, config);

    /* Reconnecting is ours, on a new connection: the library's keeps the parser's state and has
     * been seen to deliver a message glued together from two connections. */
    if (s == NATS_OK)
        s = natsOptions_SetAllowReconnect(o, false);
    if (s == NATS_OK) /* its timer thread would close the socket under the loop; link.c has a
                         heartbeat */
        s = natsOptions_SetPingInterval(o, 0);
    if (s == NATS_OK)
        s = natsOptions_SetSendAsap(o, true);
    if (s == NATS_OK)
        s = natsOptions_SetIOBufSize(o, IO_BUFFER_BYTES);
    if (s == NATS_OK)
        s = natsOptions_SetTimeout(o, CONNECT_TIMEOUT_MS);
    if (s == NATS_OK)
        s = natsOptions_SetErrorHandler(o, on_error, refusals);
    if (s == NATS_OK)
        s = natsOptions_SetClosedCB(o, on_closed, refusals);
    if (s == NATS_OK)
        s = natsOptions_SetEventLoop(o, c, on_attach, on_read, on_write, on_detach);
    return s;
}

/* The error text, of what the thread's last call of libnats has met. */
static void explain(natsStatus s, bool limit_struck, char *error, size_t error_size)
{
    const char *detail = nats_GetLastError(NULL);

    if (limit_struck && s == NATS_SSL_ERROR)
        detail = "the handshake does not end";
    snprintf(error, error_size, "%s (%s)", natsStatus_GetText(s), detail ? detail : "");
}

struct connection *connection_open(const struct link_config *config, loop_fn wanted, void *arg,
                                   struct refusals *refusals, char *error, size_t error_size)
{
    struct connection *c = MEM_NEW(struct connection);
    natsConnection *nc = NULL;
    natsOptions *o = NULL;
    struct connect_limit limit;
    bool struck;
    natsStatus s;

    c->loop = config->loop;
    c->wanted = wanted;
    c->arg = arg;
    c->fd = -1;
    refusals_hold(refusals);
    s = natsOptions_Create(&o);
    if (s == NATS_OK)
        s = set_options(o, config, c, refusals);
    connect_limit_start(&limit, HANDSHAKE_TIMEOUT_MS);
    tls_session_expect();
    if (s == NATS_OK)
        s = natsConnection_Connect(&nc, o);
    struck = connect_limit_stop(&limit);
    natsOptions_Destroy(o);
    if (s != NATS_OK) {
        explain(s, struck, error, error_size);
        refusals_release(refusals);
        free(c);
        return NULL;
    }
    c->nc = nc;
    c->tls = tls_session_take(&c->session);
    ASSERT(c->tls || !config->tls_ca);
    return c;
}

/* ---- in the loop ---- */

void connection_watch(struct connection *c, loop_fd_fn fn)
{
    c->watched = !c->dead && loop_add_fd(c->loop, c->fd, EPOLLIN, fn, c->arg) == 0;
}

static bool read_record(struct connection *c)
{
    if (c->fd < 0)
        return false;
    if (!tls_session_is_readable(&c->session))
        tls_session_receive(&c->session, c->fd);
    if (!tls_session_is_readable(&c->session))
        return false;
    errno = 0; /* libnats takes an old EAGAIN for a record to come, and an error for none */
    natsConnection_ProcessReadEvent(c->nc);
    return !c->dead && c->fd >= 0 && tls_session_is_readable(&c->session);
}

bool connection_read(struct connection *c)
{
    if (c->tls)
        return read_record(c);
    natsConnection_ProcessReadEvent(c->nc);
    return false;
}

static bool has_room(int fd)
{
    struct pollfd room = {.fd = fd, .events = POLLOUT};

    return poll(&room, 1, 0) > 0;
}

/* Only when asked to: writing an empty buffer would look like a closed socket to libnats. */
static bool may_write(struct connection *c)
{
    return !c->dead && atomic_load(&c->want_write) && (!c->tls || has_room(c->fd));
}

void connection_write(struct connection *c)
{
    bool want;

    for (int left = c->tls ? RECORDS_A_TURN : 1; left > 0 && may_write(c); left--)
        natsConnection_ProcessWriteEvent(c->nc);
    want = atomic_load(&c->want_write);
    if (c->dead || want == c->armed)
        return;
    c->armed = want;
    if (c->watched)
        loop_mod_fd(c->loop, c->fd, EPOLLIN | (want ? (uint32_t)EPOLLOUT : 0));
}

void connection_break(struct connection *c)
{
    if (c->fd >= 0)
        shutdown(c->fd, SHUT_RDWR);
}

void connection_close(struct connection *c, int patience_ms)
{
    if (!c)
        return;
    for (; !c->dead && atomic_load(&c->want_write); patience_ms -= 10) {
        struct pollfd room = {.fd = c->fd, .events = POLLOUT};
        connection_write(c);
        if (c->dead || !atomic_load(&c->want_write) || patience_ms <= 0)
            break;
        poll(&room, 1, 10);
    }
    /* Closing with bytes left would wait for a PONG that nobody reads. */
    if (!c->dead && natsConnection_Buffered(c->nc) > 0) {
        connection_break(c);
        for (int left = READS_TO_END; left > 0 && !c->dead; left--)
            connection_read(c);
    }
    natsConnection_Destroy(c->nc);
    free(c);
}
