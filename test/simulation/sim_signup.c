/* sim_signup.c - auth and user as rows; people who sign up, and try again when nobody answers. */
#include "test/simulation/sim_signup.h"

#include <stdio.h>
#include <string.h>

#include "cmd/user/user.h"
#include "protocol/auth.h"
#include "test/simulation/sim_audit.h"
#include "test/simulation/sim_diary.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "usecase/auth/login.h"
#include "usecase/auth/signup.h"
#include "usecase/auth/withdrawal.h"

enum { RETRY_US = 3000000 };

struct auth {
    struct store *accounts, *session_store, *identity_store;
    struct token_issuer issuer;
    struct sessions sessions;
    struct signup signup;
    struct login login;
    struct withdrawal withdrawal;
    struct identities identities;
};

static enum status issue(struct token_issuer *self, const struct call *call, struct uuid subject,
                         struct uuid session, const char *roles, char out[TOKEN_TEXT_MAX + 1],
                         int64_t *expires_in_s)
{
    (void)self;
    (void)call;
    (void)session;
    (void)roles;
    uuid_text(subject, out);
    *expires_in_s = 900;
    return ST_OK;
}

static const struct token_issuer_ops ISSUER = {.issue = issue};

static enum status auth_start(void *self, const struct service_run *run)
{
    struct auth *auth = self;

    auth->signup = (struct signup){
        .accounts = auth->accounts,
        .remote = run->remote,
        .barrier = run->barrier,
        .outbox = run->outbox,
        .sagas = run->sagas,
        .hasher = fake_hasher_create(),
        .clock = run->clock,
        .entropy = run->entropy,
    };
    auth->issuer.ops = &ISSUER;
    auth->sessions = (struct sessions){
        .accounts = auth->accounts,
        .sessions = auth->session_store,
        .transactor = run->transactor,
        .outbox = run->outbox,
        .issuer = &auth->issuer,
        .entropy = run->entropy,
        .limits = {.max = 3, .idle_s = 6400, .lifetime_s = 10000},
    };
    auth->login = (struct login){
        .accounts = auth->accounts,
        .transactor = auth->sessions.transactor,
        .hasher = auth->signup.hasher,
        .sessions = &auth->sessions,
    };
    auth->identities = (struct identities){auth->identity_store, run->clock, run->entropy};
    auth->withdrawal = (struct withdrawal){
        .accounts = auth->accounts,
        .remote = run->remote,
        .barrier = run->barrier,
        .outbox = run->outbox,
        .sessions = &auth->sessions,
        .identities = &auth->identities,
        .sagas = run->sagas,
        .clock = run->clock,
        .entropy = run->entropy,
    };
    saga_engine_add(run->sagas, &SIGNUP_SAGA, &auth->signup);
    saga_engine_add(run->sagas, &WITHDRAWAL_SAGA, &auth->withdrawal);
    return ST_OK;
}

static void auth_stop(void *self)
{
    struct auth *auth = self;

    auth->signup.hasher->ops->destroy(auth->signup.hasher);
}

static enum status user_start(void *self, const struct service_run *run)
{
    struct user *user = self;

    user->registrar = (struct profile_registrar){user->profiles, run->outbox};
    user->reading = (struct profile_reading){user->profiles};
    return ST_OK;
}

static const struct endpoint AUTH_ENDPOINTS[] = {
    {ENDPOINT(AUTH_SIGNUP,   signup_accept,     struct signup_form,     struct signup_accepted),
     .self = offsetof(struct auth, signup)    },
    {ENDPOINT(AUTH_WITHDRAW, withdrawal_accept, struct withdrawal_form, struct withdrawal_accepted),
     .self = offsetof(struct auth, withdrawal)},
    {ENDPOINT(AUTH_LOGIN,    login_grant,       struct login_form,      struct login_granted),
     .self = offsetof(struct auth, login)     },
};
static const struct service_store AUTH_STORES[] = {
    {&ACCOUNT_TABLE,  offsetof(struct auth, accounts)      },
    {&SESSION_TABLE,  offsetof(struct auth, session_store) },
    {&IDENTITY_TABLE, offsetof(struct auth, identity_store)},
};
static const struct operation *const AUTH_CALLS[] = {
    &USER_REGISTRY, &USER_REGISTRY_CANCEL, &USER_REMOVE, &USER_REMOVE_CANCEL, &USER_ERASE};
static const struct service_store USER_STORES[] = {
    {&PROFILE_TABLE, offsetof(struct user, profiles)},
};

