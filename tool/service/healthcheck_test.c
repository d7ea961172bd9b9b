#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/service/admin.h"
#include "tool/service/healthcheck.h"

enum { PATIENCE_MS = 120000, SHORT_MS = 50 };

static struct loop *loop;
static struct metrics *metrics;
static struct admin *admin;
static pthread_t thread;
static bool database_up; /* set before the loop's thread starts */
static char path[] = "/tmp/hanok-health-XXXXXX";
static char why[HEALTHCHECK_WHY_MAX + 1];

static void say_ready(void *arg, struct readiness *out)
{
    (void)arg;
    readiness_add(out, "database", database_up, "the database does not answer");
}

static void *turn(void *arg)
{
    (void)arg;
    loop_run(loop);
    return NULL;
}

/* An instance at any free port of host. */
static void start(const char *listen, bool up)
{
    const char *reason = NULL;

    database_up = up;
    loop = loop_create(&CLOCK_SYSTEM);
    metrics = metrics_create();
    admin = admin_create(&(struct admin_config){.listen = listen,
                                                .file = path,
                                                .loop = loop,
                                                .clock = &CLOCK_SYSTEM,
                                                .metrics = metrics,
                                                .ready = say_ready},
                         &reason);
    if (!admin)
        fail_msg("%s", reason);
    assert_int_equal(pthread_create(&thread, NULL, turn, NULL), 0);
}

static void stop(void)
{
    loop_stop(loop);
    pthread_join(thread, NULL);
    admin_destroy(admin);
    metrics_destroy(metrics);
    loop_destroy(loop);
}

static int set_up(void **state)
{
    (void)state;
    log_set_fd(-1);
    close(mkstemp(strcpy(path, "/tmp/hanok-health-XXXXXX")));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    log_set_fd(STDERR_FILENO);
    return 0;
}

static bool has_ipv6(void)
{
    const struct sockaddr_in6 any = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool bound = fd >= 0 && bind(fd, (const struct sockaddr *)&any, sizeof(any)) == 0;

    close(fd);
    return bound;
}

static void an_instance_that_is_ready_is_healthy(void **state)
{
    static const char *const LISTEN[] = {"127.0.0.1:0", "0.0.0.0:0", "localhost:0", "[::1]:0",
                                         "[::]:0"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(LISTEN); i++) {
        char address[64];
        FILE *file;

        if (LISTEN[i][0] == '[' && !has_ipv6())
            continue;
        start(LISTEN[i], true);
        if (!healthcheck_ask(LISTEN[i], path, PATIENCE_MS, why))
            fail_msg("%s: %s", LISTEN[i], why);
        file = fopen(path, "r");
        assert_non_null(fgets(address, sizeof(address), file));
        fclose(file);
        address[strcspn(address, "\n")] = '\0';
        assert_true(healthcheck_ask(address, "", PATIENCE_MS, why));
        stop();
    }
}

static void one_that_is_not_says_what_is_missing(void **state)
{
    (void)state;
    start("127.0.0.1:0", false);
    assert_false(healthcheck_ask("127.0.0.1:0", path, PATIENCE_MS, why));
    assert_string_equal(why, "503 {\"status\":\"down\",\"checks\":{\"database\":\"down\"},"
                             "\"why\":\"the database does not answer\"}");
    stop();
}

/* A stranger at a free port, into address; it sends what it likes, as often as it likes. */
static int listen_as_stranger(char address[32])
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(any);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&any, sizeof(any)), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&any, &size), 0);
    snprintf(address, 32, "127.0.0.1:%d", ntohs(any.sin_port));
    return fd;
}

/* Sends a byte and another, until nobody wants to hear any more. */
static void *drip(void *arg)
{
    int fd = accept(*(int *)arg, NULL, NULL);

    while (send(fd, "H", 1, MSG_NOSIGNAL) == 1)
        poll(NULL, 0, 5);
    close(fd);
    return NULL;
}

static void who_answers_for_ever_is_not_waited_for(void **state)
{
    pthread_t stranger;
    char address[32];
    int fd = listen_as_stranger(address);

    (void)state;
    assert_int_equal(pthread_create(&stranger, NULL, drip, &fd), 0);
    assert_false(healthcheck_ask(address, "", SHORT_MS, why));
    assert_non_null(strstr(why, "Connection timed out"));
    pthread_join(stranger, NULL);
    close(fd);
}

static void who_never_answers_is_not_waited_for(void **state)
{
    char address[32];
    int fd = listen_as_stranger(address);

    (void)state;
    assert_false(healthcheck_ask(address, "", SHORT_MS, why));
    assert_non_null(strstr(why, "Connection timed out"));
    close(fd);
}

static void only_status_200_is_ready(void **state)
{
    static const struct {
        const char *answer, *why; /* NULL = ready */
    } CASES[] = {
        {"HTTP/1.1 200 OK\r\nA: b\r\n\r\n{}",     NULL                                    },
        {"HTTP/1.1 200 OK\r\n\r\n",               NULL                                    },
        {"HTTP/1.1 503 No\r\nA: b\r\n\r\ndown",   "503 down"                              },
        {"HTTP/1.1 503 No\r\n\r\ntwo\r\nlines\t", "503 two  lines "                       },
        {"HTTP/1.1 404 Not Found\r\n\r\n",        "404 "                                  },
        {"HTTP/1.1 2000 OK\r\n\r\n",              "what listens there does not speak HTTP"},
        {"HTTP/1.1 200 OK\r\nA: b\r\n",           "what listens there does not speak HTTP"},
        {"HTTP/1.1 ",                             "what listens there does not speak HTTP"},
        {"INFO {\"server\":\"nats\"}\r\n\r\n",    "what listens there does not speak HTTP"},
        {"",                                      "what listens there does not speak HTTP"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        if (healthcheck_read(CASES[i].answer, why) != !CASES[i].why)
            fail_msg("%s", CASES[i].answer);
        if (CASES[i].why)
            assert_string_equal(why, CASES[i].why);
    }
}

static void who_cannot_be_asked_is_not_healthy(void **state)
{
    static const struct {
        const char *listen, *file, *why;
    } CASES[] = {
        {"127.0.0.1:1", "",          "127.0.0.1 port 1: Connection refused"  },
        {"127.0.0.1:0", "",          "no --admin-file"                       },
        {"127.0.0.1:0", "/nowhere",  "cannot read \"/nowhere\": No such file"},
        {"127.0.0.1:0", "/dev/null", "\"/dev/null\" holds no address"        },
        {"nonsense",    "",          "\"nonsense\" is no address"            },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        assert_false(healthcheck_ask(CASES[i].listen, CASES[i].file, PATIENCE_MS, why));
        if (!strstr(why, CASES[i].why))
            fail_msg("%s: %s", CASES[i].why, why);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_instance_that_is_ready_is_healthy), TEST(one_that_is_not_says_what_is_missing),
        TEST(who_cannot_be_asked_is_not_healthy),   TEST(who_answers_for_ever_is_not_waited_for),
        TEST(who_never_answers_is_not_waited_for),  TEST(only_status_200_is_ready),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
