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

#include "test/support/bus.h"
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

struct refusal {
    struct nats_server nats;
    struct loop *loop;
    struct metrics *metrics;
    struct link *link;
    int log;
    char logged[16384];
};

static void log_to_file(struct refusal *r)
{
    char path[] = "/tmp/hanok-tls-log-XXXXXX";

    r->log = mkstemp(path);
    unlink(path);
    log_set_fd(r->log);
}

static void connect_to(struct refusal *r, const char *server, const char *tls_ca)
{
    char url[64];

    snprintf(url, sizeof(url), "%s:%u", server, r->nats.port);
    r->loop = loop_create(&CLOCK_SYSTEM);
    r->metrics = metrics_create();
    log_to_file(r);
    r->link = link_create(&(struct link_config){
        .url = url, .name = "test", .tls_ca = tls_ca, .loop = r->loop, .metrics = r->metrics});
}

static void wait_logged(struct refusal *r, const char *why)
{
    int64_t give_up_ms = bus_give_up_ms();

    do {
        if (clock_now_ms(&CLOCK_SYSTEM) > give_up_ms)
            fail_msg("\"%s\" is not in %s", why, r->logged);
        loop_turn(r->loop, 10);
        assert_true(pread(r->log, r->logged, sizeof(r->logged) - 1, 0) >= 0);
    } while (!strstr(r->logged, why));
    assert_false(link_is_up(r->link));
}

static void end(struct refusal *r)
{
    link_destroy(r->link);
    log_set_fd(-1);
    close(r->log);
    loop_destroy(r->loop);
    metrics_destroy(r->metrics);
    nats_server_fini(&r->nats);
}

static void only_the_right_server_is_taken(void **state)
{
    const struct {
        const char *conf, *server, *ca, *why;
    } cases[] = {
        {conf,         "nats://127.0.0.1", other_ca,          "unable to get local issuer certificate"},
        {conf,         "nats://localhost", ca,                "hostname mismatch"                     },
        {expired_conf, "nats://127.0.0.1", old_ca,            "certificate has expired"               },
        {"",           "nats://127.0.0.1", ca,                "Secure Connection not available"       },
        {"",           "tls://127.0.0.1",  NULL,              "Secure Connection not available"       },
        {conf,         "tls://127.0.0.1",  NULL,              "unable to get local issuer certificate"},
        {conf,         "nats://127.0.0.1", NULL,              "unable to get local issuer certificate"},
        {conf,         "nats://127.0.0.1", "/nowhere/ca.pem", "/nowhere/ca.pem"                       },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct refusal r = {0};

        assert_true(nats_server_init(&r.nats, cases[i].conf));
        connect_to(&r, cases[i].server, cases[i].ca);
        wait_logged(&r, cases[i].why);
        end(&r);
    }
}

static void another_reason_is_said_too(void **state)
{
    struct refusal r = {0};

    (void)state;
    assert_true(nats_server_init(&r.nats, conf));
    nats_server_kill(&r.nats);
    connect_to(&r, "nats://127.0.0.1", other_ca);
    wait_logged(&r, "trying on");
    assert_true(nats_server_start(&r.nats));
    wait_logged(&r, "unable to get local issuer certificate");
    end(&r);
}

#define TLS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, bus_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TLS_TEST(a_burst_of_small_requests_is_answered),
        TLS_TEST(large_requests_are_answered),
        TLS_TEST(a_lost_link_is_built_again),
        cmocka_unit_test(only_the_right_server_is_taken),
        cmocka_unit_test(another_reason_is_said_too),
    };

    return cmocka_run_group_tests(tests, make_all, remove_all);
}
