/* withdrawal.c - see withdrawal.h. */
#include "usecase/auth/withdrawal.h"

#include "protocol/auth.h"

/* Noted at the barrier by the user's id: the saga of the last withdrawal. */
#define CONSUMER "auth.withdraw"

struct wish {
    const struct withdrawal *withdrawal;
    struct uuid user_id, saga_id;
    char key[UUID_TEXT_LEN + 1];
    enum account_status status; /* as the account was found */
};

static enum status lock(void *row, const struct call *call, void *arg)
{
    struct account *account = row;
    struct wish *wish = arg;

    (void)call;
    wish->status = account->status;
    if (account->status != ACCOUNT_ACTIVE)
        return ST_CONFLICT;
    account->status = ACCOUNT_WITHDRAW_PENDING;
    return ST_OK;
}

/* The account decides whether there may be one. One that was noted before was undone then. */
static enum status begin(struct transaction *tx, const struct call *call, void *arg)
{
    struct wish *wish = arg;
    struct barrier *barrier = wish->withdrawal->barrier;
    char saga_id[UUID_TEXT_LEN + 1], seen[BARRIER_OUTCOME_MAX + 1];
    enum status noted, st;

    uuid_text(wish->saga_id, saga_id);
    noted = barrier->ops->enter(barrier, tx, call, CONSUMER, wish->key, saga_id, seen);
    if (noted != ST_OK && noted != ST_CONFLICT)
        return noted;
    st = store_change(wish->withdrawal->accounts, tx, call, &wish->user_id,
                      &(struct store_change){.fn = lock, .arg = wish}, NULL);
    if (st == ST_NOT_FOUND)
        st = identity_known(wish->withdrawal->identities, tx, call, wish->user_id);
    if (st == ST_OK && noted == ST_CONFLICT)
        st = barrier->ops->record(barrier, tx, call, CONSUMER, wish->key, saga_id);
    return st;
}

/* What was met in a transaction that is rolled back may not stay; what is found does. */
static enum status find_noted(const struct wish *wish, const struct call *call,
                              struct uuid *saga_id)
{
    struct barrier *barrier = wish->withdrawal->barrier;
    char noted[BARRIER_OUTCOME_MAX + 1];
    enum status st = barrier->ops->find(barrier, call, CONSUMER, wish->key, noted);

    if (st == ST_OK && !uuid_parse(noted, saga_id))
        return ST_INTERNAL;
    return st;
}

/* It cannot begin: the account is locked, or gone. */
static enum status answer_again(const struct wish *wish, const struct call *call, bool gone,
                                struct withdrawal_accepted *out)
{
    enum status st;

    if (!gone && wish->status != ACCOUNT_WITHDRAW_PENDING)
        return session_allowed(call, wish->status);
    st = find_noted(wish, call, &out->saga_id);
    if (st != ST_NOT_FOUND)
        return st;
    return gone ? call_fail(call, ST_NOT_FOUND, NULL, "There is no such account any more.")
                : session_allowed(call, wish->status);
}

enum status withdrawal_accept(void *self, const struct call *call, const void *in, void *out)
{
    const struct withdrawal *withdrawal = self;
    struct withdrawal_accepted *accepted = out;
    struct wish wish = {.withdrawal = withdrawal,
                        .user_id = ((const struct withdrawal_form *)in)->user_id,
                        .saga_id = uuid_v7(withdrawal->clock, withdrawal->entropy)};
    enum status st;

    uuid_text(wish.user_id, wish.key);
    st = saga_start(withdrawal->sagas, call, &WITHDRAWAL_SAGA, wish.saga_id, wish.user_id, NULL,
                    begin, &wish);
    if (st == ST_CONFLICT || st == ST_NOT_FOUND)
        return answer_again(&wish, call, st == ST_NOT_FOUND, accepted);
    if (st == ST_OK)
        accepted->saga_id = wish.saga_id;
    return st;
}

enum status withdrawal_outcome(void *self, const struct call *call, const struct saga_view *end,
                               void *out)
{
    (void)self;
    if (end && end->state == SAGA_COMPENSATED)
        return call_fail(call, ST_UNAVAILABLE, "withdrawal_compensated",
                         "The withdrawal could not be finished and was undone; try again.");
    ((struct withdrawal_accepted *)out)->status = WITHDRAWAL_DONE;
    return ST_OK;
}
