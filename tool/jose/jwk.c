/* jwk.c - key sets as others publish them. */
#include "tool/jose/jwk.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/mem.h"
#include "tool/crypto/digest.h"
#include "tool/jose/jwk_private.h"

enum { NUMBER_MAX = JWK_RSA_BITS_MAX / 8 };

const char *const JOSE_ALG_NAMES[] = {
#define X(name, text) text,
    JOSE_ALG_LIST(X)
#undef X
        NULL,
};

enum jose_alg jose_alg_find(const char *name)
{
    int alg = 0;

    while (alg < JOSE_ALGS && strcmp(JOSE_ALG_NAMES[alg], name) != 0)
        alg++;
    return (enum jose_alg)alg;
}

static const char *text_of(const json_t *jwk, const char *name)
{
    const char *text = json_string_value(json_object_get(jwk, name));

    return text ? text : "";
}

static bool is(const json_t *jwk, const char *name, const char *want)
{
    return strcmp(text_of(jwk, name), want) == 0;
}

static bool is_or_absent(const json_t *jwk, const char *name, const char *want)
{
    return !json_object_get(jwk, name) || is(jwk, name, want);
}

static bool number_of(const json_t *jwk, const char *name, uint8_t *out, size_t size, size_t *len)
{
    return digest_from_b64url(text_of(jwk, name), out, size, len) && *len > 0;
}

static bool exactly(const json_t *jwk, const char *name, uint8_t *out, size_t size)
{
    size_t len;

    return number_of(jwk, name, out, size, &len) && len == size;
}

static bool read_rsa(const json_t *jwk, struct jwk *out)
{
    uint8_t n[NUMBER_MAX], e[NUMBER_MAX];
    size_t n_len, e_len;

    if (!number_of(jwk, "n", n, sizeof(n), &n_len) || !number_of(jwk, "e", e, sizeof(e), &e_len))
        return false;
    out->key = jwk_rsa(n, n_len, e, e_len);
    return out->key != NULL;
}

static bool read_ec(const json_t *jwk, struct jwk *out)
{
    uint8_t x[JWK_EC_LEN], y[JWK_EC_LEN];

    if (!is(jwk, "crv", "P-256") || !exactly(jwk, "x", x, sizeof(x)) ||
        !exactly(jwk, "y", y, sizeof(y)))
        return false;
    out->key = jwk_ec(x, y);
    return out->key != NULL;
}

static bool read_okp(const json_t *jwk, struct jwk *out)
{
    return is(jwk, "crv", "Ed25519") && exactly(jwk, "x", out->ed25519, sizeof(out->ed25519)) &&
           jwk_ed25519_fits(out->ed25519);
}

static const struct {
    const char *kty;
    enum jose_alg alg;
    bool (*read)(const json_t *jwk, struct jwk *out);
} TYPES[] = {
    {"RSA", JOSE_RS256, read_rsa},
    {"EC",  JOSE_ES256, read_ec },
    {"OKP", JOSE_EDDSA, read_okp},
};

/* RFC 7517, section 4.3: to check signatures, if it says what it is for. */
static bool may_verify(const json_t *jwk)
{
    const json_t *ops = json_object_get(jwk, "key_ops");
    bool found = !ops;

    for (size_t i = 0; i < json_array_size(ops); i++) {
        const char *op = json_string_value(json_array_get(ops, i));

        found = found || (op && strcmp(op, "verify") == 0);
    }
    return found && is_or_absent(jwk, "use", "sig");
}

/* A private key that is published is everybody's: what it signs proves nothing. */
static bool is_secret(const json_t *jwk)
{
    return json_object_get(jwk, "d") || json_object_get(jwk, "k");
}

static bool read_key(const json_t *jwk, struct jwk *out)
{
    const char *kid = text_of(jwk, "kid");

    *out = (struct jwk){.key = NULL};
    if (!kid[0] || !TEXT_COPY(out->kid, kid) || is_secret(jwk) || !may_verify(jwk))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(TYPES); i++)
        if (is(jwk, "kty", TYPES[i].kty)) {
            out->alg = TYPES[i].alg;
            return is_or_absent(jwk, "alg", JOSE_ALG_NAMES[out->alg]) && TYPES[i].read(jwk, out);
        }
    return false;
}

/* Of two that no token can tell apart the first counts. */
static void add_key(struct jwk_set *set, const json_t *jwk)
{
    struct jwk *key = &set->keys[set->n];

    if (set->n == JWK_SET_MAX || !read_key(jwk, key))
        return;
    if (jwk_set_find(set, key->kid, key->alg))
        EVP_PKEY_free(key->key);
    else
        set->n++;
}

static bool add_keys(struct jwk_set *set, const json_t *document, char why[JWK_WHY_MAX + 1])
{
    const json_t *keys = json_object_get(document, "keys");

    if (!json_is_array(keys)) {
        snprintf(why, JWK_WHY_MAX + 1, "not a key set: an object with \"keys\" is right");
        return false;
    }
    for (size_t i = 0; i < json_array_size(keys); i++)
        add_key(set, json_array_get(keys, i));
    if (set->n == 0)
        snprintf(why, JWK_WHY_MAX + 1, "no key in it can be used here");
    return set->n > 0;
}

struct jwk_set *jwk_set_parse(const char *json, size_t len, char why[JWK_WHY_MAX + 1])
{
    json_t *document =
        len <= JWK_JSON_MAX ? json_loadb(json, len, JSON_REJECT_DUPLICATES, NULL) : NULL;
    struct jwk_set *set = MEM_NEW(struct jwk_set);

    why[0] = '\0';
    if (!add_keys(set, document, why)) {
        jwk_set_destroy(set);
        set = NULL;
    }
    json_decref(document);
    return set;
}

void jwk_set_destroy(struct jwk_set *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < set->n; i++)
        EVP_PKEY_free(set->keys[i].key);
    free(set);
}

size_t jwk_set_count(const struct jwk_set *set)
{
    return set->n;
}

const struct jwk *jwk_set_find(const struct jwk_set *set, const char *kid, enum jose_alg alg)
{
    for (size_t i = 0; i < set->n; i++)
        if (set->keys[i].alg == alg && strcmp(set->keys[i].kid, kid) == 0)
            return &set->keys[i];
    return NULL;
}

static bool key_same(const struct jwk *a, const struct jwk *b)
{
    return a->key ? EVP_PKEY_eq(a->key, b->key) == 1
                  : memcmp(a->ed25519, b->ed25519, sizeof(a->ed25519)) == 0;
}

bool jwk_set_same(const struct jwk_set *a, const struct jwk_set *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++) {
        const struct jwk *other = jwk_set_find(b, a->keys[i].kid, a->keys[i].alg);

        if (!other || !key_same(&a->keys[i], other))
            return false;
    }
    return true;
}
