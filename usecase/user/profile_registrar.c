/* profile_registrar.c - see profile_registrar.h. */
#include "usecase/user/profile_registrar.h"

#include "protocol/user.h"

enum status profile_email_taken(const struct call *call)
{
    return call_fail(call, ST_CONFLICT, "email_taken",
                     "This e-mail address belongs to another profile.");
}

bool profile_is_shown(const struct profile *profile)
{
    return uuid_is_nil(profile->removal);
}

enum status profile_not_found(const struct call *call)
{
    return call_fail(call, ST_NOT_FOUND, NULL, "There is no such user.");
}

enum status profile_register(void *self, struct transaction *tx, const struct call *call,
                             const void *in, void *out)
{
    const struct profile_registrar *registrar = self;
    const struct profile_registration *asked = in;
    struct profile profile = {.user_id = asked->user_id, .person = asked->person};
    enum status st = store_insert(registrar->profiles, tx, call, &profile, NULL);

    (void)out;
    if (st == ST_CONFLICT)
        return profile_email_taken(call);
    return st == ST_OK ? event_say(registrar->outbox, tx, call, &USER_PROFILE_REGISTERED,
                                   &(struct profile_event){asked->user_id})
                       : st;
}

enum status profile_registered(void *self, const struct call *call, const void *in, void *out)
{
    (void)self;
    (void)call;
    *(struct registry_outcome *)out = (struct registry_outcome){
        ((const struct profile_registration *)in)->user_id, REGISTRY_REGISTERED};
    return ST_OK;
}

enum status profile_unregister(void *self, struct transaction *tx, const struct call *call,
                               const void *in, void *out)
{
    const struct profile_registrar *registrar = self;
    const struct profile_cancellation *asked = in;
    enum status st = store_remove(registrar->profiles, tx, call, &asked->user_id, NULL, NULL);

    (void)out;
    if (st == ST_NOT_FOUND) /* nothing has changed: nothing to say */
        return ST_OK;
    return st == ST_OK ? event_say(registrar->outbox, tx, call, &USER_PROFILE_CANCELLED,
                                   &(struct profile_event){asked->user_id})
                       : st;
}

enum status profile_unregistered(void *self, const struct call *call, const void *in, void *out)
{
    (void)self;
    (void)call;
    *(struct registry_outcome *)out = (struct registry_outcome){
        ((const struct profile_cancellation *)in)->user_id, REGISTRY_CANCELLED};
    return ST_OK;
}
