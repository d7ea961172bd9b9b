/* profile_removal.c - see profile_removal.h. */
#include "usecase/user/profile_removal.h"

#include "protocol/user.h"

static enum status hide(void *row, const struct call *call, void *arg)
{
    struct profile *profile = row;
    const struct uuid *saga_id = arg;

    if (!profile_is_shown(profile) && !uuid_equal(profile->removal, *saga_id))
        return call_fail(call, ST_CONFLICT, "withdrawal_pending",
                         "Another withdrawal removes the profile.");
    profile->removal = *saga_id;
    return ST_OK;
}

static enum status show(void *row, const struct call *call, void *arg)
{
    struct profile *profile = row;

    (void)call;
    if (uuid_equal(profile->removal, *(const struct uuid *)arg))
        profile->removal = (struct uuid){{0}};
    return ST_OK;
}

static enum status change(const struct profile_registrar *registrar, struct transaction *tx,
                          const struct call *call, const struct profile_removal *asked,
                          store_change_fn fn)
{
    struct uuid saga_id = asked->saga_id;
    enum status st = store_change(registrar->profiles, tx, call, &asked->user_id,
                                  &(struct store_change){.fn = fn, .arg = &saga_id}, NULL);

    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status profile_hide(void *self, struct transaction *tx, const struct call *call,
                         const void *in, void *out)
{
    (void)out;
    return change(self, tx, call, in, hide);
}

enum status profile_show(void *self, struct transaction *tx, const struct call *call,
                         const void *in, void *out)
{
    (void)out;
    return change(self, tx, call, in, show);
}

enum status profile_erase(void *self, struct transaction *tx, const struct call *call,
                          const void *in, void *out)
{
    const struct profile_registrar *registrar = self;
    const struct profile_removal *asked = in;
    enum status st = store_remove(registrar->profiles, tx, call, &asked->user_id, NULL, NULL);

    (void)out;
    if (st == ST_NOT_FOUND) /* nothing has changed: nothing to say */
        return ST_OK;
    return st == ST_OK ? event_say(registrar->outbox, tx, call, &USER_PROFILE_REMOVED,
                                   &(struct profile_event){asked->user_id})
                       : st;
}

static enum status tell(const void *in, enum registry_status status, void *out)
{
    *(struct registry_outcome *)out =
        (struct registry_outcome){((const struct profile_removal *)in)->user_id, (int)status};
    return ST_OK;
}

enum status profile_hidden(void *self, const struct call *call, const void *in, void *out)
{
    (void)self;
    (void)call;
    return tell(in, REGISTRY_HIDDEN, out);
}

enum status profile_shown(void *self, const struct call *call, const void *in, void *out)
{
    (void)self;
    (void)call;
    return tell(in, REGISTRY_CANCELLED, out);
}

enum status profile_erased(void *self, const struct call *call, const void *in, void *out)
{
    (void)self;
    (void)call;
    return tell(in, REGISTRY_ERASED, out);
}
