/* identity.h - somebody as an issuer outside knows him, and who that is here. Plain values. */
#ifndef MODEL_IDENTITY_H
#define MODEL_IDENTITY_H

#include <stdint.h>

#include "tool/core/rule.h"
#include "tool/core/uuid.h"

enum { IDENTITY_ID_LEN = 43, IDENTITY_NAME_MAX = 255 };

/* Of issuers and of their subjects. */
extern const struct rule IDENTITY_NAME_RULE;

/* The same subject of another issuer is somebody else. */
struct identity_query {
    char issuer[IDENTITY_NAME_MAX + 1];
    char subject[IDENTITY_NAME_MAX + 1];
};

struct identity_user {
    struct uuid user_id;
};

struct identity {
    char id[IDENTITY_ID_LEN + 1]; /* of issuer and subject: their SHA-256, base64url */
    char issuer[IDENTITY_NAME_MAX + 1];
    char subject[IDENTITY_NAME_MAX + 1];
    struct uuid user_id;
    int64_t created_us;
};

#endif
