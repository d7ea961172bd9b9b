/* profile_registration.c - each saga's message is entered at the barrier first, in the transaction
 * of its effect; what was decided then is the answer for ever after. */
#include "usecase/user/profile_registration.h"

#include <stdio.h>
#include <string.h>

/* Both messages enter as one: whichever comes first decides. */
#define CONSUMER "user.registry"
/* Outcomes, as they stand in the table processed_message. */
#define REGISTERED "registered " /* then the user's id */
#define EMAIL_TAKEN "email_taken"
#define CANCELLED "cancelled" /* also a tombstone: a registration that comes later is refused */

struct entry {
    const struct profile_registration_case *self;
    char key[UUID_TEXT_LEN + 1]; /* the saga's id */
    struct profile *profile;
    char outcome[BARRIER_OUTCOME_MAX + 1]; /* what holds once the transaction has committed */
};

static bool is_registered(const char *outcome, struct uuid *user_id)
{
    size_t n = strlen(REGISTERED);

    return strncmp(outcome, REGISTERED, n) == 0 && uuid_parse(outcome + n, user_id);
}

static enum status settle(struct entry *entry, struct transaction *tx, const struct call *call,
                          const char *outcome)
{
    struct barrier *barrier = entry->self->barrier;

    snprintf(entry->outcome, sizeof(entry->outcome), "%s", outcome);
    return barrier->ops->record(barrier, tx, call, CONSUMER, entry->key, outcome);
}

static enum status register_once(struct transaction *tx, const struct call *call, void *arg)
{
    struct entry *entry = arg;
    struct barrier *barrier = entry->self->barrier;
    struct store *profiles = entry->self->profiles;
    char id[UUID_TEXT_LEN + 1], first[BARRIER_OUTCOME_MAX + 1];
    enum status st;

    snprintf(first, sizeof(first), REGISTERED "%s", uuid_text(entry->profile->user_id, id));
    memcpy(entry->outcome, first, sizeof(first));
    st = barrier->ops->enter(barrier, tx, call, CONSUMER, entry->key, first, entry->outcome);
    if (st != ST_OK)
        return st == ST_CONFLICT ? ST_OK : st; /* seen before: its outcome stands */
    st = store_insert(profiles, tx, call, entry->profile, NULL);
    return st == ST_CONFLICT ? settle(entry, tx, call, EMAIL_TAKEN) : st;
}

static enum status cancel_once(struct transaction *tx, const struct call *call, void *arg)
{
    struct entry *entry = arg;
    struct barrier *barrier = entry->self->barrier;
    struct store *profiles = entry->self->profiles;
    struct uuid registered;
    enum status st;

    st = barrier->ops->enter(barrier, tx, call, CONSUMER, entry->key, CANCELLED, entry->outcome);
    if (st != ST_CONFLICT)
        return st;
    if (!is_registered(entry->outcome, &registered))
        return ST_OK;
    st = store_remove(profiles, tx, call, &registered, NULL, NULL);
    return st == ST_OK || st == ST_NOT_FOUND ? settle(entry, tx, call, CANCELLED) : st;
}

enum status profile_register(void *self, const struct call *call, const void *in, void *out)
{
    const struct profile_registration_case *registration = self;
    const struct profile_registration *asked = in;
    struct registry_outcome *answer = out;
    struct profile profile = {.user_id = asked->user_id, .person = asked->person};
    struct entry entry = {.self = registration, .profile = &profile};
    enum status st;

    uuid_text(asked->saga_id, entry.key);
    st = transactor_run(registration->transactor, call, register_once, &entry);
    if (st != ST_OK)
        return st;
    if (is_registered(entry.outcome, &answer->user_id)) {
        answer->status = REGISTRY_REGISTERED;
        return ST_OK;
    }
    if (strcmp(entry.outcome, EMAIL_TAKEN) == 0)
        return call_fail(call, ST_CONFLICT, "email_taken",
                         "This e-mail address belongs to another profile.");
    return call_fail(call, ST_CONFLICT, "cancelled", "This registration was cancelled.");
}

enum status profile_cancel(void *self, const struct call *call, const void *in, void *out)
{
    const struct profile_registration_case *registration = self;
    const struct profile_cancellation *asked = in;
    struct registry_outcome *answer = out;
    struct entry entry = {.self = registration};
    enum status st;

    uuid_text(asked->saga_id, entry.key);
    st = transactor_run(registration->transactor, call, cancel_once, &entry);
    if (st == ST_OK)
        *answer = (struct registry_outcome){asked->user_id, REGISTRY_CANCELLED};
    return st;
}
