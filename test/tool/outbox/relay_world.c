/* relay_world.c - see relay_world.h. */
#include "test/tool/outbox/relay_world.h"

#include <time.h>

#include "protocol/auth.h"
#include "tool/core/mem.h"
#include "tool/dbc/transactor.h"

enum { PATIENCE_S = 60 };

bool relay_world_init(struct relay_world *world, const char *const database[])
{
    world->tails = false;
    return jetstream_init(&world->jetstream) && mariadb_server_init(&world->database, database) &&
           mariadb_server_schema(&world->database, "hanok_auth", "dataservice/migrations/auth");
}

void relay_world_fini(struct relay_world *world)
{
    mariadb_server_fini(&world->database);
    jetstream_fini(&world->jetstream);
}

static void *run_loop(void *loop)
{
    loop_run(loop);
    return NULL;
}

void relay_process_start(struct relay_process *p, const struct relay_world *world)
{
    struct dbc_config database = mariadb_server_config(&world->database, "hanok_auth", 16);

    *p = (struct relay_process){.loop = loop_create(&CLOCK_SYSTEM), .metrics = metrics_create()};
    p->nats = (struct link_config){
        .url = world->jetstream.server.url, .name = "auth", .loop = p->loop, .metrics = p->metrics};
    p->link = link_create(&p->nats);
    p->client = message_client_create(&(struct message_client_config){
        .link = p->link, .loop = p->loop, .clock = &CLOCK_SYSTEM, .metrics = p->metrics});
    p->db = dbc_pool_create(&database, &CLOCK_SYSTEM);
    p->transactor = dbc_transactor_create(p->db);
    p->relaying = relaying_create(&(struct relaying_config){.link = p->link,
                                                            .nats = &p->nats,
                                                            .loop = p->loop,
                                                            .client = p->client,
                                                            .db = p->db,
                                                            .clock = &CLOCK_SYSTEM,
                                                            .entropy = &ENTROPY_SYSTEM,
                                                            .metrics = p->metrics,
                                                            .service = "auth",
                                                            .replicas = 1,
                                                            .tails = world->tails});
    relaying_start(p->relaying);
    assert_int_equal(pthread_create(&p->thread, NULL, run_loop, p->loop), 0);
}

void relay_process_stop(struct relay_process *p)
{
    time_t give_up = time(NULL) + PATIENCE_S;

    relaying_stop(p->relaying);
    while (!relaying_has_ended(p->relaying) && time(NULL) < give_up)
        ;
    loop_stop(p->loop);
    pthread_join(p->thread, NULL);
    relaying_destroy(p->relaying);
    p->transactor->ops->destroy(p->transactor);
    dbc_pool_destroy(p->db);
    message_client_destroy(p->client);
    link_destroy(p->link);
    metrics_destroy(p->metrics);
    loop_destroy(p->loop);
}

struct saying {
    struct outbox *outbox;
    struct account_event event;
};

static enum status say(struct transaction *tx, const struct call *call, void *arg)
{
    const struct saying *saying = arg;

    return event_say(saying->outbox, tx, call, &AUTH_ACCOUNT_CREATED, &saying->event);
}

void relay_say(struct relay_process *p, size_t n, const struct uuid *key)
{
    for (size_t i = 0; i < n; i++) {
        struct call call = test_call();
        struct saying saying = {relaying_outbox(p->relaying), {key ? *key : test_uuid()}};
        assert_status(ST_OK, transactor_run(p->transactor, &call, say, &saying));
    }
}

void relay_await_sent(struct relay_process *p)
{
    struct outbox *outbox = relaying_outbox(p->relaying);
    time_t give_up = time(NULL) + PATIENCE_S;
    struct outbox_lag lag = {.pending = 1};

    while (lag.pending > 0 && time(NULL) < give_up) {
        struct call call = test_call();
        const struct timespec pause = {.tv_nsec = 5000000};
        assert_status(ST_OK, outbox->ops->lag(outbox, &call, &lag));
        nanosleep(&pause, NULL); /* lint: allow sleep between two looks at a server */
    }
    assert_int_equal(0, lag.pending);
}

long relay_stored(struct relay_world *world)
{
    jsStreamInfo *info = NULL;
    long n = -1;

    if (js_GetStreamInfo(&info, world->jetstream.js, "EVENTS", NULL, NULL) == NATS_OK)
        n = (long)info->State.Msgs;
    jsStreamInfo_Destroy(info);
    return n;
}
