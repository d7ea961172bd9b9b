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

#endif
