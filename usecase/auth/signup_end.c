/* signup_end.c - see signup_end.h. */
#include "usecase/auth/signup_end.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/mem.h"

#define END_CONSUMER "auth.signup.end"
#define UNCHECKED                                                                                  \
    "Its account is gone, so whether the password is the same was not checked; another try needs " \
    "another Idempotency-Key."

/* By the saga's reason: the code a participant refused with. Each is among the operation's errors.
 */
static const struct {
    const char *reason;
    enum status status;
    const char *code, *sentence;
} ENDS[] = {
    {"email_taken", ST_CONFLICT,    "email_taken",        "This e-mail address belongs to another profile."},
 /* any other: the deadline, or a participant that could not */
    {NULL,          ST_UNAVAILABLE, "signup_compensated",
     "The signup could not be finished and was undone; try again."                                         },
};

static enum status refuse(const struct call *call, const char *reason, const char *more)
{
    size_t i = 0;

    while (ENDS[i].reason && strcmp(ENDS[i].reason, reason) != 0)
        i++;
    return call_fail(call, ENDS[i].status, ENDS[i].code, "%s%s%s", ENDS[i].sentence,
                     more ? " " : "", more ? more : "");
}

enum status signup_end_refuse(const struct call *call, const char *reason)
{
    return refuse(call, reason, NULL);
}

enum status signup_end_keep(const struct saga_context *context)
{
    const struct signup *signup = context->self;
    struct barrier *barrier = signup->barrier;
    char saga_id[UUID_TEXT_LEN + 1], seen[BARRIER_OUTCOME_MAX + 1];
    enum status st = barrier->ops->enter(barrier, context->tx, context->call, END_CONSUMER,
                                         uuid_text(context->id, saga_id), context->reason, seen);

    return st == ST_CONFLICT ? ST_OK : st;
}

/* A release before this one kept no end, but the saga's row is there for a while. */
static enum status ask_saga(const struct signup *signup, const struct call *call,
                            struct uuid saga_id, char *reason, size_t size)
{
    struct saga_view view;
    enum status st = saga_find(signup->sagas, call, saga_id, &view);

    if (st != ST_OK)
        return st;
    snprintf(reason, size, "%s", view.reason);
    return view.state == SAGA_COMPENSATED ? ST_OK : ST_NOT_FOUND;
}

enum status signup_end_repeat(const struct signup *signup, const struct call *call,
                              struct uuid saga_id)
{
    struct barrier *barrier = signup->barrier;
    char id[UUID_TEXT_LEN + 1], reason[BARRIER_OUTCOME_MAX + 1];
    enum status st =
        barrier->ops->find(barrier, call, END_CONSUMER, uuid_text(saga_id, id), reason);

    if (st == ST_NOT_FOUND)
        st = ask_saga(signup, call, saga_id, reason, sizeof(reason));
    if (st == ST_OK)
        return refuse(call, reason, UNCHECKED);
    return st == ST_NOT_FOUND
               ? call_fail(call, ST_CONFLICT, "account_gone", "This signup is over. %s", UNCHECKED)
               : st;
}
