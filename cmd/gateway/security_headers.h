/* security_headers.h - what every answer tells browsers, whatever it is. Loop thread. */
#ifndef CMD_GATEWAY_SECURITY_HEADERS_H
#define CMD_GATEWAY_SECURITY_HEADERS_H

#include <stdbool.h>

#include "tool/http/http_response.h"

enum { SECURITY_HEADER_MAX = 511 };

/* Settings; "" = that header is not sent. */
struct security_headers {
    char hsts[SECURITY_HEADER_MAX + 1]; /* only to who came by https (RFC 6797, 7.2) */
    char referrer_policy[SECURITY_HEADER_MAX + 1];
    char permissions_policy[SECURITY_HEADER_MAX + 1];
    char opener_policy[SECURITY_HEADER_MAX + 1];
    char resource_policy[SECURITY_HEADER_MAX + 1];
};

/** Adds them; a page has said its content security policy before. */
void security_headers_add(const struct security_headers *self, bool https,
                          struct http_response *res);
/** The checks of settings (char[]): why it will not do, static; NULL = it will. Printable ASCII, or
 * nothing; Strict-Transport-Security with a max-age. */
const char *security_header_check(const void *text);
const char *security_hsts_check(const void *text);

#endif
