/* account.h - who may log in. A plain value; owns nothing. */
#ifndef MODEL_ACCOUNT_H
#define MODEL_ACCOUNT_H

#include "tool/core/rule.h"
#include "tool/core/uuid.h"

enum {
    LOGIN_ID_MAX = 32,
    PASSWORD_MAX = 512 /* as typed */,
    ACCOUNT_HASH_MAX = 127,
    ACCOUNT_ROLES_MAX = 63
};

/* The semantic lock: who finds anything but ACTIVE must wait for the saga that holds it. */
#define ACCOUNT_STATUS_LIST(X)                                                                     \
    X(ACCOUNT_SIGNUP_PENDING, "SIGNUP_PENDING")                                                    \
    X(ACCOUNT_ACTIVE, "ACTIVE")                                                                    \
    X(ACCOUNT_WITHDRAW_PENDING, "WITHDRAW_PENDING")

enum account_status {
#define X(name, text) name,
    ACCOUNT_STATUS_LIST(X)
#undef X
};

/** Exactly the texts of the table, NULL-terminated. */
extern const char *const ACCOUNT_STATUS_NAMES[];

struct account {
    struct uuid id;
    char login_id[LOGIN_ID_MAX + 1];
    char password_hash[ACCOUNT_HASH_MAX + 1]; /* PHC string */
    enum account_status status;
    char roles[ACCOUNT_ROLES_MAX + 1]; /* names with a blank between; "" = none */
    int64_t created_us, updated_us;
};

/* What has happened to an account: nothing personal. */
struct account_event {
    struct uuid user_id;
};

enum { SIGNUP_REASON_MAX = 47 };

struct signup_compensated {
    struct uuid user_id;
    char reason[SIGNUP_REASON_MAX + 1]; /* "email_taken" */
};

/** Lower-cased when stored: [a-z][a-z0-9._-]{3,31}. */
extern const struct rule LOGIN_ID_RULE;
/** As it is hashed, 8 to 128 bytes of UTF-8 without U+0000: an OpaqueString (tool/text), which one
 * keyboard may send in more bytes than another. Its strength is checked by the use case. */
extern const struct rule PASSWORD_RULE;
/** One that is compared with a hash: also what has that length as it was typed, as a release before
 * counted. */
extern const struct rule PASSWORD_GIVEN_RULE;
enum { PASSWORD_BITS_MIN = 20 };

#endif
