/* signup_saga.c - the steps of a signup. The account is reserved by the transaction that starts the
 * saga; the profile is the user service's; unlocking the account is the point of no return. */
#include "usecase/auth/signup_saga.h"

#include <string.h>

#include "protocol/auth.h"
#include "protocol/person.h"
#include "tool/core/mem.h"
#include "usecase/auth/limits.h"
#include "usecase/auth/others.h"
#include "usecase/auth/signup_end.h"

static const struct field DATA_FIELDS[] = {
    FIELD(struct signup_data, person, "", FIELD_INLINE, 0, .item = &PERSON),
    FIELD(struct signup_data, limit, "limit", FIELD_UUID, 0,
          .doc = "What counts when something is taken."),
};

static const struct descriptor DATA =
    DESCRIPTOR(struct signup_data, "SignupData", DATA_FIELDS, "What the steps of a signup need.");

static enum status is_pending(void *row, const struct call *call, void *arg)
{
    (void)call;
    (void)arg;
    return ((struct account *)row)->status == ACCOUNT_SIGNUP_PENDING ? ST_OK : ST_CONFLICT;
}

static enum status remove_account(const struct saga_context *context)
{
    const struct signup *signup = context->self;
    struct signup_compensated event = {.user_id = context->about};
    enum status st = store_remove(signup->accounts, context->tx, context->call, &context->about,
                                  is_pending, NULL);

    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    st = signup_end_keep(context);
    if (st != ST_OK)
        return st;
    TEXT_COPY(event.reason, context->reason);
    return event_say(signup->outbox, context->tx, context->call, &AUTH_SIGNUP_COMPENSATED, &event);
}

static enum status register_profile(const struct saga_context *context)
{
    const struct signup *signup = context->self;
    const struct signup_data *data = context->data;
    struct profile_registration registration = {
        .saga_id = context->id, .user_id = context->about, .person = data->person};

    return ask_profile_register(signup->remote, context->call, &registration, NULL);
}

/* Who is told that an address is taken has learned something. */
static enum status register_and_count(const struct saga_context *context)
{
    const struct signup *signup = context->self;
    const struct signup_data *data = context->data;
    enum status st = register_profile(context);

    if (st == ST_CONFLICT && !uuid_is_nil(data->limit) && context->call->problem &&
        strcmp(context->call->problem->code, "email_taken") == 0)
        signup_limit_count(signup->throttle, context->call, data->limit);
    return st;
}

static enum status cancel_profile(const struct saga_context *context)
{
    const struct signup *signup = context->self;

    return ask_profile_cancel(signup->remote, context->call,
                              &(struct profile_cancellation){context->id, context->about}, NULL);
}

static enum status activate_account(const struct saga_context *context)
{
    const struct signup *signup = context->self;
    enum status st = store_turn(signup->accounts, context->tx, context->call, &context->about,
                                "status", &(enum account_status){ACCOUNT_SIGNUP_PENDING},
                                &(enum account_status){ACCOUNT_ACTIVE});

    return st == ST_OK ? event_say(signup->outbox, context->tx, context->call,
                                   &AUTH_ACCOUNT_ACTIVATED, &(struct account_event){context->about})
                       : st;
}

/* clang-format off */
static const struct saga_step STEPS[] = {
    {"create_account", SAGA_COMPENSATABLE, SAGA_LOCAL, .undo = remove_account},
    {"register_profile", SAGA_COMPENSATABLE, SAGA_REMOTE, register_and_count, cancel_profile,
     .timeout_ms = 2000, .op = &USER_REGISTRY, .undo_op = &USER_REGISTRY_CANCEL},
    {"activate_account", SAGA_PIVOT, SAGA_LOCAL, .act = activate_account},
};
/* clang-format on */

const struct saga_type SIGNUP_SAGA = {
    .name = "signup",
    .steps = STEPS,
    .n_steps = ARRAY_LEN(STEPS),
    .deadline_ms = 30000,
    .data = &DATA,
};
