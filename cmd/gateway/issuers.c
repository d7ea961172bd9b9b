/* issuers.c - see issuers.h. */
#include "cmd/gateway/issuers.h"

#include <stdatomic.h>

#include "cmd/gateway/issuer_keys.h"
#include "tool/core/log.h"
#include "tool/core/loop_task.h"
#include "tool/core/loop_timer.h"
#include "tool/core/mem.h"
#include "tool/core/work_pool.h"

enum {
    FETCH_GAP_MS = 5000, /* for a key that is not known */
    FETCH_GAP_FILE_MS = 1000,
    REFRESH_REMOTE_MS = 300000,
    REFRESH_FILE_MS = 2000,
    RETRY_MS = 1000, /* after a fetch that failed, then twice as long each time */
    RETRY_MAX_MS = 60000,
    WAITING_MAX = 1024, /* for one issuer */
    THREADS = 4,        /* so that one that does not answer holds up few others */
};

/* An issuer of the table. */
struct source {
    struct issuers *all;
    const struct issuer *issuer;
    struct loop_timer timer; /* the next fetch */
    int64_t fetched_ms;      /* when the last one began */
    unsigned fetches;        /* begun so far */
    bool fetching, known;
    int64_t retry_ms; /* 0 = the last one went well */
    struct key_waiters waiting;
};

struct issuers {
    struct issuers_config config;
    struct issuer_table *table;
    unsigned generation;     /* of the table */
    struct source *sources;  /* one an issuer of the table */
    struct work_pool *pool;  /* made for the first issuer */
    atomic_bool stop;        /* set at the end: fetches give up */
    struct fetch *under_way; /* of any generation */
};

/* One on its way through the pool and back. */
struct fetch {
    struct fetch *next, **prev; /* among those under way */
    struct work work;
    struct loop_task back;
    struct issuers *all;
    unsigned generation;
    size_t index;
    struct issuer issuer;
    struct jwk_set *keys;
    char why[ISSUER_WHY_MAX + 1];
};

static void run(struct work *work);
static void on_fetched(void *arg);

static int64_t now_ms(const struct issuers *self)
{
    return clock_now_ms(self->config.clock);
}

static struct source *source_of(struct issuers *self, const struct issuer *issuer)
{
    return &self->sources[issuer - self->table->issuers];
}

/* ---- fetching ---- */

static struct fetch *fetch_create(struct source *source)
{
    struct issuers *self = source->all;
    struct fetch *fetch = MEM_NEW(struct fetch);

    fetch->work.fn = run;
    fetch->back.fn = on_fetched;
    fetch->back.arg = fetch;
    fetch->all = self;
    fetch->generation = self->generation;
    fetch->index = (size_t)(source - self->sources);
    fetch->issuer = *source->issuer;
    fetch->next = self->under_way;
    fetch->prev = &self->under_way;
    if (fetch->next)
        fetch->next->prev = &fetch->next;
    self->under_way = fetch;
    return fetch;
}

static void fetch_destroy(struct fetch *fetch)
{
    *fetch->prev = fetch->next;
    if (fetch->next)
        fetch->next->prev = fetch->prev;
    jwk_set_destroy(fetch->keys);
    free(fetch);
}

static void take(struct source *source, struct fetch *fetch)
{
    const char *name = source->issuer->name;

    if (fetch->keys) {
        if (!source->known || source->retry_ms > 0)
            log_info("keys of an issuer known", LOG_TEXT("issuer", name),
                     LOG_INT("keys", (int64_t)jwk_set_count(fetch->keys)));
        source->known = true;
        source->retry_ms = 0;
        authenticator_set_issuer_keys(source->all->config.authenticator, source->issuer,
                                      fetch->keys);
        fetch->keys = NULL;
        return;
    }
    if (source->retry_ms == 0) /* once, not at every try of an outage */
        log_warn("keys of an issuer not fetched", LOG_TEXT("issuer", name),
                 LOG_TEXT("why", fetch->why));
    source->retry_ms = source->retry_ms == 0 ? RETRY_MS : source->retry_ms * 2;
    if (source->retry_ms > RETRY_MAX_MS)
        source->retry_ms = RETRY_MAX_MS;
}

static int64_t pause_ms(const struct source *source)
{
    return source->retry_ms > 0               ? source->retry_ms
           : issuer_is_remote(source->issuer) ? REFRESH_REMOTE_MS
                                              : REFRESH_FILE_MS;
}

static void on_fetched(void *arg)
{
    struct fetch *fetch = arg;
    struct issuers *self = fetch->all;
    bool fetched = fetch->keys != NULL;

    if (fetch->generation == self->generation) {
        struct source *source = &self->sources[fetch->index];

        take(source, fetch);
        source->fetching = false;
        loop_timer_set(self->config.loop, &source->timer, pause_ms(source));
        key_waiters_settle(&source->waiting, fetched);
    }
    fetch_destroy(fetch);
}

