/* withdrawal_saga.c - the steps of a withdrawal. The account is locked by the transaction that
 * starts the saga; the profile is hidden, and its e-mail stays taken, so that all of it can be
 * undone; that the account is gone is the point of no return. Only then is the profile erased. */
#include <string.h>

#include "protocol/auth.h"
#include "tool/core/mem.h"
#include "usecase/auth/limits.h"
#include "usecase/auth/others.h"
#include "usecase/auth/withdrawal.h"

/* Whoever has no account any more needs nothing undone. */
static enum status unlock_account(const struct saga_context *context)
{
    const struct withdrawal *withdrawal = context->self;
    enum status st = store_turn(withdrawal->accounts, context->tx, context->call, &context->about,
                                "status", &(enum account_status){ACCOUNT_WITHDRAW_PENDING},
                                &(enum account_status){ACCOUNT_ACTIVE});

    return st == ST_NOT_FOUND ? ST_OK : st;
}

static struct profile_removal removal_of(const struct saga_context *context)
{
    return (struct profile_removal){context->id, context->about};
}

static enum status hide_profile(const struct saga_context *context)
{
    const struct withdrawal *withdrawal = context->self;
    struct profile_removal removal = removal_of(context);

    return ask_profile_hide(withdrawal->remote, context->call, &removal, NULL);
}

static enum status show_profile(const struct saga_context *context)
{
    const struct withdrawal *withdrawal = context->self;
    struct profile_removal removal = removal_of(context);

    return ask_profile_show(withdrawal->remote, context->call, &removal, NULL);
}

static enum status erase_profile(const struct saga_context *context)
{
    const struct withdrawal *withdrawal = context->self;
    struct profile_removal removal = removal_of(context);

    return ask_profile_erase(withdrawal->remote, context->call, &removal, NULL);
}

static enum status is_locked(void *row, const struct call *call, void *arg)
{
    (void)call;
    (void)arg;
    return ((struct account *)row)->status == ACCOUNT_WITHDRAW_PENDING ? ST_OK : ST_CONFLICT;
}

/* What was failed at for the account is forgotten first: who logs in locks that first too. */
static enum status forget_attempts(const struct saga_context *context)
{
    const struct withdrawal *withdrawal = context->self;
    struct account account;
    enum status st = store_find(withdrawal->accounts, context->tx, context->call, NULL,
                                &context->about, &account);

    if (st == ST_OK)
        st = account_limits_forget(withdrawal->throttle, context->tx, context->call, &account);
    explicit_bzero(&account, sizeof(account)); /* its password's hash */
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status remove_account(const struct saga_context *context)
{
    const struct withdrawal *withdrawal = context->self;
    enum status st = forget_attempts(context);

    if (st == ST_OK)
        st = store_remove(withdrawal->accounts, context->tx, context->call, &context->about,
                          is_locked, NULL);
    if (st == ST_OK || st == ST_NOT_FOUND)
        st = sessions_revoke(withdrawal->sessions, context->tx, context->call, context->about,
                             SESSIONS_WITHDRAWN);
    if (st == ST_OK)
        st = identities_erase(withdrawal->identities, context->tx, context->call, context->about);
    return st == ST_OK ? event_say(withdrawal->outbox, context->tx, context->call,
                                   &AUTH_ACCOUNT_WITHDRAWN, &(struct account_event){context->about})
                       : st;
}

/* clang-format off */
static const struct saga_step STEPS[] = {
    {"lock_account", SAGA_COMPENSATABLE, SAGA_LOCAL, .undo = unlock_account},
    {"hide_profile", SAGA_COMPENSATABLE, SAGA_REMOTE, hide_profile, show_profile,
     .timeout_ms = 2000, .op = &USER_REMOVE, .undo_op = &USER_REMOVE_CANCEL},
    {"remove_account", SAGA_PIVOT, SAGA_LOCAL, .act = remove_account},
    {"erase_profile", SAGA_RETRIABLE, SAGA_REMOTE, .act = erase_profile,
     .timeout_ms = 2000, .op = &USER_ERASE},
};
/* clang-format on */

const struct saga_type WITHDRAWAL_SAGA = {
    .name = "withdrawal",
    .steps = STEPS,
    .n_steps = ARRAY_LEN(STEPS),
    .deadline_ms = 30000,
};
