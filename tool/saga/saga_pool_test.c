/* saga_pool_test.c - the engine with real threads: many start, few run, the queue is short. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/saga/memory/saga_store_memory.h"
#include "tool/saga/saga_engine.h"

enum { STARTERS = 3, SAGAS_EACH = 40, PATIENCE_S = 60 };

struct world {
    struct saga_engine *engine;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned asked, undone, done, ended;
    bool polled;
    unsigned by_request, by_saga; /* what stood as the request id when asked */
};

static void count(struct world *w, unsigned *counter)
{
    pthread_mutex_lock(&w->lock);
    (*counter)++;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
}

/* In turn: refused, away, not decided, done; who has not decided nudges, as others do meanwhile. */
static enum status ask(const struct saga_context *context)
{
    struct world *w = context->self;
    char saga_id[UUID_TEXT_LEN + 1];
    unsigned nth;

    pthread_mutex_lock(&w->lock);
    nth = w->asked++;
    w->by_request += strcmp(context->call->request_id, "request") == 0;
    w->by_saga += strcmp(context->call->request_id, uuid_text(context->id, saga_id)) == 0;
    pthread_mutex_unlock(&w->lock);
    if (nth % 4 == 2)
        assert_int_equal(saga_wake(w->engine, context->id), ST_OK);
    return (enum status[]){ST_CONFLICT, ST_UNAVAILABLE, ST_PENDING, ST_OK}[nth % 4];
}

static enum status undo(const struct saga_context *context)
{
    struct world *w = context->self;

    count(w, &w->undone);
    return ST_OK;
}

static enum status done(const struct saga_context *context)
{
    struct world *w = context->self;

    count(w, &w->done);
    return ST_OK;
}

static const struct operation ASK = {.subject = "desk.ask", .idempotent = true};
/* clang-format off */
static const struct saga_step STEPS[] = {
    {"reserve", SAGA_COMPENSATABLE, SAGA_LOCAL, .undo = undo},
    {"ask", SAGA_COMPENSATABLE, SAGA_REMOTE, .act = ask, .timeout_ms = 100, .op = &ASK},
    {"confirm", SAGA_PIVOT, SAGA_LOCAL, .act = done},
};
/* clang-format on */
static const struct saga_type TYPE = {"errand", STEPS, ARRAY_LEN(STEPS), 600000, NULL};

static void note_end(void *arg, const struct saga_view *view)
{
    struct world *w = arg;

    (void)view;
    count(w, &w->ended);
}

static struct call own_call(void)
{
    return (struct call){.clock = &CLOCK_SYSTEM,
                         .request_id = "request",
                         .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + 10000};
}

static void *starter(void *arg)
{
    struct world *w = arg;

    for (int i = 0; i < SAGAS_EACH; i++) {
        struct call call = own_call();
        struct uuid id = uuid_v7(&CLOCK_SYSTEM, &ENTROPY_SYSTEM);
        assert_int_equal(saga_start(w->engine, &call, &TYPE, id, id, NULL, NULL, NULL), ST_OK);
        assert_int_equal(saga_wake(w->engine, id), ST_OK);
    }
    return NULL;
}

/* Polls until all have ended, woken by whatever happens. */
static void poll_until_ended(struct world *w, unsigned wanted)
{
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_S * 1000;
    unsigned ended = 0;

    while (ended < wanted && clock_now_ms(&CLOCK_SYSTEM) < until_ms) {
        struct call call = own_call();
        struct timespec soon;
        saga_engine_poll(w->engine, &call);
        clock_gettime(CLOCK_REALTIME, &soon);
        soon.tv_nsec = soon.tv_nsec / 2 + 499999999; /* within half a second */
        pthread_mutex_lock(&w->lock);
        if (w->ended < wanted)
            pthread_cond_timedwait(&w->changed, &w->lock, &soon);
        ended = w->ended;
        pthread_mutex_unlock(&w->lock);
    }
    assert_int_equal(ended, wanted);
}

