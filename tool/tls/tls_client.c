/* tls_client.c - see tls_client.h. */
#include "tool/tls/tls_client.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "tool/core/mem.h"
#include "tool/tls/tls_internal.h"

enum { RECORD_MAX = 16384 }; /* bytes in one record (RFC 8446 5.1) */

struct tls_client {
    SSL *ssl;
    const char *failure;
};

struct tls_client *tls_client_create(const struct tls_server *server, int fd)
{
    struct tls_client *self = MEM_NEW(struct tls_client);

    self->ssl = tls_server_begin(server, fd);
    return self;
}

/* What became of a call that returned n: as recv(2) and send(2) have it. */
static ssize_t outcome(struct tls_client *self, int n)
{
    int error = SSL_get_error(self->ssl, n);
    const char *reason;

    if (n > 0)
        return n;
    if (error == SSL_ERROR_ZERO_RETURN)
        return 0;
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
        errno = EAGAIN;
        return -1;
    }
    reason = ERR_reason_error_string(ERR_peek_error());
    self->failure = reason ? reason : "the connection was cut";
    ERR_clear_error();
    errno = ECONNRESET;
    return -1;
}

static int at_most(size_t size)
{
    return size > INT_MAX ? INT_MAX : (int)size;
}

ssize_t tls_client_receive(struct tls_client *self, void *buf, size_t size)
{
    if (self->failure) {
        errno = ECONNRESET;
        return -1;
    }
    ERR_clear_error();
    return outcome(self, SSL_read(self->ssl, buf, at_most(size)));
}

/* From the skip-th byte on: head and body of a small answer are one record, and so one packet. */
static size_t gather(const struct iovec *parts, size_t n, size_t skip, char record[RECORD_MAX])
{
    size_t len = 0;

    for (size_t i = 0; i < n && len < RECORD_MAX; i++) {
        size_t left = parts[i].iov_len > skip ? parts[i].iov_len - skip : 0;
        size_t room = RECORD_MAX - len, piece = left < room ? left : room;

        if (piece > 0)
            memcpy(record + len, (const char *)parts[i].iov_base + skip, piece);
        skip = left > 0 ? 0 : skip - parts[i].iov_len;
        len += piece;
    }
    return len;
}

ssize_t tls_client_send(struct tls_client *self, const struct iovec *parts, size_t n)
{
    char record[RECORD_MAX];
    ssize_t sent = 0, now;
    size_t len;

    if (self->failure) {
        errno = ECONNRESET;
        return -1;
    }
    while ((len = gather(parts, n, (size_t)sent, record)) > 0) {
        ERR_clear_error();
        now = outcome(self, SSL_write(self->ssl, record, (int)len));
        if (now <= 0)
            return sent > 0 ? sent : now;
        sent += now;
    }
    return sent;
}

void tls_client_end(struct tls_client *self)
{
    if (self->failure || !SSL_is_init_finished(self->ssl))
        return;
    ERR_clear_error();
    SSL_shutdown(self->ssl);
    ERR_clear_error();
}

const char *tls_client_failure(const struct tls_client *self)
{
    return self->failure;
}

void tls_client_destroy(struct tls_client *self)
{
    SSL_free(self->ssl);
    free(self);
}
