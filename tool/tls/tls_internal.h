/* tls_internal.h - what the files of this layer share; for them only. */
#ifndef TOOL_TLS_TLS_INTERNAL_H
#define TOOL_TLS_TLS_INTERNAL_H

#include <openssl/ssl.h>

struct tls_server;

/** A session that waits for its client; the caller's to free. */
SSL *tls_server_begin(const struct tls_server *self, int fd);

#endif
