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

/* Whoever is gone is not logged in. */
static const char *check_sessions(struct sim_signup *signup)
{
    struct memdb_table *rows = memdb_table(signup->auth->db, "session", sizeof(struct session));

    for (size_t i = 0; i < memdb_count(rows); i++) {
        const struct session *session = memdb_row(rows, i);
        size_t owners = 0;
        for (size_t j = 0; j < memdb_count(accounts_of(signup)); j++)
            owners += uuid_equal(account(signup, j)->id, session->user_id);
        if (owners != 1)
            return "a session of nobody";
    }
    return NULL;
}

/* Of the user of a saga. */
struct belongings {
    size_t accounts, active, profiles, shown;
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
    for (size_t i = 0; i < memdb_count(profiles_of(signup)); i++) {
        bool own = uuid_equal(profile(signup, i)->user_id, user_id);
        has.profiles += own;
        has.shown += own && uuid_is_nil(profile(signup, i)->removal);
    }
    return has;
}

/* Of his profile; 0 = has none. */
static int64_t version(struct sim_signup *signup, struct uuid user_id)
{
    for (size_t i = 0; i < memdb_count(profiles_of(signup)); i++)
        if (uuid_equal(profile(signup, i)->user_id, user_id))
            return profile(signup, i)->version;
    return 0;
}

/* What became of the user of a signup. */
struct fate {
    struct saga_record signup, withdrawal; /* the withdrawal that took him away, if .gone */
    bool gone;
};

static bool is_of(const struct saga_record *record, const char *type)
{
    return strcmp(record->type, type) == 0;
}

/* NULL, or what is wrong. */
static const char *find_withdrawal(struct sim_signup *signup, struct fate *fate)
{
    for (size_t i = 0; i < signup->house.n_tried; i++) {
        struct saga_record record;
        if (!sim_house_saga(&signup->house, i, &record) || !is_of(&record, "withdrawal") ||
            !uuid_equal(record.view.about, fate->signup.view.about))
            continue;
        if (fate->signup.view.state != SAGA_SUCCEEDED)
            return "somebody left who never came";
        if (record.view.state != SAGA_SUCCEEDED)
            continue;
        if (fate->gone)
            return "somebody left twice";
        fate->gone = true;
        fate->withdrawal = record;
    }
    return NULL;
}

static const char *check_rows(struct sim_signup *signup, const struct fate *fate)
{
    struct belongings has = count(signup, fate->signup.view.about);

    if (fate->signup.view.state == SAGA_SUCCEEDED && !fate->gone) {
        if (has.accounts != 1 || has.active != 1)
            return "succeeded without an active account";
        return has.profiles == 1 && has.shown == 1 ? NULL : "succeeded without one profile";
    }
    if (has.accounts > 0)
        return "compensated or withdrawn, yet there is an account";
    return has.profiles == 0 ? NULL : "compensated or withdrawn, yet there is a profile";
}

struct said {
    const struct event_type *type;
    const struct saga_record *saga;
    const char *saga_state;
};

/* Each event once, in order, with the saga it belongs to and the state that came with it. In
 * between profiles are changed, as often as their version says, and sessions end with the account.
 */
static const char *check_said(struct outbox *outbox, struct uuid about, const struct said *want,
                              size_t n, size_t *changes)
{
    enum { ROWS = 64 };
    struct outbox_row *rows = mem_alloc(ROWS, sizeof(*rows));
    size_t n_rows = outbox_memory_said(outbox, &about, rows, ROWS), at = 0;
    const char *wrong = n_rows <= ROWS ? NULL : "said too often";

    *changes = 0;
    for (size_t i = 0; i < n_rows && !wrong; i++) {
        bool changed = strcmp(rows[i].type, USER_PROFILE_CHANGED.name) == 0;
        bool often = changed || strcmp(rows[i].type, AUTH_SESSIONS_REVOKED.name) == 0;
        *changes += changed;
        if (often)
            wrong = at == (changed ? 1 : 2) ? NULL : "a change of what was not there";
        else if (at == n || strcmp(rows[i].type, want[at].type->name) != 0)
            wrong = "not said as often as it has happened, or in another order";
        else if (!uuid_equal(rows[i].saga_id, want[at].saga->view.id) ||
                 strcmp(rows[i].saga_state, want[at].saga_state) != 0)
            wrong = "said for another saga, or for another state of it";
        at += !often;
    }
    free(rows);
    return wrong || at == n ? wrong : "not said as often as it has happened";
}

