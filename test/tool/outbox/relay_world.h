/* relay_world.h - a private NATS with JetStream, a private MariaDB, and a process that relays: its
 * loop runs in a thread of its own. */
#ifndef TEST_TOOL_OUTBOX_RELAY_WORLD_H
#define TEST_TOOL_OUTBOX_RELAY_WORLD_H

#include <pthread.h>

#include "test/support/calls.h"
#include "test/support/jetstream.h"
#include "test/support/mariadb_server.h"
#include "tool/core/loop.h"
#include "tool/service/relaying.h"

/* A process, as far as it relays. */
struct relay_process {
    struct loop *loop;
    struct metrics *metrics;
    struct link_config nats;
    struct link *link;
    struct message_client *client;
    struct dbc_pool *db;
    struct transactor *transactor;
    struct relaying *relaying;
    pthread_t thread;
};

struct relay_world {
    struct jetstream jetstream;
    struct mariadb_server database;
    bool tails; /* processes that start read the database's log */
};

/** Starts both servers, the schema "hanok_auth" as migrated. database: further options of mariadbd,
 * as mariadb_server_init takes them. False when they do not come up. */
bool relay_world_init(struct relay_world *world, const char *const database[]);
void relay_world_fini(struct relay_world *world);
void relay_process_start(struct relay_process *process, const struct relay_world *world);
/** An orderly end: its partitions are given back. */
void relay_process_stop(struct relay_process *process);

/** Says n events, each in a transaction of its own; keys may be NULL (each its own). */
void relay_say(struct relay_process *process, size_t n, const struct uuid *key);
/** Waits, half a minute at most, until nothing is pending. */
void relay_await_sent(struct relay_process *process);
/** How many messages the stream has; -1 = there is none. */
long relay_stored(struct relay_world *world);

#endif
