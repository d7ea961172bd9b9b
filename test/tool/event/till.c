/* till.c - see till.h. */
#include "test/tool/event/till.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/job/mysql/lease_mysql.h"

enum { SPAWN_ARGS = 5, STOP_PATIENCE_MS = 30000 };

static const struct operation *const CALLS[] = {&SHOP_EXPORT};

static void start_asking(struct till *till)
{
    till->client = message_client_create(&(struct message_client_config){
        .link = till->link, .loop = till->loop, .clock = &CLOCK_SYSTEM});
    till->proxy = proxy_create(&(struct proxy_config){
        .client = till->client, .loop = till->loop, .calls = CALLS, .n_calls = ARRAY_LEN(CALLS)});
}

void till_start(struct till *till, const char *nats_url, const struct dbc_config *db)
{
    struct link_config link = {.url = nats_url, .name = "till"};
    struct hears_config hears = {.stream = "EVENTS", .entropy = &ENTROPY_SYSTEM};
    struct hearer_config hearer;

    memset(till, 0, sizeof(*till));
    link.loop = hears.loop = till->loop = loop_create(&CLOCK_SYSTEM);
    hears.metrics = till->metrics = metrics_create();
    hears.link = till->link = link_create(&link);
    hears.pool = till->pool = work_pool_create(&(struct work_pool_config){
        .name = "events", .threads = TILL_THREADS, .capacity = EVENT_PARTITIONS});
    till->db = dbc_pool_create(db, &CLOCK_SYSTEM);
    hears.lease = till->lease = lease_mysql_create(till->db);
    start_asking(till);
    hears.proxy = till->proxy;
    orders_init_mariadb(&till->orders, till->db);
    hearer = orders_hearer(&till->orders);
    hears.hearer = till->hearer = hearer_create(&hearer);
    till->hears = hears_create(&hears);
}

void till_stop(struct till *till)
{
    int64_t give_up_ms = clock_now_ms(&CLOCK_SYSTEM) + STOP_PATIENCE_MS;

    if (!till->loop)
        return;
    hears_stop(till->hears);
    while (hears_open(till->hears) > 0 && clock_now_ms(&CLOCK_SYSTEM) < give_up_ms)
        loop_turn(till->loop, 10);
    work_pool_destroy(till->pool);
    hears_destroy(till->hears);
    hearer_destroy(till->hearer);
    orders_fini(&till->orders);
    till->lease->ops->destroy(till->lease);
    dbc_pool_destroy(till->db);
    proxy_destroy(till->proxy);
    message_client_destroy(till->client);
    link_destroy(till->link);
    metrics_destroy(till->metrics);
    loop_destroy(till->loop);
    till->loop = NULL;
}

int till_main(int argc, char **argv)
{
    struct dbc_config db = {.socket = argc == SPAWN_ARGS ? argv[2] : "",
                            .user = argv[3],
                            .schema = argv[4],
                            .connections = TILL_THREADS};
    struct till till;

    log_init("till", LOG_INFO);
    till_start(&till, argv[1], &db);
    loop_run(till.loop);
    return 0;
}

struct server_process *till_spawn(const char *self, const char *nats_url,
                                  const struct mariadb_server *server)
{
    struct dbc_config db = mariadb_server_config(server, "till", 1);
    const char *const argv[] = {self, nats_url, db.socket, db.user, db.schema, NULL};
    char log[128];

    snprintf(log, sizeof(log), "%s/till.log", server->folder);
    return server_process_start(argv, log);
}

int64_t till_heard(const struct till *till, enum heard what)
{
    char label[64] = "";

    metrics_label(label, sizeof(label), "result", HEARD_NAMES[what]);
    return metric_value(metrics_counter(till->metrics, "hanok_events_heard_total", "", label));
}