static const char *check_auth_said(struct sim_signup *signup, const struct fate *fate)
{
    bool good = fate->signup.view.state == SAGA_SUCCEEDED;
    const struct said want[] = {
        {&AUTH_ACCOUNT_CREATED,                                     &fate->signup,     "STARTED"   },
        {good ? &AUTH_ACCOUNT_ACTIVATED : &AUTH_SIGNUP_COMPENSATED, &fate->signup,
         good ? "SUCCEEDED" : "COMPENSATED"                                                        },
        {&AUTH_ACCOUNT_WITHDRAWN,                                   &fate->withdrawal, "PROCESSING"},
    };
    size_t changes;

    return check_said(signup->auth->outbox, fate->signup.view.about, want, fate->gone ? 3 : 2,
                      &changes);
}

static const char *check_user_said(struct sim_signup *signup, const struct fate *fate)
{
    struct uuid about = fate->signup.view.about;
    bool good = fate->signup.view.state == SAGA_SUCCEEDED;
    bool made = outbox_memory_said(signup->user->outbox, &about, NULL, 0) > 0;
    const struct said want[] = {
        {&USER_PROFILE_REGISTERED,                                     &fate->signup, ""},
        {fate->gone ? &USER_PROFILE_REMOVED : &USER_PROFILE_CANCELLED,
         fate->gone ? &fate->withdrawal : &fate->signup,                              ""},
    };
    size_t n = good ? 1 + fate->gone : made ? 2 : 0, changes;
    const char *wrong = check_said(signup->user->outbox, about, want, n, &changes);

    if (!wrong && good && !fate->gone && version(signup, about) != 1 + (int64_t)changes)
        wrong = "a profile was not changed as often as it was said";
    return wrong;
}

static const char *check_user(struct sim_signup *signup, const struct saga_record *record)
{
    struct fate fate = {.signup = *record};
    const char *wrong = find_withdrawal(signup, &fate);

    wrong = wrong ? wrong : check_rows(signup, &fate);
    wrong = wrong ? wrong : check_auth_said(signup, &fate);
    return wrong ? wrong : check_user_said(signup, &fate);
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

/* A try that came after the end was told that end; or that who had come is gone. */
static bool told_the_end(const struct sim_client *client, const struct saga_view *view)
{
    bool taken = strcmp(view->reason, "email_taken") == 0;

    if (view->state == SAGA_SUCCEEDED)
        return strcmp(client->end, "account_gone") == 0;
    return strcmp(client->end, taken ? "email_taken" : "signup_compensated") == 0;
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

/* What was promised to who leaves is there: one withdrawal at a time, another only after one that
 * was undone. */
static const char *check_withdrawals(struct sim_signup *signup, const struct sim_client *client)
{
    struct saga_store *sagas = signup->auth->sagas;
    size_t through = 0;

    for (size_t i = 0; i < client->n_withdrawals; i++) {
        struct saga_record record;
        if (sagas->ops->find(sagas, NULL, client->withdrawals[i], &record) != ST_OK)
            return "a withdrawal was promised, and there is no saga";
        if (!is_of(&record, "withdrawal") || !uuid_equal(record.view.about, client->answer.user_id))
            return "the withdrawal is somebody else's";
        through += record.view.state == SAGA_SUCCEEDED;
    }
    return through <= 1 ? NULL : "one account, two withdrawals";
}

const char *sim_signup_check(struct sim_signup *signup)
{
    const char *wrong = sim_house_check_sagas(&signup->house);
    size_t here = 0;

    for (size_t i = 0; i < signup->house.n_tried && !wrong; i++) {
        struct saga_record record;
        if (!sim_house_saga(&signup->house, i, &record))
            continue;
        if (is_of(&record, "signup")) {
            wrong = check_user(signup, &record);
            here += record.view.state == SAGA_SUCCEEDED;
        } else {
            here -= record.view.state == SAGA_SUCCEEDED;
        }
    }
    if (wrong)
        return wrong;
    if (memdb_count(accounts_of(signup)) != here)
        return "an account without a saga";
    if (memdb_count(profiles_of(signup)) != here)
        return "a profile without a saga";
    for (size_t i = 0; i < signup->n_clients && !wrong; i++)
        wrong = check_withdrawals(signup, &signup->clients[i]);
    wrong = wrong ? wrong : sim_heard_check(&signup->house, signup->diary, &DIARY_MEMORY, true);
    wrong = wrong ? wrong : sim_heard_check(&signup->house, signup->audit, &AUDIT_MEMORY, false);
    wrong = wrong ? wrong : check_unique(signup);
    wrong = wrong ? wrong : check_sessions(signup);
    return wrong ? wrong : check_promises(signup);
}
