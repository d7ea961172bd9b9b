/* token_keys.c - reads key files: NAME.key, mode 0600, a 32-byte Ed25519 seed in base64url. Root's
 * may be readable by a group. */
#include "tool/crypto/token_keys.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/core/assert.h"
#include "tool/core/json_out.h"
#include "tool/core/mem.h"
#include "tool/crypto/digest.h"
#include "tool/crypto/token_keys_private.h"

enum { SETTLED_S = 2 };

bool token_keys_refuse(char why[TOKEN_WHY_MAX + 1], const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(why, TOKEN_WHY_MAX + 1, fmt, ap);
    va_end(ap);
    return false;
}

static time_t wall_s(void)
{
    return (time_t)(clock_wall_us(&CLOCK_SYSTEM) / 1000000);
}

void token_pair_derive(const uint8_t seed[TOKEN_KEY_LEN], struct token_pair *pair)
{
    uint8_t public[TOKEN_KEY_LEN], thumbprint[DIGEST_LEN];
    char jwk[128];
    struct json_out o;

    _Static_assert(TOKEN_SECRET_LEN == crypto_sign_SECRETKEYBYTES, "an Ed25519 secret key");
    crypto_sign_seed_keypair(public, pair->secret, seed);
    digest_b64url(public, sizeof public, pair->public.x, sizeof pair->public.x);
    /* RFC 7638 with RFC 8037: these members, in this order, without white space. */
    json_out_init(&o, jwk, sizeof jwk);
    json_out_open(&o, '{');
    json_out_member(&o, "crv", "Ed25519");
    json_out_member(&o, "kty", "OKP");
    json_out_member(&o, "x", pair->public.x);
    json_out_close(&o, '}');
    ASSERT(!o.overflow);
    digest_sha256(jwk, o.len, thumbprint);
    digest_b64url(thumbprint, sizeof thumbprint, pair->public.kid, sizeof pair->public.kid);
}