/* In a thread of the pool. */
static void run(struct work *work)
{
    struct fetch *fetch = container_of(work, struct fetch, work);

    fetch->keys = issuer_keys_fetch(&fetch->issuer, &fetch->all->stop, fetch->why);
    loop_post(fetch->all->config.loop, &fetch->back);
}

static void begin(void *arg)
{
    struct source *source = arg;
    struct issuers *self = source->all;
    struct fetch *fetch = fetch_create(source);

    if (!work_pool_submit(self->pool, &fetch->work)) { /* those of the tables before are at it */
        fetch_destroy(fetch);
        loop_timer_set(self->config.loop, &source->timer, RETRY_MS);
        return;
    }
    source->fetching = true;
    source->fetches++;
    source->fetched_ms = now_ms(self);
}

/* ---- who waits ---- */

enum key_ring_verdict issuers_wait(struct issuers *self, const struct issuer *issuer,
                                   struct key_waiter *waiter)
{
    struct source *source = source_of(self, issuer);
    int64_t gap_ms = issuer_is_remote(issuer) ? FETCH_GAP_MS : FETCH_GAP_FILE_MS;
    bool soon = source->fetching || now_ms(self) >= source->fetched_ms + gap_ms;

    if (source->known && waiter->fetches > 0 && source->fetches >= waiter->fetches)
        return KEY_RING_NO_SUCH_KEY;
    if (!source->fetching && (source->retry_ms > 0 || !source->known))
        return KEY_RING_EMPTY;
    if (!soon)
        return KEY_RING_NO_SUCH_KEY;
    if (source->waiting.n == WAITING_MAX)
        return KEY_RING_FULL;
    /* A fetch that is under way may have been answered before the key was there. */
    if (waiter->fetches == 0)
        waiter->fetches = source->fetches + 1;
    key_waiters_add(&source->waiting, waiter);
    if (!source->fetching)
        loop_timer_set(self->config.loop, &source->timer, 0);
    return KEY_RING_WAITS;
}

/* ---- the table ---- */

static void drop(struct issuers *self)
{
    for (size_t i = 0; i < self->table->n; i++)
        loop_timer_cancel(self->config.loop, &self->sources[i].timer);
    self->generation++;
}

static void use(struct issuers *self, struct issuer_table *table)
{
    self->table = table;
    self->sources = mem_alloc(table->n + 1, sizeof(*self->sources));
    authenticator_set_issuers(self->config.authenticator, table);
    if (table->n > 0 && !self->pool)
        self->pool = work_pool_create(&(struct work_pool_config){
            .name = "issuers", .threads = THREADS, .capacity = 2 * ISSUERS_MAX});
    for (size_t i = 0; i < table->n; i++) {
        struct source *source = &self->sources[i];

        source->all = self;
        source->issuer = &table->issuers[i];
        source->timer.fn = begin;
        source->timer.arg = source;
        begin(source);
    }
}

static struct issuer_table *load(const struct issuers_config *config, char why[ISSUER_WHY_MAX + 1])
{
    return config->file[0] ? issuer_table_load(config->file, config->own, why)
                           : issuer_table_parse("", "", config->own, why);
}

const char *issuers_check(const void *file)
{
    static _Thread_local char why[ISSUER_WHY_MAX + 1];
    struct issuer_table *table = load(&(struct issuers_config){.file = file, .own = ""}, why);

    if (!table)
        return why;
    free(table);
    return NULL;
}

size_t issuers_count(const struct issuers *self)
{
    return self->table->n;
}

struct issuers *issuers_create(const struct issuers_config *config, char why[ISSUER_WHY_MAX + 1])
{
    struct issuer_table *table = load(config, why);
    struct issuers *self;

    if (!table)
        return NULL;
    self = MEM_NEW(struct issuers);
    self->config = *config;
    use(self, table);
    return self;
}

bool issuers_reload(struct issuers *self, char why[ISSUER_WHY_MAX + 1])
{
    struct issuer_table *table = load(&self->config, why), *before = self->table;
    struct source *sources = self->sources;

    if (!table)
        return false;
    drop(self);
    use(self, table);
    for (size_t i = 0; i < before->n; i++)
        key_waiters_settle(&sources[i].waiting, true); /* they look at the new table */
    free(before);
    free(sources);
    return true;
}

void issuers_destroy(struct issuers *self)
{
    if (!self)
        return;
    drop(self);
    atomic_store(&self->stop, true);
    work_pool_destroy(self->pool);
    while (self->under_way)
        fetch_destroy(self->under_way);
    authenticator_set_issuers(self->config.authenticator, NULL);
    free(self->sources);
    free(self->table);
    free(self);
}
