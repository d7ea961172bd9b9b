/* request_key.c - see request_key.h. */
#include "tool/once/request_key.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"

enum { IN_PROGRESS_RETRY_S = 1 };

void request_key_init(struct request_key *key, const struct call *call, const char *const *parts,
                      size_t n_parts)
{
    char scoped[CALL_USER_MAX + 1 + CALL_IDEMPOTENCY_KEY_MAX + 1];
    int len = snprintf(scoped, sizeof(scoped), "%s %s", call->user, call->idempotency_key);
    uint8_t digest[DIGEST_LEN];

    digest_sha256(scoped, (size_t)len, digest);
    digest_hex(digest, key->key);
    digest_hmac(scoped, (size_t)len, parts, n_parts, digest);
    digest_b64url(digest, sizeof(digest), key->fingerprint, sizeof(key->fingerprint));
}

void request_key_outcome(const struct request_key *key, const char *answer,
                         char outcome[BARRIER_OUTCOME_MAX + 1])
{
    int len = snprintf(outcome, BARRIER_OUTCOME_MAX + 1, "%s %s", key->fingerprint, answer);

    ASSERT(len <= BARRIER_OUTCOME_MAX);
}

const char *request_key_answer(const struct request_key *key, const char *outcome)
{
    if (strlen(outcome) <= DIGEST_B64_LEN ||
        !digest_equal(outcome, key->fingerprint, DIGEST_B64_LEN))
        return NULL;
    return outcome + DIGEST_B64_LEN + 1;
}

enum status request_key_reused(const struct call *call)
{
    return call_fail(call, ST_UNPROCESSABLE, "idempotency_key_reused",
                     "This Idempotency-Key came with another request before.");
}

enum status request_key_required(const struct call *call)
{
    return call_fail(call, ST_INVALID, "idempotency_key_required",
                     "Add a header such as \"Idempotency-Key: 2026-12-24-a\", with a text that is "
                     "new for each thing you want done, and the same when you try it again.");
}

enum status request_key_in_progress(const struct call *call)
{
    if (call->problem)
        call->problem->retry_after_s = IN_PROGRESS_RETRY_S;
    return call_fail(call, ST_CONFLICT, "in_progress",
                     "The same request is being worked on; ask again in a moment.");
}
