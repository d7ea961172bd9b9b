/* live.c - see live.h. */
#include "cmd/gateway/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/mem.h"
#include "tool/core/uuid.h"
#include "tool/message/listener.h"

/* Of a service. */
static const char EVENTS[] = "event", CHANGES[] = "changed";

enum { BUCKETS = 4096, LISTENED_MAX = LIVE_KEY_MAX + 16 };

/* What is said of one service. Kept: services are few. */
struct live_service {
    struct live_service *next;
    struct live *live;
    unsigned n_waiters;
    char name[LIVE_KEY_MAX + 1];
    struct listener *events, *changes;
};

struct live {
    struct live_config config;
    struct live_waiter *buckets[BUCKETS];
    struct live_waiter *first, *last; /* who is to look */
    struct live_service *services;
    unsigned n, n_polls, n_looks;
    unsigned of_caller[BUCKETS]; /* by hash: who shares one with another is counted with him */
    uint32_t spread;
    bool draining;
    struct metric *waiting, *woken, *looks;
};

static int64_t now_ms(const struct live *live)
{
    return clock_now_ms(live->config.clock);
}

/* So that those who came together do not look together for ever. */
static int64_t spread_ms(struct live *live, int64_t most_ms)
{
    live->spread = live->spread * 1664525U + 1013904223U;
    return (int64_t)(live->spread >> 8) % most_ms;
}

static uint32_t hash_of(const char *key)
{
    uint32_t hash = 2166136261U;

    while (*key)
        hash = (hash ^ (uint8_t)*key++) * 16777619U;
    return hash;
}

/* ---- who is to look ---- */

static void queue(struct live_waiter *w)
{
    struct live *live = w->live;

    w->state = LIVE_QUEUED;
    w->queue_next = NULL;
    w->queue_prev = live->last;
    *(live->last ? &live->last->queue_next : &live->first) = w;
    live->last = w;
}

static void unqueue(struct live_waiter *w)
{
    struct live *live = w->live;

    *(w->queue_prev ? &w->queue_prev->queue_next : &live->first) = w->queue_next;
    *(w->queue_next ? &w->queue_next->queue_prev : &live->last) = w->queue_prev;
}

/* At the end of a turn. Answers make the next turn. */
static int on_turn(void *arg)
{
    struct live *live = arg;
    struct live_waiter *w;

    while ((w = live->first) && live->n_looks < LIVE_LOOKS_MAX) {
        unqueue(w);
        w->state = LIVE_LOOKS;
        w->counted = true;
        w->heard = false;
        live->n_looks++;
        metric_add(live->looks, 1);
        w->ops->look(w);
    }
    return -1;
}

/* ---- time ---- */

static void arm(struct live_waiter *w)
{
    int64_t due_ms = w->beat_ms, now = now_ms(w->live);

    if (w->state == LIVE_RESTS && w->retry_ms && w->retry_ms < due_ms)
        due_ms = w->retry_ms;
    if (w->over_ms && w->over_ms < due_ms)
        due_ms = w->over_ms;
    loop_timer_set(w->live->config.loop, &w->timer, due_ms > now ? due_ms - now : 0);
}

static bool is_over(const struct live_waiter *w)
{
    return w->live->draining || (w->over_ms && now_ms(w->live) >= w->over_ms);
}

static void on_time(void *arg)
{
    struct live_waiter *w = arg;

    if (is_over(w)) {
        if (w->state != LIVE_LOOKS) /* else what it sees is the last word */
            w->ops->over(w);
        return;
    }
    if (now_ms(w->live) >= w->beat_ms) {
        w->beat_ms = now_ms(w->live) + w->live->config.beat_ms;
        if (w->ops->beat)
            w->ops->beat(w);
    }
    if (w->state == LIVE_RESTS)
        queue(w);
    arm(w);
}

/* ---- what is said ---- */

static void wake(struct live *live, const char *key)
{
    uint32_t hash = hash_of(key);

    for (struct live_waiter *w = live->buckets[hash % BUCKETS]; w; w = w->next) {
        if (w->hash != hash || strcmp(w->key, key) != 0)
            continue;
        metric_add(live->woken, 1);
        w->heard = true;
        if (w->state == LIVE_RESTS)
            queue(w);
    }
}

static void on_event(void *arg, const struct message *m)
{
    struct live_service *service = arg;
    const char *about = message_header(m, "ce-partitionkey");
    char key[LIVE_KEY_MAX + 1];

    if (about && (size_t)snprintf(key, sizeof(key), "%s.%s", service->name, about) < sizeof(key))
        wake(service->live, key);
}

static void on_change(void *arg, const struct message *m)
{
    struct live_service *service = arg;

    wake(service->live, message_subject(m) + strlen("changed."));
}

/* Something may be missed until there is a connection again. */
static void on_lost(void *arg)
{
    struct live_service *service = arg;
    struct live *live = service->live;

    for (size_t i = 0; i < BUCKETS; i++)
        for (struct live_waiter *w = live->buckets[i]; w; w = w->next)
            if (w->service == service) {
                w->retry_ms = now_ms(live) + LIVE_RETRY_MS + spread_ms(live, LIVE_RETRY_MS);
                w->heard = true;
                if (w->state == LIVE_RESTS)
                    arm(w);
            }
}

/* kind, of the service that is the first token of subject. */
static const char *fill(const char *kind, const char *subject, char out[LISTENED_MAX + 1])
{
    snprintf(out, LISTENED_MAX + 1, "%s.%.*s.>", kind, (int)strcspn(subject, "."), subject);
    return out;
}

