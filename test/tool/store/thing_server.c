/* thing_server.c - see thing_server.h. */
#include "test/tool/store/thing_server.h"

#include <stdlib.h>

#include "tool/core/mem.h"
#include "tool/store/mysql/store_mysql.h"

bool thing_server_init(struct thing_server *w)
{
    struct dbc_config config;

    *w = (struct thing_server){0};
    if (!mariadb_server_init(&w->server, NULL) ||
        !mariadb_server_sql(&w->server, "CREATE DATABASE store CHARACTER SET utf8mb4") ||
        !mariadb_server_sql(&w->server, THING_DDL))
        return false;
    config = mariadb_server_config(&w->server, "store", 16);
    w->pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    w->admin = dbc_pool_create(&config, &CLOCK_SYSTEM);
    w->things = store_mysql_create(w->pool, &THING_TABLE);
    return true;
}

void thing_server_fini(struct thing_server *w)
{
    store_destroy(w->things);
    dbc_pool_destroy(w->admin);
    dbc_pool_destroy(w->pool);
    mariadb_server_fini(&w->server);
}

int thing_server_set_up(void **state)
{
    *state = MEM_NEW(struct thing_server);
    return thing_server_init(*state) ? 0 : -1;
}

int thing_server_tear_down(void **state)
{
    thing_server_fini(*state);
    free(*state);
    return 0;
}
