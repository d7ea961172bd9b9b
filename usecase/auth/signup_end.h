/* signup_end.h - how a signup that came to nothing is answered: the same to who waited for it, and
 * to each repeat under its Idempotency-Key. Private to usecase/auth. */
#ifndef USECASE_AUTH_SIGNUP_END_H
#define USECASE_AUTH_SIGNUP_END_H

#include "usecase/auth/signup.h"

/** In the transaction that undoes the account: notes context->reason under the saga's id, later
 * than the Idempotency-Key was noted, so that it is there as long as that is. Idempotent.
 * ST_OK | ST_UNAVAILABLE */
enum status signup_end_keep(const struct saga_context *context);
/** The refusal that a saga's reason stands for. ST_CONFLICT email_taken ... | ST_UNAVAILABLE
 * signup_compensated */
enum status signup_end_refuse(const struct call *call, const char *reason);
/** The answer to a repeat whose account is not there any more, and with it the password to compare
 * with: what ended the signup, or ST_CONFLICT account_gone when it was ended well. An error when
 * that cannot be asked; never ST_OK. */
enum status signup_end_repeat(const struct signup *signup, const struct call *call,
                              struct uuid saga_id);

#endif
