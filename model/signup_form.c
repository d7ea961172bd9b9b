/* signup_form.c - see signup_form.h. */
#include "model/signup_form.h"

#include <stddef.h>

const char *const SIGNUP_STATUS_NAMES[] = {"PENDING", "ACTIVE", NULL};
