/* http_takeover_test.c - one server after the other on the same port, while clients go on asking.
 */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "test/tool/http/http_fixture.h"
#include "tool/core/mem.h"
#include "tool/http/http_listener.h"

enum { CLIENTS = 4, TAKEOVERS = 3, FIRST_PASSED = 3 };

static const char ASK[] = "GET / HTTP/1.1\r\n" HOST "\r\n";

/* Who asks without a pause, over a connection that is kept, or over a new one each time. */
struct client {
    pthread_t thread;
    const struct http_fixture *port_of;
    bool keeps;
    atomic_bool *over;
    atomic_uint answered, lost;
};

static void *ask_on(void *arg)
{
    struct client *client = arg;
    char buf[1024];
    int fd = -1;

    while (!atomic_load(client->over)) {
        if (fd < 0)
            fd = http_dial(client->port_of);
        http_put(fd, ASK, sizeof(ASK) - 1);
        atomic_fetch_add(strstr(http_get(fd, "GET / 0", buf, sizeof(buf)), "GET / 0")
                             ? &client->answered
                             : &client->lost,
                         1);
        if (!client->keeps || strstr(buf, "Connection: close")) {
            close(fd);
            fd = -1;
        }
    }
    if (fd >= 0)
        close(fd);
    return NULL;
}

static void wait_for_answers_of(struct http_fixture *f)
{
    http_wait_for(&f->n_handled, atomic_load(&f->n_handled) + CLIENTS);
}

/* What holds for a pair holds however often one follows another. */
static void nobody_is_lost(struct http_server_config config)
{
    struct http_fixture *now = http_fixture_start_as(&config), *first = now, *next;
    struct client clients[CLIENTS] = {0};
    atomic_bool over = false;
    char address[32];

    snprintf(address, sizeof(address), "127.0.0.1:%d", now->port);
    config.listen = address;
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){.port_of = first, .keeps = i % 2 == 0, .over = &over};
        pthread_create(&clients[i].thread, NULL, ask_on, &clients[i]);
    }
    wait_for_answers_of(now);
    for (int i = 0; i < TAKEOVERS; i++) {
        if (config.listener)
            config.listener = dup(config.listener);
        next = http_fixture_start_as(&config);
        http_in_loop(now, http_drain_to_the_end);
        pthread_join(now->thread, NULL);
        loop_destroy(now->loop);
        if (now != first)
            free(now);
        now = next;
        wait_for_answers_of(now);
    }
    atomic_store(&over, true);
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(clients[i].thread, NULL);
        assert_int_equal(clients[i].lost, 0);
        assert_true(clients[i].answered > 0);
    }
    http_fixture_stop(now);
    free(first);
}

static void a_new_server_takes_a_shared_port_over(void **state)
{
    (void)state;
    nobody_is_lost((struct http_server_config){.share_port = true});
}

/* As a service manager does: the socket is its own, each process gets a descriptor of it. */
static void a_new_server_goes_on_with_a_passed_socket(void **state)
{
    const char *why = "";
    int fd = http_listener_open("127.0.0.1:0", false, &why);

    (void)state;
    nobody_is_lost((struct http_server_config){.listener = dup(fd)});
    close(fd);
}

static void who_comes_between_two_servers_waits(void **state)
{
    const char *why = "";
    int listener = http_listener_open("127.0.0.1:0", false, &why), fd;
    struct http_fixture *f =
        http_fixture_start_as(&(struct http_server_config){.listener = dup(listener)});
    char buf[1024];

    (void)state;
    http_in_loop(f, http_drain_to_the_end);
    pthread_join(f->thread, NULL);
    fd = http_dial(f);
    http_put(fd, ASK, sizeof(ASK) - 1);
    loop_destroy(f->loop);
    free(f);
    f = http_fixture_start_as(&(struct http_server_config){.listener = dup(listener)});
    assert_non_null(strstr(http_get(fd, "GET / 0", buf, sizeof(buf)), "HTTP/1.1 200"));
    close(fd);
    http_fixture_stop(f);
    close(listener);
}

