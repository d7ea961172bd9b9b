/* identities.c - see identities.h. */
#include "usecase/auth/identities.h"

#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/crypto/digest.h"

/* Of one user; more are taken in the next round. */
enum { ROUND = 16 };

/* Neither of the two holds the byte between them. */
static void name(const struct identity_query *who, char id[IDENTITY_ID_LEN + 1])
{
    char both[2 * (IDENTITY_NAME_MAX + 1)];
    uint8_t digest[DIGEST_LEN];
    size_t issuer = strlen(who->issuer) + 1, subject = strlen(who->subject);

    memcpy(both, who->issuer, issuer);
    memcpy(both + issuer, who->subject, subject);
    digest_sha256(both, issuer + subject, digest);
    digest_b64url(digest, sizeof(digest), id, IDENTITY_ID_LEN + 1);
}

static enum status introduce(const struct identities *self, const struct call *call,
                             const struct identity_query *who, struct identity *identity)
{
    enum status st;

    TEXT_COPY(identity->issuer, who->issuer);
    TEXT_COPY(identity->subject, who->subject);
    identity->user_id = uuid_v7(self->clock, self->entropy);
    st = store_insert(self->store, NULL, call, identity, NULL);
    if (st == ST_OK)
        log_info("somebody from outside is known", LOG_CALL(call),
                 LOG_UUID("userId", identity->user_id), LOG_TEXT("issuer", identity->issuer));
    return st;
}

enum status identity_resolve(void *self, const struct call *call, const void *in, void *out)
{
    const struct identities *identities = self;
    const struct identity_query *who = in;
    struct identity identity = {.created_us = 0};
    char id[IDENTITY_ID_LEN + 1];
    enum status st;

    name(who, id);
    st = store_find(identities->store, NULL, call, NULL, id, &identity);
    if (st == ST_NOT_FOUND) {
        TEXT_COPY(identity.id, id);
        st = introduce(identities, call, who, &identity);
        if (st == ST_CONFLICT) /* somebody was faster */
            st = store_find(identities->store, NULL, call, NULL, id, &identity);
    }
    if (st == ST_OK)
        ((struct identity_user *)out)->user_id = identity.user_id;
    return st;
}

static enum status list(const struct identities *self, struct transaction *tx,
                        const struct call *call, struct uuid user_id, size_t max,
                        struct identity *rows, size_t *n)
{
    const struct store_list of_user = {.where = {{"user_id", &user_id}}};

    return store_list(self->store, tx, call, &of_user, max, rows, n);
}

enum status identity_known(const struct identities *self, struct transaction *tx,
                           const struct call *call, struct uuid user_id)
{
    struct identity row;
    size_t n;
    enum status st = list(self, tx, call, user_id, 1, &row, &n);

    return st == ST_OK && n == 0 ? ST_NOT_FOUND : st;
}

enum status identities_erase(const struct identities *self, struct transaction *tx,
                             const struct call *call, struct uuid user_id)
{
    struct identity *rows = mem_alloc(ROUND, sizeof(*rows));
    size_t n = ROUND;
    enum status st = ST_OK;

    while (st == ST_OK && n == ROUND) {
        st = list(self, tx, call, user_id, ROUND, rows, &n);
        for (size_t i = 0; st == ST_OK && i < n; i++) {
            st = store_remove(self->store, tx, call, rows[i].id, NULL, NULL);
            if (st == ST_NOT_FOUND)
                st = ST_OK;
        }
    }
    free(rows);
    return st;
}
