/* jwk_private.h - what jwk*.c share. */
#ifndef TOOL_JOSE_JWK_PRIVATE_H
#define TOOL_JOSE_JWK_PRIVATE_H

#include <openssl/evp.h>
#include <stdint.h>

#include "tool/jose/jwk.h"

enum { JWK_ED25519_LEN = 32, JWK_EC_LEN = 32 };

struct jwk {
    char kid[JWK_KID_MAX + 1];
    enum jose_alg alg;
    EVP_PKEY *key;                    /* NULL for EdDSA */
    uint8_t ed25519[JWK_ED25519_LEN]; /* for EdDSA */
};

struct jwk_set {
    size_t n;
    struct jwk keys[JWK_SET_MAX];
};

/** Numbers as JWKs have them, big endian. NULL when it is no key one may use. */
EVP_PKEY *jwk_rsa(const uint8_t *n, size_t n_len, const uint8_t *e, size_t e_len);
EVP_PKEY *jwk_ec(const uint8_t x[JWK_EC_LEN], const uint8_t y[JWK_EC_LEN]);
/** Whether it can be a key of somebody: neither out of form nor of small order. */
bool jwk_ed25519_fits(const uint8_t key[JWK_ED25519_LEN]);

#endif
