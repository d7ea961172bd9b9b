/* event_mysql_test.c - events heard, and dead letters, over MariaDB. */
#include "test/support/mariadb_server.h"
#include "test/tool/event/event_contract.h"
#include "tool/core/log.h"

static int run(const struct mariadb_server *server)
{
    struct dbc_config config = mariadb_server_config(server, "till", 16);
    struct dbc_pool *pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    struct orders orders;
    int failed;

    orders_init_mariadb(&orders, pool);
    failed = dead_letters_contract(&orders) + hearer_contract(&orders) +
             together_contract(&orders) + replay_contract(&orders) + feed_contract(&orders);
    orders_fini(&orders);
    dbc_pool_destroy(pool);
    return failed;
}

int main(void)
{
    struct mariadb_server server;
    int failed = 1;

    log_set_fd(-1);
    if (mariadb_server_init(&server, NULL) &&
        mariadb_server_schema(&server, "till", "test/tool/event/migrations"))
        failed = run(&server);
    mariadb_server_fini(&server);
    return failed;
}
