/* jwk_verify.c - keys made of numbers, and signatures by them. */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <sodium.h>
#include <string.h>

#include "tool/jose/jwk_private.h"

enum { EC_SIGNATURE_LEN = 2 * JWK_EC_LEN, DER_MAX = 80 };

/* Takes builder over. Only what passes the library's own check of public keys. */
static EVP_PKEY *make(const char *type, OSSL_PARAM_BLD *builder)
{
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL), *check = NULL;
    EVP_PKEY *key = NULL;

    if (params && ctx && EVP_PKEY_fromdata_init(ctx) == 1 &&
        EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) == 1)
        check = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    if (!check || EVP_PKEY_public_check(check) != 1) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    EVP_PKEY_CTX_free(check);
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    return key;
}

EVP_PKEY *jwk_rsa(const uint8_t *n, size_t n_len, const uint8_t *e, size_t e_len)
{
    BIGNUM *modulus = BN_bin2bn(n, (int)n_len, NULL), *exponent = BN_bin2bn(e, (int)e_len, NULL);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    int bits = BN_num_bits(modulus);
    EVP_PKEY *key = NULL;

    /* An exponent as long as the modulus would make each check slow. */
    if (bits >= JWK_RSA_BITS_MIN && bits <= JWK_RSA_BITS_MAX && BN_num_bits(exponent) <= 64 &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) == 1 &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent) == 1)
        key = make("RSA", builder);
    else
        OSSL_PARAM_BLD_free(builder);
    BN_free(modulus);
    BN_free(exponent);
    return key;
}

EVP_PKEY *jwk_ec(const uint8_t x[JWK_EC_LEN], const uint8_t y[JWK_EC_LEN])
{
    uint8_t point[1 + 2 * JWK_EC_LEN] = {POINT_CONVERSION_UNCOMPRESSED};
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();

    memcpy(point + 1, x, JWK_EC_LEN);
    memcpy(point + 1 + JWK_EC_LEN, y, JWK_EC_LEN);
    if (OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) ==
            1 &&
        OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)) ==
            1)
        return make("EC", builder);
    OSSL_PARAM_BLD_free(builder);
    return NULL;
}

bool jwk_ed25519_fits(const uint8_t key[JWK_ED25519_LEN])
{
    uint8_t montgomery[crypto_scalarmult_curve25519_BYTES];

    /* Refuses what is no point, of small order, or outside of the group. */
    return crypto_sign_ed25519_pk_to_curve25519(montgomery, key) == 0;
}

static bool verify_evp(EVP_PKEY *key, const void *data, size_t len, const void *signature,
                       size_t signature_len)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok =
        ctx && EVP_DigestVerifyInit_ex(ctx, NULL, "SHA256", NULL, NULL, key, NULL) == 1 &&
        EVP_DigestVerify(ctx, signature, signature_len, (const unsigned char *)data, len) == 1;

    EVP_MD_CTX_free(ctx);
    return ok;
}

/* JOSE has r and s side by side, the library wants them in DER. */
static bool verify_ec(EVP_PKEY *key, const void *data, size_t len, const uint8_t *signature)
{
    BIGNUM *r = BN_bin2bn(signature, JWK_EC_LEN, NULL);
    BIGNUM *s = BN_bin2bn(signature + JWK_EC_LEN, JWK_EC_LEN, NULL);
    unsigned char der[DER_MAX], *at = der;
    ECDSA_SIG *both = ECDSA_SIG_new();
    int der_len;
    bool ok;

    ECDSA_SIG_set0(both, r, s);
    der_len = i2d_ECDSA_SIG(both, &at);
    ok = der_len > 0 && verify_evp(key, data, len, der, (size_t)der_len);
    ECDSA_SIG_free(both);
    return ok;
}

bool jwk_verify(const struct jwk *key, const void *data, size_t len, const void *signature,
                size_t signature_len)
{
    switch (key->alg) {
    case JOSE_RS256:
        return signature_len == (size_t)EVP_PKEY_get_size(key->key) &&
               verify_evp(key->key, data, len, signature, signature_len);
    case JOSE_ES256:
        return signature_len == EC_SIGNATURE_LEN && verify_ec(key->key, data, len, signature);
    case JOSE_EDDSA:
        return signature_len == crypto_sign_BYTES &&
               crypto_sign_verify_detached(signature, data, len, key->ed25519) == 0;
    case JOSE_ALGS:
        break;
    }
    return false;
}
