/* issuers.h - issuers outside, by the file of them, and their keys: fetched by a thread of its own
 * at start, now and then, and when a token names a key that is not known; at most once in five
 * seconds each. Loop thread. */
#ifndef CMD_GATEWAY_ISSUERS_H
#define CMD_GATEWAY_ISSUERS_H

#include "cmd/gateway/key_waiters.h"
#include "middleware/authenticator.h"
#include "tool/core/loop.h"

struct issuers;

/* Everything borrowed. */
struct issuers_config {
    const char *file;                    /* "" = there are none */
    const char *own;                     /* issuer of our own tokens */
    struct authenticator *authenticator; /* is given them and their keys */
    struct loop *loop;
    const struct clock *clock;
};

/** NULL when something is wrong with the file: why says what. */
struct issuers *issuers_create(const struct issuers_config *config, char why[ISSUER_WHY_MAX + 1]);
/** Nobody waits any more. NULL is fine. */
void issuers_destroy(struct issuers *self);
/** Reads the file again; who waits is settled. False, and all is as it was, when it is wrong. */
bool issuers_reload(struct issuers *self, char why[ISSUER_WHY_MAX + 1]);
/** How many there are. */
size_t issuers_count(const struct issuers *self);
/** issuer: whose key the authenticator does not know. */
enum key_ring_verdict issuers_wait(struct issuers *self, const struct issuer *issuer,
                                   struct key_waiter *waiter);
/** Whether such a file would do; for --check. NULL, or a thread-local text that says why not. */
const char *issuers_check(const void *file);

#endif
