/* authenticator.c - token verification with a bounded memory of verified tokens. */
#include "middleware/authenticator.h"

#include <string.h>

#include "tool/core/mem.h"
#include "tool/crypto/digest.h"

/* A hash picks a set of few ways; the one unused longest gives way. Of 1,000 tokens in use at a
 * time one in a thousand finds its set full, of 2,000 one in twenty. */
enum { SETS = 512, WAYS = 8 };

struct remembered {
    uint64_t used; /* tick of the last use */
    struct token_claims claims;
    size_t len;
    char token[];
};

struct way {
    uint64_t hash; /* of its token: others are not looked at */
    struct remembered *entry;
};

struct authenticator {
    struct authenticator_config config;
    struct token_key_set keys;
    uint8_t hash_key[DIGEST_SHORT_KEY_LEN];
    uint64_t tick;
    struct token_claims claims; /* of a token that is not remembered */
    struct way sets[SETS][WAYS];
};

static int64_t now_s(const struct authenticator *self)
{
    return clock_wall_us(self->config.clock) / 1000000;
}

static const struct token_claims *recall(struct authenticator *self, uint64_t hash,
                                         const char *token, size_t len)
{
    struct way *set = self->sets[hash % SETS];

    for (size_t i = 0; i < WAYS; i++) {
        struct remembered *entry = set[i].entry;

        if (set[i].hash != hash || !entry || entry->len != len ||
            memcmp(entry->token, token, len) != 0)
            continue;
        if (now_s(self) >= entry->claims.expires_s) {
            free(entry);
            set[i].entry = NULL;
            return NULL;
        }
        entry->used = ++self->tick;
        return &entry->claims;
    }
    return NULL;
}

static void remember(struct authenticator *self, uint64_t hash, const char *token, size_t len)
{
    struct remembered *entry = mem_alloc(1, sizeof(*entry) + len);
    struct way *set = self->sets[hash % SETS], *oldest = set;

    for (struct way *way = set; way < set + WAYS && oldest->entry; way++)
        if (!way->entry || way->entry->used < oldest->entry->used)
            oldest = way;
    free(oldest->entry);
    *entry = (struct remembered){.used = ++self->tick, .claims = self->claims, .len = len};
    memcpy(entry->token, token, len);
    *oldest = (struct way){.hash = hash, .entry = entry};
}

enum token_verdict authenticator_check(struct authenticator *self, const char *token,
                                       const struct token_claims **claims)
{
    size_t len = strlen(token);
    const struct token_claims *known;
    enum token_verdict verdict;
    uint64_t hash;

    if (len > TOKEN_TEXT_MAX)
        return TOKEN_MALFORMED;
    /* Keyed: nobody outside can choose tokens that crowd one set. */
    hash = digest_short(self->hash_key, token, len);
    known = recall(self, hash, token, len);
    if (known) {
        *claims = known;
        return TOKEN_OK;
    }
    verdict = token_verify(&self->keys, token, len, self->config.issuer, self->config.audience,
                           now_s(self), &self->claims);
    if (verdict != TOKEN_OK)
        return verdict;
    remember(self, hash, token, len);
    *claims = &self->claims;
    return TOKEN_OK;
}

static void forget_all(struct authenticator *self)
{
    for (size_t i = 0; i < SETS; i++)
        for (size_t k = 0; k < WAYS; k++) {
            free(self->sets[i][k].entry);
            self->sets[i][k].entry = NULL;
        }
}

static bool same_keys(const struct token_key_set *a, const struct token_key_set *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->keys[i].kid, b->keys[i].kid) != 0 || strcmp(a->keys[i].x, b->keys[i].x) != 0)
            return false;
    return true;
}

bool authenticator_set_keys(struct authenticator *self, const struct token_key_set *keys)
{
    if (same_keys(&self->keys, keys))
        return false;
    self->keys = *keys;
    forget_all(self);
    return true;
}

bool authenticator_has_keys(const struct authenticator *self)
{
    return self->keys.n > 0;
}

struct authenticator *authenticator_create(const struct authenticator_config *config)
{
    struct authenticator *self = MEM_NEW(struct authenticator);

    self->config = *config;
    config->entropy->fill(config->entropy, self->hash_key, sizeof(self->hash_key));
    return self;
}

void authenticator_destroy(struct authenticator *self)
{
    if (!self)
        return;
    forget_all(self);
    free(self);
}
