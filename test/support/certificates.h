/* certificates.h - authorities and servers' certificates for tests, by the openssl command. */
#ifndef TEST_SUPPORT_CERTIFICATES_H
#define TEST_SUPPORT_CERTIFICATES_H

#include <stdbool.h>

/** In folder: an authority <ca>.pem, and signed by it a certificate of 127.0.0.1, <ca>-server.pem
 * and <ca>-server.key, good for days (0 = expired at once). False, with openssl.log there, when it
 * fails. */
bool certificates_make(const char *folder, const char *ca, int days);

#endif
