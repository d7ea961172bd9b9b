/* token_issuer.c - signs access tokens with the key of a folder whose time it is. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/json_out.h"
#include "tool/core/mem.h"
#include "tool/crypto/digest.h"
#include "tool/crypto/token.h"
#include "tool/crypto/token_folder.h"

enum { HEADER_MAX = 127, CLAIMS_MAX = 600 };

struct folder_issuer {
    struct token_issuer base;
    struct token_folder *folder;
    char *issuer, *audience;
    int64_t lifetime_s;
    const struct clock *clock;
    const struct entropy *entropy;
};

static struct folder_issuer *of(struct token_issuer *base)
{
    return container_of(base, struct folder_issuer, base);
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

    token_folder_signs(self->folder, clock_wall_us(call->clock) / 1000000, &pair);
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

    token_folder_verify(self->folder, clock_wall_us(self->clock) / 1000000, out);
}

static void folder_destroy(struct token_issuer *base)
{
    struct folder_issuer *self;

    if (!base)
        return;
    self = of(base);
    token_folder_destroy(self->folder);
    free(self->issuer);
    free(self->audience);
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
    struct folder_issuer *self;

    if (!name_ok(config->issuer) || !name_ok(config->audience)) {
        snprintf(text, sizeof text,
                 "issuer '%.80s' and audience '%.80s' must be 1 to %d printable characters",
                 config->issuer, config->audience, TOKEN_NAME_MAX);
        *why = text;
        token_folder_destroy(config->folder);
        return NULL;
    }
    self = MEM_NEW(struct folder_issuer);
    self->base.ops = &FOLDER_OPS;
    self->folder = config->folder;
    self->issuer = mem_strdup(config->issuer);
    self->audience = mem_strdup(config->audience);
    self->lifetime_s = config->lifetime_s;
    self->clock = config->clock;
    self->entropy = config->entropy;
    *why = NULL;
    return &self->base;
}
