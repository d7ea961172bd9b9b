/* http_server.h - HTTP/1.1 on libmicrohttpd's external epoll, driven by our loop; requests wait
 * without a thread each. They are read by http_reader.h, not by the library, which gets to see
 * those alone that it has to end, and in small; deadlines for slow clients, and a sweep for clients
 * that left. Loop thread only. */
#ifndef TOOL_HTTP_HTTP_SERVER_H
#define TOOL_HTTP_HTTP_SERVER_H

#include "tool/core/loop.h"
#include "tool/core/problem.h"
#include "tool/http/http_limits.h"
#include "tool/http/http_wire.h"

struct http_server;
struct http_request; /* from the handler call until http_respond, or until gone() */

struct http_server_config {
    const char *listen; /* "127.0.0.1:8080", "[::1]:8080", port 0 = any free one */
    bool share_port;    /* other servers that say so may listen there too: see http_listener.h */
    int listener;       /* a listening socket that outlives this server, instead of opening one: a
                           drain leaves who has connected to whoever serves it next; 0 = none */
    struct loop *loop;
    const struct clock *clock;
    bool waits; /* lets nobody in before http_server_begin */
    struct http_limits limits;
    http_limits_fn limits_of; /* NULL = those hold for all */
    unsigned connections_max; /* 0 = what the descriptor limit allows */
    /* Absolute. A head: from its first byte; none has come: from accept or the last answer. A body:
     * from the end of its head; an answer: from its beginning to its end. */
    int head_timeout_ms, body_timeout_ms;
    /** A new connection: sets *wire unless its bytes are those of the socket fd. False = not
     * wanted, it is closed without a word. NULL = all are taken as they are. */
    bool (*connected)(void *arg, struct http_conn *conn, int fd, struct http_wire *wire);
    /** A whole, well-formed request. Owns request: answers it once, now or later. */
    void (*handle)(void *arg, struct http_request *request);
    /** The server refuses a request by itself (what is no HTTP, too large or
     * too slow, draining): turn p into a body by answering request before it returns. Called
     * instead of handle; the connection may close. */
    void (*refuse)(void *arg, struct http_request *request, const struct problem *p);
    /** The client left before the answer: request is gone when this returns. NULL = not told; then
     * answers to gone requests are dropped by themselves. */
    void (*gone)(void *arg, struct http_request *request);
    void *arg;
};

/** NULL when it cannot listen: *why names address and reason ("127.0.0.1:8080 is in use"). */
struct http_server *http_server_create(const struct http_server_config *config, const char **why);
/** Lets clients in, where config.waits. False: it cannot listen, *why as above. */
bool http_server_begin(struct http_server *server, const char **why);
/** The port it listens on. */
int http_server_port(const struct http_server *server);
/** Nobody new may connect, a moment later the listening socket is closed; answers carry Connection:
 * close from now on. Not from inside handle() or refuse(). */
void http_server_drain(struct http_server *server);
/** False when a drain may go on to http_server_destroy: all requests are answered, and nobody is in
 * the middle of one, has connected without having sent any, or was answered less than a second
 * before the drain and may be about to send another; for those it is true for a second after
 * http_server_drain at most. Connections idle for longer do not count (RFC 9112 9.5). */
bool http_server_busy(const struct http_server *server);
/** Requests handed to handle() and not yet answered. */
unsigned http_server_open(const struct http_server *server);
/** Connections, answers being written included. */
unsigned http_server_connections(const struct http_server *server);
/** Answers what is still open with 503, lets it flush for a moment, closes. The loop makes no turn
 * any more. NULL is fine. */
void http_server_destroy(struct http_server *server);

#endif
