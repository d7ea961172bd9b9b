/* jose_fuzz.c - any bytes as a key set and as a token; and any header and claims, signed by a key
 * of the set. */
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/jose/jwt.h"

enum { INPUT_MAX = 1500, TOKEN_ROOM = 4096, NOW_S = 1500 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t SEED[crypto_sign_SEEDBYTES] = "a seed for the fuzzer, 32 bytes";
static const struct jwt_rule RULE = {
    .issuer = "https://i/", .audience = "a", .algorithms = 7, .leeway_s = 5};

static size_t append(char *out, size_t at, const void *data, size_t len)
{
    sodium_bin2base64(out + at, TOKEN_ROOM - at, data, len,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return strlen(out);
}

static struct jwk_set *our_keys(unsigned char secret[crypto_sign_SECRETKEYBYTES])
{
    unsigned char public[crypto_sign_PUBLICKEYBYTES];
    char json[200], x[TOKEN_ROOM], why[JWK_WHY_MAX + 1];

    crypto_sign_seed_keypair(public, secret, SEED);
    append(x, 0, public, sizeof(public));
    snprintf(json, sizeof(json),
             "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\"%.64s\"}]}", x);
    return jwk_set_parse(json, strlen(json), why);
}

/* The part of the input before the first newline is the header, what follows are the claims. */
static size_t sign(const unsigned char *secret, const uint8_t *data, size_t size, char *out)
{
    const uint8_t *end = memchr(data, '\n', size);
    size_t header = end ? (size_t)(end - data) : size, skip = end ? header + 1 : size, len;
    unsigned char signature[crypto_sign_BYTES];

    len = append(out, 0, data, header);
    out[len++] = '.';
    len = append(out, len, data + skip, size - skip);
    crypto_sign_detached(signature, NULL, (const unsigned char *)out, len, secret);
    out[len++] = '.';
    return append(out, len, signature, sizeof(signature));
}

static void look_at(void *arg, const char *text)
{
    *(size_t *)arg += strlen(text);
}

static void look(struct jwt *jwt)
{
    size_t n = 0;

    jwt_each_text(jwt, "roles", look_at, &n);
    jwt_each_text(jwt, "realm_access.roles", look_at, &n);
    ASSERT(n <= JWT_TEXT_MAX);
    ASSERT(jwt_subject(jwt)[0] && strlen(jwt_subject(jwt)) <= JWT_SUBJECT_MAX);
    ASSERT(!strpbrk(jwt_subject(jwt), "\r\n"));
    ASSERT(jwt_expires_s(jwt) > NOW_S);
    jwt_destroy(jwt);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
    char token[TOKEN_ROOM], why[JWK_WHY_MAX + 1];
    char issuer[JWT_ISSUER_MAX + 1];
    struct jwk_set *keys = our_keys(secret), *theirs;
    struct jwt *jwt = NULL;
    char *exact = mem_alloc(1, size + !size);

    memcpy(exact, data, size);
    theirs = jwk_set_parse(exact, size, why);
    ASSERT(!theirs || (jwk_set_count(theirs) > 0 && jwk_set_same(theirs, theirs)));
    jwk_set_destroy(theirs);
    jwt_peek_issuer(exact, size, issuer);
    ASSERT(jwt_verify(&RULE, keys, exact, size, NOW_S, &jwt) != JWT_OK);
    if (size <= INPUT_MAX &&
        jwt_verify(&RULE, keys, token, sign(secret, data, size, token), NOW_S, &jwt) == JWT_OK)
        look(jwt);
    jwk_set_destroy(keys);
    free(exact);
    return 0;
}