static const struct service AUTH = {
    .name = "auth",
    .size = sizeof(struct auth),
    .endpoints = AUTH_ENDPOINTS,
    .n_endpoints = ARRAY_LEN(AUTH_ENDPOINTS),
    .calls = AUTH_CALLS,
    .n_calls = ARRAY_LEN(AUTH_CALLS),
    .stores = AUTH_STORES,
    .n_stores = ARRAY_LEN(AUTH_STORES),
    .says = AUTH_EVENTS,
    .sagas = true,
    .start = auth_start,
    .stop = auth_stop,
};
static const struct service USER = {
    .name = "user",
    .size = sizeof(struct user),
    .endpoints = USER_ENDPOINTS,
    .n_endpoints = ARRAY_LEN(USER_ENDPOINTS),
    .stores = USER_STORES,
    .n_stores = ARRAY_LEN(USER_STORES),
    .says = USER_EVENTS,
    .start = user_start,
};

static void sign_up(struct sim_client *client, struct sim_errand *errand);

void sim_signup_init(struct sim_signup *signup, uint64_t seed)
{
    static const struct service *const SERVICES[] = {&AUTH, &USER, &DIARY, &AUDIT};

    sim_house_init(&signup->house, seed, SERVICES, ARRAY_LEN(SERVICES));
    signup->auth = sim_house_service(&signup->house, "auth");
    signup->user = sim_house_service(&signup->house, "user");
    signup->diary = sim_house_service(&signup->house, "diary");
    signup->audit = sim_house_service(&signup->house, "audit");
    signup->house.client = sim_signup_act;
    signup->n_clients = 0;
}

struct sim_client *sim_signup_client(struct sim_signup *signup, int64_t at_us, unsigned who,
                                     unsigned email, const char *key)
{
    struct sim_client *client = &signup->clients[signup->n_clients++];
    struct person *person = &client->form.person;

    ASSERT(signup->n_clients <= SIM_CLIENTS_MAX);
    *client = (struct sim_client){
        .signup = signup, .signing_up = {client, sign_up, 0}
    };
    snprintf(client->form.login_id, sizeof(client->form.login_id), "person%u", who);
    snprintf(client->form.password, sizeof(client->form.password), "secret of %u", who);
    snprintf(person->name, sizeof(person->name), "Person %u", who);
    snprintf(person->email, sizeof(person->email), "%s%u@example.org", who % 2 ? "mail" : "MAIL",
             email);
    snprintf(person->phone, sizeof(person->phone), "+8210%07u", who);
    TEXT_COPY(client->key, key);
    sim_post(&signup->house.sim, at_us, sim_signup_act, &client->signing_up);
    return client;
}

void sim_signup_act(void *arg)
{
    struct sim_errand *errand = arg;

    errand->fn(errand->client, errand);
}

void sim_signup_again(struct sim_errand *errand)
{
    struct sim *sim = &errand->client->signup->house.sim;

    if (++errand->tries < SIM_TRIES_MAX)
        sim_post(sim, 1000 + (int64_t)sim_below(sim, RETRY_US), sim_signup_act, errand);
}

/* One request, one answer for good. */
static void accept(struct sim_client *client, const struct signup_accepted *answer)
{
    struct sim *sim = &client->signup->house.sim;

    if (client->accepted && (!uuid_equal(client->answer.saga_id, answer->saga_id) ||
                             !uuid_equal(client->answer.user_id, answer->user_id)))
        client->contradicted = true;
    client->accepted = true;
    client->answer = *answer;
    if (client->key[0] && sim_chance(sim, 300)) /* the answer did not reach him */
        sim_signup_again(&client->signing_up);
}

static void sign_up(struct sim_client *client, struct sim_errand *errand)
{
    struct sim_instance *auth = sim_house_instance(client->signup->auth);
    struct problem problem = {0};
    struct signup_accepted answer = {0};
    struct call call = {.problem = &problem};
    enum status st;

    if (!auth) {
        sim_signup_again(errand);
        return;
    }
    call.clock = auth->run.clock;
    call.deadline_ms = clock_now_ms(call.clock) + 5000;
    TEXT_COPY(call.idempotency_key, client->key);
    st = sim_house_serve(auth, &AUTH_SIGNUP, &call, &client->form, &answer);
    sim_note(&client->signup->house.sim, "client", client->form.login_id, st);
    if (strcmp(problem.code, "email_taken") == 0 ||
        strcmp(problem.code, "signup_compensated") == 0 ||
        strcmp(problem.code, "account_gone") == 0)
        TEXT_COPY(client->end, problem.code);
    if (st == ST_OK)
        accept(client, &answer);
    else if (client->key[0] && !status_is_refusal(st))
        sim_signup_again(errand);
}