int token_keys_open(const char *dir, char why[TOKEN_WHY_MAX + 1])
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) != 0) {
        token_keys_refuse(
            why, "key folder %s cannot be read (%s); make it a folder of this user, mode 0700", dir,
            strerror(errno));
    } else if ((st.st_mode & (S_IWGRP | S_IWOTH)) && !(st.st_mode & S_ISVTX)) {
        token_keys_refuse(why, "key folder %s can be written by others; run: chmod 700 '%s'", dir,
                          dir);
    } else {
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

/* Keeps the newest: older ones have outlived their tokens by rotations. */
static void names_add(struct token_key_names *names, const char *name)
{
    size_t i = names->n;

    names->found++;
    while (i > 0 && strcmp(names->at[i - 1], name) < 0)
        i--;
    if (i == TOKEN_KEYS_MAX)
        return;
    if (names->n < TOKEN_KEYS_MAX)
        names->n++;
    memmove(names->at[i + 1], names->at[i], (names->n - 1 - i) * sizeof names->at[0]);
    snprintf(names->at[i], sizeof names->at[i], "%s", name);
}

bool token_keys_names(int dir_fd, const char *dir, struct token_key_names *names,
                      char why[TOKEN_WHY_MAX + 1])
{
    int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry;

    names->n = names->found = 0;
    if (!stream) {
        if (fd >= 0)
            close(fd);
        return token_keys_refuse(why, "key folder %s cannot be listed (%s)", dir, strerror(errno));
    }
    while ((entry = readdir(stream)))
        if (token_key_name_is(entry->d_name))
            names_add(names, entry->d_name);
    closedir(stream);
    return true;
}

/* A seed, and at most one newline after it. */
static bool seed_parse(const char *text, size_t len, uint8_t seed[TOKEN_KEY_LEN])
{
    size_t n;

    if (len > 0 && text[len - 1] == '\n')
        len--;
    return sodium_base642bin(seed, TOKEN_KEY_LEN, text, len, NULL, &n, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           n == TOKEN_KEY_LEN;
}

static bool pair_check(const char *dir, const char *name, const struct stat *st, char *why)
{
    mode_t open_to = S_IRWXG | S_IRWXO;

    if (!S_ISREG(st->st_mode))
        return token_keys_refuse(why, "key %s/%s is not a file; remove it", dir, name);
    /* What root lends to the group of a program that is not root: a mounted Secret of Kubernetes
     * cannot belong to the program itself. */
    if (st->st_uid == 0 && geteuid() != 0)
        open_to &= ~(mode_t)S_IRGRP;
    if (st->st_mode & open_to)
        return token_keys_refuse(
            why, "key %s/%s is open to others; run: chmod 600 '%s/%s', or better replace it", dir,
            name, dir, name);
    return true;
}

static bool pair_read(int dir_fd, const char *dir, const char *name, struct token_pair *pair,
                      char *why)
{
    int fd = openat(dir_fd, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    char text[TOKEN_KID_LEN + 3];
    uint8_t seed[TOKEN_KEY_LEN];
    ssize_t len = -1;
    struct stat st;
    bool ok = false;

    if (fd < 0 || fstat(fd, &st) != 0) {
        token_keys_refuse(why, "key %s/%s cannot be read (%s); give it to this user", dir, name,
                          strerror(errno));
        goto out;
    }
    if (!pair_check(dir, name, &st, why))
        goto out;
    len = read(fd, text, sizeof text);
    ok = len >= 0 && seed_parse(text, (size_t)len, seed);
    if (ok) {
        token_pair_derive(seed, pair);
        TEXT_COPY(pair->name, name);
        pair->begins_s = token_key_name_begins_s(name);
        pair->there_s = st.st_ctim.tv_sec;
    } else {
        token_keys_refuse(
            why,
            "key %s/%s %s; put a 32-byte seed in base64url (43 characters) in it, or remove it",
            dir, name, len == 0 ? "is empty" : "is malformed");
    }
out:
    sodium_memzero(text, sizeof text);
    sodium_memzero(seed, sizeof seed);
    if (fd >= 0)
        close(fd);
    return ok;
}

/* Retired by another process, since the names were read. */
static bool is_gone(int dir_fd, const char *name)
{
    struct stat st;

    return fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT;
}

bool token_keys_load(struct token_keys *keys, char why[TOKEN_WHY_MAX + 1])
{
    struct token_keys fresh = {.dir = keys->dir};
    int fd = token_keys_open(keys->dir, why);
    struct token_key_names *names = MEM_NEW(struct token_key_names);
    struct stat st;
    bool ok;

    /* The time before the names: a change in between is seen at the next look. */
    ok = fd >= 0 && fstat(fd, &st) == 0 && token_keys_names(fd, keys->dir, names, why);
    for (size_t i = 0; ok && i < names->n; i++) {
        ok = pair_read(fd, keys->dir, names->at[i], &fresh.pairs[fresh.n], why);
        if (ok)
            fresh.n++;
        else
            ok = is_gone(fd, names->at[i]);
    }
    if (ok && fresh.n == 0)
        ok = token_keys_refuse(
            why, "key folder %s has no *.key file; restore one, or restart to make one", keys->dir);
    if (ok) {
        fresh.changed = st.st_mtim;
        *keys = fresh;
    }
    sodium_memzero(&fresh, sizeof fresh);
    free(names);
    if (fd >= 0)
        close(fd);
    return ok;
}

enum token_keys_age token_keys_age(const struct token_keys *keys)
{
    struct stat st;

    if (stat(keys->dir, &st) != 0)
        return TOKEN_KEYS_FRESH;
    if (st.st_mtim.tv_sec != keys->changed.tv_sec || st.st_mtim.tv_nsec != keys->changed.tv_nsec)
        return TOKEN_KEYS_STALE;
    return wall_s() - st.st_mtim.tv_sec < SETTLED_S ? TOKEN_KEYS_UNSETTLED : TOKEN_KEYS_FRESH;
}
