/* tls_session.c - see tls_session.h. */
#include "tool/message/tls_session.h"

#include <openssl/ssl.h>
#include <pthread.h>

#include "tool/core/assert.h"

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

bool tls_session_split_writes(void)
{
    SSL *session = newest;

    expecting = false;
    newest = NULL;
    if (session)
        SSL_set_mode(session, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return session;
}
