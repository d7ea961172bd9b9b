/* profile_update.c - see profile_update.h. */
#include "usecase/user/profile_update.h"

#include <stdio.h>
#include <string.h>

#include "protocol/person.h"
#include "protocol/user.h"
#include "tool/encoder/patch.h"

struct update {
    const struct profile_patch *patch;
    struct profile_changed changed;
};

/* Names of the members in which they differ. */
static void compare(const struct person *before, const struct person *after,
                    char members[PROFILE_MEMBERS_MAX + 1])
{
    size_t len = 0;

    members[0] = '\0';
    for (size_t i = 0; i < PERSON.n_fields; i++) {
        const struct field *f = &PERSON.fields[i];
        if (strcmp((const char *)before + f->offset, (const char *)after + f->offset) != 0)
            len += (size_t)snprintf(members + len, PROFILE_MEMBERS_MAX + 1 - len, "%s%s",
                                    len ? " " : "", f->name);
    }
}

static enum status apply(void *row, const struct call *call, void *arg)
{
    struct profile *profile = row;
    struct update *update = arg;
    const struct person before = profile->person;

    if (!profile_is_shown(profile))
        return profile_not_found(call);
    if (call->if_version != 0 && call->if_version != CALL_ANY_VERSION &&
        call->if_version != profile->version)
        return call_fail(call, ST_STALE, NULL, "The profile is at another version.");
    patch_apply(USER_UPDATE.request, update->patch, USER_UPDATE.reply, profile);
    compare(&before, &profile->person, update->changed.members);
    return ST_OK;
}

enum status profile_update(void *self, struct transaction *tx, const struct call *call,
                           const void *in, void *out)
{
    const struct profile_registrar *registrar = self;
    const struct profile_patch *patch = in;
    struct update update = {.patch = patch, .changed = {.user_id = patch->user_id}};
    enum status st = store_change(registrar->profiles, tx, call, &patch->user_id,
                                  &(struct store_change){.fn = apply, .arg = &update}, out);

    if (st == ST_NOT_FOUND)
        return profile_not_found(call);
    if (st == ST_CONFLICT)
        return profile_email_taken(call);
    if (st != ST_OK || !update.changed.members[0])
        return st;
    return event_say(registrar->outbox, tx, call, &USER_PROFILE_CHANGED, &update.changed);
}
