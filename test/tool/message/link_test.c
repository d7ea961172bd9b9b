/* link_test.c - which servers the link takes, and which take it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test/support/bus.h"
#include "tool/core/log.h"
#include "tool/message/link_private.h"

enum { FORBIDDEN = 20, LOG_BYTES = 64 * 1024 };

#define AUTHORIZATION                                                                              \
    "authorization { users: [{user: bob, password: \"s3cret\", permissions: {publish: {deny: "     \
    "\"forbidden.>\"}}}] }"

static int setup(void **state)
{
    static struct bus bus;

    log_set_fd(-1);
    bus = (struct bus){.loop = loop_create(&CLOCK_SYSTEM), .metrics = metrics_create()};
    *state = &bus;
    return nats_server_init(&bus.nats, AUTHORIZATION) ? 0 : -1;
}

static int teardown(void **state)
{
    struct bus *bus = *state;

    link_destroy(bus->link);
    loop_destroy(bus->loop);
    metrics_destroy(bus->metrics);
    nats_server_fini(&bus->nats);
    return 0;
}

static void start(struct bus *bus, const char *url, const char *password)
{
    struct link_config config = {.url = url,
                                 .name = "test",
                                 .user = "bob",
                                 .password = password,
                                 .loop = bus->loop,
                                 .metrics = bus->metrics};

    bus->link = link_create(&config);
}

static void any_server_of_the_list_will_do(void **state)
{
    struct bus *bus = *state;
    char urls[160];

    snprintf(urls, sizeof(urls), "nats://127.0.0.1:%u, %s", server_free_port(), bus->nats.url);
    start(bus, urls, "s3cret");
    BUS_WAIT(bus, link_is_up(bus->link));
    assert_int_equal(bus_counter(bus, "hanok_nats_connects_total"), 1);
    assert_int_equal(metric_value(metrics_gauge(bus->metrics, "hanok_nats_up", "", "")), 1);
}

static void a_wrong_password_is_tried_on_quietly(void **state)
{
    struct bus *bus = *state;
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + 1000;

    start(bus, bus->nats.url, "wrong");
    BUS_WAIT(bus, clock_now_ms(&CLOCK_SYSTEM) >= until_ms);
    assert_false(link_is_up(bus->link));
    assert_int_equal(bus_counter(bus, "hanok_nats_connects_total"), 0);
}

static void a_server_that_comes_later_is_found(void **state)
{
    struct bus *bus = *state;

    nats_server_kill(&bus->nats);
    start(bus, bus->nats.url, "s3cret");
    loop_turn(bus->loop, 10);
    assert_false(link_is_up(bus->link));
    assert_true(nats_server_start(&bus->nats));
    BUS_WAIT(bus, link_is_up(bus->link));
}

static void it_can_be_destroyed_while_it_connects(void **state)
{
    struct bus *bus = *state;

    nats_server_freeze(&bus->nats); /* accepts, and says nothing */
    start(bus, bus->nats.url, "s3cret");
    loop_turn(bus->loop, 10);
    link_destroy(bus->link);
    bus->link = NULL;
}

static bool is_logged(int log, const char *text)
{
    static char logged[LOG_BYTES];
    ssize_t n = pread(log, logged, sizeof(logged) - 1, 0);

    assert_true(n >= 0);
    logged[n] = '\0';
    return strstr(logged, text) != NULL;
}

/* libnats tells of them from a thread of its own, when others have come. */
static void each_refusal_is_logged_with_its_subject(void **state)
{
    struct bus *bus = *state;
    char subject[32], path[] = "/tmp/hanok-link-XXXXXX";
    int log = mkstemp(path);

    unlink(path);
    start(bus, bus->nats.url, "s3cret");
    BUS_WAIT(bus, link_is_up(bus->link));
    log_set_fd(log);
    for (int i = 0; i < FORBIDDEN; i++) {
        snprintf(subject, sizeof(subject), "forbidden.%d", i);
        link_publish(bus->link, &(struct message_out){0}, subject, NULL);
    }
    for (int i = 0; i < FORBIDDEN; i++) {
        snprintf(subject, sizeof(subject), "forbidden.%d\\\"", i);
        BUS_WAIT(bus, is_logged(log, subject));
    }
    log_set_fd(-1); /* never closed: that thread may still hold it */
}

/* The server would end the connection over it. */
static void what_is_no_subject_is_not_sent(void **state)
{
    static const char *const SUBJECTS[] = {"", "a b", "a\tb", "a\r\nPING"};
    struct bus *bus = *state;
    struct message_out plain = {0}, headed = {0};

    start(bus, bus->nats.url, "s3cret");
    BUS_WAIT(bus, link_is_up(bus->link));
    message_add_header(&headed, "ce-id", "1");
    for (size_t i = 0; i < sizeof(SUBJECTS) / sizeof(SUBJECTS[0]); i++) {
        assert_int_equal(ST_INVALID, link_publish(bus->link, &plain, SUBJECTS[i], NULL));
        assert_int_equal(ST_INVALID, link_publish(bus->link, &headed, SUBJECTS[i], NULL));
    }
}

#define LINK_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LINK_TEST(any_server_of_the_list_will_do),
        LINK_TEST(a_wrong_password_is_tried_on_quietly),
        LINK_TEST(a_server_that_comes_later_is_found),
        LINK_TEST(it_can_be_destroyed_while_it_connects),
        LINK_TEST(each_refusal_is_logged_with_its_subject),
        LINK_TEST(what_is_no_subject_is_not_sent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
