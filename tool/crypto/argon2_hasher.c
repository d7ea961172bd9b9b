/* argon2_hasher.c - Argon2id by libsodium in threads of its own, so that logins never hold up
 * reads. A caller and a thread share one job; whichever of the two lets go of it last frees it. */
#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/core/waiting.h"
#include "tool/core/work_pool.h"
#include "tool/crypto/arena.h"
#include "tool/crypto/password.h"
#include "tool/crypto/password_spelling.h"

_Static_assert(PASSWORD_HASH_MAX + 1 == crypto_pwhash_STRBYTES, "a PHC string of libsodium fits");

enum { NICER = 10, REST_MS = 5000 };

struct argon2_hasher {
    struct password_hasher base;
    struct work_pool *pool;
    unsigned long long passes;
    size_t memory_bytes;
    pthread_mutex_t lock;               /* of the three flags of every job */
    char nobody[PASSWORD_HASH_MAX + 1]; /* what is verified against when there is no hash */
};

struct job {
    struct work work;
    struct argon2_hasher *hasher;
    pthread_cond_t ended;
    bool done, abandoned;
    bool verify; /* else hash */
    bool renew;  /* out */
    enum status status;
    struct password_spelling password;
    char phc[PASSWORD_HASH_MAX + 1]; /* in or out */
};

static struct argon2_hasher *of(const struct password_hasher *base)
{
    return container_of(base, struct argon2_hasher, base);
}

static void job_free(struct job *job)
{
    pthread_cond_destroy(&job->ended);
    sodium_memzero(job, sizeof *job);
    free(job);
}

static enum status job_hash(struct job *job)
{
    const struct argon2_hasher *h = job->hasher;
    const char *password = job->password.opaque;

    return crypto_pwhash_str(job->phc, password, strlen(password), h->passes, h->memory_bytes) == 0
               ? ST_OK
               : ST_OVERLOADED;
}

/* libsodium says only "no"; errno tells a lack of memory from a wrong password. */
static enum status try(const struct job *job, const char *password)
{
    if (password[0] == '\0') /* there is no such form of it */
        return ST_UNAUTHENTICATED;
    errno = 0;
    if (crypto_pwhash_str_verify(job->phc, password, strlen(password)) == 0)
        return ST_OK;
    return errno == ENOMEM ? ST_OVERLOADED : ST_UNAUTHENTICATED;
}

/* How often is a matter of the password alone, not of whether there is such an account. */
static enum status job_verify(struct job *job)
{
    const struct argon2_hasher *h = job->hasher;
    enum status st = try(job, job->password.opaque);

    job->renew = crypto_pwhash_str_needs_rehash(job->phc, h->passes, h->memory_bytes) != 0;
    if (st != ST_UNAUTHENTICATED)
        return st;
    job->renew = job->password.opaque[0] != '\0';
    return try(job, job->password.typed);
}

static void job_run(struct work *work)
{
    struct job *job = container_of(work, struct job, work);
    struct argon2_hasher *h = job->hasher;
    bool abandoned;

    pthread_mutex_lock(&h->lock);
    abandoned = job->abandoned;
    pthread_mutex_unlock(&h->lock);
    if (!abandoned)
        job->status = job->verify ? job_verify(job) : job_hash(job);

    pthread_mutex_lock(&h->lock);
    job->done = true;
    abandoned = job->abandoned;
    pthread_cond_signal(&job->ended);
    pthread_mutex_unlock(&h->lock);
    if (abandoned)
        job_free(job);
}

/* NULL: that is no password. */
static struct job *job_create(struct argon2_hasher *h, const char *password)
{
    struct job *job = MEM_NEW(struct job);

    waiting_init(&job->ended);
    job->work.fn = job_run;
    job->hasher = h;
    if (password_spelling(password, &job->password))
        return job;
    job_free(job);
    return NULL;
}

/* Queues the job and waits. True: done, and the caller frees it; else it is not the caller's any
 * more and *st says why. */
static bool job_wait(struct job *job, const struct call *call, enum status *st)
{
    struct argon2_hasher *h = job->hasher;
    struct timespec until = waiting_until(call_left_ms(call));
    bool done;

    if (!work_pool_submit(h->pool, &job->work)) {
        job_free(job);
        *st = ST_OVERLOADED;
        return false;
    }
    pthread_mutex_lock(&h->lock);
    while (!job->done && waiting_on(&job->ended, &h->lock, &until)) {
    }
    done = job->done;
    job->abandoned = !done;
    pthread_mutex_unlock(&h->lock);
    *st = ST_TIMEOUT;
    return done;
}

