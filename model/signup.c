/* signup.c - see signup.h. */
#include "model/signup.h"

const char *const SIGNUP_STATUS_NAMES[] = {"PENDING", "ACTIVE", NULL};
const char *const REGISTRY_STATUS_NAMES[] = {"REGISTERED", "CANCELLED", NULL};
