/* issuer_keys.h - the key set of an issuer outside, from where its row says. Blocks; any thread. */
#ifndef CMD_GATEWAY_ISSUER_KEYS_H
#define CMD_GATEWAY_ISSUER_KEYS_H

#include <stdatomic.h>

#include "middleware/issuer.h"

/** NULL, with why, when there is none. Ends within a second once *stop is true. */
struct jwk_set *issuer_keys_fetch(const struct issuer *issuer, const atomic_bool *stop,
                                  char why[ISSUER_WHY_MAX + 1]);

#endif
