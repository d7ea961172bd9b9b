/* tls_stall_test.c - over TLS the library waits for the other side inside of its calls. A server
 * that stops in the middle of something must not stop us. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <openssl/err.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test/support/bus.h"
#include "test/support/certificates.h"
#include "test/support/tcp_relay.h"
#include "tool/core/log.h"
#include "tool/core/loop_fd.h"
#include "tool/core/mem.h"
#include "tool/message/link_private.h"

enum {
    TURNS_PAUSED = 5,
    CUTS = 40,
    LARGE_BYTES = 512 * 1024,
    LARGE_MANY = 10,
    TRICKLE_BYTES = 512,
    TRICKLE_MS = 5000, /* silence is found earlier */
    TURN_MS = 10,
    HEARD_MS = 200
};

struct stall {
    struct nats_server nats;
    struct loop *loop;
    struct metrics *metrics;
    struct tcp_relay *relay;
    struct link *link;
    struct link_sub echo;
    char url[64];
    unsigned received, turns;
    int listener, callers[16]; /* of a server that is none */
    size_t n_callers;
};

static char folder[] = "/tmp/hanok-stall-XXXXXX";
static char ca[64], conf[256];

static int make_certificates(void **state)
{
    (void)state;
    log_set_fd(-1);
    if (!mkdtemp(folder) || !certificates_make(folder, "ca", 2))
        return -1;
    snprintf(ca, sizeof(ca), "%s/ca.pem", folder);
    snprintf(conf, sizeof(conf),
             "max_payload: 1MB\ntls { cert_file: \"%s/ca-server.pem\", key_file: "
             "\"%s/ca-server.key\", timeout: 30 }",
             folder, folder);
    return 0;
}

static int remove_certificates(void **state)
{
    char command[64];

    (void)state;
    snprintf(command, sizeof(command), "rm -r %s", folder);
    return system(command);
}

static int setup(void **state)
{
    struct stall *s = MEM_NEW(struct stall);

    ERR_clear_error(); /* what a test before has left may keep libnats from waiting */
    *state = s;
    s->loop = loop_create(&CLOCK_SYSTEM);
    s->metrics = metrics_create();
    return nats_server_init(&s->nats, conf) ? 0 : -1;
}

static int teardown(void **state)
{
    struct stall *s = *state;

    link_destroy(s->link);
    loop_destroy(s->loop);
    metrics_destroy(s->metrics);
    if (s->relay)
        tcp_relay_stop(s->relay);
    nats_server_fini(&s->nats);
    free(s);
    return 0;
}