/* ST_OK: it is done, and the caller frees it. Anything else: there was no time, no room ... */
static enum status run(struct job *job, const struct call *call)
{
    enum status st;

    if (!call_expired(call))
        return job_wait(job, call, &st) ? ST_OK : st;
    job_free(job);
    return ST_TIMEOUT;
}

static enum status argon2_hash(struct password_hasher *base, const struct call *call,
                               const char *password, char out[PASSWORD_HASH_MAX + 1])
{
    struct job *job = job_create(of(base), password);
    enum status st;

    if (job && job->password.opaque[0] == '\0') {
        job_free(job);
        job = NULL;
    }
    st = job ? run(job, call) : ST_INVALID;
    if (st != ST_OK)
        return st;
    st = job->status;
    if (st == ST_OK)
        memcpy(out, job->phc, sizeof job->phc);
    job_free(job);
    return st;
}

static enum status argon2_verify(struct password_hasher *base, const struct call *call,
                                 const char *password, const char *phc, bool *renew)
{
    struct argon2_hasher *h = of(base);
    struct job *job = job_create(h, password);
    enum status st;

    if (!job)
        return ST_INVALID;
    job->verify = true;
    snprintf(job->phc, sizeof job->phc, "%s", phc ? phc : h->nobody);
    st = run(job, call);
    if (st != ST_OK)
        return st;
    st = job->status;
    if (st == ST_OK && renew)
        *renew = job->renew;
    job_free(job);
    return st;
}

static void argon2_destroy(struct password_hasher *base)
{
    struct argon2_hasher *h;

    if (!base)
        return;
    h = of(base);
    work_pool_destroy(h->pool);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

static const struct password_hasher_ops ARGON2_OPS = {
    .hash = argon2_hash,
    .verify = argon2_verify,
    .destroy = argon2_destroy,
};

static void thread_start(void *arg)
{
    struct argon2_hasher *h = arg;

    /* A hash holds a core for milliseconds; whoever else wakes up needs it for microseconds. More
     * than this, and beside two that compute a login takes seconds. On Linux this is the thread's
     * own. */
    (void)!nice(NICER);
    if (!arena_init(h->memory_bytes))
        log_warn("hashing without an arena, at half the speed", LOG_INT("errno", errno));
}

static void thread_idle(void *arg)
{
    (void)arg;
    arena_wipe();
}

/* Nobody logs in: 20 MB a thread are worth more than the milliseconds that the next hash takes
 * longer. */
static void thread_rest(void *arg)
{
    (void)arg;
    arena_release();
}

static void thread_stop(void *arg)
{
    (void)arg;
    arena_fini();
}

/* A hash of today's cost that no password has: making one would cost a hash at start. */
static void nobody_init(struct argon2_hasher *h)
{
    const int variant = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
    uint8_t salt[16], tag[32];
    char salt_text[sodium_base64_ENCODED_LEN(sizeof salt, variant)];
    char tag_text[sodium_base64_ENCODED_LEN(sizeof tag, variant)];
    int len;

    randombytes_buf(salt, sizeof salt);
    randombytes_buf(tag, sizeof tag);
    sodium_bin2base64(salt_text, sizeof salt_text, salt, sizeof salt, variant);
    sodium_bin2base64(tag_text, sizeof tag_text, tag, sizeof tag, variant);
    len = snprintf(h->nobody, sizeof h->nobody, "$argon2id$v=19$m=%zu,t=%llu,p=1$%s$%s",
                   h->memory_bytes / 1024, h->passes, salt_text, tag_text);
    ASSERT(len > 0 && (size_t)len < sizeof h->nobody);
}

struct password_hasher *argon2_hasher_create(const struct argon2_config *config)
{
    struct argon2_hasher *h;

    ASSERT(config->memory_kib >= 8192 && config->memory_kib <= 1048576);
    ASSERT(config->passes >= 1 && config->passes <= 10);
    if (sodium_init() < 0) {
        log_error("libsodium cannot be used: no randomness");
        return NULL;
    }
    h = MEM_NEW(struct argon2_hasher);
    h->base.ops = &ARGON2_OPS;
    h->passes = config->passes;
    h->memory_bytes = (size_t)config->memory_kib * 1024;
    pthread_mutex_init(&h->lock, NULL);
    nobody_init(h);
    h->pool = work_pool_create(&(struct work_pool_config){
        .name = "argon2",
        .threads = config->threads,
        .capacity = config->queue,
        .thread_start = thread_start,
        .thread_idle = thread_idle,
        .thread_rest = thread_rest,
        .rest_ms = REST_MS,
        .thread_stop = thread_stop,
        .arg = h,
    });
    return &h->base;
}
