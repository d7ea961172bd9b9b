/* jwt.h - signed tokens of others (RFC 7515, 7519, 9068), believed as RFC 8725 asks: the algorithm
 * is the rule's and the key's, the key is the issuer's, and what a token says of keys is not looked
 * at. */
#ifndef TOOL_JOSE_JWT_H
#define TOOL_JOSE_JWT_H

#include <stdint.h>

#include "tool/jose/jwk.h"

enum {
    JWT_TEXT_MAX = 4095,   /* bytes of a token */
    JWT_ISSUER_MAX = 255,  /* bytes */
    JWT_SUBJECT_MAX = 255, /* bytes: OpenID Connect Core 1.0, section 2 */
};

struct jwt_rule {
    const char *issuer, *audience; /* byte by byte */
    unsigned algorithms;           /* a bit 1 << JOSE_... each */
    bool access_only; /* typ must be at+jwt (RFC 9068); else it may be JWT, or absent */
    int leeway_s;     /* that clocks may differ */
};

enum jwt_verdict {
    JWT_OK,
    JWT_MALFORMED,
    JWT_BAD_ALGORITHM, /* none of the rule's */
    JWT_BAD_TYPE,      /* a token for something else */
    JWT_UNKNOWN_KEY,   /* no key of that kid and algorithm: there may be new ones */
    JWT_BAD_SIGNATURE,
    JWT_NOT_FOR_US, /* iss, aud */
    JWT_TOO_EARLY,  /* nbf, iat */
    JWT_EXPIRED,
};

struct jwt;

/** What a token says who made it, believed by nobody yet: to find its rule. False when it is no
 * token, or does not say. Pure, like jwt_verify; any thread. */
bool jwt_peek_issuer(const char *token, size_t len, char issuer[JWT_ISSUER_MAX + 1]);
/** now_s: Unix time. JWT_OK: *out is what it says; else untouched. */
enum jwt_verdict jwt_verify(const struct jwt_rule *rule, const struct jwk_set *keys,
                            const char *token, size_t len, int64_t now_s, struct jwt **out);
/** NULL is fine. */
void jwt_destroy(struct jwt *jwt);
/** 1 to JWT_SUBJECT_MAX bytes, without control characters. */
const char *jwt_subject(const struct jwt *jwt);
/** Unix time until which it is believed, leeway included. */
int64_t jwt_expires_s(const struct jwt *jwt);
/** Calls fn with each text of a claim: a list of texts, or one with blanks between. claim: a
 * member's name, or names of members within members with dots between. */
void jwt_each_text(const struct jwt *jwt, const char *claim,
                   void (*fn)(void *arg, const char *text), void *arg);

#endif
