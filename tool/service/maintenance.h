/* maintenance.h - the thread of a service with a database that looks after it in its own rhythm:
 * due sagas, whether the database answers, gauges from tables, rows past their time. */
#ifndef TOOL_SERVICE_MAINTENANCE_H
#define TOOL_SERVICE_MAINTENANCE_H

#include "tool/dbc/purge.h"
#include "tool/job/lease.h"
#include "tool/once/barrier.h"
#include "tool/outbox/outbox.h"
#include "tool/saga/saga_engine.h"

struct maintenance;

struct maintenance_config {
    const struct clock *clock;
    const struct entropy *entropy;
    struct metrics *metrics;
    struct lease *lease; /* of what one instance does for all */
    struct dbc_pool *db;
    /* Once, when the database first answers: until it is ST_OK or ST_INVALID it is asked again, and
     * the database is not up before it was ST_OK. */
    enum status (*check)(void *arg, const struct call *call);
    /* Now and then, while the database is up; NULL = never. */
    enum status (*measure)(void *arg, const struct call *call);
    /* The same of what is counted more often. */
    enum status (*count)(void *arg, const struct call *call);
    void *arg;
    struct barrier *barrier;
    int64_t message_retention_s;
    const struct purge_row *purges; /* go when messages do; NULL = none. PURGE_ROWS_MAX at most */
    struct outbox *outbox;          /* NULL = it says nothing */
    int64_t outbox_retention_s;
    struct saga_engine *sagas; /* NULL = no sagas, like the store */
    struct saga_store *store;
    int64_t saga_retention_s;
};

/** Starts the thread. Everything borrowed. */
struct maintenance *maintenance_create(const struct maintenance_config *config);
/** Any thread: has the database answered a ping lately? */
bool maintenance_database_up(const struct maintenance *m);
/** Any thread: how many sagas are open, and how old the oldest is, at the last census. It has some.
 */
void maintenance_sagas(const struct maintenance *m, int64_t *open, int64_t *oldest_s);
/** Any thread: how many events are to be sent, and how old the oldest is, lately. It says some. */
void maintenance_outbox(const struct maintenance *m, int64_t *pending, int64_t *oldest_s);
/** Ends the thread after the round it is in. NULL is fine. */
void maintenance_destroy(struct maintenance *m);

#endif
