/* catalog.c - see catalog.h. */
#include "protocol/catalog.h"

#include <string.h>

#include "protocol/auth.h"
#include "protocol/user.h"

const struct operation *const CATALOG[] = {
    &AUTH_SIGNUP,   &AUTH_SIGNUP_STATUS,   &AUTH_LOGIN, &AUTH_JWKS,
    &USER_REGISTRY, &USER_REGISTRY_CANCEL, &USER_GET,   NULL,
};

const struct operation *catalog_find(const char *subject)
{
    for (size_t i = 0; CATALOG[i] != NULL; i++)
        if (strcmp(CATALOG[i]->subject, subject) == 0)
            return CATALOG[i];
    return NULL;
}
