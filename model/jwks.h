/* jwks.h - the Ed25519 public keys of access tokens, as RFC 7517 and 8037 spell them. Plain values.
 */
#ifndef MODEL_JWKS_H
#define MODEL_JWKS_H

#include <stddef.h>

struct jwk {
    char kty[4], crv[8], kid[44], x[44], use[4], alg[8];
};

enum { JWKS_MAX = 8 };

struct jwks {
    struct jwk keys[JWKS_MAX];
    size_t n_keys;
};

#endif
