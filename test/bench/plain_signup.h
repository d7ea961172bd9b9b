/* plain_signup.h - the three commits of a signup as plain C would write them: prepared statements
 * over the client library, and nothing else. What ours is measured against. */
#ifndef TEST_BENCH_PLAIN_SIGNUP_H
#define TEST_BENCH_PLAIN_SIGNUP_H

#include <stdbool.h>

#include "test/support/mariadb_server.h"
#include "tool/core/uuid.h"

struct plain_signup;

/** Connects to the schemas hanok_auth and hanok_user; one thread's. */
struct plain_signup *plain_signup_open(const struct mariadb_server *server);
/** What it writes under these ids; name: of the account, the address and the profile, unique. */
void plain_signup_run(struct plain_signup *plain, struct uuid user, struct uuid saga,
                      const struct uuid events[3], const char *name);
void plain_signup_close(struct plain_signup *plain);

#endif
