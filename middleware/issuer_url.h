/* issuer_url.h - which addresses of issuers are believed: what is fetched from them says who may
 * come in. */
#ifndef MIDDLEWARE_ISSUER_URL_H
#define MIDDLEWARE_ISSUER_URL_H

#include <stdbool.h>

/** https://host..., or http:// of this machine itself (127.0.0.1, [::1], localhost); no user, no
 * fragment, nothing but printable ASCII. */
bool issuer_url_fits(const char *url);
/** Whether it is of this machine itself, unencrypted. */
bool issuer_url_is_plain(const char *url);

#endif
