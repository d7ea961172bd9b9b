/* signup_form.h - what a person sends to sign up, and what comes of it. Plain values. */
#ifndef MODEL_SIGNUP_FORM_H
#define MODEL_SIGNUP_FORM_H

#include "model/account.h"
#include "model/profile.h"

struct signup_form {
    char login_id[LOGIN_ID_MAX + 1];
    char password[PASSWORD_MAX + 1];
    struct person person;
};

struct signup_accepted {
    struct uuid user_id, saga_id;
    int status; /* index into SIGNUP_STATUS_NAMES */
};

enum signup_status { SIGNUP_PENDING, SIGNUP_ACTIVE };
extern const char *const SIGNUP_STATUS_NAMES[]; /* "PENDING", "ACTIVE", NULL */

/* Asked for: a saga by id. */
struct saga_query {
    struct uuid saga_id;
};

/* GET /signups/{sagaId}; no personal data. state: index into SAGA_STATE_NAMES. */
struct signup_progress {
    struct uuid saga_id, user_id;
    int state;
    char step[48];
    char reason[48];
    int64_t started_us, updated_us;
};

#endif
