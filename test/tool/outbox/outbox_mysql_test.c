/* outbox_mysql_test.c - the outbox in MariaDB keeps the contract, on a private server with a schema
 * as migrated. */
#include "test/support/mariadb_server.h"
#include "test/tool/outbox/outbox_contract.h"
#include "test/tool/outbox/partition_lease_contract.h"
#include "tool/dbc/transactor.h"
#include "tool/outbox/mysql/outbox_mysql.h"

static int run(const struct mariadb_server *server)
{
    struct dbc_config config = mariadb_server_config(server, "hanok_auth", 16);
    struct dbc_pool *pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    struct partition_lease *lease = partition_lease_mysql_create(pool);
    struct outbox_world world = {dbc_transactor_create(pool),
                                 outbox_mysql_create(pool, &ENTROPY_SYSTEM, NULL, NULL), lease};
    int failed = outbox_contract(&world) + partition_lease_contract(lease);

    lease->ops->destroy(lease);
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
