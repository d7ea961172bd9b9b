/* mysql_contract_test.c - the MariaDB implementations keep the contracts, on a private server with
 * the schemas as migrated. */
#include "dataservice/mysql/account_data_mysql.h"
#include "dataservice/mysql/profile_data_mysql.h"
#include "test/contract/contract.h"
#include "test/support/mariadb_server.h"
#include "tool/once/mysql/barrier_mysql.h"
#include "tool/saga/mysql/saga_store_mysql.h"

static int run(const struct mariadb_server *server)
{
    struct dbc_config auth_config = mariadb_server_config(server, "hanok_auth", 16);
    struct dbc_config user_config = mariadb_server_config(server, "hanok_user", 16);
    struct dbc_pool *auth = dbc_pool_create(&auth_config, &CLOCK_SYSTEM);
    struct dbc_pool *user = dbc_pool_create(&user_config, &CLOCK_SYSTEM);
    struct contract contract = {
        .auth = dbc_transactor_create(auth),
        .accounts = account_data_mysql_create(auth),
        .sagas = saga_store_mysql_create(auth),
        .barrier = barrier_mysql_create(auth),
        .user = dbc_transactor_create(user),
        .profiles = profile_data_mysql_create(user),
    };
    int failed = contract_run(&contract);

    contract_fini(&contract);
    dbc_pool_destroy(user);
    dbc_pool_destroy(auth);
    return failed;
}

int main(void)
{
    struct mariadb_server server;
    int failed = 1;

    if (mariadb_server_init(&server, NULL) &&
        mariadb_server_schema(&server, "hanok_auth", "dataservice/migrations/auth") &&
        mariadb_server_schema(&server, "hanok_user", "dataservice/migrations/user"))
        failed = run(&server);
    mariadb_server_fini(&server);
    return failed;
}
