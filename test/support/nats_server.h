/* nats_server.h - a private nats-server for a test, on a free port of 127.0.0.1. */
#ifndef TEST_SUPPORT_NATS_SERVER_H
#define TEST_SUPPORT_NATS_SERVER_H

#include <stdbool.h>

#include "test/support/server_process.h"

struct nats_server {
    struct server_process *process; /* NULL while it is stopped */
    unsigned port;
    char folder[64]; /* configuration, log, JetStream's files; removed by nats_server_fini */
    char url[64];
};

/** Picks a port and starts. more: further lines of configuration, "" = none ("jetstream: enabled").
 * False when it does not come up. */
bool nats_server_init(struct nats_server *server, const char *more);
/** Starts it again, on the same port. */
bool nats_server_start(struct nats_server *server);
/** The same server with these further lines instead of those it had, over its connections. */
bool nats_server_reload(struct nats_server *server, const char *more);
/** SIGKILL: no farewell to its clients. */
void nats_server_kill(struct nats_server *server);
/** While it is stopped: all that JetStream has kept goes. */
void nats_server_forget(struct nats_server *server);
void nats_server_freeze(struct nats_server *server);
void nats_server_thaw(struct nats_server *server);
void nats_server_fini(struct nats_server *server);

#endif
