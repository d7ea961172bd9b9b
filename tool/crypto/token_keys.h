/* token_keys.h - the signing keys of a folder. Inside tool/crypto only; not thread-safe. */
#ifndef TOOL_CRYPTO_TOKEN_KEYS_H
#define TOOL_CRYPTO_TOKEN_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "tool/core/uuid.h"
#include "tool/crypto/token.h"

enum { TOKEN_SECRET_LEN = 64, TOKEN_WHY_MAX = 511 };

/* One pair; secret as libsodium keeps it (seed, then public key). */
struct token_pair {
    uint8_t secret[TOKEN_SECRET_LEN];
    struct token_key public;
};

struct token_keys {
    const char *dir;         /* the caller's */
    struct timespec changed; /* the folder's mtime when it was last read */
    size_t n;
    struct token_pair pairs[TOKEN_KEYS_MAX]; /* newest name first; the first one signs */
};

/** Derives pair from its seed: public key and RFC 7638 thumbprint. */
void token_pair_derive(const uint8_t seed[TOKEN_KEY_LEN], struct token_pair *pair);

/** Makes the folder and a first key where they are missing; of several processes at once, one makes
 * it and all go on with it. False with why. */
bool token_keys_ensure(const char *dir, const struct entropy *entropy, char why[TOKEN_WHY_MAX + 1]);
/** Reads the newest TOKEN_KEYS_MAX keys of keys->dir. False with why, and keys as they were. */
bool token_keys_load(struct token_keys *keys, char why[TOKEN_WHY_MAX + 1]);
/** True when the folder is not as it was at the last load, or was changed so shortly before it that
 * its time stamp may hide a change. One stat(2). */
bool token_keys_stale(const struct token_keys *keys);

#endif
