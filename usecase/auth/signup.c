/* signup.c - from the form to a durable promise, and what became of it. */
#include "usecase/auth/signup.h"

#include "protocol/auth.h"
#include "tool/core/mem.h"
#include "usecase/auth/signup_end.h"
#include "usecase/auth/limits.h"
#include "usecase/auth/password_rule.h"
#include "usecase/auth/signup_key.h"
#include "usecase/auth/signup_saga.h"

enum status signup_check(void *self, const struct call *call, const void *in, void *out)
{
    const struct signup_form *form = in;
    (void)self;
    (void)out;
    if (!form->password[0]) /* already refused */
        return ST_OK;
    if (!password_is_weak(form->password, form->login_id, &form->person))
        return ST_OK;
    return problem_field(call->problem, "password", "must be harder to guess");
}

/* What stood in the way of a reservation. */
enum obstacle {
    OBSTACLE_NONE,
    OBSTACLE_LOGIN_ID, /* another account has it */
    OBSTACLE_KEY,      /* a racing twin noted the key first; noted is what it left */
};

/* A login id held for a person, and the answer that promises it. */
struct reservation {
    const struct signup *signup;
    const struct request_key *key; /* NULL = the client gave none */
    struct throttle_subject limit;
    struct signup_accepted accepted;
    struct account account;
    enum obstacle obstacle;
    char noted[BARRIER_OUTCOME_MAX + 1];
};

static enum status enter_key(struct reservation *r, struct transaction *tx, const struct call *call)
{
    struct barrier *barrier = r->signup->barrier;
    char outcome[BARRIER_OUTCOME_MAX + 1];

    signup_key_outcome(r->key, &r->accepted, outcome);
    return barrier->ops->enter(barrier, tx, call, SIGNUP_KEY_CONSUMER, r->key->key, outcome,
                               r->noted);
}

/* No find() first: the unique indexes decide, of the key and then of the login id. */
static enum status reserve(struct transaction *tx, const struct call *call, void *arg)
{
    struct reservation *r = arg;
    enum status st = r->key ? enter_key(r, tx, call) : ST_OK;

    r->obstacle = st == ST_CONFLICT ? OBSTACLE_KEY : OBSTACLE_NONE;
    if (st != ST_OK)
        return st;
    st = store_insert(r->signup->accounts, tx, call, &r->account, NULL);
    if (st == ST_CONFLICT)
        r->obstacle = OBSTACLE_LOGIN_ID;
    return st == ST_OK ? event_say(r->signup->outbox, tx, call, &AUTH_ACCOUNT_CREATED,
                                   &(struct account_event){r->account.id})
                       : st;
}

static enum status reserve_and_start(struct reservation *r, const struct call *call,
                                     const struct signup_form *form)
{
    const struct signup *signup = r->signup;
    struct signup_data data = {.person = form->person, .limit = r->limit.id};
    enum status st = throttle_ask(signup->throttle, call, &r->limit, 1);

    if (st != ST_OK)
        return st;
    r->accepted = (struct signup_accepted){
        .user_id = uuid_v7(signup->clock, signup->entropy),
        .saga_id = uuid_v7(signup->clock, signup->entropy),
        .status = SIGNUP_PENDING,
    };
    r->account = (struct account){.id = r->accepted.user_id, .status = ACCOUNT_SIGNUP_PENDING};
    TEXT_COPY(r->account.login_id, form->login_id);
    st = signup->hasher->ops->hash(signup->hasher, call, form->password, r->account.password_hash);
    if (st != ST_OK)
        return st;
    return saga_start(signup->sagas, call, &SIGNUP_SAGA, r->accepted.saga_id, r->accepted.user_id,
                      &data, reserve, r);
}

/* No fast hash of a password may be stored, so whether it is the same one is asked of the account;
 * as often as it may be guessed.
 * ST_OK | ST_UNPROCESSABLE idempotency_key_reused | ST_LIMITED | an error */
