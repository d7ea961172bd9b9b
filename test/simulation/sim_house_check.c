/* sim_house_check.c - what must hold once the dust has settled. */
#include <stdio.h>
#include <string.h>

#include "test/simulation/sim_house.h"
#include "tool/core/mem.h"

static struct memdb_table *accounts_of(struct sim_house *house)
{
    return memdb_table(house->auth_db, "user", sizeof(struct account));
}

static struct memdb_table *profiles_of(struct sim_house *house)
{
    return memdb_table(house->user_db, "user_inform", sizeof(struct profile));
}

static const struct account *account(struct sim_house *house, size_t i)
{
    return memdb_row(accounts_of(house), i);
}

static const struct profile *profile(struct sim_house *house, size_t i)
{
    return memdb_row(profiles_of(house), i);
}

/* Of the user of a saga. */
struct belongings {
    size_t accounts, active, profiles;
};

static struct belongings count(struct sim_house *house, struct uuid user_id)
{
    struct belongings has = {0};

    for (size_t i = 0; i < memdb_count(accounts_of(house)); i++) {
        if (uuid_equal(account(house, i)->id, user_id)) {
            has.accounts++;
            has.active += account(house, i)->status == ACCOUNT_ACTIVE;
        }
    }
    for (size_t i = 0; i < memdb_count(profiles_of(house)); i++)
        has.profiles += uuid_equal(profile(house, i)->user_id, user_id);
    return has;
}

static const char *check_saga(struct sim_house *house, const struct saga_record *record)
{
    struct belongings has = count(house, record->view.subject);

    if (record->data[0])
        return "an ended saga keeps personal data";
    switch (record->view.state) {
    case SAGA_SUCCEEDED:
        if (has.accounts != 1 || has.active != 1)
            return "succeeded without an active account";
        return has.profiles == 1 ? NULL : "succeeded without one profile";
    case SAGA_COMPENSATED:
        if (has.accounts > 0)
            return "compensated, yet there is an account";
        if (!record->view.reason[0])
            return "compensated without a reason";
        return has.profiles == 0 ? NULL : "compensated, yet there is a profile";
    case SAGA_STARTED:
    case SAGA_PROCESSING:
    case SAGA_COMPENSATING:
    case SAGA_STATES:
        break;
    }
    return "a saga has not ended";
}

static const char *check_unique(struct sim_house *house)
{
    for (size_t i = 0; i < memdb_count(profiles_of(house)); i++)
        for (size_t j = 0; j < i; j++)
            if (strcasecmp(profile(house, i)->person.email, profile(house, j)->person.email) == 0)
                return "two profiles with one e-mail address";
    for (size_t i = 0; i < memdb_count(accounts_of(house)); i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(account(house, i)->login_id, account(house, j)->login_id) == 0)
                return "two accounts with one login id";
    return NULL;
}

/* A 201 is durable, and one idempotency key has one answer. */
static const char *check_promises(struct sim_house *house)
{
    for (size_t i = 0; i < house->n_clients; i++) {
        const struct sim_client *client = &house->clients[i];
        struct saga_record record;
        if (!client->accepted)
            continue;
        if (client->contradicted)
            return "one request, two answers";
        if (house->sagas->ops->find(house->sagas, NULL, client->answer.saga_id, &record) != ST_OK)
            return "a signup was promised, and there is no saga";
        if (!uuid_equal(record.view.subject, client->answer.user_id))
            return "the saga is about somebody else";
        for (size_t j = 0; j < i; j++) {
            const struct sim_client *twin = &house->clients[j];
            if (twin->accepted && client->key[0] && strcmp(twin->key, client->key) == 0 &&
                !uuid_equal(twin->answer.saga_id, client->answer.saga_id))
                return "one idempotency key, two signups";
        }
    }
    return NULL;
}

const char *sim_house_check(struct sim_house *house)
{
    size_t succeeded = 0;
    const char *wrong;

    for (size_t i = 0; i < house->n_tried; i++) {
        struct saga_record record;
        if (house->sagas->ops->find(house->sagas, NULL, house->tried[i], &record) != ST_OK)
            continue; /* its transaction was rolled back */
        wrong = check_saga(house, &record);
        if (wrong)
            return wrong;
        succeeded += record.view.state == SAGA_SUCCEEDED;
    }
    if (memdb_count(accounts_of(house)) != succeeded)
        return "an account without a saga";
    if (memdb_count(profiles_of(house)) != succeeded)
        return "a profile without a saga";
    wrong = check_unique(house);
    return wrong ? wrong : check_promises(house);
}

static uint64_t mix(uint64_t digest, const void *data, size_t len)
{
    const uint8_t *byte = data;

    for (size_t i = 0; i < len; i++)
        digest = (digest ^ byte[i]) * 0x100000001b3u;
    return digest;
}

uint64_t sim_house_state(struct sim_house *house)
{
    uint64_t digest = 0xcbf29ce484222325u;

    for (size_t i = 0; i < memdb_count(accounts_of(house)); i++)
        digest = mix(digest, account(house, i), sizeof(struct account));
    for (size_t i = 0; i < memdb_count(profiles_of(house)); i++)
        digest = mix(digest, profile(house, i), sizeof(struct profile));
    for (size_t i = 0; i < house->n_tried; i++) {
        struct saga_record record;
        if (house->sagas->ops->find(house->sagas, NULL, house->tried[i], &record) == ST_OK)
            digest = mix(digest, &record.view, sizeof(record.view));
    }
    return digest;
}
