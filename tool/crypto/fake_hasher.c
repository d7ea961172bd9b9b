/* fake_hasher.c - the password hasher of tests and the simulation: instant, the same every time,
 * and worthless as protection (an unsalted 64-bit FNV-1a). It pulls in neither threads nor
 * libsodium. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/mem.h"
#include "tool/crypto/password.h"
#include "tool/crypto/password_spelling.h"

#define FAKE_PREFIX "$fake$"

static uint64_t fnv1a(const char *text)
{
    uint64_t h = 0xcbf29ce484222325u;

    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 0x100000001b3u;
    return h;
}

static enum status fake_hash(struct password_hasher *self, const struct call *call,
                             const char *password, char out[PASSWORD_HASH_MAX + 1])
{
    struct password_spelling spelling;

    (void)self;
    if (!password_spelling(password, &spelling) || spelling.opaque[0] == '\0')
        return ST_INVALID;
    if (call_expired(call))
        return ST_TIMEOUT;
    snprintf(out, PASSWORD_HASH_MAX + 1, FAKE_PREFIX "%016" PRIx64, fnv1a(spelling.opaque));
    return ST_OK;
}

static bool is_of(const char *digest, const char *password)
{
    char want[17];

    snprintf(want, sizeof want, "%016" PRIx64, fnv1a(password));
    return password[0] != '\0' && strcmp(digest, want) == 0;
}

static enum status fake_verify(struct password_hasher *self, const struct call *call,
                               const char *password, const char *phc, bool *renew)
{
    const char *digest = phc ? strrchr(phc, '$') : NULL;
    struct password_spelling spelling;
    bool opaque;

    (void)self;
    if (!password_spelling(password, &spelling))
        return ST_INVALID;
    if (call_expired(call))
        return ST_TIMEOUT;
    if (!digest)
        return ST_UNAUTHENTICATED;
    opaque = is_of(digest + 1, spelling.opaque);
    if (!opaque && !is_of(digest + 1, spelling.typed))
        return ST_UNAUTHENTICATED;
    if (renew)
        *renew = !opaque || strncmp(phc, FAKE_PREFIX, strlen(FAKE_PREFIX)) != 0;
    return ST_OK;
}

static void fake_destroy(struct password_hasher *self)
{
    free(self);
}

static const struct password_hasher_ops FAKE_OPS = {
    .hash = fake_hash,
    .verify = fake_verify,
    .destroy = fake_destroy,
};

struct password_hasher *fake_hasher_create(void)
{
    struct password_hasher *self = MEM_NEW(struct password_hasher);

    self->ops = &FAKE_OPS;
    return self;
}
