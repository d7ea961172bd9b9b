/* throttle_mysql_test.c - those who fail are held, by rows in MariaDB as migrated, whichever
 * instance they ask. */
#include "test/support/mariadb_server.h"
#include "test/tool/throttle/throttle_contract.h"
#include "tool/dbc/transactor.h"
#include "tool/store/mysql/store_mysql.h"

static int run(const struct mariadb_server *server)
{
    struct dbc_config config = mariadb_server_config(server, "throttle", 16);
    struct dbc_pool *pools[2];
    struct throttle_world world;
    int failed;

    for (int i = 0; i < 2; i++) {
        pools[i] = dbc_pool_create(&config, &CLOCK_SYSTEM);
        world.attempts[i] = store_mysql_create(pools[i], &ATTEMPT_TABLE);
        world.transactors[i] = dbc_transactor_create(pools[i]);
    }
    failed = throttle_contract(&world);
    for (int i = 0; i < 2; i++) {
        store_destroy(world.attempts[i]);
        world.transactors[i]->ops->destroy(world.transactors[i]);
        dbc_pool_destroy(pools[i]);
    }
    return failed;
}

int main(void)
{
    struct mariadb_server server;
    int failed = 1;

    if (mariadb_server_init(&server, NULL) &&
        mariadb_server_schema(&server, "throttle", "test/tool/throttle/migrations"))
        failed = run(&server);
    mariadb_server_fini(&server);
    return failed;
}
