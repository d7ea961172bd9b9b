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
    struct token_bearer bearer;
    int64_t known_until_s; /* bearer.claims.subject, of one from outside */
    size_t len;
    char token[]; /* and behind it bearer.subject */
};

struct way {
    uint64_t hash; /* of its token: others are not looked at */
    struct remembered *entry;
};

struct authenticator {
    struct authenticator_config config;
    struct token_key_set keys;
    const struct issuer_table *issuers; /* NULL = none */
    struct jwk_set *issuer_keys[ISSUERS_MAX];
    uint8_t hash_key[DIGEST_SHORT_KEY_LEN];
    uint64_t tick;
    struct token_bearer bearer; /* of a token that is not remembered */
    char subject[JWT_SUBJECT_MAX + 1];
    struct way sets[SETS][WAYS];
};

static int64_t now_s(const struct authenticator *self)
{
    return clock_wall_us(self->config.clock) / 1000000;
}

static struct remembered *recall(struct authenticator *self, uint64_t hash, const char *token,
                                 size_t len)
{
    struct way *set = self->sets[hash % SETS];

    for (size_t i = 0; i < WAYS; i++) {
        struct remembered *entry = set[i].entry;

        if (set[i].hash != hash || !entry || entry->len != len ||
            memcmp(entry->token, token, len) != 0)
            continue;
        if (now_s(self) >= entry->bearer.claims.expires_s) {
            free(entry);
            set[i].entry = NULL;
            return NULL;
        }
        if (entry->bearer.issuer && now_s(self) >= entry->known_until_s)
            entry->bearer.claims.subject = (struct uuid){{0}};
        entry->used = ++self->tick;
        return entry;
    }
    return NULL;
}

static void remember(struct authenticator *self, uint64_t hash, const char *token, size_t len)
{
    size_t subject = self->bearer.subject ? strlen(self->bearer.subject) + 1 : 0;
    struct remembered *entry = mem_alloc(1, sizeof(*entry) + len + subject);
    struct way *set = self->sets[hash % SETS], *oldest = set;

    for (struct way *way = set; way < set + WAYS && oldest->entry; way++)
        if (!way->entry || way->entry->used < oldest->entry->used)
            oldest = way;
    free(oldest->entry);
    *entry = (struct remembered){.used = ++self->tick, .bearer = self->bearer, .len = len};
    memcpy(entry->token, token, len);
    if (subject > 0)
        entry->bearer.subject = memcpy(entry->token + len, self->bearer.subject, subject);
    *oldest = (struct way){.hash = hash, .entry = entry};
}

static uint64_t hash_of(const struct authenticator *self, const char *token, size_t len)
{
    /* Keyed: nobody outside can choose tokens that crowd one set. */
    return digest_short(self->hash_key, token, len);
}

/* NULL when we have made it, or nobody we know. */
static const struct issuer *issuer_of(const struct authenticator *self, const char *token,
                                      size_t len)
{
    char name[JWT_ISSUER_MAX + 1];

    return self->issuers && self->issuers->n > 0 && jwt_peek_issuer(token, len, name)
               ? issuer_find(self->issuers, name)
               : NULL;
}

static enum token_verdict check_outside(struct authenticator *self, const struct issuer *issuer,
                                        const char *token, size_t len)
{
    const struct jwk_set *keys = self->issuer_keys[issuer - self->issuers->issuers];
    struct outside_claims claims;
    enum token_verdict verdict = issuer_check(issuer, keys, token, len, now_s(self), &claims);

    self->bearer = (struct token_bearer){.issuer = issuer, .subject = self->subject};
    if (verdict == TOKEN_OK) {
        TEXT_COPY(self->subject, claims.subject);
        TEXT_COPY(self->bearer.claims.roles, claims.roles);
        self->bearer.claims.expires_s = claims.expires_s;
    }
    return verdict;
}

static enum token_verdict check_own(struct authenticator *self, const char *token, size_t len)
{
    self->bearer = (struct token_bearer){.issuer = NULL};
    return token_verify(&self->keys, token, len, self->config.issuer, self->config.audience,
                        now_s(self), &self->bearer.claims);
}

enum token_verdict authenticator_check(struct authenticator *self, const char *token,
                                       const struct token_bearer **bearer)
{
    size_t len = strlen(token);
    const struct issuer *issuer;
    const struct remembered *known;
    enum token_verdict verdict;
    uint64_t hash;

    *bearer = &self->bearer;
    if (len > JWT_TEXT_MAX)
        return TOKEN_MALFORMED;
    hash = hash_of(self, token, len);
    known = recall(self, hash, token, len);
    if (known) {
        *bearer = &known->bearer;
        return TOKEN_OK;
    }
    issuer = issuer_of(self, token, len);
    verdict = issuer ? check_outside(self, issuer, token, len) : check_own(self, token, len);
    if (verdict == TOKEN_OK)
        remember(self, hash, token, len);
    return verdict;
}

void authenticator_introduce(struct authenticator *self, const char *token, struct uuid user_id,
                             int64_t until_s)
{
    size_t len = strlen(token);
    struct remembered *entry = recall(self, hash_of(self, token, len), token, len);

    if (!entry || !entry->bearer.issuer)
        return;
    entry->bearer.claims.subject = user_id;
    entry->known_until_s = until_s;
}

/* Those of an issuer, or all. */
static void forget(struct authenticator *self, const struct issuer *issuer)
{
    for (size_t i = 0; i < SETS; i++)
        for (size_t k = 0; k < WAYS; k++) {
            struct remembered *entry = self->sets[i][k].entry;

            if (!entry || (issuer && entry->bearer.issuer != issuer))
                continue;
            free(entry);
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
    forget(self, NULL);
    return true;
}

static void drop_issuer_keys(struct authenticator *self)
{
    for (size_t i = 0; i < ISSUERS_MAX; i++) {
        jwk_set_destroy(self->issuer_keys[i]);
        self->issuer_keys[i] = NULL;
    }
}

void authenticator_set_issuers(struct authenticator *self, const struct issuer_table *issuers)
{
    drop_issuer_keys(self);
    forget(self, NULL);
    self->issuers = issuers;
}

void authenticator_set_issuer_keys(struct authenticator *self, const struct issuer *issuer,
                                   struct jwk_set *keys)
{
    struct jwk_set **held = &self->issuer_keys[issuer - self->issuers->issuers];

    if (!*held || !jwk_set_same(*held, keys))
        forget(self, issuer);
    jwk_set_destroy(*held);
    *held = keys;
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
    drop_issuer_keys(self);
    forget(self, NULL);
    free(self);
}
