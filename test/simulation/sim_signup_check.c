/* sim_signup_check.c - what must hold of signups once the dust has settled. */
#include <string.h>

#include "model/account.h"
#include "model/profile.h"
#include "protocol/auth.h"
#include "protocol/user.h"
#include "test/simulation/sim_audit.h"
#include "test/simulation/sim_diary.h"
#include "test/simulation/sim_signup.h"
#include "tool/core/mem.h"
#include "tool/memdb/memdb_table.h"
#include "tool/outbox/memory/outbox_memory.h"

static struct memdb_table *accounts_of(struct sim_signup *signup)
{
    return memdb_table(signup->auth->db, "user", sizeof(struct account));
}

static struct memdb_table *profiles_of(struct sim_signup *signup)
{
    return memdb_table(signup->user->db, "user_inform", sizeof(struct profile));
}

static const struct account *account(struct sim_signup *signup, size_t i)
{
    return memdb_row(accounts_of(signup), i);
}

static const struct profile *profile(struct sim_signup *signup, size_t i)
{
    return memdb_row(profiles_of(signup), i);
}

/* Of the user of a saga. */
struct belongings {
    size_t accounts, active, profiles;
};

static struct belongings count(struct sim_signup *signup, struct uuid user_id)
{
    struct belongings has = {0};

    for (size_t i = 0; i < memdb_count(accounts_of(signup)); i++) {
        if (uuid_equal(account(signup, i)->id, user_id)) {
            has.accounts++;
            has.active += account(signup, i)->status == ACCOUNT_ACTIVE;
        }
    }
    for (size_t i = 0; i < memdb_count(profiles_of(signup)); i++)
        has.profiles += uuid_equal(profile(signup, i)->user_id, user_id);
    return has;
}

static const char *check_saga(struct sim_signup *signup, const struct saga_record *record)
{
    struct belongings has = count(signup, record->view.about);

    if (record->view.state == SAGA_SUCCEEDED) {
        if (has.accounts != 1 || has.active != 1)
            return "succeeded without an active account";
        return has.profiles == 1 ? NULL : "succeeded without one profile";
    }
    if (has.accounts > 0)
        return "compensated, yet there is an account";
    return has.profiles == 0 ? NULL : "compensated, yet there is a profile";
}

struct said {
    const struct event_type *type;
    const char *saga_state;
};

static const struct said SUCCEEDED[] = {
    {&AUTH_ACCOUNT_CREATED,   "STARTED"  },
    {&AUTH_ACCOUNT_ACTIVATED, "SUCCEEDED"},
};
static const struct said COMPENSATED[] = {
    {&AUTH_ACCOUNT_CREATED,    "STARTED"    },
    {&AUTH_SIGNUP_COMPENSATED, "COMPENSATED"},
};
static const struct said PROFILE[] = {
    {&USER_PROFILE_REGISTERED, ""},
    {&USER_PROFILE_CANCELLED,  ""},
};

/* Each event once, in order, with the saga it belongs to and the state that came with it. */
static const char *check_said(struct outbox *outbox, const struct saga_record *record,
                              const struct said *want, size_t n)
{
    struct outbox_row rows[2];

    if (outbox_memory_said(outbox, &record->view.about, rows, ARRAY_LEN(rows)) != n)
        return "not said as often as it has happened";
    for (size_t i = 0; i < n; i++) {
        if (strcmp(rows[i].type, want[i].type->name) != 0)
            return "not said in the order in which it has happened";
        if (!uuid_equal(rows[i].saga_id, record->view.id) ||
            strcmp(rows[i].saga_state, want[i].saga_state) != 0)
            return "said for another saga, or for another state of it";
    }
    return NULL;
}

static const char *check_events(struct sim_signup *signup, const struct saga_record *record)
{
    bool good = record->view.state == SAGA_SUCCEEDED;
    bool made = outbox_memory_said(signup->user->outbox, &record->view.about, NULL, 0) > 0;
    const char *wrong = check_said(signup->auth->outbox, record, good ? SUCCEEDED : COMPENSATED, 2);

    return wrong ? wrong
                 : check_said(signup->user->outbox, record, PROFILE,
                              good   ? 1
                              : made ? 2
                                     : 0);
}

static const char *check_unique(struct sim_signup *signup)
{
    for (size_t i = 0; i < memdb_count(profiles_of(signup)); i++)
        for (size_t j = 0; j < i; j++)
            if (strcasecmp(profile(signup, i)->person.email, profile(signup, j)->person.email) == 0)
                return "two profiles with one e-mail address";
    for (size_t i = 0; i < memdb_count(accounts_of(signup)); i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(account(signup, i)->login_id, account(signup, j)->login_id) == 0)
                return "two accounts with one login id";
    return NULL;
}

/* A try that came after the end was told that end. */
static bool told_the_end(const struct sim_client *client, const struct saga_view *view)
{
    bool taken = strcmp(view->reason, "email_taken") == 0;

    return view->state == SAGA_COMPENSATED &&
           strcmp(client->end, taken ? "email_taken" : "signup_compensated") == 0;
}

/* A 201 is durable, and one idempotency key has one answer. */
static const char *check_promises(struct sim_signup *signup)
{
    for (size_t i = 0; i < signup->n_clients; i++) {
        const struct sim_client *client = &signup->clients[i];
        struct saga_record record;
        if (!client->accepted)
            continue;
        if (client->contradicted)
            return "one request, two answers";
        if (signup->auth->sagas->ops->find(signup->auth->sagas, NULL, client->answer.saga_id,
                                           &record) != ST_OK)
            return "a signup was promised, and there is no saga";
        if (!uuid_equal(record.view.about, client->answer.user_id))
            return "the saga is about somebody else";
        if (client->end[0] && !told_the_end(client, &record.view))
            return "a repeat was told an end that is not its saga's";
        for (size_t j = 0; j < i; j++) {
            const struct sim_client *twin = &signup->clients[j];
            if (twin->accepted && client->key[0] && strcmp(twin->key, client->key) == 0 &&
                !uuid_equal(twin->answer.saga_id, client->answer.saga_id))
                return "one idempotency key, two signups";
        }
    }
    return NULL;
}

const char *sim_signup_check(struct sim_signup *signup)
{
    const char *wrong = sim_house_check_sagas(&signup->house);
    size_t succeeded = 0;

    for (size_t i = 0; i < signup->house.n_tried && !wrong; i++) {
        struct saga_record record;
        if (!sim_house_saga(&signup->house, i, &record))
            continue;
        wrong = check_saga(signup, &record);
        wrong = wrong ? wrong : check_events(signup, &record);
        succeeded += record.view.state == SAGA_SUCCEEDED;
    }
    if (wrong)
        return wrong;
    if (memdb_count(accounts_of(signup)) != succeeded)
        return "an account without a saga";
    if (memdb_count(profiles_of(signup)) != succeeded)
        return "a profile without a saga";
    wrong = sim_heard_check(&signup->house, signup->diary, &DIARY_MEMORY, true);
    wrong = wrong ? wrong : sim_heard_check(&signup->house, signup->audit, &AUDIT_MEMORY, false);
    wrong = wrong ? wrong : check_unique(signup);
    return wrong ? wrong : check_promises(signup);
}
