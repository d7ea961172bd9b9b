/* signup.c - from the form to a durable promise, and what became of it. */
#include "usecase/auth/signup.h"

#include <string.h>

#include "tool/core/mem.h"
#include "usecase/auth/signup_key.h"
#include "usecase/auth/signup_saga.h"

enum status signup_check(void *self, const struct call *call, const void *in, void *out)
{
    const struct signup_form *form = in;
    const char *words[] = {form->login_id, form->person.name, form->person.email, NULL};

    (void)self;
    (void)out;
    if (!form->password[0]) /* already refused */
        return ST_OK;
    if (password_strength_bits(form->password, words) >= PASSWORD_BITS_MIN)
        return ST_OK;
    return problem_field(call->problem, "password", "must be harder to guess");
}

struct start {
    const struct signup *signup;
    const struct request_key *key; /* NULL = the client gave none */
    struct signup_accepted accepted;
    struct account account;
    char seen[BARRIER_OUTCOME_MAX + 1]; /* the key was noted by a racing twin; "" = no */
};

/* No find() first: the unique indexes decide, of the key and then of the login id. */
static enum status reserve(struct transaction *tx, const struct call *call, void *arg)
{
    struct start *start = arg;
    const struct signup *signup = start->signup;
    char outcome[BARRIER_OUTCOME_MAX + 1];

    start->seen[0] = '\0';
    if (start->key) {
        enum status st;
        signup_key_outcome(start->key, &start->accepted, outcome);
        st = signup->barrier->ops->enter(signup->barrier, tx, call, SIGNUP_KEY_CONSUMER,
                                         start->key->key, outcome, start->seen);
        if (st != ST_OK)
            return st;
    }
    return store_insert(signup->accounts, tx, call, &start->account, NULL);
}

/* No fast hash of a password may be stored, so whether it is the same one is asked of the account.
 */
static enum status answer_again(const struct signup *signup, const struct call *call,
                                const struct signup_form *form, const struct request_key *key,
                                const char *outcome, struct signup_accepted *accepted)
{
    struct signup_accepted recorded = {.status = SIGNUP_PENDING};
    struct account account;
    enum status st;

    if (!signup_key_matches(key, outcome, &recorded))
        return request_key_reused(call);
    st = store_find(signup->accounts, NULL, call, NULL, &recorded.user_id, &account);
    if (st == ST_OK) {
        st = signup->hasher->ops->verify(signup->hasher, call, form->password,
                                         account.password_hash);
        if (st == ST_UNAUTHENTICATED)
            return request_key_reused(call);
        if (account.status != ACCOUNT_SIGNUP_PENDING)
            recorded.status = SIGNUP_ACTIVE;
    }
    if (st != ST_OK && st != ST_NOT_FOUND) /* not found: it was compensated */
        return st;
    *accepted = recorded;
    return ST_OK;
}

static enum status start_saga(struct start *start, const struct call *call,
                              const struct signup_form *form)
{
    const struct signup *signup = start->signup;
    struct signup_data data = {.person = form->person};
    enum status st;

    start->accepted = (struct signup_accepted){
        .user_id = uuid_v7(signup->clock, signup->entropy),
        .saga_id = uuid_v7(signup->clock, signup->entropy),
        .status = SIGNUP_PENDING,
    };
    start->account =
        (struct account){.id = start->accepted.user_id, .status = ACCOUNT_SIGNUP_PENDING};
    TEXT_COPY(start->account.login_id, form->login_id);
    st = signup->hasher->ops->hash(signup->hasher, call, form->password,
                                   start->account.password_hash);
    if (st != ST_OK)
        return st;
    return saga_start(signup->sagas, call, &SIGNUP_SAGA, start->accepted.saga_id,
                      start->accepted.user_id, &data, reserve, start);
}

enum status signup_start(void *self, const struct call *call, const void *in, void *out)
{
    const struct signup *signup = self;
    const struct signup_form *form = in;
    struct request_key key;
    struct start start = {.signup = signup};
    enum status st;

    if (call->idempotency_key[0]) {
        signup_key_init(&key, call, form);
        start.key = &key;
        st = signup->barrier->ops->find(signup->barrier, call, SIGNUP_KEY_CONSUMER, key.key,
                                        start.seen);
        if (st == ST_OK) /* before the slow hash */
            return answer_again(signup, call, form, &key, start.seen, out);
        if (st != ST_NOT_FOUND)
            return st;
    }
    st = start_saga(&start, call, form);
    if (st == ST_CONFLICT && start.seen[0])
        return answer_again(signup, call, form, &key, start.seen, out);
    if (st == ST_CONFLICT)
        return call_fail(call, st, "login_id_taken", "This login id is taken.");
    if (st == ST_OK)
        *(struct signup_accepted *)out = start.accepted;
    return st;
}

/* reason: the code a participant refused with, or the engine's own. */
static enum status compensated(const struct call *call, const char *reason)
{
    if (strcmp(reason, "email_taken") == 0)
        return call_fail(call, ST_CONFLICT, reason,
                         "This e-mail address belongs to another profile.");
    if (strcmp(reason, "deadline_exceeded") == 0 || !reason[0])
        return call_fail(call, ST_UNAVAILABLE, "signup_compensated",
                         "The signup could not be finished in time and was undone; try again.");
    return call_fail(call, ST_CONFLICT, reason, "The signup was refused and undone.");
}

enum status signup_outcome(void *self, const struct call *call, const struct saga_view *end,
                           void *out)
{
    struct signup_accepted *accepted = out;

    (void)self;
    if (!end && accepted->status == SIGNUP_PENDING) /* a key repeated so late, and no account */
        return compensated(call, "");
    if (end && end->state == SAGA_COMPENSATED)
        return compensated(call, end->reason);
    accepted->status = SIGNUP_ACTIVE;
    return ST_OK;
}
