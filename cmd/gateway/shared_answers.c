/* shared_answers.c - a hash of the key picks one place; who comes later takes it over. */
#include "cmd/gateway/shared_answers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/mem.h"
#include "tool/crypto/digest.h"

enum { PLACES = 1024, BYTES_MAX = 8 * 1024 * 1024 };

struct kept {
    char *key, *body;
    struct shared_answer answer;
};

struct shared_answers {
    const struct clock *clock;
    uint8_t hash_key[DIGEST_SHORT_KEY_LEN];
    size_t bytes; /* of the bodies */
    struct kept places[PLACES];
};

/* Keyed: nobody outside can choose messages that chase one another away. */
static struct kept *place_of(struct shared_answers *self, const char *key)
{
    return &self->places[digest_short(self->hash_key, key, strlen(key)) % PLACES];
}

static void drop(struct shared_answers *self, struct kept *kept)
{
    self->bytes -= kept->answer.len;
    free(kept->key);
    free(kept->body);
    *kept = (struct kept){0};
}

/* What is the same for all who ask the same, whatever way they wrote it. A message is one line. */
static char *key_of(const struct route *route, const struct route_message *m)
{
    size_t size = strlen(route->path) + m->len + 2;
    char *key = mem_alloc(1, size);

    snprintf(key, size, "%s %.*s", route->path, (int)m->len, m->data);
    return key;
}

const struct shared_answer *shared_answers_find(struct shared_answers *self,
                                                const struct route *route,
                                                const struct route_message *m, char **key)
{
    struct kept *kept;

    *key = NULL;
    if (route->cache.who != CACHE_ANYBODY)
        return NULL;
    *key = key_of(route, m);
    kept = place_of(self, *key);
    if (!kept->key || strcmp(kept->key, *key) != 0)
        return NULL;
    if (clock_now_ms(self->clock) >= kept->answer.until_ms) {
        drop(self, kept);
        return NULL;
    }
    free(*key);
    *key = NULL;
    return &kept->answer;
}

static void write_etag(struct shared_answer *answer, const char *given)
{
    _Static_assert(sizeof(answer->etag) > DIGEST_ETAG_LEN, "a digest fits");
    if (!given || !TEXT_COPY(answer->etag, given))
        digest_etag(answer->body, answer->len, answer->etag);
}

const struct shared_answer *shared_answers_keep(struct shared_answers *self,
                                                const struct route *route, const char *key,
                                                const struct message *reply)
{
    struct kept *kept = place_of(self, key);
    int64_t now_ms = clock_now_ms(self->clock);
    size_t len;
    const char *data = message_data(reply, &len);

    if (message_header(reply, HEADER_ERROR_CODE))
        return NULL;
    drop(self, kept);
    if (self->bytes + len > BYTES_MAX)
        shared_answers_forget(self);
    self->bytes += len;
    kept->key = mem_strdup(key);
    kept->body = mem_alloc(1, len + 1);
    memcpy(kept->body, data, len);
    kept->answer = (struct shared_answer){
        .body = kept->body,
        .len = len,
        .made_ms = now_ms,
        .until_ms = now_ms + (int64_t)route->cache.seconds * 1000,
    };
    write_etag(&kept->answer, message_header(reply, HEADER_ETAG));
    return &kept->answer;
}

int shared_answers_age_s(const struct shared_answers *self, const struct shared_answer *answer)
{
    return (int)((clock_now_ms(self->clock) - answer->made_ms) / 1000);
}

void shared_answers_forget(struct shared_answers *self)
{
    for (size_t i = 0; i < PLACES; i++)
        drop(self, &self->places[i]);
}

struct shared_answers *shared_answers_create(const struct clock *clock,
                                             const struct entropy *entropy)
{
    struct shared_answers *self = MEM_NEW(struct shared_answers);

    self->clock = clock;
    entropy->fill(entropy, self->hash_key, sizeof(self->hash_key));
    return self;
}

void shared_answers_destroy(struct shared_answers *self)
{
    if (!self)
        return;
    shared_answers_forget(self);
    free(self);
}
