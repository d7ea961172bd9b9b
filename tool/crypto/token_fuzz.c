/* token_fuzz.c - token_verify on any bytes; and on any header and claims, signed by our own key. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/crypto/digest.h"
#include "tool/crypto/token.h"
#include "tool/crypto/token_keys.h"

enum { INPUT_MAX = 700, TOKEN_ROOM = 2048 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t SEED[TOKEN_KEY_LEN] = "a seed for the fuzzer, 32 bytes";

static size_t append(char *out, size_t at, const void *data, size_t len)
{
    return at + strlen(digest_b64url(data, len, out + at, TOKEN_ROOM - at));
}

/* The part of the input before the first newline is the header, what follows are the claims. */
static size_t sign(const struct token_pair *pair, const uint8_t *data, size_t size, char *out)
{
    const uint8_t *end = memchr(data, '\n', size);
    size_t header = end ? (size_t)(end - data) : size, skip = end ? header + 1 : size, len;
    unsigned char signature[crypto_sign_BYTES];

    len = append(out, 0, data, header);
    out[len++] = '.';
    len = append(out, len, data + skip, size - skip);
    crypto_sign_detached(signature, NULL, (const unsigned char *)out, len, pair->secret);
    out[len++] = '.';
    return append(out, len, signature, sizeof signature);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), token[TOKEN_ROOM];
    struct token_claims claims;
    struct token_pair pair;
    struct token_key_set keys = {.n = 1};

    token_pair_derive(SEED, &pair);
    keys.keys[0] = pair.public;
    /* An exact copy: a byte read past its end is found. */
    memcpy(text, data, size);
    ASSERT(token_verify(&keys, text, size, "hanok", "api", 1500, &claims) != TOKEN_OK);
    free(text);
    if (size > INPUT_MAX)
        return 0;
    if (token_verify(&keys, token, sign(&pair, data, size, token), "hanok", "api", 1500, &claims) ==
        TOKEN_OK)
        ASSERT(claims.expires_s > 1500 && strlen(claims.roles) <= CALL_ROLES_MAX);
    return 0;
}
