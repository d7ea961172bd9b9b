/* password_form.h - what a person sends to have another password. A plain value. */
#ifndef MODEL_PASSWORD_FORM_H
#define MODEL_PASSWORD_FORM_H

#include "model/account.h"

struct password_form {
    struct uuid user_id;
    char current_password[PASSWORD_MAX + 1];
    char new_password[PASSWORD_MAX + 1];
};

#endif
