/* http_wire.h - how the bytes of a connection come and go, where that is not simply its socket:
 * TLS, or a header of a proxy before everything else. Loop thread only. */
#ifndef TOOL_HTTP_HTTP_WIRE_H
#define TOOL_HTTP_HTTP_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

struct http_conn;

/* Every op is required, and does not block. */
struct http_wire_ops {
    /** Up to size bytes of what the client said: how many; 0 = it will say no more; -1 with errno,
     * EAGAIN = nothing now, and the socket itself has been read until it said so. */
    ssize_t (*receive)(void *self, void *buf, size_t size);
    /** Of n parts, in order, as many bytes as go: how many; less than all only when the socket
     * itself has said that it is full. -1 with errno, EAGAIN = none now, likewise. What has not
     * gone comes again. */
    ssize_t (*send)(void *self, const struct iovec *parts, size_t n);
    /** Nothing more will be sent: the socket's sending side is about to be shut down. */
    void (*end)(void *self);
    /** Frees self. The socket is still open, and not to be closed. */
    void (*close)(void *self);
};

struct http_wire {
    const struct http_wire_ops *ops; /* NULL = the socket as it is */
    void *self;
};

/** Who is at the other end, as text of at most 45 bytes: for http_request_peer. */
void http_conn_set_peer(struct http_conn *conn, const char *address);

#endif
