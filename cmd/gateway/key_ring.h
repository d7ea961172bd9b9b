/* key_ring.h - the keys by which tokens are checked: asked for at start, now and then, and when a
 * token names one that is not known; at most once a second. */
#ifndef CMD_GATEWAY_KEY_RING_H
#define CMD_GATEWAY_KEY_RING_H

#include "cmd/gateway/exchange.h"

struct key_ring *key_ring_create(struct gateway *gw);
/** Nobody is parked any more. NULL is fine. */
void key_ring_destroy(struct key_ring *ring);
/** exchange_keys_settled is called after the next fetch, soon. False when there is no room, or no
 * hope of keys now. */
bool key_ring_park(struct key_ring *ring, struct exchange *x);
void key_ring_unpark(struct key_ring *ring, struct exchange *x);

#endif
