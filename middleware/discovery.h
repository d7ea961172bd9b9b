/* discovery.h - where an issuer says that its keys are (OpenID Connect Discovery 1.0, RFC 8414). */
#ifndef MIDDLEWARE_DISCOVERY_H
#define MIDDLEWARE_DISCOVERY_H

#include <stdbool.h>
#include <stddef.h>

enum { DISCOVERY_URL_MAX = 511, DISCOVERY_WHY_MAX = 255 };

/** The address of its document; issuer: at most 255 bytes. */
void discovery_url(const char *issuer, char url[DISCOVERY_URL_MAX + 1]);
/** Reads jwks_uri. False with why: no document, one of another issuer (each byte counts), or an
 * address that is not to be believed. */
bool discovery_read(const char *json, size_t len, const char *issuer,
                    char keys_url[DISCOVERY_URL_MAX + 1], char why[DISCOVERY_WHY_MAX + 1]);

#endif
