/* unsynced.h - a MariaDB in the moment between a commit and its sync, as long as a test likes: what
 * is shown then, and told, must still be there after a kill. */
#ifndef TEST_SUPPORT_UNSYNCED_H
#define TEST_SUPPORT_UNSYNCED_H

#include "test/support/mariadb_server.h"
#include "tool/dbc/pool.h"

struct unsynced {
    struct mariadb_server server;
    struct dbc_pool *pool;
    struct transactor *transactor;
};

/** A server that syncs only with a commit; schema as mariadb_server_schema. False: it does not
 * come up. Then, too, unsynced_fini. */
bool unsynced_init(struct unsynced *u, const char *schema, const char *migrations);
void unsynced_fini(struct unsynced *u);
/** Commits body, and leaves that to be synced by the next commit. */
void unsynced_commit(struct unsynced *u, transaction_fn body, void *arg);
/** What is not synced is lost. */
void unsynced_kill(struct unsynced *u);

#endif
