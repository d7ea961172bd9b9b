/* digest.h - SHA-256 and HMAC-SHA-256 (libsodium), base64url and hex text. Pure; any thread. */
#ifndef TOOL_CRYPTO_DIGEST_H
#define TOOL_CRYPTO_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_LEN = 32, DIGEST_HEX_LEN = 64, DIGEST_B64_LEN = 43, DIGEST_SHORT_KEY_LEN = 16 };

void digest_sha256(const void *data, size_t len, uint8_t out[DIGEST_LEN]);
/** HMAC over the parts, each preceded by its length, so that no two lists give the same input. */
void digest_hmac(const void *key, size_t key_len, const char *const *parts, size_t n_parts,
                 uint8_t out[DIGEST_LEN]);
char *digest_hex(const uint8_t digest[DIGEST_LEN], char out[DIGEST_HEX_LEN + 1]);
/** Unpadded base64url (RFC 4648 section 5); out holds DIGEST_B64_LEN + 1 for 32 bytes. */
char *digest_b64url(const void *data, size_t len, char *out, size_t size);
/** Constant time. Nonzero when equal. */
int digest_equal(const void *a, const void *b, size_t len);
/** SipHash-2-4: fast, for hash tables whose keys come from outside; with a secret random key. */
uint64_t digest_short(const uint8_t key[DIGEST_SHORT_KEY_LEN], const void *data, size_t len);
/** memset that is not optimised away. */
void digest_wipe(void *buf, size_t len);

#endif
