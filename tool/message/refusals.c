/* refusals.c - see refusals.h. */
#include "tool/message/refusals.h"

#include <pthread.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"

struct refusal {
    struct refusal *next;
    char subject[LINK_SUBJECT_MAX + 1];
};

struct refusals {
    pthread_mutex_t mutex; /* guards what follows */
    unsigned holders;
    struct loop *loop; /* NULL once the link is gone */
    struct loop_task *told;
    struct refusal *newest;
};

bool refusal_subject(const char *text, char subject[LINK_SUBJECT_MAX + 1])
{
    static const char SAYS[] = "Permissions Violation for Subscription to \"";
    const char *start = strstr(text, SAYS), *end;
    size_t len;

    if (!start)
        return false;
    start += sizeof(SAYS) - 1;
    end = strchr(start, '"');
    len = end ? (size_t)(end - start) : 0;
    if (len == 0 || len > LINK_SUBJECT_MAX)
        return false;
    memcpy(subject, start, len);
    subject[len] = '\0';
    return true;
}

struct refusals *refusals_create(struct loop *loop, struct loop_task *told)
{
    struct refusals *self = MEM_NEW(struct refusals);

    pthread_mutex_init(&self->mutex, NULL);
    self->holders = 1;
    self->loop = loop;
    self->told = told;
    return self;
}

struct refusals *refusals_hold(struct refusals *self)
{
    pthread_mutex_lock(&self->mutex);
    self->holders++;
    pthread_mutex_unlock(&self->mutex);
    return self;
}

static void forget_all(struct refusals *self)
{
    while (self->newest) {
        struct refusal *refusal = self->newest;
        self->newest = refusal->next;
        free(refusal);
    }
}

void refusals_release(struct refusals *self)
{
    bool last;

    pthread_mutex_lock(&self->mutex);
    ASSERT(self->holders > 0);
    last = --self->holders == 0;
    pthread_mutex_unlock(&self->mutex);
    if (!last)
        return;
    forget_all(self);
    pthread_mutex_destroy(&self->mutex);
    free(self);
}

void refusals_end(struct refusals *self)
{
    if (!self)
        return;
    pthread_mutex_lock(&self->mutex);
    self->loop = NULL;
    pthread_mutex_unlock(&self->mutex);
    refusals_release(self);
}

static bool is_known(const struct refusals *self, const char *subject)
{
    for (const struct refusal *r = self->newest; r; r = r->next)
        if (strcmp(r->subject, subject) == 0)
            return true;
    return false;
}

/* There is one a subject, and subjects are those of our own subscriptions. */
static void add(struct refusals *self, const char *subject)
{
    struct refusal *refusal = MEM_NEW(struct refusal);

    TEXT_COPY(refusal->subject, subject);
    refusal->next = self->newest;
    if (!self->newest)
        loop_post(self->loop, self->told);
    self->newest = refusal;
}

bool refusals_tell(struct refusals *self, const char *text)
{
    char subject[LINK_SUBJECT_MAX + 1];

    if (!refusal_subject(text, subject))
        return false;
    pthread_mutex_lock(&self->mutex);
    if (self->loop && !is_known(self, subject))
        add(self, subject);
    pthread_mutex_unlock(&self->mutex);
    return true;
}

bool refusals_take(struct refusals *self, char subject[LINK_SUBJECT_MAX + 1])
{
    struct refusal *refusal;

    pthread_mutex_lock(&self->mutex);
    refusal = self->newest;
    if (refusal)
        self->newest = refusal->next;
    pthread_mutex_unlock(&self->mutex);
    if (!refusal)
        return false;
    memcpy(subject, refusal->subject, sizeof(refusal->subject));
    free(refusal);
    return true;
}
