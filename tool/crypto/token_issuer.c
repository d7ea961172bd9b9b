/* token_issuer.c - signs access tokens with the newest key of a folder. */
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/json_out.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/crypto/digest.h"
#include "tool/crypto/token.h"
#include "tool/crypto/token_keys.h"

enum { LOOK_MS = 1000, HEADER_MAX = 127, CLAIMS_MAX = 600 };

struct folder_issuer {
    struct token_issuer base;
    char *dir, *issuer, *audience;
    int64_t lifetime_s;
    const struct entropy *entropy;
    pthread_mutex_t lock; /* of what follows */
    int64_t look_ms;      /* when the folder is looked at next */
    bool complained;      /* about the folder as it is now */
    struct token_keys keys;
};

static struct folder_issuer *of(struct token_issuer *base)
{
    return container_of(base, struct folder_issuer, base);
}

/* The lock is held. A folder that went bad keeps the keys of before. */
static void look(struct folder_issuer *self)
{
    int64_t now_ms = clock_now_ms(&CLOCK_SYSTEM);
    char why[TOKEN_WHY_MAX + 1];
    char before[TOKEN_KID_LEN + 1];

    if (now_ms < self->look_ms)
        return;
    self->look_ms = now_ms + LOOK_MS;
    if (!token_keys_stale(&self->keys))
        return;
    TEXT_COPY(before, self->keys.pairs[0].public.kid);
    if (!token_keys_load(&self->keys, why)) {
        if (!self->complained)
            log_warn("keeping the token keys read before", LOG_TEXT("why", why));
        self->complained = true;
        return;
    }
    self->complained = false;
    if (strcmp(before, self->keys.pairs[0].public.kid) != 0)
        log_info("signing with a new key", LOG_TEXT("kid", self->keys.pairs[0].public.kid));
}

/* Appends base64url of data to out at *len. */
static void append_b64(char *out, size_t *len, const void *data, size_t n)
{
    *len += strlen(digest_b64url(data, n, out + *len, TOKEN_TEXT_MAX + 1 - *len));
}

static void header_write(struct json_out *o, const char *kid)
{
    json_out_open(o, '{');
    json_out_member(o, "alg", "EdDSA");
    json_out_member(o, "typ", "JWT");
    json_out_member(o, "kid", kid);
    json_out_close(o, '}');
}

static void claims_write(struct json_out *o, const struct folder_issuer *self,
                         const struct call *call, struct uuid subject, struct uuid session,
                         const char *roles)
{
    char text[UUID_TEXT_LEN + 1];
    int64_t now_s = clock_wall_us(call->clock) / 1000000;

    json_out_open(o, '{');
    json_out_member(o, "iss", self->issuer);
    json_out_member(o, "sub", uuid_text(subject, text));
    json_out_member(o, "aud", self->audience);
    json_out_member_int(o, "iat", now_s);
    json_out_member_int(o, "exp", now_s + self->lifetime_s);
    json_out_member(o, "jti", uuid_text(uuid_v7(call->clock, self->entropy), text));
    if (!uuid_is_nil(session))
        json_out_member(o, "sid", uuid_text(session, text));
    if (roles[0])
        json_out_member(o, "roles", roles);
    json_out_close(o, '}');
}

static enum status folder_issue(struct token_issuer *base, const struct call *call,
                                struct uuid subject, struct uuid session, const char *roles,
                                char out[TOKEN_TEXT_MAX + 1], int64_t *expires_in_s)
{
    struct folder_issuer *self = of(base);
    char header[HEADER_MAX + 1], claims[CLAIMS_MAX + 1];
    unsigned char signature[crypto_sign_BYTES];
    struct json_out h, c;
    struct token_pair pair;
    size_t len = 0;

    pthread_mutex_lock(&self->lock);
    look(self);
    pair = self->keys.pairs[0];
    pthread_mutex_unlock(&self->lock);

    json_out_init(&h, header, sizeof header);
    header_write(&h, pair.public.kid);
    json_out_init(&c, claims, sizeof claims);
    claims_write(&c, self, call, subject, session, roles);
    /* Names and roles are bounded, and hold nothing that JSON would make longer. */
    ASSERT(!h.overflow && !c.overflow);

    append_b64(out, &len, header, h.len);
    out[len++] = '.';
    append_b64(out, &len, claims, c.len);
    crypto_sign_detached(signature, NULL, (const unsigned char *)out, len, pair.secret);
    out[len++] = '.';
    append_b64(out, &len, signature, sizeof signature);
    sodium_memzero(&pair, sizeof pair);
    *expires_in_s = self->lifetime_s;
    return ST_OK;
}

static void folder_keys(struct token_issuer *base, struct token_key_set *out)
{
    struct folder_issuer *self = of(base);

    pthread_mutex_lock(&self->lock);
    look(self);
    out->n = self->keys.n;
    for (size_t i = 0; i < out->n; i++)
        out->keys[i] = self->keys.pairs[i].public;
    pthread_mutex_unlock(&self->lock);
}

static void folder_destroy(struct token_issuer *base)
{
    struct folder_issuer *self;

    if (!base)
        return;
    self = of(base);
    pthread_mutex_destroy(&self->lock);
    free(self->dir);
    free(self->issuer);
    free(self->audience);
    sodium_memzero(self, sizeof *self);
    free(self);
}

static const struct token_issuer_ops FOLDER_OPS = {
    .issue = folder_issue,
    .keys = folder_keys,
    .destroy = folder_destroy,
};

/* Names travel in tokens and in a buffer of ours: printable, short, and free of JSON escapes. */
static bool name_ok(const char *name)
{
    size_t len = strlen(name);

    if (len == 0 || len > TOKEN_NAME_MAX)
        return false;
    for (const char *c = name; *c; c++)
        if (*c <= ' ' || *c > '~' || *c == '"' || *c == '\\')
            return false;
    return true;
}

struct token_issuer *token_issuer_create(const struct token_issuer_config *config, const char **why)
{
    static _Thread_local char text[TOKEN_WHY_MAX + 1];
    struct folder_issuer *self = MEM_NEW(struct folder_issuer);

    *why = text;
    pthread_mutex_init(&self->lock, NULL);
    self->base.ops = &FOLDER_OPS;
    self->dir = mem_strdup(config->key_dir);
    self->issuer = mem_strdup(config->issuer);
    self->audience = mem_strdup(config->audience);
    self->lifetime_s = config->lifetime_s;
    self->entropy = config->entropy;
    self->keys.dir = self->dir;
    if (!name_ok(config->issuer) || !name_ok(config->audience)) {
        snprintf(text, sizeof text,
                 "issuer '%.80s' and audience '%.80s' must be 1 to %d printable characters",
                 config->issuer, config->audience, TOKEN_NAME_MAX);
    } else if (token_keys_ensure(self->dir, self->entropy, text) &&
               token_keys_load(&self->keys, text)) {
        *why = NULL;
        return &self->base;
    }
    folder_destroy(&self->base);
    return NULL;
}
