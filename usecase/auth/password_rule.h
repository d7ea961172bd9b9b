/* password_rule.h - which passwords are too weak for whom. Private to usecase/auth; pure. */
#ifndef USECASE_AUTH_PASSWORD_RULE_H
#define USECASE_AUTH_PASSWORD_RULE_H

#include <stdbool.h>

#include "model/profile.h"

/** True below PASSWORD_BITS_MIN, to somebody who knows the login id, name and e-mail, in parts and
 * joined, and for the phone number in any spelling. person NULL: only the login id is known here.
 */
bool password_is_weak(const char *password, const char *login_id, const struct person *person);

#endif