static void many_sagas_end_on_few_threads(void **state)
{
    struct world w = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    struct memdb *db = memdb_create();
    struct transactor *transactor = memdb_transactor_create(db);
    struct saga_store *store = saga_store_memory_create(db, &CLOCK_SYSTEM);
    struct work_pool *pool =
        work_pool_create(&(struct work_pool_config){.name = "saga", .threads = 4, .capacity = 8});
    pthread_t threads[STARTERS];
    struct saga_census census;

    (void)state;
    w.engine = saga_engine_create(&(struct saga_engine_config){
        .transactor = transactor,
        .store = store,
        .clock = &CLOCK_SYSTEM,
        .entropy = &ENTROPY_SYSTEM,
        .pool = pool,
        .backoff_max_ms = 100,
        .ended = note_end,
        .arg = &w,
    });
    saga_engine_add(w.engine, &TYPE, &w);
    for (int i = 0; i < STARTERS; i++)
        pthread_create(&threads[i], NULL, starter, &w);
    poll_until_ended(&w, STARTERS * SAGAS_EACH);
    for (int i = 0; i < STARTERS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(w.done + w.undone, STARTERS * SAGAS_EACH);
    assert_true(w.by_request > 0 && w.by_saga > 0); /* first runs, and those taken up again */
    assert_int_equal(w.by_request + w.by_saga, w.asked);
    saga_engine_destroy(w.engine);
    work_pool_destroy(pool);
    store->ops->census(store, NULL, &census);
    assert_int_equal(census.count[SAGA_SUCCEEDED], w.done);
    assert_int_equal(census.count[SAGA_COMPENSATED], w.undone);
    store->ops->destroy(store);
    transactor->ops->destroy(transactor);
    memdb_destroy(db);
}

/* ---- a backlog ---- */

enum { BACKLOG = 300 };

static enum status done_after_the_poll(const struct saga_context *context)
{
    struct world *w = context->self;

    pthread_mutex_lock(&w->lock);
    while (!w->polled)
        pthread_cond_wait(&w->changed, &w->lock);
    pthread_mutex_unlock(&w->lock);
    return ST_OK;
}

static const struct saga_step CHORE_STEPS[] = {
    {"ask", SAGA_PIVOT, SAGA_REMOTE, .act = done_after_the_poll, .op = &ASK},
};
static const struct saga_type CHORE = {"chore", CHORE_STEPS, ARRAY_LEN(CHORE_STEPS), 600000, NULL};

static enum status insert_due(struct transaction *tx, const struct call *call, void *arg)
{
    struct saga_store *store = arg;
    struct saga_record record = {
        .view = {.id = uuid_v7(&CLOCK_SYSTEM, &ENTROPY_SYSTEM), .state = SAGA_STARTED},
        .remaining_ms = 600000
    };

    TEXT_COPY(record.type, CHORE.name);
    TEXT_COPY(record.view.step, CHORE_STEPS[0].name);
    return store->ops->insert(store, tx, call, &record, 0);
}

static void wait_until_ended(struct world *w, unsigned wanted)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_S;
    pthread_mutex_lock(&w->lock);
    while (w->ended < wanted && pthread_cond_timedwait(&w->changed, &w->lock, &until) == 0) {
    }
    assert_int_equal(w->ended, wanted);
    pthread_mutex_unlock(&w->lock);
}

/* As after a night in which a participant was away. */
static void a_backlog_is_worked_off_without_a_poll_for_each_batch(void **state)
{
    struct world w = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    struct memdb *db = memdb_create();
    struct transactor *transactor = memdb_transactor_create(db);
    struct saga_store *store = saga_store_memory_create(db, &CLOCK_SYSTEM);
    struct work_pool *pool =
        work_pool_create(&(struct work_pool_config){.name = "saga", .threads = 4, .capacity = 64});
    struct call call = own_call();

    (void)state;
    w.engine = saga_engine_create(&(struct saga_engine_config){.transactor = transactor,
                                                               .store = store,
                                                               .clock = &CLOCK_SYSTEM,
                                                               .entropy = &ENTROPY_SYSTEM,
                                                               .pool = pool,
                                                               .ended = note_end,
                                                               .arg = &w});
    saga_engine_add(w.engine, &CHORE, &w);
    for (int i = 0; i < BACKLOG; i++)
        assert_int_equal(transactor_run(transactor, &call, insert_due, store), ST_OK);
    saga_engine_poll(w.engine, &call);
    pthread_mutex_lock(&w.lock);
    w.polled = true;
    pthread_cond_broadcast(&w.changed);
    pthread_mutex_unlock(&w.lock);
    wait_until_ended(&w, BACKLOG);
    saga_engine_destroy(w.engine);
    work_pool_destroy(pool);
    store->ops->destroy(store);
    transactor->ops->destroy(transactor);
    memdb_destroy(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_sagas_end_on_few_threads),
        cmocka_unit_test(a_backlog_is_worked_off_without_a_poll_for_each_batch),
    };

    log_set_fd(-1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
