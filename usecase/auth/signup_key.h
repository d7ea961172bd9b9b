/* signup_key.h - what a signup's Idempotency-Key leaves in the table processed_message. Private to
 * usecase/auth. */
#ifndef USECASE_AUTH_SIGNUP_KEY_H
#define USECASE_AUTH_SIGNUP_KEY_H

#include "model/signup.h"
#include "tool/crypto/digest.h"
#include "tool/saga/barrier.h"

#define SIGNUP_KEY_CONSUMER "auth.signup"

struct signup_key {
    char key[DIGEST_HEX_LEN + 1];         /* SHA-256 of the Idempotency-Key */
    char fingerprint[DIGEST_B64_LEN + 1]; /* of the form, all but the password */
};

/** The fingerprint is keyed with the Idempotency-Key, so that the table tells nothing about the
 * form to who has not seen the request. */
void signup_key_init(struct signup_key *key, const char *idempotency_key,
                     const struct signup_form *form);
/** What is recorded: user id, saga id, fingerprint. */
void signup_key_outcome(const struct signup_key *key, const struct signup_accepted *accepted,
                        char outcome[BARRIER_OUTCOME_MAX + 1]);
/** Reads it back; false when it was recorded for another form. */
bool signup_key_matches(const struct signup_key *key, const char *outcome,
                        struct signup_accepted *accepted);

#endif
