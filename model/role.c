/* role.c - see role.h. */
#include "model/role.h"

#include <stdio.h>
#include <string.h>

const char *const ROLE_NAMES[] = {
#define X(name, text) text,
    ROLE_LIST(X)
#undef X
        NULL,
};

/* Where the name stands in roles; NULL = nowhere. */
static const char *find(const char *roles, const char *name)
{
    size_t len = strlen(name);

    while (*roles) {
        size_t n = strcspn(roles, " ");
        if (n == len && memcmp(roles, name, n) == 0)
            return roles;
        roles += n;
        roles += strspn(roles, " ");
    }
    return NULL;
}

bool role_has(const char *roles, enum role role)
{
    return find(roles, ROLE_NAMES[role]) != NULL;
}

static bool is_known(const char *name, size_t len)
{
    for (int i = 0; ROLE_NAMES[i]; i++)
        if (strlen(ROLE_NAMES[i]) == len && memcmp(ROLE_NAMES[i], name, len) == 0)
            return true;
    return false;
}

static void append(char *roles, const char *name, size_t len)
{
    size_t at = strlen(roles);

    snprintf(roles + at, ACCOUNT_ROLES_MAX + 1 - at, "%s%.*s", at ? " " : "", (int)len, name);
}

void role_set(char roles[ACCOUNT_ROLES_MAX + 1], enum role role, bool granted)
{
    char before[ACCOUNT_ROLES_MAX + 1];

    memcpy(before, roles, sizeof(before));
    roles[0] = '\0';
    for (const char *at = before; *at; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        if (!is_known(at, len))
            append(roles, at, len);
        at += len;
    }
    for (int i = 0; ROLE_NAMES[i]; i++)
        if (i == (int)role ? granted : role_has(before, (enum role)i))
            append(roles, ROLE_NAMES[i], strlen(ROLE_NAMES[i]));
}
