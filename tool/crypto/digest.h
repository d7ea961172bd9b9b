/* digest.h - SHA-256, HMAC-SHA-256 and keyed BLAKE2b (libsodium), base64url and hex text. Pure; any
 * thread. */
#ifndef TOOL_CRYPTO_DIGEST_H
#define TOOL_CRYPTO_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DIGEST_LEN = 32, DIGEST_HEX_LEN = 64, DIGEST_B64_LEN = 43, DIGEST_SHORT_KEY_LEN = 16 };
enum { DIGEST_KEY_LEN = 32, DIGEST_TAG_LEN = 16, DIGEST_ETAG_LEN = DIGEST_B64_LEN + 2 };

void digest_sha256(const void *data, size_t len, uint8_t out[DIGEST_LEN]);
/** HMAC over the parts, each preceded by its length, so that no two lists give the same input. */
void digest_hmac(const void *key, size_t key_len, const char *const *parts, size_t n_parts,
                 uint8_t out[DIGEST_LEN]);
char *digest_hex(const uint8_t digest[DIGEST_LEN], char out[DIGEST_HEX_LEN + 1]);
/** Unpadded base64url (RFC 4648 section 5); out holds DIGEST_B64_LEN + 1 for 32 bytes. */
char *digest_b64url(const void *data, size_t len, char *out, size_t size);
/** Reads that back, in its one form. False when it is not, or does not fit size bytes. */
bool digest_from_b64url(const char *text, void *out, size_t size, size_t *len);
/** Reads base64 with its padding (RFC 4648 section 4). False when it is not, or does not fit size
 * bytes. */
bool digest_from_base64(const char *text, void *out, size_t size, size_t *len);
/** An entity tag of data: its SHA-256 in base64url, in quotes. */
void digest_etag(const void *data, size_t len, char etag[DIGEST_ETAG_LEN + 1]);
/** A MAC of 16 bytes: keyed BLAKE2b. */
void digest_tag(const uint8_t key[DIGEST_KEY_LEN], const void *data, size_t len,
                uint8_t out[DIGEST_TAG_LEN]);
/** A key from a secret, for one purpose (16 bytes at most). Slow on purpose (Argon2id, 10 ms, 8
 * MB), so that what is made with the key is no way to guess the secret. */
void digest_derive(const char *secret, const char *purpose, uint8_t key[DIGEST_KEY_LEN]);
/** Constant time. Nonzero when equal. */
int digest_equal(const void *a, const void *b, size_t len);
/** SipHash-2-4: fast, for hash tables whose keys come from outside; with a secret random key. */
uint64_t digest_short(const uint8_t key[DIGEST_SHORT_KEY_LEN], const void *data, size_t len);

#endif
