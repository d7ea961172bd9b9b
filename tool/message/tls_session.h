/* tls_session.h - over TLS libnats waits, inside of its calls and without end: when it reads, for
 * the rest of a record that has begun; when it writes, until the socket has taken all there is. Two
 * sides that wait so for one another stand still. So here its session reads from memory, into which
 * we receive, and libnats is only asked to when it will not wait; and it writes one record a call
 * (SSL_CTX_set_mode(3), SSL_MODE_ENABLE_PARTIAL_WRITE). libnats does not show its session; OpenSSL
 * tells who asks of each that is made (CRYPTO_get_ex_new_index(3)). */
#ifndef TOOL_MESSAGE_TLS_SESSION_H
#define TOOL_MESSAGE_TLS_SESSION_H

#include <stdbool.h>

struct tls_session {
    struct ssl_st *ssl;      /* libnats' own */
    struct bio_st *received; /* ssl's own */
};

/** From now on this thread's newest session is remembered. */
void tls_session_expect(void);
/** After a connection was made: ends that. False: it has no session. Else that reads from memory
 * from now on, and s may be used while it lives. */
bool tls_session_take(struct tls_session *s);
/** Moves what waits in the session's socket, 64 KB at most, into memory; does not wait. */
void tls_session_receive(struct tls_session *s, int fd);
/** Whether SSL_read(3) will return without waiting: data, the end, or an error. */
bool tls_session_is_readable(struct tls_session *s);

#endif
