/* access.c - see access.h. */
#include "tool/service/access.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/uuid.h"

static bool has_one_of(const struct call *call, const char *roles)
{
    while (roles && *roles) {
        char role[CALL_ROLES_MAX + 1];
        size_t len = strcspn(roles, " ");

        snprintf(role, sizeof(role), "%.*s", (int)len, roles);
        if (call_has_role(call, role))
            return true;
        roles += len;
        roles += strspn(roles, " ");
    }
    return false;
}

enum status access_before(const struct access *access, const struct call *call)
{
    struct uuid caller;

    if (access->kind == ACCESS_ANYBODY)
        return ST_OK;
    if (!uuid_parse(call->user, &caller))
        return call_fail(call, ST_UNAUTHENTICATED, NULL, "Log in first.");
    if (access->kind == ACCESS_ROLE && !has_one_of(call, access->roles))
        return call_fail(call, ST_FORBIDDEN, NULL, "This takes another role.");
    return ST_OK;
}

enum status access_after(const struct access *access, const struct call *call, const void *in)
{
    struct uuid caller, owner;

    if (access->kind != ACCESS_OWNER && access->kind != ACCESS_OWNER_OR_ROLE)
        return ST_OK;
    memcpy(&owner, (const char *)in + access->offset, sizeof(owner));
    if (uuid_is_nil(owner) && call->problem->n_errors > 0) /* not read */
        return ST_OK;
    if (uuid_parse(call->user, &caller) && uuid_equal(caller, owner))
        return ST_OK;
    if (access->kind == ACCESS_OWNER_OR_ROLE && has_one_of(call, access->roles))
        return ST_OK;
    *call->problem = (struct problem){0};
    return call_fail(call, ST_FORBIDDEN, NULL, "This belongs to somebody else.");
}
