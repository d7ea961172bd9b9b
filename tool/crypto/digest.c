/* digest.c - libsodium's digests under the house's names. */
#include "tool/crypto/digest.h"

#include <sodium.h>
#include <string.h>

#include "tool/core/assert.h"

void digest_sha256(const void *data, size_t len, uint8_t out[DIGEST_LEN])
{
    crypto_hash_sha256(out, data, len);
}

static void hmac_part(crypto_auth_hmacsha256_state *state, const char *part)
{
    size_t len = strlen(part);
    uint8_t prefix[8];

    for (int i = 0; i < 8; i++)
        prefix[i] = (uint8_t)((uint64_t)len >> (56 - 8 * i));
    crypto_auth_hmacsha256_update(state, prefix, sizeof prefix);
    crypto_auth_hmacsha256_update(state, (const unsigned char *)part, len);
}

void digest_hmac(const void *key, size_t key_len, const char *const *parts, size_t n_parts,
                 uint8_t out[DIGEST_LEN])
{
    crypto_auth_hmacsha256_state state;

    crypto_auth_hmacsha256_init(&state, key, key_len);
    for (size_t i = 0; i < n_parts; i++)
        hmac_part(&state, parts[i]);
    crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(&state, sizeof state);
}

char *digest_hex(const uint8_t digest[DIGEST_LEN], char out[DIGEST_HEX_LEN + 1])
{
    return sodium_bin2hex(out, DIGEST_HEX_LEN + 1, digest, DIGEST_LEN);
}

char *digest_b64url(const void *data, size_t len, char *out, size_t size)
{
    const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

    ASSERT(size >= sodium_base64_encoded_len(len, variant));
    return sodium_bin2base64(out, size, data, len, variant);
}

bool digest_from_b64url(const char *text, void *out, size_t size, size_t *len)
{
    return sodium_base642bin(out, size, text, strlen(text), NULL, len, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
}

bool digest_from_base64(const char *text, void *out, size_t size, size_t *len)
{
    return sodium_base642bin(out, size, text, strlen(text), NULL, len, NULL,
                             sodium_base64_VARIANT_ORIGINAL) == 0;
}

void digest_etag(const void *data, size_t len, char etag[DIGEST_ETAG_LEN + 1])
{
    uint8_t digest[DIGEST_LEN];

    digest_sha256(data, len, digest);
    etag[0] = '"';
    digest_b64url(digest, sizeof(digest), etag + 1, DIGEST_B64_LEN + 1);
    etag[DIGEST_ETAG_LEN - 1] = '"';
    etag[DIGEST_ETAG_LEN] = '\0';
}

void digest_tag(const uint8_t key[DIGEST_KEY_LEN], const void *data, size_t len,
                uint8_t out[DIGEST_TAG_LEN])
{
    crypto_generichash(out, DIGEST_TAG_LEN, data, len, key, DIGEST_KEY_LEN);
}

void digest_derive(const char *secret, const char *purpose, uint8_t key[DIGEST_KEY_LEN])
{
    unsigned char salt[crypto_pwhash_SALTBYTES] = "";
    size_t len = strlen(purpose);
    int rc;

    ASSERT(len <= sizeof salt);
    memcpy(salt, purpose, len);
    rc =
        crypto_pwhash(key, DIGEST_KEY_LEN, secret, strlen(secret), salt, crypto_pwhash_OPSLIMIT_MIN,
                      crypto_pwhash_MEMLIMIT_MIN * 1024, crypto_pwhash_ALG_ARGON2ID13);
    ASSERT(rc == 0); /* out of memory */
}

int digest_equal(const void *a, const void *b, size_t len)
{
    return sodium_memcmp(a, b, len) == 0;
}

uint64_t digest_short(const uint8_t key[DIGEST_SHORT_KEY_LEN], const void *data, size_t len)
{
    uint64_t hash;

    _Static_assert(sizeof hash == crypto_shorthash_BYTES, "SipHash gives 64 bits");
    crypto_shorthash((unsigned char *)&hash, data, len, key);
    return hash;
}
