/* authenticator.h - believes access tokens: verifies them by the key set it was given, and
 * remembers those it verified, for an Ed25519 verification costs more than all the rest of a
 * request. One thread. */
#ifndef MIDDLEWARE_AUTHENTICATOR_H
#define MIDDLEWARE_AUTHENTICATOR_H

#include "tool/crypto/token.h"

struct authenticator;

struct authenticator_config {
    const char *issuer, *audience; /* kept by pointer */
    const struct clock *clock;
    const struct entropy *entropy; /* keys the hash of the memory */
};

struct authenticator *authenticator_create(const struct authenticator_config *config);
/** NULL is fine. */
void authenticator_destroy(struct authenticator *self);
/** A set that differs from the one before forgets all tokens remembered: then true. */
bool authenticator_set_keys(struct authenticator *self, const struct token_key_set *keys);
bool authenticator_has_keys(const struct authenticator *self);
/** *claims is written only on TOKEN_OK, and lives until the next call. */
enum token_verdict authenticator_check(struct authenticator *self, const char *token,
                                       const struct token_claims **claims);

#endif
