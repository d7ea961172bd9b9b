/* thing_server.h - a private MariaDB whose schema "store" has the table of things, and a store over
 * it. */
#ifndef TEST_TOOL_STORE_THING_SERVER_H
#define TEST_TOOL_STORE_THING_SERVER_H

#include "test/support/mariadb_server.h"
#include "test/tool/store/thing.h"

struct thing_server {
    struct mariadb_server server;
    struct dbc_pool *pool, *admin; /* admin: for what is done to the other */
    struct store *things;          /* of pool */
};

/** False when it does not come up; thing_server_fini is due all the same. */
bool thing_server_init(struct thing_server *w);
void thing_server_fini(struct thing_server *w);

/* Setup and teardown of a group: its state is a struct thing_server. */
int thing_server_set_up(void **state);
int thing_server_tear_down(void **state);

#endif
