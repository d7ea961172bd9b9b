/* token_keys_change.c - makes key files and removes them, one process at a time by the folder's
 * lock. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/core/mem.h"
#include "tool/crypto/digest.h"
#include "tool/crypto/token_keys_private.h"

/* A crash leaves it to the next. */
#define NEW_NAME ".new"

/* Whole and durable in NEW_NAME first: a *.key is complete whenever it is seen. */
static bool key_write(int dir_fd, const char *name, const char *text)
{
    size_t len = strlen(text);
    bool ok;
    int fd;

    unlinkat(dir_fd, NEW_NAME, 0);
    fd = openat(dir_fd, NEW_NAME, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    ok = write(fd, text, len) == (ssize_t)len && fsync(fd) == 0;
    close(fd);
    return ok && renameat(dir_fd, NEW_NAME, dir_fd, name) == 0 && fsync(dir_fd) == 0;
}

static bool key_make(int dir_fd, const char *dir, const struct entropy *entropy, int64_t begins_s,
                     char name[TOKEN_KEY_NAME_LEN + 1], char *why)
{
    uint8_t seed[TOKEN_KEY_LEN];
    char text[TOKEN_KID_LEN + 2];
    struct token_pair pair;
    bool ok;

    entropy->fill(entropy, seed, sizeof seed);
    token_pair_derive(seed, &pair);
    token_key_name_make(begins_s, pair.public.kid, name);
    digest_b64url(seed, sizeof seed, text, sizeof text);
    memcpy(text + TOKEN_KID_LEN, "\n", 2);
    ok = key_write(dir_fd, name, text) ||
         token_keys_refuse(why,
                           "key folder %s cannot be written (%s); give it to this user, mode 0700, "
                           "or put a key there by whatever fills it",
                           dir, strerror(errno));
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(text, sizeof text);
    sodium_memzero(&pair, sizeof pair);
    return ok;
}

static bool lock(int dir_fd, const char *dir, char *why)
{
    return flock(dir_fd, LOCK_EX) == 0 ||
           token_keys_refuse(why, "key folder %s cannot be locked (%s); put a key there", dir,
                             strerror(errno));
}

bool token_keys_ensure(const char *dir, const struct entropy *entropy, char why[TOKEN_WHY_MAX + 1])
{
    struct token_key_names *names = MEM_NEW(struct token_key_names);
    char name[TOKEN_KEY_NAME_LEN + 1];
    bool ok = false;
    int fd = -1;

    if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
        token_keys_refuse(
            why, "key folder %s cannot be made (%s); make its parent, or give it to this user", dir,
            strerror(errno));
        goto out;
    }
    fd = token_keys_open(dir, why);
    if (fd < 0 || !token_keys_names(fd, dir, names, why))
        goto out;
    /* A folder with keys may be read-only. Else one process at a time, and only if still needed. */
    ok = names->n > 0 ||
         (lock(fd, dir, why) && token_keys_names(fd, dir, names, why) &&
          (names->n > 0 ||
           key_make(fd, dir, entropy, clock_wall_us(&CLOCK_SYSTEM) / 1000000, name, why)));
out:
    free(names);
    if (fd >= 0)
        close(fd);
    return ok;
}

static enum token_key_change look_for_room(const struct token_key_names *names, int64_t begins_s,
                                           int64_t now_s, char *why)
{
    int64_t last_s = names->n > 0 ? token_key_name_begins_s(names->at[0]) : 0;

    if (last_s > now_s && last_s <= begins_s) {
        token_keys_refuse(why, "a key waits for its time already: %s", names->at[0]);
        return TOKEN_KEY_WAITS;
    }
    if (names->found >= TOKEN_KEYS_MAX) {
        token_keys_refuse(why,
                          "there are %zu keys, and %d at most; the oldest go by themselves "
                          "once no token of theirs is left",
                          names->found, TOKEN_KEYS_MAX);
        return TOKEN_KEYS_FULL;
    }
    return TOKEN_KEY_DONE;
}

/* The others, also those that were too many to be read. */
static bool remove_others(int dir_fd, const char *dir, const char *but, char *why)
{
    struct token_key_names *names = MEM_NEW(struct token_key_names);
    bool ok;

    do {
        ok = token_keys_names(dir_fd, dir, names, why);
        for (size_t i = 0; i < names->n && ok; i++)
            if (strcmp(names->at[i], but) != 0 && unlinkat(dir_fd, names->at[i], 0) != 0)
                ok = token_keys_refuse(why, "key %s/%s cannot be removed (%s); remove it", dir,
                                       names->at[i], strerror(errno));
    } while (ok && names->found > 1);
    free(names);
    return ok && fsync(dir_fd) == 0;
}

enum token_key_change token_keys_add(const char *dir, const struct entropy *entropy,
                                     int64_t begins_s, int64_t now_s, bool only,
                                     char name[NAME_MAX + 1], char why[TOKEN_WHY_MAX + 1])
{
    struct token_key_names *names = MEM_NEW(struct token_key_names);
    enum token_key_change change = TOKEN_KEYS_CLOSED;
    int fd = token_keys_open(dir, why);

    if (fd >= 0 && lock(fd, dir, why) && token_keys_names(fd, dir, names, why)) {
        change = only ? TOKEN_KEY_DONE : look_for_room(names, begins_s, now_s, why);
        if (change == TOKEN_KEY_DONE && !(key_make(fd, dir, entropy, begins_s, name, why) &&
                                          (!only || remove_others(fd, dir, name, why))))
            change = TOKEN_KEYS_CLOSED;
    }
    free(names);
    if (fd >= 0)
        close(fd);
    return change;
}

bool token_keys_remove(const char *dir, const char *name, char why[TOKEN_WHY_MAX + 1])
{
    int fd = token_keys_open(dir, why);
    bool ok = fd >= 0;

    if (ok && unlinkat(fd, name, 0) != 0 && errno != ENOENT)
        ok = token_keys_refuse(why,
                               "key %s/%s cannot be removed (%s); remove it by whatever fills "
                               "the folder",
                               dir, name, strerror(errno));
    if (fd >= 0)
        close(fd);
    return ok;
}
