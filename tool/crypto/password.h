/* password.h - slow hashes of passwords as an interface; argon2 (libsodium) implements it. */
#ifndef TOOL_CRYPTO_PASSWORD_H
#define TOOL_CRYPTO_PASSWORD_H

#include <stdbool.h>

#include "tool/core/call.h"

enum { PASSWORD_HASH_MAX = 127, PASSWORD_BYTES_MAX = 128 };

struct password_hasher {
    const struct password_hasher_ops *ops;
};

/* Every op may be called from any thread, blocks until it is done or call->deadline_ms (then the
 * work is dropped if not begun), and returns ST_OVERLOADED at once when the queue is full. A
 * password is taken as it was typed and hashed as an OpaqueString (text_opaque), so that it is the
 * same one from every keyboard. */
struct password_hasher_ops {
    /** password: PASSWORD_BYTES_MAX bytes at most as an OpaqueString, else ST_INVALID (in both
     * ops). Gives a PHC string. ST_OK | ST_OVERLOADED (also: no memory) | ST_TIMEOUT */
    enum status (*hash)(struct password_hasher *self, const struct call *call, const char *password,
                        char out[PASSWORD_HASH_MAX + 1]);
    /** A password that is not as it was typed when it is hashed is tried a second time as it was:
     * hashes were once made so. phc NULL: spends the same time and says no. renew (NULL = not
     * wanted), on ST_OK: phc should be made again, for it has other parameters than today's, or is
     * of a password as it was typed. ST_OK | ST_UNAUTHENTICATED (wrong) | ST_OVERLOADED |
     * ST_TIMEOUT */
    enum status (*verify)(struct password_hasher *self, const struct call *call,
                          const char *password, const char *phc, bool *renew);
    void (*destroy)(struct password_hasher *self);
};

struct argon2_config {
    unsigned threads;    /* hashing at a time; each keeps one arena of memory_kib */
    unsigned queue;      /* waiting, at most */
    unsigned memory_kib; /* m, 8192..1048576 */
    unsigned passes;     /* t, 1..10 */
};

/** Own threads, at a low priority: other work goes first. What a hash leaves in memory is wiped
 * when its thread has no next one. NULL when libsodium has no randomness (logged). */
struct password_hasher *argon2_hasher_create(const struct argon2_config *config);

/** A fast stand-in for tests and the simulation: an unsalted checksum, never for production. Gives
 * "$fake$" and 16 hex digits; verifies the same digits behind any other prefix too ("$old$..."),
 * and asks for those to be renewed. Linked into tests only. */
struct password_hasher *fake_hasher_create(void);

/** zxcvbn's estimate in bits of a password as it is hashed, 0 of one that is too long for that,
 * given words the user is known by (NULL-terminated list). */
double password_strength_bits(const char *password, const char *const *user_words);

#endif
