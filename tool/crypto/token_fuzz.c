/* token_fuzz.c - token_verify on any bytes; and on any header and claims, signed by our own key. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/crypto/digest.h"
#include "tool/crypto/token.h"
#include "tool/crypto/token_keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t SEED[TOKEN_KEY_LEN] = "a seed for the fuzzer, 32 bytes";

/* The part of the input before the first newline is the header, what follows are the claims. */
static size_t sign(const struct token_pair *pair, const uint8_t *data, size_t size, char *out)
{
    const uint8_t *end = memchr(data, '\n', size);
    size_t header = end ? (size_t)(end - data) : size, skip = end ? header + 1 : size;
    unsigned char signature[crypto_sign_BYTES];

    digest_b64url(data, header, out, 1000);
    strcat(out, ".");
    digest_b64url(data + skip, size - skip, out + strlen(out), 1000);
    crypto_sign_detached(signature, NULL, (const unsigned char *)out, strlen(out), pair->secret);
    strcat(out, ".");
    digest_b64url(signature, sizeof signature, out + strlen(out), 1000);
    return strlen(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), token[3000];
    struct token_claims claims;
    struct token_pair pair;
    struct token_key_set keys = {.n = 1};

    token_pair_derive(SEED, &pair);
    keys.keys[0] = pair.public;
    /* An exact copy: a byte read past its end is found. */
    memcpy(text, data, size);
    ASSERT(token_verify(&keys, text, size, "hanok", "api", 1500, &claims) != TOKEN_OK);
    free(text);
    if (size > 700)
        return 0;
    if (token_verify(&keys, token, sign(&pair, data, size, token), "hanok", "api", 1500, &claims) ==
        TOKEN_OK)
        ASSERT(claims.expires_s > 1500 && strlen(claims.roles) <= CALL_ROLES_MAX);
    return 0;
}
