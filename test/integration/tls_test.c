/* tls_test.c - messages over TLS, in our loop as without it, and with nobody but the right server.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test/integration/bus.h"
#include "test/support/certificates.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"

enum { BURST = 2000, LARGE_BYTES = 500 * 1024, LARGE_MANY = 6, LONG_MS = 60000 };

static char folder[] = "/tmp/hanok-tls-XXXXXX";
static char ca[64], other_ca[64], old_ca[64], conf[256], expired_conf[256];

static void write_conf(char *text, size_t size, const char *name)
{
    snprintf(text, size, "tls { cert_file: \"%s/%s-server.pem\", key_file: \"%s/%s-server.key\" }",
             folder, name, folder, name);
}

static int make_all(void **state)
{
    (void)state;
    if (!mkdtemp(folder) || !certificates_make(folder, "ca", 2) ||
        !certificates_make(folder, "other", 2) || !certificates_make(folder, "old", 0))
        return -1;
    snprintf(ca, sizeof(ca), "%s/ca.pem", folder);
    snprintf(other_ca, sizeof(other_ca), "%s/other.pem", folder);
    snprintf(old_ca, sizeof(old_ca), "%s/old.pem", folder);
    write_conf(conf, sizeof(conf), "ca");
    write_conf(expired_conf, sizeof(expired_conf), "old");
    return 0;
}

static int remove_all(void **state)
{
    char command[64];

    (void)state;
    snprintf(command, sizeof(command), "rm -r %s", folder);
    return system(command);
}

static int setup(void **state)
{
    return bus_setup_with(state, conf, ca);
}

/* ---- traffic ---- */

static void check_all(struct bus *bus, struct answer *answers, size_t n, size_t len)
{
    for (size_t i = 0; i < n; i++) {
        BUS_WAIT(bus, answers[i].n > 0);
        assert_int_equal(answers[i].st, ST_OK);
        assert_int_equal(answers[i].len, len);
    }
}

/* Records of TLS and messages begin and end in different places. */
static void a_burst_of_small_requests_is_answered(void **state)
{
    static struct answer answers[BURST];
    struct bus *bus = *state;

    for (size_t i = 0; i < BURST; i++)
        bus_ask(bus, i % 2 ? "echo.say" : "echo.work", "{\"x\":1}", LONG_MS, &answers[i], NULL);
    check_all(bus, answers, BURST, 7);
}

static void large_requests_are_answered(void **state)
{
    static struct answer answers[LARGE_MANY];
    struct bus *bus = *state;
    char *data = mem_alloc(LARGE_BYTES + 1, 1);

    memset(data, 'x', LARGE_BYTES);
    for (size_t i = 0; i < LARGE_MANY; i++)
        bus_ask(bus, "echo.say", data, LONG_MS, &answers[i], NULL);
    check_all(bus, answers, LARGE_MANY, LARGE_BYTES);
    free(data);
}

static void a_lost_link_is_built_again(void **state)
{
    struct bus *bus = *state;
    struct answer answer;

    for (int i = 0; i < 3; i++) {
        nats_server_kill(&bus->nats);
        BUS_WAIT(bus, !link_is_up(bus->link) && !link_is_up(bus->echo.link));
        assert_true(nats_server_start(&bus->nats));
        BUS_WAIT(bus, link_is_up(bus->link) && link_is_up(bus->echo.link));
        do { /* the breaker remembers that nobody was there */
            bus_ask(bus, "echo.say", "{}", LONG_MS, &answer, NULL);
            BUS_WAIT(bus, answer.n > 0);
        } while (answer.st == ST_UNAVAILABLE);
        assert_int_equal(answer.st, ST_OK);
    }
}

/* ---- who is not taken ---- */

static char logged[16384];

/* Tries a link until it has said why it does not come up; the text is in logged. */
static void check_refused(const char *nats_conf, const char *host, const char *tls_ca,
                          const char *why)
{
    struct nats_server server;
    struct loop *loop = loop_create(&CLOCK_SYSTEM);
    struct metrics *metrics = metrics_create();
    int64_t give_up_ms = bus_give_up_ms();
    char url[64], path[] = "/tmp/hanok-tls-log-XXXXXX";
    int fd = mkstemp(path);
    struct link *link;
    ssize_t n = 0;

    unlink(path);
    assert_true(nats_server_init(&server, nats_conf));
    snprintf(url, sizeof(url), "nats://%s:%u", host, server.port);
    log_set_fd(fd);
    link = link_create(&(struct link_config){
        .url = url, .name = "test", .tls_ca = tls_ca, .loop = loop, .metrics = metrics});
    while (n <= 0) {
        bus_check_patience(give_up_ms, "a line in the log");
        loop_turn(loop, 10);
        n = pread(fd, logged, sizeof(logged) - 1, 0);
    }
    logged[n] = '\0';
    assert_false(link_is_up(link));
    link_destroy(link);
    log_set_fd(-1);
    close(fd);
    loop_destroy(loop);
    metrics_destroy(metrics);
    nats_server_fini(&server);
    if (!strstr(logged, why))
        fail_msg("\"%s\" is not in %s", why, logged);
}

static void only_the_right_server_is_taken(void **state)
{
    const struct {
        const char *conf, *host, *ca, *why;
    } cases[] = {
        {conf,         "127.0.0.1", other_ca,          "unable to get local issuer certificate"},
        {conf,         "localhost", ca,                "hostname mismatch"                     },
        {expired_conf, "127.0.0.1", old_ca,            "certificate has expired"               },
        {"",           "127.0.0.1", ca,                "Secure Connection not available"       },
        {conf,         "127.0.0.1", NULL,              "unable to get local issuer certificate"},
        {conf,         "127.0.0.1", "/nowhere/ca.pem", "/nowhere/ca.pem"                       },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        check_refused(cases[i].conf, cases[i].host, cases[i].ca, cases[i].why);
}

#define TLS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, bus_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TLS_TEST(a_burst_of_small_requests_is_answered),
        TLS_TEST(large_requests_are_answered),
        TLS_TEST(a_lost_link_is_built_again),
        cmocka_unit_test(only_the_right_server_is_taken),
    };

    return cmocka_run_group_tests(tests, make_all, remove_all);
}
