/* key_waiters.h - requests that wait for keys: a list of them for each issuer. */
#ifndef CMD_GATEWAY_KEY_WAITERS_H
#define CMD_GATEWAY_KEY_WAITERS_H

#include <stdbool.h>

/* Lives in who waits, zeroed at first. */
struct key_waiter {
    /** Once, after a fetch; not waiting any more, may wait again. fetched: keys came. */
    void (*settled)(struct key_waiter *self, bool fetched);
    struct key_waiter *next, **prev; /* private, as what follows */
    struct key_waiters *among;
    unsigned fetches; /* begun when it came; 0 = it has not waited yet */
};

/* Zeroed at first. */
struct key_waiters {
    struct key_waiter *first;
    unsigned n;
};

/* What becomes of a token whose key is not known. */
enum key_ring_verdict {
    KEY_RING_WAITS,       /* settled is called soon */
    KEY_RING_NO_SUCH_KEY, /* has been asked for since it came, or by others before */
    KEY_RING_FULL,        /* too many wait */
    KEY_RING_EMPTY,       /* no keys are known, and there is no hope of them now */
};

void key_waiters_add(struct key_waiters *self, struct key_waiter *waiter);
/** Takes all off, then calls each. */
void key_waiters_settle(struct key_waiters *self, bool fetched);
/** Takes it off if it waits, wherever that is. */
void key_waiter_leave(struct key_waiter *waiter);

#endif
