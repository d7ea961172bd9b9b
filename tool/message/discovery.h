/* discovery.h - answers $SRV.PING, $SRV.INFO and $SRV.STATS (ADR-32), which `nats micro` asks.
 * Loop thread only. */
#ifndef TOOL_MESSAGE_DISCOVERY_H
#define TOOL_MESSAGE_DISCOVERY_H

#include "tool/message/responder_private.h"

struct discovery;

/** Everything borrowed. */
struct discovery *discovery_create(const struct responder_config *config,
                                   const struct responder_entry *entries, size_t n);
/** Answers no more. NULL is fine. */
void discovery_destroy(struct discovery *discovery);

#endif
