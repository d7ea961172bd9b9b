/* dbc_tls_test.c - with an authority named, a connection is encrypted and verified or there is
 * none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "test/contract/contract.h"
#include "test/support/certificates.h"
#include "test/support/mariadb_server.h"
#include "tool/core/mem.h"

struct fixture {
    struct mariadb_server server;
    char ca[64], other_ca[64];
    char ssl_ca[80], ssl_cert[80], ssl_key[80];
    struct dbc_config config;
};

static int set_up(void **state)
{
    struct fixture *f = MEM_NEW(struct fixture);
    const char *folder = f->server.folder;

    *state = f;
    if (!mariadb_server_init(&f->server, NULL) || !certificates_make(folder, "ca", 2) ||
        !certificates_make(folder, "other", 2) ||
        !mariadb_server_sql(&f->server, "CREATE USER hanok@127.0.0.1 IDENTIFIED BY 'secret'"))
        return -1;
    snprintf(f->ca, sizeof(f->ca), "%s/ca.pem", folder);
    snprintf(f->other_ca, sizeof(f->other_ca), "%s/other.pem", folder);
    snprintf(f->ssl_ca, sizeof(f->ssl_ca), "--ssl-ca=%s/ca.pem", folder);
    snprintf(f->ssl_cert, sizeof(f->ssl_cert), "--ssl-cert=%s/ca-server.pem", folder);
    snprintf(f->ssl_key, sizeof(f->ssl_key), "--ssl-key=%s/ca-server.key", folder);
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
    struct call call = contract_call();
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

    mariadb_server_stop(&f->server);
    f->server.options[0] = f->ssl_ca;
    f->server.options[1] = f->ssl_cert;
    f->server.options[2] = f->ssl_key;
    assert_true(mariadb_server_start(&f->server));
    assert_true(mariadb_server_sql(&f->server, "ALTER USER hanok@127.0.0.1 REQUIRE SSL"));
    assert_status(ST_OK, ping(f, f->ca, &why));
    assert_status(ST_UNAVAILABLE, ping(f, f->other_ca, &why));
    assert_status(ST_UNAVAILABLE, ping(f, "/nowhere/ca.pem", &why));
    assert_status(ST_UNAVAILABLE, ping_host(f, "localhost", f->ca, &why)); /* not its name */
    assert_status(ST_UNAVAILABLE, ping(f, "", &why)); /* the server insists too */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_without_tls_is_refused_when_an_authority_is_named),
        cmocka_unit_test(a_server_is_taken_only_by_its_own_authority),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
