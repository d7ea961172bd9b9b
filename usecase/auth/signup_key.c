/* signup_key.c - idempotency keys of signups. */
#include "usecase/auth/signup_key.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/mem.h"

void signup_key_init(struct signup_key *key, const char *idempotency_key,
                     const struct signup_form *form)
{
    const char *parts[] = {form->login_id, form->name, form->email, form->phone};
    size_t len = strlen(idempotency_key);
    uint8_t digest[DIGEST_LEN];

    digest_sha256(idempotency_key, len, digest);
    digest_hex(digest, key->key);
    digest_hmac(idempotency_key, len, parts, ARRAY_LEN(parts), digest);
    digest_b64url(digest, sizeof(digest), key->fingerprint, sizeof(key->fingerprint));
}

void signup_key_outcome(const struct signup_key *key, const struct signup_accepted *accepted,
                        char outcome[BARRIER_OUTCOME_MAX + 1])
{
    char user_id[UUID_TEXT_LEN + 1], saga_id[UUID_TEXT_LEN + 1];

    snprintf(outcome, BARRIER_OUTCOME_MAX + 1, "%s %s %s", uuid_text(accepted->user_id, user_id),
             uuid_text(accepted->saga_id, saga_id), key->fingerprint);
}

bool signup_key_matches(const struct signup_key *key, const char *outcome,
                        struct signup_accepted *accepted)
{
    char user_id[UUID_TEXT_LEN + 1] = "", saga_id[UUID_TEXT_LEN + 1] = "";
    const char *second = outcome + UUID_TEXT_LEN + 1, *third = second + UUID_TEXT_LEN + 1;

    if (strlen(outcome) != 2 * (UUID_TEXT_LEN + 1) + DIGEST_B64_LEN)
        return false;
    memcpy(user_id, outcome, UUID_TEXT_LEN);
    memcpy(saga_id, second, UUID_TEXT_LEN);
    return uuid_parse(user_id, &accepted->user_id) && uuid_parse(saga_id, &accepted->saga_id) &&
           digest_equal(third, key->fingerprint, DIGEST_B64_LEN);
}
