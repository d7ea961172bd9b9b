/* jwk.h - public keys of others as JSON Web Keys (RFC 7517, 7518, 8037): RS256, ES256 and EdDSA,
 * nothing else. A key has one algorithm, which is its type's; no token chooses another. A set does
 * not change once it is made: any thread. */
#ifndef TOOL_JOSE_JWK_H
#define TOOL_JOSE_JWK_H

#include <stdbool.h>
#include <stddef.h>

#define JOSE_ALG_LIST(X)                                                                           \
    X(JOSE_RS256, "RS256")                                                                         \
    X(JOSE_ES256, "ES256")                                                                         \
    X(JOSE_EDDSA, "EdDSA")

enum jose_alg {
#define X(name, text) name,
    JOSE_ALG_LIST(X)
#undef X
        JOSE_ALGS,
};

enum {
    JWK_SET_MAX = 32,        /* keys that can be used */
    JWK_JSON_MAX = 262144,   /* bytes */
    JWK_KID_MAX = 127,       /* bytes */
    JWK_WHY_MAX = 127,       /* bytes */
    JWK_RSA_BITS_MIN = 2048, /* RFC 7518, section 3.3 */
    JWK_RSA_BITS_MAX = 8192, /* what checking a signature may cost */
};

struct jwk;
struct jwk_set;

/** NULL-terminated, as tokens name them. */
extern const char *const JOSE_ALG_NAMES[];
/** JOSE_ALGS when it is none of them: there is no "none". */
enum jose_alg jose_alg_find(const char *name);

/** Keys that are of no use here are passed over: of another type or use, without kid, too weak, no
 * point of their curve, private or secret ones, more than JWK_SET_MAX. NULL, with why, when it is
 * no key set or nothing in it can be used. */
struct jwk_set *jwk_set_parse(const char *json, size_t len, char why[JWK_WHY_MAX + 1]);
/** NULL is fine. */
void jwk_set_destroy(struct jwk_set *set);
size_t jwk_set_count(const struct jwk_set *set);
/** By kid and algorithm: of two keys with the same kid, the one that is made for it. NULL = there
 * is none. */
const struct jwk *jwk_set_find(const struct jwk_set *set, const char *kid, enum jose_alg alg);
/** Whether both hold the same keys. */
bool jwk_set_same(const struct jwk_set *a, const struct jwk_set *b);
/** Whether signature is of these bytes, by this key and its algorithm. */
bool jwk_verify(const struct jwk *key, const void *data, size_t len, const void *signature,
                size_t signature_len);

#endif
