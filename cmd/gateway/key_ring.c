/* key_ring.c - auth.jwks, and the requests that wait for it. */
#include "cmd/gateway/key_ring.h"

#include <string.h>

#include "protocol/auth.h"
#include "tool/core/log.h"
#include "tool/core/loop_timer.h"
#include "tool/core/mem.h"
#include "tool/crypto/digest.h"

enum {
    FETCH_GAP_MS = 200,
    FETCH_TIMEOUT_MS = 1000,
    RETRY_MS = 1000,    /* after a fetch that failed */
    LINK_RETRY_MS = 50, /* nothing is sent while NATS is away: looking costs nothing */
    REFRESH_MS = 3000,
    WAITING_MAX = 1024,
    MISSED_MAX = 256,
};

struct key_ring {
    struct key_ring_config config;
    struct loop_timer timer; /* the next fetch */
    int64_t fetched_ms;      /* when the last one began */
    unsigned fetches;        /* begun so far */
    bool fetching, failing;
    uint64_t missed[MISSED_MAX]; /* hashes of what names keys that auth does not have; 0 = none */
    uint8_t hash_key[DIGEST_SHORT_KEY_LEN];
    uint64_t request_slot;
    struct key_waiters waiting;
};

static int64_t now_ms(const struct key_ring *ring)
{
    return clock_now_ms(ring->config.clock);
}

/* Of all keys, those a token can be checked by. */
static void select_keys(const struct jwks *all, struct token_key_set *set)
{
    *set = (struct token_key_set){0};
    for (size_t i = 0; i < all->n_keys && set->n < TOKEN_KEYS_MAX; i++) {
        const struct jwk *jwk = &all->keys[i];

        if (strcmp(jwk->kty, "OKP") == 0 && strcmp(jwk->crv, "Ed25519") == 0 &&
            TEXT_COPY(set->keys[set->n].kid, jwk->kid) && TEXT_COPY(set->keys[set->n].x, jwk->x))
            set->n++;
    }
}

/* ---- keys that are none ---- */

/* The head of a token, which names its key, says the same in all tokens of that key. */
static uint64_t key_hash(const struct key_ring *ring, const char *token)
{
    uint64_t hash = digest_short(ring->hash_key, token, strcspn(token, "."));

    return hash ? hash : 1;
}

static bool is_missed(const struct key_ring *ring, uint64_t hash)
{
    return ring->missed[hash % MISSED_MAX] == hash;
}

/* ---- fetching ---- */

static bool take_keys(struct key_ring *ring, const struct message *reply)
{
    struct token_key_set set;
    struct problem problem = {0};
    struct jwks all;
    size_t len;
    const char *json = message_data(reply, &len);

    if (message_header(reply, HEADER_ERROR_CODE) ||
        decode_lenient(AUTH_JWKS.reply, json, len, &all, &problem) != ST_OK)
        return false;
    select_keys(&all, &set);
    if (set.n > 0 && authenticator_set_keys(ring->config.authenticator, &set))
        shared_answers_forget(ring->config.shared);
    return set.n > 0;
}

static void on_keys(void *arg, enum status st, const struct message *reply)
{
    struct key_ring *ring = arg;
    bool had = authenticator_has_keys(ring->config.authenticator), fetched;

    ring->fetching = false;
    fetched = st == ST_OK && take_keys(ring, reply);
    if (fetched && !had)
        log_info("token keys known");
    if (!fetched && !ring->failing) /* once, not every second of an outage */
        log_warn("token keys not fetched", LOG_STATUS(st));
    ring->failing = !fetched;
    loop_timer_set(ring->config.loop, &ring->timer, fetched ? REFRESH_MS : RETRY_MS);
    key_waiters_settle(&ring->waiting, fetched);
}

static void fetch(void *arg)
{
    struct key_ring *ring = arg;
    const struct key_ring_config *config = &ring->config;
    struct call call = {.clock = config->clock, .deadline_ms = now_ms(ring) + FETCH_TIMEOUT_MS};
    struct message_out out = {.subject = AUTH_JWKS.subject, .data = "{}", .len = 2};
    struct message_call_text text;

    trace_ids_give(config->trace_ids, NULL, NULL, NULL, &call);
    message_add_call(&out, &call, &text);
    if (message_client_request(config->client, &out, FETCH_TIMEOUT_MS, on_keys, ring,
                               &ring->request_slot) != ST_OK) {
        loop_timer_set(config->loop, &ring->timer,
                       link_is_up(config->link) ? RETRY_MS : LINK_RETRY_MS);
        key_waiters_settle(&ring->waiting, false);
        return;
    }
    ring->fetching = true;
    ring->fetches++;
    ring->fetched_ms = now_ms(ring);
}

/* ---- who waits ---- */

/* A fetch that was under way when the token came may have been answered before its key was. */
static bool has_been_asked_for(const struct key_ring *ring, const struct key_waiter *waiter)
{
    return waiter->fetches > 0 && ring->fetches >= waiter->fetches;
}

enum key_ring_verdict key_ring_wait(struct key_ring *ring, const char *token,
                                    struct key_waiter *waiter)
{
    int64_t gap_ms = ring->fetched_ms + FETCH_GAP_MS - now_ms(ring);
    uint64_t hash = key_hash(ring, token);
    bool known = authenticator_has_keys(ring->config.authenticator);

    if (known && is_missed(ring, hash))
        return KEY_RING_NO_SUCH_KEY;
    if (known && has_been_asked_for(ring, waiter)) {
        ring->missed[hash % MISSED_MAX] = hash;
        return KEY_RING_NO_SUCH_KEY;
    }
    if (!ring->fetching && !known)
        return KEY_RING_EMPTY;
    if (ring->waiting.n == WAITING_MAX)
        return KEY_RING_FULL;
    if (waiter->fetches == 0)
        waiter->fetches = ring->fetches + 1;
    key_waiters_add(&ring->waiting, waiter);
    if (!ring->fetching)
        loop_timer_set(ring->config.loop, &ring->timer, gap_ms > 0 ? gap_ms : 0);
    return KEY_RING_WAITS;
}

struct key_ring *key_ring_create(const struct key_ring_config *config)
{
    struct key_ring *ring = MEM_NEW(struct key_ring);

    ring->config = *config;
    config->entropy->fill(config->entropy, ring->hash_key, sizeof(ring->hash_key));
    ring->timer.fn = fetch;
    ring->timer.arg = ring;
    loop_timer_set(config->loop, &ring->timer, 0);
    return ring;
}

void key_ring_destroy(struct key_ring *ring)
{
    if (!ring)
        return;
    loop_timer_cancel(ring->config.loop, &ring->timer);
    if (ring->fetching)
        message_client_cancel(ring->config.client, ring->request_slot);
    free(ring);
}
