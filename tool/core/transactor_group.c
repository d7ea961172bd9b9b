/* transactor_group.c - see transactor_group.h. The first to come leads: it gathers, runs all, and
 * tells each its outcome. Groups may run side by side: who comes while one runs leads the next. */
#include "tool/core/transactor_group.h"

#include <pthread.h>
#include <string.h>

#include "tool/core/mem.h"
#include "tool/core/waiting.h"

struct member {
    struct member *next;
    const struct call *call;
    transaction_fn body;
    void *arg;
    enum status st;
    bool done;
};

struct group {
    struct member *first, **last;
    unsigned n;
    bool refused; /* by one of the bodies, not by what runs them */
};

struct group_transactor {
    struct transactor base;
    struct transactor *inner;
    int64_t patience_ms;
    const struct transactor_company *company;
    pthread_mutex_t lock;
    pthread_cond_t grown, ended;
    struct group gathering;
    int64_t came_ms[TRANSACTOR_GROUP_COMPANY]; /* when the last ones came, in turn; monotonic */
    unsigned came;
    int64_t gap_ms, last_ms; /* from one of them to the next; when the last one came */
};

enum { SLICES = 32 }; /* of the patience: so often it is looked who has come */

/* ---- running a group ---- */

static enum status run_all(struct transaction *tx, const struct call *call, void *arg)
{
    struct group *group = arg;

    (void)call;
    group->refused = false;
    for (struct member *m = group->first; m; m = m->next) {
        enum status st = m->body(tx, m->call, m->arg);
        group->refused = st != ST_OK;
        if (group->refused)
            return st;
    }
    return ST_OK;
}

/* It ends when the last of theirs does, and explains nothing: each body has its own. */
static struct call call_for(const struct member *m)
{
    struct call call = *m->call;

    for (; m; m = m->next)
        if (m->call->deadline_ms > call.deadline_ms)
            call.deadline_ms = m->call->deadline_ms;
    call.problem = NULL;
    return call;
}

static void run_alone(struct transactor *inner, struct member *m)
{
    for (; m; m = m->next)
        m->st = transactor_run(inner, m->call, m->body, m->arg);
}

static void run_group(struct transactor *inner, struct group *group)
{
    struct call call = call_for(group->first);
    enum status st = ST_OK;

    if (group->n > 1)
        st = transactor_run(inner, &call, run_all, group);
    if (group->n == 1 || group->refused) {
        run_alone(inner, group->first);
        return;
    }
    for (struct member *m = group->first; m; m = m->next)
        m->st = st;
}

/* ---- gathering it ---- */

static void join(struct group_transactor *self, struct member *m)
{
    struct group *group = &self->gathering;

    if (group->n == 0)
        group->last = &group->first;
    *group->last = m;
    group->last = &m->next;
    group->n++;
}

/* Whose transaction runs is still under way: he may well come again once it is over, and meanwhile
 * two that run side by side would cost more than one that comes after it. */
static bool enough_will_come(const struct group_transactor *self)
{
    const struct transactor_company *company = self->company;

    return !company || atomic_load(&company->under_way) >= self->gathering.n + company->enough;
}

static bool is_whole(const struct group_transactor *self)
{
    return self->gathering.n == TRANSACTOR_GROUP_MAX || !enough_will_come(self);
}

/* Counts whoever comes. Is it one of many? */
static bool come_often(struct group_transactor *self)
{
    int64_t *oldest_ms = &self->came_ms[self->came++ % TRANSACTOR_GROUP_COMPANY];
    int64_t now_ms = clock_now_ms(&CLOCK_SYSTEM);
    bool often = now_ms - *oldest_ms < self->patience_ms;

    if (often)
        self->gap_ms = (now_ms - *oldest_ms) / TRANSACTOR_GROUP_COMPANY;
    *oldest_ms = self->last_ms = now_ms;
    return often;
}

static int64_t slice_ms(const struct group_transactor *self)
{
    return self->patience_ms / SLICES > 0 ? self->patience_ms / SLICES : 1;
}

/* Whoever works in a pool comes no sooner than the group that he is in has ended: were it kept open
 * until it is full, or for all of the patience, a few threads would mostly wait. */
static bool somebody_may_come(const struct group_transactor *self, int64_t until_ms)
{
    int64_t now_ms = clock_now_ms(&CLOCK_SYSTEM), silent_ms = now_ms - self->last_ms;

    return !is_whole(self) && now_ms < until_ms &&
           (silent_ms < 3 * self->gap_ms || silent_ms < slice_ms(self));
}

static void wait_a_slice(struct group_transactor *self, int64_t until_ms)
{
    int64_t left_ms = until_ms - clock_now_ms(&CLOCK_SYSTEM), ms = slice_ms(self);
    struct timespec until = waiting_until(ms < left_ms ? ms : left_ms);

    while (!is_whole(self) && waiting_on(&self->grown, &self->lock, &until)) {
    }
}

static struct group gather(struct group_transactor *self, const struct member *first, bool often)
{
    int64_t left_ms = call_left_ms(first->call);
    int64_t until_ms =
        clock_now_ms(&CLOCK_SYSTEM) + (left_ms < self->patience_ms ? left_ms : self->patience_ms);
    struct group group;

    while (often && somebody_may_come(self, until_ms))
        wait_a_slice(self, until_ms);
    group = self->gathering;
    self->gathering = (struct group){0};
    return group;
}

/* Under the lock, which it gives up meanwhile. */
static void lead(struct group_transactor *self, struct member *first, bool often)
{
    struct group group = gather(self, first, often);

    pthread_mutex_unlock(&self->lock);
    run_group(self->inner, &group);
    pthread_mutex_lock(&self->lock);
    for (struct member *m = group.first; m; m = m->next)
        m->done = true;
    if (group.n > 1)
        pthread_cond_broadcast(&self->ended);
}

static enum status run(struct transactor *base, const struct call *call, transaction_fn body,
                       void *arg)
{
    struct group_transactor *self = container_of(base, struct group_transactor, base);
    struct member m = {.call = call, .body = body, .arg = arg};
    bool often;

    pthread_mutex_lock(&self->lock);
    often = come_often(self);
    join(self, &m);
    if (self->gathering.n == 1)
        lead(self, &m, often);
    else if (is_whole(self))
        pthread_cond_broadcast(&self->grown);
    while (!m.done)
        pthread_cond_wait(&self->ended, &self->lock);
    pthread_mutex_unlock(&self->lock);
    return m.st;
}

static void destroy(struct transactor *base)
{
    struct group_transactor *self;

    if (!base)
        return;
    self = container_of(base, struct group_transactor, base);
    pthread_cond_destroy(&self->grown);
    pthread_cond_destroy(&self->ended);
    pthread_mutex_destroy(&self->lock);
    free(self);
}

static const struct transactor_ops GROUP_OPS = {.run = run, .destroy = destroy};

struct transactor *transactor_group_create(struct transactor *inner, int64_t patience_ms,
                                           const struct transactor_company *company)
{
    struct group_transactor *self = MEM_NEW(struct group_transactor);

    self->base.ops = &GROUP_OPS;
    self->inner = inner;
    self->patience_ms = patience_ms;
    self->company = company;
    for (unsigned i = 0; i < TRANSACTOR_GROUP_COMPANY; i++)
        self->came_ms[i] = INT64_MIN / 2;
    pthread_mutex_init(&self->lock, NULL);
    waiting_init(&self->grown);
    pthread_cond_init(&self->ended, NULL);
    return &self->base;
}
