/* till.h - a whole instance of a service that hears orders: NATS, MariaDB, workers. In this process
 * or, to be killed, in another. */
#ifndef TEST_TOOL_EVENT_TILL_H
#define TEST_TOOL_EVENT_TILL_H

#include "test/support/jetstream.h"
#include "test/support/mariadb_server.h"
#include "test/tool/event/orders.h"
#include "tool/service/hears.h"

enum { TILL_THREADS = 16 };

struct till {
    struct loop *loop;
    struct link *link;
    struct metrics *metrics;
    struct work_pool *pool;
    struct dbc_pool *db;
    struct lease *lease;
    struct message_client *client;
    struct proxy *proxy;
    struct orders orders;
    struct hearer *hearer;
    struct hears *hears;
};

/** The schema "till" is there. */
void till_start(struct till *till, const char *nats_url, const struct dbc_config *db);
/** In order: what is in hand is finished. */
void till_stop(struct till *till);
/** What the program of till_spawn does: an instance, until it is killed. */
int till_main(int argc, char **argv);
/** self: argv[0] of this test, whose main hands its arguments to till_main when there are any. */
struct server_process *till_spawn(const char *self, const char *nats_url,
                                  const struct mariadb_server *server);
/** Events with that result. */
int64_t till_heard(const struct till *till, enum heard what);

#endif