void live_subjects(const char *subject, subject_fn say, void *arg)
{
    char text[LISTENED_MAX + 1];

    say(arg, fill(EVENTS, subject, text));
    say(arg, fill(CHANGES, subject, text));
}

static struct listener *listen_to(struct live_service *service, const char *kind,
                                  void (*heard)(void *, const struct message *))
{
    char subject[LISTENED_MAX + 1];

    return listener_create(&(struct listener_config){
        .link = service->live->config.link,
        .subject = fill(kind, service->name, subject),
        .heard = heard,
        .lost = on_lost,
        .arg = service,
    });
}

/* name: the first token of subject. */
static struct live_service *service_of(struct live *live, const char *subject)
{
    size_t len = strcspn(subject, ".");
    struct live_service *service = live->services;

    while (service && !(strlen(service->name) == len && memcmp(service->name, subject, len) == 0))
        service = service->next;
    if (service)
        return service;
    service = MEM_NEW(struct live_service);
    service->live = live;
    memcpy(service->name, subject, len < LIVE_KEY_MAX ? len : LIVE_KEY_MAX);
    service->events = listen_to(service, EVENTS, on_event);
    service->changes = listen_to(service, CHANGES, on_change);
    service->next = live->services;
    live->services = service;
    return service;
}

/* ---- coming and going ---- */

/* Ids are compared as they are written by us, whatever the client wrote. */
static void set_key(struct live_waiter *w, const char *key)
{
    char canonical[UUID_TEXT_LEN + 1];
    struct uuid id;
    int n;

    if (uuid_parse(key, &id))
        key = uuid_text(id, canonical);
    n = snprintf(w->key, sizeof(w->key), "%s.%s", w->service->name, key);
    if ((size_t)n >= sizeof(w->key))
        w->key[0] = '\0'; /* nobody ever says that: looks now and then */
    w->hash = hash_of(w->key);
}

bool live_enter(struct live *live, struct live_waiter *w, const struct live_wish *wish)
{
    unsigned *of_caller = &live->of_caller[hash_of(wish->caller) % BUCKETS];
    unsigned most = live->config.max_of_caller;
    struct live_waiter **bucket;

    if (live->n >= live->config.max || (most > 0 && *of_caller >= most))
        return false;
    w->of_caller = of_caller;
    ++*of_caller;
    w->live = live;
    w->service = service_of(live, wish->subject);
    if (w->service->n_waiters++ == 0) {
        listener_open(w->service->events);
        listener_open(w->service->changes);
    }
    set_key(w, wish->key);
    bucket = &live->buckets[w->hash % BUCKETS];
    w->next = *bucket;
    w->prev = bucket;
    if (w->next)
        w->next->prev = &w->next;
    *bucket = w;
    w->state = LIVE_LOOKS;
    w->over_ms = wish->wait_ms ? now_ms(live) + wish->wait_ms : 0;
    w->beat_ms = now_ms(live) + live->config.beat_ms - spread_ms(live, live->config.beat_ms / 4);
    w->timer = (struct loop_timer){.fn = on_time, .arg = w};
    w->polls = wish->wait_ms != 0;
    live->n_polls += w->polls;
    metric_set(live->waiting, ++live->n);
    return true;
}

static void looked(struct live_waiter *w)
{
    if (w->counted)
        w->live->n_looks--;
    w->counted = false;
}

void live_rest(struct live_waiter *w, bool failed)
{
    struct live *live = w->live;

    looked(w);
    w->state = LIVE_RESTS;
    w->retry_ms = failed ? now_ms(live) + LIVE_RETRY_MS + spread_ms(live, LIVE_RETRY_MS) : 0;
    if (w->heard && !failed)
        queue(w);
    w->heard = false;
    if (live->draining)
        w->over_ms = now_ms(live);
    arm(w);
}

void live_leave(struct live_waiter *w)
{
    struct live *live = w->live;

    if (w->state == LIVE_OUT)
        return;
    if (w->state == LIVE_QUEUED)
        unqueue(w);
    looked(w);
    w->state = LIVE_OUT;
    loop_timer_cancel(live->config.loop, &w->timer);
    *w->prev = w->next;
    if (w->next)
        w->next->prev = w->prev;
    if (--w->service->n_waiters == 0) {
        listener_close(w->service->events);
        listener_close(w->service->changes);
    }
    --*w->of_caller;
    live->n_polls -= w->polls;
    metric_set(live->waiting, --live->n);
}

unsigned live_polls(const struct live *live)
{
    return live->n_polls;
}

void live_drain(struct live *live)
{
    live->draining = true;
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct live_waiter *w = live->buckets[i], *next; w; w = next) {
            next = w->next;
            if (w->state != LIVE_LOOKS)
                w->ops->over(w);
        }
}

struct live *live_create(const struct live_config *config)
{
    struct live *live = MEM_NEW(struct live);
    struct metrics *metrics = config->metrics;

    live->config = *config;
    live->waiting = metrics_gauge(metrics, "hanok_http_live",
                                  "Requests and streams that wait for a change.", "");
    live->woken = metrics_counter(metrics, "hanok_http_live_woken_total",
                                  "How often one that waits was told of a change.", "");
    live->looks = metrics_counter(metrics, "hanok_http_live_looks_total",
                                  "How often one that waits has asked again.", "");
    loop_add_turn(config->loop, on_turn, live);
    return live;
}

void live_destroy(struct live *live)
{
    if (!live)
        return;
    while (live->services) {
        struct live_service *service = live->services;

        live->services = service->next;
        listener_destroy(service->events);
        listener_destroy(service->changes);
        free(service);
    }
    free(live);
}
