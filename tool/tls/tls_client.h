/* tls_client.h - TLS of one that has connected to us. The handshake happens in what is received.
 * Never blocks, never closes the socket. One thread. */
#ifndef TOOL_TLS_TLS_CLIENT_H
#define TOOL_TLS_TLS_CLIENT_H

#include <stdbool.h>
#include <sys/types.h>
#include <sys/uio.h>

struct tls_server;
struct tls_client;

/** fd: connected, non-blocking, borrowed. */
struct tls_client *tls_client_create(const struct tls_server *server, int fd);
/** As recv(2). 0: the peer has said that it ends, or left without a word. -1 with errno EAGAIN:
 * nothing now, the socket has been read until it said so; ECONNRESET: it does not speak TLS as we
 * do. */
ssize_t tls_client_receive(struct tls_client *self, void *buf, size_t size);
/** As writev(2), of n parts, as much of them as the socket takes. What has not been taken must come
 * again, or more behind it. */
ssize_t tls_client_send(struct tls_client *self, const struct iovec *parts, size_t n);
/** Tells the peer that nothing more comes, if it can be told now. */
void tls_client_end(struct tls_client *self);
/** Why it failed, such as "wrong version number"; NULL when it did not. */
const char *tls_client_failure(const struct tls_client *self);
void tls_client_destroy(struct tls_client *self);

#endif