static void who_is_not_let_in_yet_goes_to_the_other_server(void **state)
{
    struct http_fixture *f =
        http_fixture_start_as(&(struct http_server_config){.share_port = true});
    char address[32], buf[1024];
    struct loop *loop = loop_create(&CLOCK_SYSTEM);
    struct http_server_config config = {
        .listen = address, .share_port = true, .waits = true, .loop = loop, .clock = &CLOCK_SYSTEM};
    struct http_server *waiting;
    const char *why = "";

    (void)state;
    snprintf(address, sizeof(address), "127.0.0.1:%d", f->port);
    waiting = http_server_create(&config, &why);
    assert_non_null(waiting);
    assert_int_equal(http_server_port(waiting), f->port);
    for (int i = 0; i < 20; i++) {
        int fd = http_dial(f);

        http_put(fd, ASK, sizeof(ASK) - 1);
        assert_non_null(strstr(http_get(fd, "GET / 0", buf, sizeof(buf)), "HTTP/1.1 200"));
        close(fd);
    }
    assert_int_equal(f->n_handled, 20);
    http_server_drain(waiting);
    assert_false(http_server_busy(waiting));
    http_server_destroy(waiting);
    loop_destroy(loop);
    http_fixture_stop(f);
}

static void who_does_not_share_gets_no_port_that_is_shared(void **state)
{
    struct http_fixture *f =
        http_fixture_start_as(&(struct http_server_config){.share_port = true});
    char address[32];
    const char *why = "";

    (void)state;
    snprintf(address, sizeof(address), "127.0.0.1:%d", f->port);
    assert_int_equal(http_listener_open(address, false, &why), -1);
    assert_non_null(strstr(why, "is in use"));
    http_fixture_stop(f);
}

/* In a process of its own, whose descriptors are all to be known: what http_listener_passed says
 * when fd is its third. */
static int passed(int fd, int pid, const char *n)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        const char *why = "";
        char whose[32], how_many[32];

        snprintf(whose, sizeof(whose), "LISTEN_PID=%d", pid ? pid : (int)getpid());
        snprintf(how_many, sizeof(how_many), "LISTEN_FDS=%s", n);
        environ = (char *[]){whose, how_many, "LISTEN_FDNAMES=http", NULL};
        if (fd >= 0)
            dup2(fd, FIRST_PASSED);
        else
            close(FIRST_PASSED);
        int got = http_listener_passed(&why);
        bool said = (got < 0) == (strstr(why, "one listening stream socket") != NULL);
        bool forgotten = !getenv("LISTEN_FDS") && !getenv("LISTEN_PID") &&
                         !getenv("LISTEN_FDNAMES") && http_listener_passed(&why) == 0;

        _exit(said && forgotten ? got & 0xff : 100);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void a_passed_socket_is_one_that_listens(void **state)
{
    enum { NONE = 0, WRONG = 0xff };
    const char *why = "";
    int listening = http_listener_open("127.0.0.1:0", false, &why);
    int connected = socket(AF_INET, SOCK_STREAM, 0), packets = socket(AF_INET, SOCK_DGRAM, 0);
    const struct {
        const char *what;
        int pid; /* 0 = the process that is asked */
        const char *n;
        int fd, want;
    } cases[] = {
        {"one that listens",         0, "1",  listening, FIRST_PASSED},
        {"for somebody else",        1, "1",  listening, NONE        },
        {"none",                     0, "0",  listening, NONE        },
        {"no number",                0, "1x", listening, NONE        },
        {"two",                      0, "2",  listening, WRONG       },
        {"one that does not listen", 0, "1",  connected, WRONG       },
        {"one of packets",           0, "1",  packets,   WRONG       },
        {"no socket at all",         0, "1",  -1,        WRONG       },
    };

    (void)state;
    assert_true(http_listener_begin(listening, "it", &why));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int got = passed(cases[i].fd, cases[i].pid, cases[i].n);

        if (got != cases[i].want)
            fail_msg("%s: %d", cases[i].what, got);
    }
    close(listening);
    close(connected);
    close(packets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_server_takes_a_shared_port_over),
        cmocka_unit_test(a_new_server_goes_on_with_a_passed_socket),
        cmocka_unit_test(who_comes_between_two_servers_waits),
        cmocka_unit_test(who_is_not_let_in_yet_goes_to_the_other_server),
        cmocka_unit_test(who_does_not_share_gets_no_port_that_is_shared),
        cmocka_unit_test(a_passed_socket_is_one_that_listens),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
