/* relaying.h - the thread of a service that feeds JetStream from its outbox. */
#ifndef TOOL_SERVICE_RELAYING_H
#define TOOL_SERVICE_RELAYING_H

#include "tool/dbc/pool.h"
#include "tool/message/client.h"
#include "tool/metrics/metrics.h"
#include "tool/outbox/relay.h"

/* Borrowed. */
struct relaying_config {
    struct link *link;
    const struct link_config *nats; /* as whom the link is connected */
    struct loop *loop;
    struct message_client *client;
    struct dbc_pool *db;
    const struct clock *clock;
    const struct entropy *entropy;
    struct metrics *metrics;
    const char *service;
    int replicas; /* of a stream that it has to make */
    bool tails;   /* reads what is to be sent from the database's log, where it can */
};

struct relaying;

/** With an outbox, whose commits wake the thread once that is started. */
struct relaying *relaying_create(const struct relaying_config *config);
struct outbox *relaying_outbox(struct relaying *relaying);
/** Loop thread, before the loop runs. */
void relaying_start(struct relaying *relaying);
/** Any thread: it ends after the turn it is in, and gives its partitions to others. */
void relaying_stop(struct relaying *relaying);
/** Has it ended, or never begun? Any thread. */
bool relaying_has_ended(const struct relaying *relaying);
/** What its relay has done; all 0 before it is started. Any thread. */
struct relay_counts relaying_counts(const struct relaying *relaying);
/** For a registry: sets the gauges and counters. */
void relaying_collect(void *relaying);
/** The loop no longer runs, and nobody uses the outbox. NULL is fine. */
void relaying_destroy(struct relaying *relaying);

#endif
