/* store_mysql_test.c - the store in MariaDB keeps the contract, on a private server. */
#include <stdio.h>

#include "test/support/mariadb_server.h"
#include "test/tool/store/thing.h"
#include "tool/dbc/transactor.h"
#include "tool/store/mysql/store_mysql.h"

static int run(const struct mariadb_server *server)
{
    struct dbc_config config = mariadb_server_config(server, "store", 16);
    struct dbc_pool *pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    struct thing_world world = {store_mysql_create(pool, &THING_TABLE),
                                dbc_transactor_create(pool)};
    int failed = thing_contract(&world) + thing_many(&world);

    failed += thing_property(&world, 3, 1500);
    store_destroy(world.things);
    world.transactor->ops->destroy(world.transactor);
    dbc_pool_destroy(pool);
    return failed;
}

int main(void)
{
    struct mariadb_server server;
    char ddl[1600];
    int failed = 1;

    snprintf(ddl, sizeof(ddl), "CREATE TABLE store.thing%s",
             THING_DDL + sizeof("CREATE TABLE thing") - 1);
    if (mariadb_server_init(&server, NULL) &&
        mariadb_server_sql(&server, "CREATE DATABASE store CHARACTER SET utf8mb4") &&
        mariadb_server_sql(&server, ddl))
        failed = run(&server);
    mariadb_server_fini(&server);
    return failed;
}
