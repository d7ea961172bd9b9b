/* fake_hasher.c - the password hasher of tests and the simulation: instant, the same every time,
 * and worthless as protection (an unsalted 64-bit FNV-1a). It pulls in neither threads nor
 * libsodium. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/mem.h"
#include "tool/crypto/password.h"

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
    (void)self;
    if (call_expired(call))
        return ST_TIMEOUT;
    snprintf(out, PASSWORD_HASH_MAX + 1, FAKE_PREFIX "%016" PRIx64, fnv1a(password));
    return ST_OK;
}

static enum status fake_verify(struct password_hasher *self, const struct call *call,
                               const char *password, const char *phc)
{
    char want[17];
    const char *digest;

    (void)self;
    if (call_expired(call))
        return ST_TIMEOUT;
    digest = phc ? strrchr(phc, '$') : NULL;
    snprintf(want, sizeof want, "%016" PRIx64, fnv1a(password));
    return digest && strcmp(digest + 1, want) == 0 ? ST_OK : ST_UNAUTHENTICATED;
}

static bool fake_needs_rehash(struct password_hasher *self, const char *phc)
{
    (void)self;
    return strncmp(phc, FAKE_PREFIX, strlen(FAKE_PREFIX)) != 0;
}

static void fake_destroy(struct password_hasher *self)
{
    free(self);
}

static const struct password_hasher_ops FAKE_OPS = {
    .hash = fake_hash,
    .verify = fake_verify,
    .needs_rehash = fake_needs_rehash,
    .destroy = fake_destroy,
};

struct password_hasher *fake_hasher_create(void)
{
    struct password_hasher *self = MEM_NEW(struct password_hasher);

    self->ops = &FAKE_OPS;
    return self;
}
