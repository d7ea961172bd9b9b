/* dbc_tls_test.c - with an authority named, a connection is encrypted and verified or there is
 * none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "test/support/calls.h"
#include "test/support/certificates.h"
#include "test/support/mariadb_server.h"
#include "tool/core/mem.h"

struct fixture {
    struct mariadb_server server;
    char ca[64], other_ca[64], old_ca[64];
    struct dbc_config config;
};

static int set_up(void **state)
{
    struct fixture *f = MEM_NEW(struct fixture);
    const char *folder = f->server.folder;

    *state = f;
    if (!mariadb_server_init(&f->server, NULL) || !certificates_make(folder, "ca", 2) ||
        !certificates_make(folder, "other", 2) || !certificates_make(folder, "old", 0) ||
        !mariadb_server_sql(&f->server, "CREATE USER hanok@127.0.0.1 IDENTIFIED BY 'secret'"))
        return -1;
    snprintf(f->ca, sizeof(f->ca), "%s/ca.pem", folder);
    snprintf(f->other_ca, sizeof(f->other_ca), "%s/other.pem", folder);
    snprintf(f->old_ca, sizeof(f->old_ca), "%s/old.pem", folder);
    f->config = (struct dbc_config){.host = "127.0.0.1",
                                    .port = (int)f->server.port,
                                    .user = "hanok",
                                    .password = "secret",
                                    .schema = "",
                                    .connections = 1};
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    mariadb_server_fini(&f->server);
    free(f);
    return 0;
}

static enum status ping_host(struct fixture *f, const char *host, const char *ca, const char **why)
{
    struct dbc_config config = f->config;
    struct call call = test_call();
    struct dbc_pool *pool;
    enum status st;

    config.host = host;
    config.tls_ca = ca;
    pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    st = dbc_ping(pool, &call, why);
    dbc_pool_destroy(pool);
    return st;
}

static enum status ping(struct fixture *f, const char *ca, const char **why)
{
    return ping_host(f, "127.0.0.1", ca, why);
}

static void a_server_without_tls_is_refused_when_an_authority_is_named(void **state)
{
    struct fixture *f = *state;
    const char *why = "";

    assert_status(ST_OK, ping(f, "", &why));
    assert_status(ST_UNAVAILABLE, ping(f, f->ca, &why));
    assert_non_null(strstr(why, "SSL"));
}

static void a_server_is_taken_only_by_its_own_authority(void **state)
{
    struct fixture *f = *state;
    const char *why = "";

    assert_true(mariadb_server_restart_tls(&f->server, "ca"));
    assert_true(mariadb_server_sql(&f->server, "ALTER USER hanok@127.0.0.1 REQUIRE SSL"));
    assert_status(ST_OK, ping(f, f->ca, &why));
    assert_status(ST_UNAVAILABLE, ping(f, f->other_ca, &why));
    assert_status(ST_UNAVAILABLE, ping(f, "/nowhere/ca.pem", &why));
    assert_status(ST_UNAVAILABLE, ping_host(f, "localhost", f->ca, &why)); /* not its name */
    assert_status(ST_UNAVAILABLE, ping(f, "", &why)); /* the server insists too */
}

static void a_server_whose_certificate_is_over_is_refused(void **state)
{
    struct fixture *f = *state;
    const char *why = "";

    assert_true(mariadb_server_restart_tls(&f->server, "old"));
    assert_status(ST_UNAVAILABLE, ping(f, f->old_ca, &why));
    assert_non_null(strstr(why, "expired"));
}

/* Over TLS the client library waits in another place for what does not come. */
static void a_frozen_server_does_not_hold_a_caller_for_ever(void **state)
{
    struct fixture *f = *state;
    struct dbc_config config = f->config;
    struct call call = test_call();
    struct dbc_pool *pool;
    const char *why = "";

    assert_true(mariadb_server_restart_tls(&f->server, "ca"));
    config.tls_ca = f->ca;
    pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    assert_status(ST_OK, dbc_ping(pool, &call, &why));
    mariadb_server_freeze(&f->server);
    assert_status(ST_UNAVAILABLE, dbc_ping(pool, &call, &why));
    mariadb_server_thaw(&f->server);
    dbc_pool_destroy(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_without_tls_is_refused_when_an_authority_is_named),
        cmocka_unit_test(a_server_is_taken_only_by_its_own_authority),
        cmocka_unit_test(a_server_whose_certificate_is_over_is_refused),
        cmocka_unit_test(a_frozen_server_does_not_hold_a_caller_for_ever),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
