/* transactor_mysql_test.c - the transactor of MariaDB keeps the contract, on a private server with
 * a schema as migrated; so it does when it is shared. */
#include "test/support/mariadb_server.h"
#include "test/tool/core/transactor_contract.h"
#include "tool/core/transactor_group.h"
#include "tool/dbc/transactor.h"
#include "tool/store/mysql/store_mysql.h"

static int run(const struct mariadb_server *server)
{
    struct dbc_config config = mariadb_server_config(server, "hanok_auth", 16);
    struct dbc_pool *pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    struct transactor_world world = {dbc_transactor_create(pool),
                                     store_mysql_create(pool, &ACCOUNT_TABLE)};
    struct transactor *inner = dbc_transactor_create(pool);
    struct transactor_world grouped = {transactor_group_create(inner, 20, NULL),
                                       store_mysql_create(pool, &ACCOUNT_TABLE)};
    int failed = transactor_contract(&world);

    failed += transactor_contract(&grouped);
    inner->ops->destroy(inner);
    dbc_pool_destroy(pool);
    return failed;
}

int main(void)
{
    struct mariadb_server server;
    int failed = 1;

    if (mariadb_server_init(&server, NULL) &&
        mariadb_server_schema(&server, "hanok_auth", "dataservice/migrations/auth"))
        failed = run(&server);
    mariadb_server_fini(&server);
    return failed;
}
