/* token_folder.c - see token_folder.h. */
#include "tool/crypto/token_folder.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"

enum {
    AGAIN_MS = 1000,
    /* What is left of a lifetime for clocks that are not alike. */
    SLACK_PART = 10,
    SLACK_S = 10,
};

struct token_folder {
    char *dir;
    int64_t lifetime_s;
    const struct entropy *entropy;
    pthread_mutex_t lock; /* of what follows */
    int64_t again_ms;     /* when what is doubtful is read again */
    char trouble[TOKEN_WHY_MAX + 1];
    char signed_by[TOKEN_KID_LEN + 1]; /* the last time */
    bool may_not_remove;               /* and that was said */
    struct token_keys keys;
};

/* The lock is held. A folder that went bad keeps the keys of before. */
static void load(struct token_folder *self)
{
    char why[TOKEN_WHY_MAX + 1];

    self->again_ms = clock_now_ms(&CLOCK_SYSTEM) + AGAIN_MS;
    if (token_keys_load(&self->keys, why)) {
        self->trouble[0] = '\0';
        return;
    }
    if (strcmp(self->trouble, why) != 0)
        log_warn("keeping the token keys read before", LOG_TEXT("why", why));
    TEXT_COPY(self->trouble, why);
}

/* The lock is held. Each time: another process may have a key already that we are to know. */
static void look(struct token_folder *self)
{
    enum token_keys_age age = token_keys_age(&self->keys);
    bool doubtful = age == TOKEN_KEYS_UNSETTLED || self->trouble[0];

    if ((age == TOKEN_KEYS_STALE && !self->trouble[0]) ||
        (doubtful && clock_now_ms(&CLOCK_SYSTEM) >= self->again_ms))
        load(self);
}

/* The lock is held. */
static size_t find_signing(const struct token_folder *self, int64_t now_s)
{
    size_t i = 0;

    while (i + 1 < self->keys.n && self->keys.pairs[i].begins_s > now_s)
        i++;
    return i;
}

/* When no token of a key is left, once the one before it in the list signs: which it did from the
 * time in its name, but not before it was there. A name without a time says nothing: 0. */
static int64_t over_s(const struct token_folder *self, size_t i)
{
    const struct token_pair *next = &self->keys.pairs[i - 1];
    int64_t slack_s = self->lifetime_s / SLACK_PART;
    int64_t begins_s = next->begins_s > next->there_s ? next->begins_s : next->there_s;

    if (!self->keys.pairs[i].begins_s)
        return 0;
    return begins_s + self->lifetime_s + (slack_s > SLACK_S ? slack_s : SLACK_S);
}

static enum token_key_state state_of(const struct token_folder *self, size_t i, int64_t now_s)
{
    size_t signing = find_signing(self, now_s);
    int64_t end_s;

    if (i <= signing)
        return i == signing ? TOKEN_KEY_SIGNS : TOKEN_KEY_TO_COME;
    end_s = over_s(self, i);
    return end_s && end_s <= now_s ? TOKEN_KEY_OVER : TOKEN_KEY_FOLLOWED;
}

void token_folder_signs(struct token_folder *self, int64_t now_s, struct token_pair *out)
{
    bool another;

    pthread_mutex_lock(&self->lock);
    look(self);
    *out = self->keys.pairs[find_signing(self, now_s)];
    another = strcmp(self->signed_by, out->public.kid) != 0;
    if (another)
        TEXT_COPY(self->signed_by, out->public.kid);
    pthread_mutex_unlock(&self->lock);
    if (another)
        log_info("signing with a new key", LOG_TEXT("kid", out->public.kid));
}

void token_folder_verify(struct token_folder *self, int64_t now_s, struct token_key_set *out)
{
    size_t signing;

    pthread_mutex_lock(&self->lock);
    look(self);
    signing = find_signing(self, now_s);
    out->n = 0;
    out->keys[out->n++] = self->keys.pairs[signing].public;
    for (size_t i = 0; i < self->keys.n; i++)
        if (i != signing && state_of(self, i, now_s) != TOKEN_KEY_OVER)
            out->keys[out->n++] = self->keys.pairs[i].public;
    pthread_mutex_unlock(&self->lock);
}

