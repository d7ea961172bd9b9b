/* tls_server.h - TLS 1.2 and 1.3 for who connects to us, by OpenSSL: a certificate that may change
 * while running, and a session a connection, on a socket that does not block. No session is
 * resumed: a key that opens past ones would have to be kept. One thread. */
#ifndef TOOL_TLS_TLS_SERVER_H
#define TOOL_TLS_TLS_SERVER_H

#include <stdbool.h>
#include <stdint.h>

enum { TLS_WHY_MAX = 383 };

struct tls_server;

/** certificate: PEM, the server's first, then those between it and its authority; key: PEM without
 * a passphrase; both paths are kept by pointer. alpn: the one protocol spoken, such as "http/1.1",
 * a literal; who offers only others is refused. NULL when they cannot be read or do not belong
 * together: why names file and reason. */
struct tls_server *tls_server_create(const char *certificate, const char *key, const char *alpn,
                                     char why[TLS_WHY_MAX + 1]);
/** Reads both files again, for who connects from now on. False: why, and all stays as it was. */
bool tls_server_reload(struct tls_server *self, char why[TLS_WHY_MAX + 1]);
/** To be asked now and then: true once when the files have changed since they were read or tried,
 * and have been left alone since the last time it was asked. */
bool tls_server_settled(struct tls_server *self);
/** When the certificate is over: seconds since 1970. */
int64_t tls_server_not_after_s(const struct tls_server *self);
/** Sessions may outlive it. NULL is fine. */
void tls_server_destroy(struct tls_server *self);

#endif
