/* tls_session.h - libnats writes its whole buffer to a TLS session, and waits inside of its call
 * until the socket has taken all of it: two sides that wait so for one another wait for ever. Told
 * to write in parts (SSL_CTX_set_mode(3), SSL_MODE_ENABLE_PARTIAL_WRITE), OpenSSL returns after
 * each record. libnats does not show its session; OpenSSL tells who asks of each that is made
 * (CRYPTO_get_ex_new_index(3)). */
#ifndef TOOL_MESSAGE_TLS_SESSION_H
#define TOOL_MESSAGE_TLS_SESSION_H

#include <stdbool.h>

/** From now on this thread's newest TLS session is remembered. */
void tls_session_expect(void);
/** Ends that. True: there is one that was not freed, and from now on it writes in parts. */
bool tls_session_split_writes(void);

#endif
