/* token.h - access tokens: EdDSA JWTs (RFC 7519, RFC 8037), signing keys in a folder, verification
 * against a JWKS. Nothing but alg EdDSA with an Ed25519 key is ever accepted. */
#ifndef TOOL_CRYPTO_TOKEN_H
#define TOOL_CRYPTO_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "tool/core/call.h"
#include "tool/core/uuid.h"

enum {
    TOKEN_TEXT_MAX = 1023,
    TOKEN_KID_LEN = 43, /* RFC 7638 thumbprint, base64url */
    TOKEN_KEYS_MAX = 8,
    TOKEN_KEY_LEN = 32,
    TOKEN_NAME_MAX = 63, /* iss, aud */
};

/* One public key. */
struct token_key {
    char kid[TOKEN_KID_LEN + 1];
    char x[TOKEN_KID_LEN + 1]; /* the key, base64url */
};

struct token_key_set {
    size_t n;
    struct token_key keys[TOKEN_KEYS_MAX];
};

struct token_claims {
    struct uuid subject;
    struct uuid session; /* sid; nil = none */
    char roles[CALL_ROLES_MAX + 1];
    char jti[UUID_TEXT_LEN + 1];
    int64_t issued_s, expires_s; /* Unix time */
};

/* The signer, as an interface for use cases. */
struct token_issuer {
    const struct token_issuer_ops *ops;
};

struct token_issuer_ops {
    /** Signs iss, sub, aud, iat, exp, jti (sid when session is not nil, roles when not ""). Any
     * thread, does not block. *expires_in_s is the lifetime. ST_OK */
    enum status (*issue)(struct token_issuer *self, const struct call *call, struct uuid subject,
                         struct uuid session, const char *roles, char out[TOKEN_TEXT_MAX + 1],
                         int64_t *expires_in_s);
    /** All keys that verify, newest (the signing one) first. Any thread. */
    void (*keys)(struct token_issuer *self, struct token_key_set *out);
    void (*destroy)(struct token_issuer *self);
};

struct token_folder;

struct token_issuer_config {
    struct token_folder *folder; /* taken over, also when that fails */
    const char *issuer, *audience;
    int64_t lifetime_s;
    const struct clock *clock; /* borrowed, like entropy */
    const struct entropy *entropy;
};

/** NULL when a name does not fit: *why (a thread-local text) says so. */
struct token_issuer *token_issuer_create(const struct token_issuer_config *config,
                                         const char **why);

enum token_verdict {
    TOKEN_OK,
    TOKEN_MALFORMED,
    TOKEN_UNKNOWN_KEY, /* well-formed, but kid is not in the set: fetch the JWKS again */
    TOKEN_BAD_SIGNATURE,
    TOKEN_EXPIRED,
    TOKEN_NOT_FOR_US, /* iss, aud, or iat in the future by more than 60 s */
};

/** "expired", "bad signature" ...: for a log, never for who has sent it. */
const char *token_verdict_name(enum token_verdict verdict);

/** Pure; any thread. now_s: Unix time. claims written only on TOKEN_OK. */
enum token_verdict token_verify(const struct token_key_set *keys, const char *token, size_t len,
                                const char *issuer, const char *audience, int64_t now_s,
                                struct token_claims *claims);

#endif