void token_folder_view(struct token_folder *self, int64_t now_s, struct token_folder_view *out)
{
    *out = (struct token_folder_view){0};
    pthread_mutex_lock(&self->lock);
    load(self);
    for (size_t i = 0; i < self->keys.n; i++) {
        struct token_key_view *view = &out->keys[out->n++];
        TEXT_COPY(view->kid, self->keys.pairs[i].public.kid);
        view->state = state_of(self, i, now_s);
        view->begins_s = self->keys.pairs[i].begins_s;
        view->over_s = view->state >= TOKEN_KEY_FOLLOWED ? over_s(self, i) : 0;
    }
    TEXT_COPY(out->trouble, self->trouble);
    pthread_mutex_unlock(&self->lock);
}

/* The lock is held. */
static void retire(struct token_folder *self, int64_t now_s)
{
    char why[TOKEN_WHY_MAX + 1];
    bool ok = true, any = false;

    for (size_t i = 0; i < self->keys.n && ok; i++) {
        const struct token_pair *pair = &self->keys.pairs[i];
        if (state_of(self, i, now_s) != TOKEN_KEY_OVER)
            continue;
        any = true;
        ok = token_keys_remove(self->dir, pair->name, why);
        if (ok)
            log_info("token key removed, no token of it is left", LOG_TEXT("kid", pair->public.kid),
                     LOG_TEXT("file", pair->name));
    }
    if (!ok && !self->may_not_remove)
        log_warn("a token key is over and stays", LOG_TEXT("why", why));
    self->may_not_remove = !ok;
    if (any && ok)
        load(self);
}

void token_folder_retire(struct token_folder *self, int64_t now_s)
{
    pthread_mutex_lock(&self->lock);
    look(self);
    retire(self, now_s);
    pthread_mutex_unlock(&self->lock);
}

enum token_key_change token_folder_add(struct token_folder *self, int64_t begins_s, int64_t now_s,
                                       bool only, char kid[TOKEN_KID_LEN + 1],
                                       char why[TOKEN_WHY_MAX + 1])
{
    char name[NAME_MAX + 1];
    enum token_key_change change;

    pthread_mutex_lock(&self->lock);
    load(self);
    retire(self, now_s); /* makes room */
    change = token_keys_add(self->dir, self->entropy, begins_s, now_s, only, name, why);
    load(self);
    for (size_t i = 0; i < self->keys.n && change == TOKEN_KEY_DONE; i++)
        if (strcmp(self->keys.pairs[i].name, name) == 0)
            memcpy(kid, self->keys.pairs[i].public.kid, TOKEN_KID_LEN + 1);
    pthread_mutex_unlock(&self->lock);
    return change;
}

struct token_folder *token_folder_create(const char *dir, int64_t lifetime_s,
                                         const struct entropy *entropy, char why[TOKEN_WHY_MAX + 1])
{
    struct token_folder *self = MEM_NEW(struct token_folder);

    pthread_mutex_init(&self->lock, NULL);
    self->dir = mem_strdup(dir);
    self->lifetime_s = lifetime_s;
    self->entropy = entropy;
    self->keys.dir = self->dir;
    if (token_keys_ensure(dir, entropy, why) && token_keys_load(&self->keys, why)) {
        size_t signing = find_signing(self, clock_wall_us(&CLOCK_SYSTEM) / 1000000);
        TEXT_COPY(self->signed_by, self->keys.pairs[signing].public.kid);
        return self;
    }
    token_folder_destroy(self);
    return NULL;
}

void token_folder_destroy(struct token_folder *self)
{
    if (!self)
        return;
    pthread_mutex_destroy(&self->lock);
    free(self->dir);
    sodium_memzero(self, sizeof *self);
    free(self);
}
