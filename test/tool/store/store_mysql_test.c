/* store_mysql_test.c - the store in MariaDB keeps the contract, on a private server. */
#include "test/tool/store/thing_server.h"
#include "tool/dbc/transactor.h"

static int run(const struct thing_server *server)
{
    struct thing_world world = {server->things, dbc_transactor_create(server->pool)};
    int failed = thing_contract(&world) + thing_pages(&world) + thing_many(&world) +
                 thing_keep(&world) + thing_seen(&world);

    failed += thing_property(&world, 3, 1500);
    world.transactor->ops->destroy(world.transactor);
    return failed;
}

int main(void)
{
    struct thing_server server;
    int failed = thing_server_init(&server) ? run(&server) : 1;

    thing_server_fini(&server);
    return failed;
}
