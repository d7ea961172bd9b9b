#include <arpa/inet.h>
#include <netinet/in.h>
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

enum { PATIENCE_MS = 120000 };

static struct loop *loop;
static struct metrics *metrics;
static struct admin *admin;
static struct admin_config config;
static char path[] = "/tmp/hanok-admin-XXXXXX";
static bool database_up;

static void say_ready(void *arg, struct readiness *out)
{
    (void)arg;
    readiness_add(out, "nats", true, "not connected");
    readiness_add(out, "database", database_up, "it \"sleeps\"");
}

static int set_up(void **state)
{
    const char *why = NULL;
    int fd = mkstemp(strcpy(path, "/tmp/hanok-admin-XXXXXX"));

    (void)state;
    close(fd);
    log_set_fd(-1);
    loop = loop_create(&CLOCK_SYSTEM);
    metrics = metrics_create();
    config = (struct admin_config){.listen = "127.0.0.1:0",
                                   .file = path,
                                   .loop = loop,
                                   .clock = &CLOCK_SYSTEM,
                                   .metrics = metrics,
                                   .ready = say_ready};
    admin = admin_create(&config, &why);
    if (!admin)
        fail_msg("%s", why);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    admin_destroy(admin);
    assert_int_not_equal(access(path, F_OK), 0);
    metrics_destroy(metrics);
    loop_destroy(loop);
    log_set_fd(STDERR_FILENO);
    return 0;
}

/* host:port as the file says it. */
static void read_address(char address[64])
{
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    assert_non_null(fgets(address, 64, file));
    fclose(file);
    address[strcspn(address, "\n")] = '\0';
}

static int dial(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char address[64];
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    read_address(address);
    to.sin_port = htons((uint16_t)strtoul(strrchr(address, ':') + 1, NULL, 10));
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
    return fd;
}

/* The whole answer to one request. */
static const char *ask(const char *method, const char *target)
{
    static char answer[8192];
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;
    char request[256];
    size_t len = 0;
    int fd = dial();

    snprintf(request, sizeof(request), "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
             method, target);
    assert_int_equal(write(fd, request, strlen(request)), strlen(request));
    for (;;) {
        ssize_t n;

        assert_true(clock_now_ms(&CLOCK_SYSTEM) < until_ms);
        loop_turn(loop, 5);
        n = recv(fd, answer + len, sizeof(answer) - 1 - len, MSG_DONTWAIT);
        if (n == 0)
            break;
        if (n > 0)
            len += (size_t)n;
    }
    close(fd);
    answer[len] = '\0';
    return answer;
}

static void assert_answer(const char *method, const char *target, const char *status,
                          const char *body)
{
    const char *answer = ask(method, target);

    if (strncmp(answer + strlen("HTTP/1.1 "), status, 3) != 0 || !strstr(answer, body))
        fail_msg("%s %s: %s", method, target, answer);
}

static void each_page_answers(void **state)
{
    static const struct {
        const char *method, *target, *status, *body;
    } CASES[] = {
        {"GET",  "/livez",   "200", "alive"                    },
        {"HEAD", "/livez",   "200", "Content-Length: 6"        },
        {"POST", "/livez",   "405", "Allow: GET, HEAD"         },
        {"GET",  "/",        "404", "/metrics"                 },
        {"GET",  "/livez/",  "404", ""                         },
        {"GET",  "/metrics", "200", "text/plain; version=0.0.4"},
        {"GET",  "/metrics", "200", "shop_total{x=\"1\"} 5\n"  },
        {"GET",  "/readyz",  "503", "-Options: nosniff"        },
        {"GET",  "/metrics", "200", "Cache-Control: no-store"  },
    };

    (void)state;
    metric_add(metrics_counter(metrics, "shop_total", "Shops.", "x=\"1\""), 5);
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
        assert_answer(CASES[i].method, CASES[i].target, CASES[i].status, CASES[i].body);
}

static void readiness_names_what_is_down(void **state)
{
    (void)state;
    database_up = false;
    assert_answer("GET", "/readyz", "503",
                  "{\"status\":\"down\",\"checks\":{\"nats\":\"up\",\"database\":\"down\"},"
                  "\"why\":\"it \\\"sleeps\\\"\"}");
    database_up = true;
    assert_answer("GET", "/readyz", "200",
                  "{\"status\":\"up\",\"checks\":{\"nats\":\"up\",\"database\":\"up\"}}");
}

static void idle_clients_that_leave_make_room(void **state)
{
    int idle[60]; /* more than it serves at a time */

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(idle); i++)
        idle[i] = dial();
    for (size_t i = 0; i < ARRAY_LEN(idle); i++)
        loop_turn(loop, 0);
    for (size_t i = 0; i < ARRAY_LEN(idle); i++)
        close(idle[i]);
    assert_answer("GET", "/livez", "200", "alive");
}

static void a_busy_port_and_a_missing_folder_are_said(void **state)
{
    char address[64];
    const char *why = NULL;
    struct admin_config other = config;

    (void)state;
    read_address(address);
    other.listen = address;
    assert_null(admin_create(&other, &why));
    assert_non_null(strstr(why, "in use"));
    other = config;
    other.file = "/nonexistent/admin";
    assert_null(admin_create(&other, &why));
    assert_string_equal(why, "No such file or directory");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_page_answers),
        TEST(readiness_names_what_is_down),
        TEST(idle_clients_that_leave_make_room),
        TEST(a_busy_port_and_a_missing_folder_are_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
