/* request_key.h - a client's Idempotency-Key at the barrier: under which key the request is noted,
 * and by what it is known again. */
#ifndef TOOL_ONCE_REQUEST_KEY_H
#define TOOL_ONCE_REQUEST_KEY_H

#include "tool/core/call.h"
#include "tool/crypto/digest.h"
#include "tool/once/barrier.h"

enum { REQUEST_KEY_ANSWER_MAX = BARRIER_OUTCOME_MAX - DIGEST_B64_LEN - 1 };

struct request_key {
    char key[DIGEST_HEX_LEN + 1];         /* the barrier's: of the caller and his Idempotency-Key */
    char fingerprint[DIGEST_B64_LEN + 1]; /* of the request */
};

/** parts: the texts that make it the same request, but no secrets. What is kept is hashed with the
 * Idempotency-Key, so that the table tells nothing to who has not seen the request. The same key
 * of two callers is two keys. */
void request_key_init(struct request_key *key, const struct call *call, const char *const *parts,
                      size_t n_parts);
/** The outcome to note: the fingerprint and what to answer, REQUEST_KEY_ANSWER_MAX bytes at most.
 */
void request_key_outcome(const struct request_key *key, const char *answer,
                         char outcome[BARRIER_OUTCOME_MAX + 1]);
/** The answer in a noted outcome; NULL when that was another request's. */
const char *request_key_answer(const struct request_key *key, const char *outcome);
/** Refuses such another request: ST_UNPROCESSABLE idempotency_key_reused. */
enum status request_key_reused(const struct call *call);
/** Refuses a request that has no key: ST_INVALID idempotency_key_required. */
enum status request_key_required(const struct call *call);
/** Refuses a request whose first one still runs: ST_CONFLICT in_progress, with Retry-After. */
enum status request_key_in_progress(const struct call *call);

#endif
