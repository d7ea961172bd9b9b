/* provider_memory.h - a card company in memory, for tests and the simulation: the tokens, the rules
 * and the book of cmd/pgsim, without a network. */
#ifndef TEST_SUPPORT_PROVIDER_MEMORY_H
#define TEST_SUPPORT_PROVIDER_MEMORY_H

#include "protocol/provider.h"
#include "tool/remote/remote.h"

enum { PROVIDER_MEMORY_MAX = 4096 }; /* operations; more stop the process */

/** tok_ok tok_declined tok_insufficient_funds tok_slow_3s tok_late_15s tok_no_answer tok_black_hole
 * tok_flaky_2 tok_webhook_* (like tok_ok) tok_capture_fails; others are declined. Answers that are
 * late are so by call's deadline: nothing is waited for. */
struct remote *provider_memory_create(void);
void provider_memory_destroy(struct remote *provider);
/** false: nobody listens there, nobody is asked. */
void provider_memory_up(struct remote *provider, bool up);
/** The next n answers are about another amount. */
void provider_memory_mistake(struct remote *provider, unsigned n);
/** The next n questions are taken, and not answered. */
void provider_memory_lose(struct remote *provider, unsigned n);
/** How often it was asked, found or not. */
unsigned provider_memory_asked(struct remote *provider);
/** As what its book says: money of an order's authorization that is taken and not given back, and
 * whether it is held still. key: of the authorization. */
int64_t provider_memory_net(struct remote *provider, const char *key, bool *held);
/** Puts an operation into its book that nobody has asked for. */
void provider_memory_forge(struct remote *provider, const struct provider_operation *operation);

#endif
