/* role.h - what an account may beyond its own data, as operators grant it. Plain values. */
#ifndef MODEL_ROLE_H
#define MODEL_ROLE_H

#include <stdbool.h>

#include "model/account.h"

/* In the order in which an account's roles are written. */
#define ROLE_LIST(X)                                                                               \
    X(ROLE_ADMIN, "admin")                                                                         \
    X(ROLE_COURIER, "courier")                                                                     \
    X(ROLE_PARTNER, "partner")                                                                     \
    X(ROLE_OPERATOR, "operator")

enum role {
#define X(name, text) name,
    ROLE_LIST(X)
#undef X
};

/** As in Auth-Roles and in tokens, NULL-terminated. */
extern const char *const ROLE_NAMES[];

/** Whether roles, a text of names with a blank between, has this one. */
bool role_has(const char *roles, enum role role);
/** Adds it, or takes it away; what is so already stays as it is. Names that are not known here stay
 * in front. */
void role_set(char roles[ACCOUNT_ROLES_MAX + 1], enum role role, bool granted);

/* What a caller may just now. */
struct granted_roles {
    char roles[ACCOUNT_ROLES_MAX + 1];
};

struct account_query {
    char login_id[LOGIN_ID_MAX + 1];
};

/* Of one's own account. */
struct own_account_query {
    struct uuid user_id;
};

struct role_change {
    char login_id[LOGIN_ID_MAX + 1];
    int role; /* enum role */
};

/* What has happened: the account has the role now, or has it no more. */
struct role_event {
    struct uuid user_id;
    int role; /* enum role */
};

/* What an operator, and its owner, see of an account. */
struct account_view {
    struct uuid user_id;
    char login_id[LOGIN_ID_MAX + 1];
    enum account_status status;
    char roles[ACCOUNT_ROLES_MAX + 1];
    int64_t created_us, updated_us;
};

#endif
