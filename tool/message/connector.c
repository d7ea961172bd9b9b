/* connector.c - connecting blocks, so it has a thread of its own. */
#include "tool/message/connector.h"

#include <pthread.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/core/uuid.h"
#include "tool/core/waiting.h"

enum { RETRY_MIN_MS = 100, RETRY_SPREAD_MS = 400, ERROR_MAX = 255, QUIET_TRIES = 10 };

struct connector {
    struct link_config config;
    struct loop_task *arrived;
    loop_fn wanted;
    void *arg;
    struct refusals *refusals;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t changed;
    bool asked, stopping;
    struct connection *made;
};

struct complaint {
    unsigned tries;
    char error[ERROR_MAX + 1]; /* logged last */
};

static char *copy(const char *text)
{
    return text ? mem_strdup(text) : NULL;
}

static void pause_before_retry(struct connector *self)
{
    struct timespec until;
    uint32_t random;

    ENTROPY_SYSTEM.fill(&ENTROPY_SYSTEM, &random, sizeof(random));
    until = waiting_until(RETRY_MIN_MS + random % RETRY_SPREAD_MS);
    while (!self->stopping && waiting_on(&self->changed, &self->mutex, &until)) {
    }
}

/* Once, and again when it has become another reason. Several servers may fail for several. */
static void complain(struct complaint *last, const char *error)
{
    if (last->tries++ % QUIET_TRIES != 0 || strcmp(error, last->error) == 0)
        return;
    log_warn("cannot connect to nats, trying on", LOG_TEXT("error", error));
    TEXT_COPY(last->error, error);
}

static void connect_until_made(struct connector *self)
{
    char error[ERROR_MAX + 1];
    struct complaint last = {0};

    while (!self->made && !self->stopping) {
        struct connection *made;

        pthread_mutex_unlock(&self->mutex);
        made = connection_open(&self->config, self->wanted, self->arg, self->refusals, error,
                               sizeof(error));
        if (!made)
            complain(&last, error);
        pthread_mutex_lock(&self->mutex);
        self->made = made;
        if (!made)
            pause_before_retry(self);
    }
}

static void *connector_run(void *arg)
{
    struct connector *self = arg;

    pthread_mutex_lock(&self->mutex);
    while (!self->stopping) {
        if (!self->asked) {
            pthread_cond_wait(&self->changed, &self->mutex);
            continue;
        }
        self->asked = false;
        connect_until_made(self);
        if (self->made)
            loop_post(self->config.loop, self->arrived);
    }
    pthread_mutex_unlock(&self->mutex);
    nats_ReleaseThreadMemory();
    return NULL;
}

struct connector *connector_create(const struct link_config *config, struct loop_task *arrived,
                                   loop_fn wanted, void *arg, struct refusals *refusals)
{
    struct connector *self = MEM_NEW(struct connector);

    self->config = *config;
    self->config.url = copy(config->url);
    self->config.name = copy(config->name);
    self->config.user = copy(config->user);
    self->config.password = copy(config->password);
    self->config.tls_ca = copy(config->tls_ca);
    self->arrived = arrived;
    self->wanted = wanted;
    self->arg = arg;
    self->refusals = refusals;
    pthread_mutex_init(&self->mutex, NULL);
    waiting_init(&self->changed);
    ASSERT(pthread_create(&self->thread, NULL, connector_run, self) == 0);
    return self;
}

void connector_ask(struct connector *self)
{
    pthread_mutex_lock(&self->mutex);
    self->asked = true;
    pthread_cond_signal(&self->changed);
    pthread_mutex_unlock(&self->mutex);
}

struct connection *connector_take(struct connector *self)
{
    struct connection *made;

    pthread_mutex_lock(&self->mutex);
    made = self->made;
    self->made = NULL;
    pthread_mutex_unlock(&self->mutex);
    return made;
}

struct connection *connector_destroy(struct connector *self)
{
    struct connection *made;

    pthread_mutex_lock(&self->mutex);
    self->stopping = true;
    pthread_cond_signal(&self->changed);
    pthread_mutex_unlock(&self->mutex);
    pthread_join(self->thread, NULL);
    made = self->made;
    pthread_cond_destroy(&self->changed);
    pthread_mutex_destroy(&self->mutex);
    free((void *)self->config.url);
    free((void *)self->config.name);
    free((void *)self->config.user);
    free((void *)self->config.password);
    free((void *)self->config.tls_ca);
    free(self);
    return made;
}