static enum status check_same_password(const struct signup *signup, const struct call *call,
                                       const struct signup_form *form,
                                       const struct account *account)
{
    struct throttle_subject guessed = password_limit(signup->throttle, account->id);
    enum status st = throttle_ask(signup->throttle, call, &guessed, 1);

    if (st == ST_OK)
        st = signup->hasher->ops->verify(signup->hasher, call, form->password,
                                         account->password_hash, NULL);
    if (st != ST_UNAUTHENTICATED)
        return st;
    st = throttle_fail(signup->throttle, call, &guessed, 1);
    return st == ST_OK ? call_fail(call, ST_UNPROCESSABLE, "idempotency_key_reused",
                                   "This Idempotency-Key came with another password before, or the "
                                   "account's password was changed since.")
                       : st;
}

/* The same form, the same password? Then the same ids, and what has become of them; or the error
 * that ended it. */
static enum status answer_again(const struct reservation *r, const struct call *call,
                                const struct signup_form *form, struct signup_accepted *out)
{
    struct signup_accepted accepted = {.status = SIGNUP_PENDING};
    struct account account;
    enum status st;

    if (!signup_key_matches(r->key, r->noted, &accepted))
        return request_key_reused(call);
    st = store_find(r->signup->accounts, NULL, call, NULL, &accepted.user_id, &account);
    if (st == ST_OK) {
        st = check_same_password(r->signup, call, form, &account);
        if (account.status != ACCOUNT_SIGNUP_PENDING)
            accepted.status = SIGNUP_ACTIVE;
    } else if (st == ST_NOT_FOUND) {
        st = signup_end_repeat(r->signup, call, accepted.saga_id);
    }
    if (st == ST_OK)
        *out = accepted;
    return st;
}

static enum status find_key(struct reservation *r, const struct call *call)
{
    struct barrier *barrier = r->signup->barrier;

    return barrier->ops->find(barrier, call, SIGNUP_KEY_CONSUMER, r->key->key, r->noted);
}

/* Looked up once more, for what was met in a transaction that is rolled back may not stay. */
static enum status answer_twin(struct reservation *r, const struct call *call,
                               const struct signup_form *form, struct signup_accepted *out)
{
    enum status st = find_key(r, call);

    if (st == ST_NOT_FOUND) /* it did not */
        st = ST_UNAVAILABLE;
    return st == ST_OK ? answer_again(r, call, form, out) : st;
}

static enum status answer_first(struct reservation *r, const struct call *call,
                                const struct signup_form *form, struct signup_accepted *out)
{
    enum status st = reserve_and_start(r, call, form);

    if (st == ST_OK)
        *out = r->accepted;
    if (st != ST_CONFLICT)
        return st;
    if (r->obstacle == OBSTACLE_KEY)
        return answer_twin(r, call, form, out);
    st = throttle_fail(r->signup->throttle, call, &r->limit, 1);
    return st == ST_OK ? call_fail(call, ST_CONFLICT, "login_id_taken", "This login id is taken.")
                       : st;
}

enum status signup_accept(void *self, const struct call *call, const void *in, void *out)
{
    const struct signup *signup = self;
    const struct signup_form *form = in;
    struct reservation r = {.signup = signup, .limit = signup_limit(signup->throttle, call)};
    struct request_key key;
    enum status st = ST_NOT_FOUND;

    if (call->idempotency_key[0]) {
        signup_key_init(&key, call, form);
        r.key = &key;
        st = find_key(&r, call);
    }
    if (st == ST_OK) /* before the slow hash */
        return answer_again(&r, call, form, out);
    return st == ST_NOT_FOUND ? answer_first(&r, call, form, out) : st;
}

enum status signup_outcome(void *self, const struct call *call, const struct saga_view *end,
                           void *out)
{
    struct signup_accepted *accepted = out;

    (void)self;
    if (!end && accepted->status == SIGNUP_PENDING) /* a key repeated so late, and no account */
        return signup_end_refuse(call, "");
    if (end && end->state == SAGA_COMPENSATED)
        return signup_end_refuse(call, end->reason);
    accepted->status = SIGNUP_ACTIVE;
    return ST_OK;
}
