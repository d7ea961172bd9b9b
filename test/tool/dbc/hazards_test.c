/* hazards_test.c - a database that a power loss would make lie is named, setting by setting. */
#include "tool/dbc/hazards.h"

#include <stdio.h>

#include "test/support/calls.h"
#include "test/support/mariadb_server.h"

struct told {
    size_t n;
    char settings[8][64];
};

static void note(void *arg, const struct dbc_hazard *hazard, const char *value)
{
    struct told *told = arg;

    assert_true(told->n < 8);
    snprintf(told->settings[told->n++], sizeof(told->settings[0]), "%s=%s", hazard->setting, value);
}

static struct told asked(const char *const options[])
{
    struct mariadb_server server;
    struct call call = test_call();
    struct told told = {0};
    struct dbc_config config;
    struct dbc_pool *pool;

    assert_true(mariadb_server_init(&server, options));
    config = mariadb_server_config(&server, "mysql", 2);
    pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    assert_status(ST_OK, dbc_hazards(pool, &call, note, &told));
    dbc_pool_destroy(pool);
    mariadb_server_fini(&server);
    return told;
}

static void a_server_that_keeps_its_word_has_none(void **state)
{
    static const char *const OPTIONS[] = {"--log-bin=hanok-bin", "--server-id=1", "--sync-binlog=1",
                                          NULL};
    (void)state;
    assert_int_equal(asked(NULL).n, 0); /* without a binary log nothing of it is to be synced */
    assert_int_equal(asked(OPTIONS).n, 0);
}

static void each_that_does_not_is_told_with_its_value(void **state)
{
    static const char *const OPTIONS[] = {"--innodb-flush-log-at-trx-commit=2",
                                          "--skip-innodb-doublewrite",
                                          "--log-bin=hanok-bin",
                                          "--server-id=1",
                                          "--sync-binlog=0",
                                          NULL};
    struct told told = asked(OPTIONS);

    (void)state;
    assert_int_equal(told.n, 3);
    assert_string_equal(told.settings[0], "innodb_flush_log_at_trx_commit=2");
    assert_string_equal(told.settings[1], "sync_binlog=0");
    assert_string_equal(told.settings[2], "innodb_doublewrite=OFF");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_that_keeps_its_word_has_none),
        cmocka_unit_test(each_that_does_not_is_told_with_its_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