/* Like BUS_WAIT, and counts the turns. */
#define STALL_WAIT(s, cond)                                                                        \
    for (int64_t give_up_ms = bus_give_up_ms(); !(cond);                                           \
         (s)->turns++, loop_turn((s)->loop, TURN_MS))                                              \
    bus_check_patience(give_up_ms, #cond)

static void on_echo(void *arg, natsMsg *msg)
{
    struct stall *s = arg;

    natsMsg_Destroy(msg);
    s->received++;
}

static void start_link(struct stall *s, unsigned port)
{
    snprintf(s->url, sizeof(s->url), "nats://127.0.0.1:%u", port);
    s->link = link_create(&(struct link_config){
        .url = s->url, .name = "test", .tls_ca = ca, .loop = s->loop, .metrics = s->metrics});
    s->echo = (struct link_sub){.subject = "echo", .fn = on_echo, .arg = s};
    link_add_sub(s->link, &s->echo);
}

static void start_relayed(struct stall *s, int64_t allowed)
{
    s->relay = tcp_relay_start(s->nats.port, allowed);
    start_link(s, tcp_relay_port(s->relay));
}

static void say(struct stall *s, const char *data, size_t len)
{
    struct message_out out = {.subject = "echo", .data = data, .len = len};

    assert_int_equal(link_publish(s->link, &out, "echo", NULL), ST_OK);
}

static int64_t connects(struct stall *s)
{
    return metric_value(metrics_counter(s->metrics, "hanok_nats_connects_total", "", ""));
}

static void a_record_may_come_in_two_pieces(void **state)
{
    struct stall *s = *state;

    start_relayed(s, TCP_RELAY_ALL);
    STALL_WAIT(s, link_is_up(s->link));
    for (unsigned cut = 1; cut <= CUTS; cut++) {
        tcp_relay_allow(s->relay, cut);
        say(s, "hello", 5);
        STALL_WAIT(s, tcp_relay_holds(s->relay));
        loop_turn(s->loop, 0);
        tcp_relay_allow(s->relay, TCP_RELAY_ALL);
        STALL_WAIT(s, s->received >= cut);
    }
    assert_int_equal(s->received, CUTS);
    assert_int_equal(connects(s), 1);
}

static void half_a_record_does_not_stop_the_loop_nor_keep_it_busy(void **state)
{
    struct stall *s = *state;
    int64_t from_ms;

    start_relayed(s, TCP_RELAY_ALL);
    STALL_WAIT(s, link_is_up(s->link));
    tcp_relay_allow(s->relay, 7); /* two bytes more than the head of a record */
    from_ms = clock_now_ms(&CLOCK_SYSTEM);
    s->turns = 0;
    STALL_WAIT(s, !link_is_up(s->link)); /* found silent */
    /* Idle turns last TURN_MS; a few end early. */
    assert_true(s->turns < 100 + (clock_now_ms(&CLOCK_SYSTEM) - from_ms) / TURN_MS * 2);
    tcp_relay_allow(s->relay, TCP_RELAY_ALL);
    STALL_WAIT(s, link_is_up(s->link));
}

static void what_comes_slowly_is_no_silence(void **state)
{
    struct stall *s = *state;
    char *data = mem_alloc(LARGE_BYTES, 1);
    int64_t until_ms;

    start_relayed(s, TCP_RELAY_ALL);
    STALL_WAIT(s, link_is_up(s->link));
    until_ms = clock_now_ms(&CLOCK_SYSTEM) + TRICKLE_MS;
    say(s, data, LARGE_BYTES);
    while (clock_now_ms(&CLOCK_SYSTEM) < until_ms) {
        tcp_relay_allow(s->relay, TRICKLE_BYTES);
        loop_turn(s->loop, TURN_MS);
    }
    tcp_relay_allow(s->relay, TCP_RELAY_ALL);
    STALL_WAIT(s, s->received > 0);
    assert_int_equal(connects(s), 1);
    free(data);
}

/* More than the sockets hold; what is behind them stays with us, and the loop goes on. */
static void say_much_to_a_frozen_server(struct stall *s)
{
    char *data = mem_alloc(LARGE_BYTES, 1);

    start_link(s, s->nats.port);
    STALL_WAIT(s, link_is_up(s->link));
    nats_server_freeze(&s->nats);
    for (int i = 0; i < LARGE_MANY; i++)
        say(s, data, LARGE_BYTES);
    free(data);
}

static void a_server_that_pauses_neither_stops_the_loop_nor_loses_anything(void **state)
{
    struct stall *s = *state;

    say_much_to_a_frozen_server(s);
    for (int i = 0; i < TURNS_PAUSED; i++)
        loop_turn(s->loop, TURN_MS);
    nats_server_thaw(&s->nats);
    STALL_WAIT(s, s->received >= LARGE_MANY);
    assert_int_equal(connects(s), 1);
}

static void a_server_that_takes_no_more_is_given_up(void **state)
{
    struct stall *s = *state;

    say_much_to_a_frozen_server(s);
    STALL_WAIT(s, !link_is_up(s->link));
    nats_server_thaw(&s->nats);
    STALL_WAIT(s, link_is_up(s->link));
}

static void what_came_before_the_end_is_delivered(void **state)
{
    struct stall *s = *state;

    start_relayed(s, TCP_RELAY_ALL);
    STALL_WAIT(s, link_is_up(s->link));
    tcp_relay_allow(s->relay, 0);
    for (int i = 0; i < 3; i++)
        say(s, "hello", 5);
    STALL_WAIT(s, tcp_relay_holds(s->relay));
    nats_server_kill(&s->nats);
    tcp_relay_allow(s->relay, TCP_RELAY_ALL);
    poll(NULL, 0, HEARD_MS); /* messages and end are there together, then */
    STALL_WAIT(s, !link_is_up(s->link));
    assert_true(s->received > 0);
}

static void a_spoilt_record_ends_the_connection(void **state)
{
    struct stall *s = *state;

    start_relayed(s, TCP_RELAY_ALL);
    STALL_WAIT(s, link_is_up(s->link));
    tcp_relay_allow(s->relay, 5); /* the head of a record comes through well */
    say(s, "hello", 5);
    STALL_WAIT(s, tcp_relay_holds(s->relay));
    loop_turn(s->loop, 0);
    tcp_relay_spoil(s->relay);
    tcp_relay_allow(s->relay, TCP_RELAY_ALL);
    STALL_WAIT(s, connects(s) == 2 && link_is_up(s->link));
    say(s, "hello", 5);
    STALL_WAIT(s, s->received > 0);
}

/* ---- a server that says it speaks TLS, and no more ---- */

static void on_call(void *arg, uint32_t events)
{
    static const char INFO[] = "INFO {\"server_id\":\"silent\",\"version\":\"2.9.0\",\"proto\":1,"
                               "\"max_payload\":1048576,\"tls_required\":true}\r\n";
    struct stall *s = arg;
    int fd = accept(s->listener, NULL, NULL);

    (void)events;
    assert_true(fd >= 0 && s->n_callers < ARRAY_LEN(s->callers));
    s->callers[s->n_callers++] = fd;
    assert_int_equal(write(fd, INFO, sizeof(INFO) - 1), sizeof(INFO) - 1);
}

static unsigned listen_silently(struct stall *s)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof(address);

    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(s->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(s->listener, 8), 0);
    assert_int_equal(getsockname(s->listener, (struct sockaddr *)&address, &size), 0);
    assert_int_equal(loop_add_fd(s->loop, s->listener, EPOLLIN, on_call, s), 0);
    return ntohs(address.sin_port);
}

static void a_server_silent_in_the_handshake_is_given_up(void **state)
{
    struct stall *s = *state;

    start_link(s, listen_silently(s));
    STALL_WAIT(s, s->n_callers >= 2); /* tried again */
    assert_false(link_is_up(s->link));
    link_destroy(s->link); /* ends too */
    s->link = NULL;
    while (s->n_callers > 0)
        close(s->callers[--s->n_callers]);
    close(s->listener);
}

#define STALL_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STALL_TEST(a_record_may_come_in_two_pieces),
        STALL_TEST(half_a_record_does_not_stop_the_loop_nor_keep_it_busy),
        STALL_TEST(what_comes_slowly_is_no_silence),
        STALL_TEST(a_server_that_pauses_neither_stops_the_loop_nor_loses_anything),
        STALL_TEST(a_server_that_takes_no_more_is_given_up),
        STALL_TEST(what_came_before_the_end_is_delivered),
        STALL_TEST(a_spoilt_record_ends_the_connection),
        STALL_TEST(a_server_silent_in_the_handshake_is_given_up),
    };

    return cmocka_run_group_tests(tests, make_certificates, remove_certificates);
}
