/* signup_key.h - what a signup's Idempotency-Key leaves in the table processed_message. Private to
 * usecase/auth. */
#ifndef USECASE_AUTH_SIGNUP_KEY_H
#define USECASE_AUTH_SIGNUP_KEY_H

#include "model/signup_form.h"
#include "tool/once/request_key.h"

#define SIGNUP_KEY_CONSUMER "auth.signup"

/** The password is no part of it: no fast hash of one may be stored. */
void signup_key_init(struct request_key *key, const struct call *call,
                     const struct signup_form *form);
/** What is noted: user id and saga id. */
void signup_key_outcome(const struct request_key *key, const struct signup_accepted *accepted,
                        char outcome[BARRIER_OUTCOME_MAX + 1]);
/** Reads it back; false when it was noted for another form. */
bool signup_key_matches(const struct request_key *key, const char *outcome,
                        struct signup_accepted *accepted);

#endif
