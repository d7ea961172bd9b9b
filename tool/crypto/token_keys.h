/* token_keys.h - the signing keys of a folder. Inside tool/crypto only; not thread-safe. */
#ifndef TOOL_CRYPTO_TOKEN_KEYS_H
#define TOOL_CRYPTO_TOKEN_KEYS_H

#include <limits.h>
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
    char name[NAME_MAX + 1]; /* of its file */
    int64_t begins_s;        /* to sign, as its name says; 0 = from its first day */
    int64_t there_s;         /* since when it is surely there, as it is */
};

struct token_keys {
    const char *dir;         /* the caller's */
    struct timespec changed; /* the folder's mtime when it was last read */
    size_t n;
    struct token_pair pairs[TOKEN_KEYS_MAX]; /* newest name first */
};

enum token_keys_age {
    TOKEN_KEYS_FRESH,
    TOKEN_KEYS_UNSETTLED, /* changed so shortly before the last load that its time stamp may hide a
                             change */
    TOKEN_KEYS_STALE,     /* changed since */
};

enum token_key_change {
    TOKEN_KEY_DONE,
    TOKEN_KEY_WAITS, /* another one is there that will begin before it */
    TOKEN_KEYS_FULL,
    TOKEN_KEYS_CLOSED, /* this process may not write there */
};

/** Derives pair from its seed: public key and RFC 7638 thumbprint. */
void token_pair_derive(const uint8_t seed[TOKEN_KEY_LEN], struct token_pair *pair);

/** Makes the folder and a first key where they are missing; of several processes at once, one makes
 * it and all go on with it. False with why. */
bool token_keys_ensure(const char *dir, const struct entropy *entropy, char why[TOKEN_WHY_MAX + 1]);
/** Adds a key that begins to sign at begins_s; name is its file's. With only, all other keys are
 * removed once it stands there; else none is added behind one that waits for its time, and no more
 * than TOKEN_KEYS_MAX fit. One process at a time. Unless it is done, why says what to do. */
enum token_key_change token_keys_add(const char *dir, const struct entropy *entropy,
                                     int64_t begins_s, int64_t now_s, bool only,
                                     char name[NAME_MAX + 1], char why[TOKEN_WHY_MAX + 1]);
/** Removes the file of a key; one that is gone is fine. False with why. */
bool token_keys_remove(const char *dir, const char *name, char why[TOKEN_WHY_MAX + 1]);
/** Reads the newest TOKEN_KEYS_MAX keys of keys->dir. False with why, and keys as they were. */
bool token_keys_load(struct token_keys *keys, char why[TOKEN_WHY_MAX + 1]);
/** One stat(2). A folder that is gone for the moment changes nothing. */
enum token_keys_age token_keys_age(const struct token_keys *keys);

#endif
