/* tls_session.c - see tls_session.h. */
#include "tool/message/tls_session.h"

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <sys/socket.h>

#include "tool/core/assert.h"

enum { RECEIVE_BYTES = 64 * 1024 };

/* ---- finding it ---- */

static _Thread_local bool expecting;
static _Thread_local SSL *newest;

static void on_new(void *parent, void *data, CRYPTO_EX_DATA *all, int index, long l, void *p)
{
    (void)data, (void)all, (void)index, (void)l, (void)p;
    if (expecting)
        newest = parent;
}

static void on_free(void *parent, void *data, CRYPTO_EX_DATA *all, int index, long l, void *p)
{
    (void)data, (void)all, (void)index, (void)l, (void)p;
    if (newest == parent)
        newest = NULL;
}

static void register_once(void)
{
    ASSERT(SSL_get_ex_new_index(0, NULL, on_new, NULL, on_free) >= 0);
}

void tls_session_expect(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, register_once);
    newest = NULL;
    expecting = true;
}

bool tls_session_take(struct tls_session *s)
{
    s->ssl = newest;
    expecting = false;
    newest = NULL;
    if (!s->ssl)
        return false;
    s->received = BIO_new(BIO_s_mem());
    ASSERT(s->received);
    BIO_set_mem_eof_return(s->received, -1); /* empty is not the end */
    SSL_set0_rbio(s->ssl, s->received);
    SSL_set_mode(s->ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return true;
}

/* ---- reading ---- */

void tls_session_receive(struct tls_session *s, int fd)
{
    char data[RECEIVE_BYTES];
    ssize_t n = recv(fd, data, sizeof(data), MSG_DONTWAIT);

    if (n > 0)
        ASSERT(BIO_write(s->received, data, (int)n) == n);
    if (n == 0 || (n < 0 && errno != EAGAIN))
        BIO_set_mem_eof_return(s->received, 0);
}

bool tls_session_is_readable(struct tls_session *s)
{
    char byte;
    int n, why;

    ERR_clear_error();
    n = SSL_peek(s->ssl, &byte, sizeof(byte));
    why = n > 0 ? SSL_ERROR_NONE : SSL_get_error(s->ssl, n);
    return why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE;
}
