/* made_token_test.h - an issuer that is not ours: keys, their JWKs, and tokens signed by them. */
#ifndef TOOL_JOSE_MADE_TOKEN_TEST_H
#define TOOL_JOSE_MADE_TOKEN_TEST_H

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "tool/core/mem.h"
#include "tool/jose/jwk.h"

enum { MADE_JWK_MAX = 2048, MADE_TOKEN_MAX = 8192, MADE_SIGNATURE_MAX = 1024 };

struct made_key {
    enum jose_alg alg;
    char kid[32];
    EVP_PKEY *key;
    char jwk[MADE_JWK_MAX];
};

static inline char *made_b64(const void *data, size_t len, char *out, size_t size)
{
    return sodium_bin2base64(out, size, data, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* A member of the key, as a JWK has it. */
static inline void made_number(const struct made_key *made, const char *param, char *out,
                               size_t size)
{
    unsigned char bytes[1024] = {0};
    size_t len = 32;
    BIGNUM *n = NULL;

    if (made->alg == JOSE_EDDSA) {
        assert_int_equal(EVP_PKEY_get_raw_public_key(made->key, bytes, &len), 1);
    } else {
        assert_int_equal(EVP_PKEY_get_bn_param(made->key, param, &n), 1);
        if (made->alg == JOSE_RS256)
            len = (size_t)BN_num_bytes(n);
        assert_true(BN_bn2binpad(n, bytes, (int)len) >= 0);
    }
    made_b64(bytes, len, out, size);
    BN_free(n);
}

static inline EVP_PKEY *made_pair(enum jose_alg alg, unsigned rsa_bits)
{
    return alg == JOSE_RS256   ? EVP_RSA_gen(rsa_bits)
           : alg == JOSE_ES256 ? EVP_EC_gen("P-256")
                               : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
}

/* more: members that stand at its end, as ",\"use\":\"sig\"". */
static inline void made_key_init(struct made_key *made, enum jose_alg alg, const char *kid,
                                 unsigned rsa_bits, const char *more)
{
    char a[1400], b[100] = "";

    made->alg = alg;
    TEXT_COPY(made->kid, kid);
    made->key = made_pair(alg, rsa_bits);
    assert_non_null(made->key);
    made_number(made, alg == JOSE_RS256 ? OSSL_PKEY_PARAM_RSA_N : OSSL_PKEY_PARAM_EC_PUB_X, a,
                sizeof(a));
    if (alg != JOSE_EDDSA)
        made_number(made, alg == JOSE_RS256 ? OSSL_PKEY_PARAM_RSA_E : OSSL_PKEY_PARAM_EC_PUB_Y, b,
                    sizeof(b));
    snprintf(made->jwk, sizeof(made->jwk),
             alg == JOSE_RS256   ? "{\"kty\":\"RSA\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"%s}"
             : alg == JOSE_ES256 ? "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"%s\",\"x\":\"%s\","
                                   "\"y\":\"%s\"%s}"
                                 : "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"%s\",\"x\":"
                                   "\"%s%s\"%s}",
             kid, a, b, more);
}

static inline void made_key_fini(struct made_key *made)
{
    EVP_PKEY_free(made->key);
}

static inline size_t made_ec_raw(const unsigned char *der, size_t len, unsigned char *out)
{
    ECDSA_SIG *both = d2i_ECDSA_SIG(NULL, &der, (long)len);

    BN_bn2binpad(ECDSA_SIG_get0_r(both), out, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(both), out + 32, 32);
    ECDSA_SIG_free(both);
    return 64;
}

static inline size_t made_sign(const struct made_key *made, const void *data, size_t len,
                               unsigned char out[MADE_SIGNATURE_MAX])
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    unsigned char signature[MADE_SIGNATURE_MAX];
    size_t n = sizeof(signature);

    assert_int_equal(EVP_DigestSignInit_ex(ctx, NULL, made->alg == JOSE_EDDSA ? NULL : "SHA256",
                                           NULL, NULL, made->key, NULL),
                     1);
    assert_int_equal(EVP_DigestSign(ctx, signature, &n, data, len), 1);
    EVP_MD_CTX_free(ctx);
    if (made->alg == JOSE_ES256)
        return made_ec_raw(signature, n, out);
    memcpy(out, signature, n);
    return n;
}

/* header.claims */
static inline size_t made_text(const char *header, const char *claims, char token[MADE_TOKEN_MAX])
{
    size_t at;

    made_b64(header, strlen(header), token, MADE_TOKEN_MAX);
    at = strlen(token);
    token[at++] = '.';
    made_b64(claims, strlen(claims), token + at, MADE_TOKEN_MAX - at);
    return strlen(token);
}

static inline char *made_token(const struct made_key *made, const char *header, const char *claims,
                               char token[MADE_TOKEN_MAX])
{
    unsigned char signature[MADE_SIGNATURE_MAX];
    size_t at = made_text(header, claims, token), n = made_sign(made, token, at, signature);

    token[at++] = '.';
    made_b64(signature, n, token + at, MADE_TOKEN_MAX - at);
    return token;
}

#endif
