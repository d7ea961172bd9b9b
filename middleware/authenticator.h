/* authenticator.h - believes access tokens: verifies them by the key set it was given, and
 * remembers those it verified, for an Ed25519 verification costs more than all the rest of a
 * request. One thread. */
#ifndef MIDDLEWARE_AUTHENTICATOR_H
#define MIDDLEWARE_AUTHENTICATOR_H

#include "middleware/issuer.h"

struct authenticator;

struct authenticator_config {
    const char *issuer, *audience; /* kept by pointer */
    const struct clock *clock;
    const struct entropy *entropy; /* keys the hash of the memory */
};

/* Who has a token. */
struct token_bearer {
    struct token_claims claims;  /* from outside: subject is nil until it is introduced, session
                                    always */
    const struct issuer *issuer; /* who is outside and says so; NULL = we do */
    const char *subject;         /* as that issuer knows him */
};

struct authenticator *authenticator_create(const struct authenticator_config *config);
/** NULL is fine. */
void authenticator_destroy(struct authenticator *self);
/** A set that differs from the one before forgets all tokens remembered: then true. */
bool authenticator_set_keys(struct authenticator *self, const struct token_key_set *keys);
bool authenticator_has_keys(const struct authenticator *self);
/** Who besides us makes tokens; borrowed, NULL = nobody. Forgets their keys, and all tokens
 * remembered. */
void authenticator_set_issuers(struct authenticator *self, const struct issuer_table *issuers);
/** Takes keys over. Forgets the tokens of that issuer unless they are as before. */
void authenticator_set_issuer_keys(struct authenticator *self, const struct issuer *issuer,
                                   struct jwk_set *keys);
/** *bearer lives until the next call; with TOKEN_UNKNOWN_KEY it says whose key that would be, with
 * anything else but TOKEN_OK nothing. */
enum token_verdict authenticator_check(struct authenticator *self, const char *token,
                                       const struct token_bearer **bearer);
/** Who the bearer of a token from outside is here, as long as that is believed (Unix time). */
void authenticator_introduce(struct authenticator *self, const char *token, struct uuid user_id,
                             int64_t until_s);

#endif
