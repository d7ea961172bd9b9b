/* signup_saga.h - what the steps of a signup keep between them. Private to usecase/auth. */
#ifndef USECASE_AUTH_SIGNUP_SAGA_H
#define USECASE_AUTH_SIGNUP_SAGA_H

#include "usecase/auth/signup.h"

/* Kept as JSON in the saga's row until it ends; nothing secret. It is about the user's id. */
struct signup_data {
    struct person person;
    struct uuid limit; /* what counts when it is told that something is taken; nil = nothing */
};

#endif
