/* tables_mysql_test.c - the tables of the house, in MariaDB as migrated: they are as described, and
 * keep the contract. */
#include <stdio.h>
#include <string.h>

#include "test/dataservice/tables.h"
#include "test/support/mariadb_server.h"
#include "tool/core/mem.h"
#include "tool/store/mysql/store_check.h"
#include "tool/store/mysql/store_mysql.h"

struct place {
    struct dbc_pool *pool;
    struct table alone;
};

/* Here, where both are the same release's, also what is wider is a slip. */
static void hear(void *arg, const char *slip, bool wider)
{
    (void)arg;
    fail_msg("%s%s", slip, wider ? " (wider)" : "");
}

static void a_table_is_as_described(void **state)
{
    const struct place *places = *state;
    struct call call = test_call();

    for (size_t i = 0; i < HOUSE_TABLES_N; i++)
        assert_status(ST_OK, store_check(places[i].pool, &call, HOUSE_TABLES[i].table, hear, NULL));
}

static bool migrate(const struct mariadb_server *server, size_t i, char schema[64])
{
    char folder[128];

    snprintf(schema, 64, "hanok_%s", HOUSE_TABLES[i].service);
    for (size_t k = 0; k < i; k++)
        if (strcmp(HOUSE_TABLES[k].service, HOUSE_TABLES[i].service) == 0)
            return true;
    snprintf(folder, sizeof(folder), "dataservice/migrations/%s", HOUSE_TABLES[i].service);
    return mariadb_server_schema(server, schema, folder);
}

static int run(const struct mariadb_server *server)
{
    struct place *places = mem_alloc(HOUSE_TABLES_N, sizeof(*places));
    struct store **stores = mem_alloc(HOUSE_TABLES_N, sizeof(struct store *));
    const struct CMUnitTest tests[] = {cmocka_unit_test_prestate(a_table_is_as_described, places)};
    size_t n = 0;
    int failed = 1;

    for (; n < HOUSE_TABLES_N; n++) {
        char schema[64];
        struct dbc_config config;
        if (!migrate(server, n, schema))
            break;
        config = mariadb_server_config(server, schema, 4);
        places[n] = (struct place){dbc_pool_create(&config, &CLOCK_SYSTEM), house_table_alone(n)};
        stores[n] = store_mysql_create(places[n].pool, &places[n].alone);
    }
    if (n == HOUSE_TABLES_N)
        failed = cmocka_run_group_tests(tests, NULL, NULL) + tables_contract(stores);
    for (size_t i = 0; i < n; i++) {
        store_destroy(stores[i]);
        dbc_pool_destroy(places[i].pool);
    }
    free(stores);
    free(places);
    return failed;
}

int main(void)
{
    struct mariadb_server server;
    int failed = 1;

    if (mariadb_server_init(&server, NULL))
        failed = run(&server);
    mariadb_server_fini(&server);
    return failed;
}
