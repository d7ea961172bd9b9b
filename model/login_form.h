/* login_form.h - what a person sends to log in, and the tokens that answer. Plain values. */
#ifndef MODEL_LOGIN_FORM_H
#define MODEL_LOGIN_FORM_H

#include "model/account.h"
#include "model/session.h"

struct login_form {
    char login_id[LOGIN_ID_MAX + 1];
    char password[PASSWORD_MAX + 1];
};

struct login_granted {
    char access_token[1024];
    char refresh_token[REFRESH_TOKEN_MAX + 1];
    char token_type[8]; /* "Bearer" */
    int64_t expires_in_s;
    struct uuid user_id;
};

#endif
