/* login.h - what a person sends to log in, and the token that answers. Plain values. */
#ifndef MODEL_LOGIN_H
#define MODEL_LOGIN_H

#include <stddef.h>

#include "model/account.h"

struct login_form {
    char login_id[LOGIN_ID_MAX + 1];
    char password[PASSWORD_MAX + 1];
};

struct login_granted {
    char access_token[1024];
    char token_type[8]; /* "Bearer" */
    int64_t expires_in_s;
    struct uuid user_id;
};

/* The Ed25519 public keys, as RFC 7517/8037 spell them. */
struct jwk {
    char kty[4], crv[8], kid[44], x[44], use[4], alg[8];
};

enum { JWKS_MAX = 8 };

struct jwks {
    struct jwk keys[JWKS_MAX];
    size_t n_keys;
};

struct user_query {
    struct uuid user_id;
};

#endif
