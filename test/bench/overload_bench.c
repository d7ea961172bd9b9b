/* overload_bench.c - how long answers take, of those that were served and not refused, to a crowd
 * that asks over HTTP. The requests on standard input, one after the other with a NUL behind each,
 * are what the CONNECTIONS send, each connection one of them. It sends it again when it is answered
 * and PAUSE_MS milliseconds are over: on average where SPREAD is 1, else each time. Those of the
 * first WARM_S seconds do not count. One line of JSON on standard output.
 * usage: overload_bench PORT CONNECTIONS SECONDS WARM_S PAUSE_MS SPREAD <REQUESTS */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test/bench/took.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"

enum { ANSWERS_MAX = 1 << 21, ANSWER_MAX = 16384, REQUESTS_MAX = 65536, EVENTS = 256 };

struct connection {
    int fd;
    const char *request;
    double sent_us, due_us; /* due_us 0: an answer is waited for */
    char answer[ANSWER_MAX + 1];
    size_t len;
};

struct crowd {
    struct connection *connections;
    int n, epoll, n_paused;
    double pause_us, from_us, until_us;
    bool spread;
    uint64_t seed;
    double *took_us;
    size_t served, refused, other;
    int other_status;
};

static _Noreturn void give_up(const char *why)
{
    fprintf(stderr, "overload_bench: %s\n", why);
    exit(1);
}

/* 0 to 1; splitmix64. */
static double random_of(struct crowd *crowd)
{
    uint64_t z = crowd->seed += 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

static void send_request(struct connection *c, double at_us)
{
    size_t len = strlen(c->request);

    c->len = 0;
    c->due_us = 0;
    c->sent_us = at_us;
    if (write(c->fd, c->request, len) != (ssize_t)len)
        give_up("a request can not be sent");
}

static void connect_to(struct crowd *crowd, struct connection *c, int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    int on = 1;

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof(to)) != 0)
        give_up("nobody listens there");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (epoll_ctl(crowd->epoll, EPOLL_CTL_ADD, c->fd, &event) != 0)
        give_up("epoll_ctl");
}

/* Whether the answer has come whole; its length is said by each. */
static bool is_whole(const struct connection *c)
{
    const char *end = strstr(c->answer, "\r\n\r\n"), *field = c->answer;

    if (!end)
        return false;
    while ((field = strstr(field, "\r\n") + 2) < end)
        if (strncasecmp(field, "Content-Length:", 15) == 0)
            return c->len >= (size_t)(end + 4 - c->answer) + strtoul(field + 15, NULL, 10);
    give_up("an answer does not say how long it is");
}

static void count(struct crowd *crowd, const struct connection *c, double at_us)
{
    int status = (int)strtol(c->answer + 9, NULL, 10);

    if (at_us < crowd->from_us)
        return;
    if (status == 200 && crowd->served < ANSWERS_MAX) {
        crowd->took_us[crowd->served++] = at_us - c->sent_us;
    } else if (status == 503) {
        crowd->refused++;
    } else {
        crowd->other++;
        if (status != 504 || crowd->other_status == 0) /* that one is only late */
            crowd->other_status = status;
    }
}

static void hear(struct crowd *crowd, struct connection *c)
{
    ssize_t n = read(c->fd, c->answer + c->len, ANSWER_MAX - c->len);
    double at_us = took_now_us();

    if (n <= 0)
        give_up("a connection was closed, or an answer is too long");
    c->len += (size_t)n;
    c->answer[c->len] = '\0';
    if (!is_whole(c))
        return;
    count(crowd, c, at_us);
    if (crowd->pause_us <= 0) {
        send_request(c, at_us);
        return;
    }
    c->due_us = at_us + crowd->pause_us * (crowd->spread ? 2 * random_of(crowd) : 1);
    crowd->n_paused++;
}

static void send_due(struct crowd *crowd, double at_us)
{
    for (int i = 0; i < crowd->n; i++) {
        struct connection *c = &crowd->connections[i];

        if (c->due_us <= 0 || c->due_us > at_us)
            continue;
        crowd->n_paused--;
        send_request(c, took_now_us());
    }
}

static void run(struct crowd *crowd)
{
    struct epoll_event events[EVENTS];
    double at_us = took_now_us();

    /* Those that have a pause do not begin together. */
    for (int i = 0; i < crowd->n; i++) {
        crowd->connections[i].due_us = at_us + crowd->pause_us * random_of(crowd);
        crowd->n_paused++;
    }
    for (; at_us < crowd->until_us; at_us = took_now_us()) {
        int n;

        if (crowd->n_paused > 0)
            send_due(crowd, at_us);
        n = epoll_wait(crowd->epoll, events, EVENTS, crowd->n_paused > 0 ? 1 : 100);
        for (int i = 0; i < n; i++)
            hear(crowd, events[i].data.ptr);
    }
}

static void say(const struct crowd *crowd)
{
    size_t n = crowd->served;

    took_sort(crowd->took_us, n);
    printf("{\"served\": %zu, \"refused\": %zu, \"other\": %zu, \"otherStatus\": %d, "
           "\"seconds\": %.6f, \"p50Us\": %.1f, \"p99Us\": %.1f}\n",
           n, crowd->refused, crowd->other, crowd->other_status,
           (crowd->until_us - crowd->from_us) / 1e6, n ? crowd->took_us[n / 2] : 0,
           n ? crowd->took_us[n * 99 / 100] : 0);
}

int main(int argc, char **argv)
{
    double seconds = argc == 7 ? strtod(argv[3], NULL) : 0;
    static char requests[REQUESTS_MAX + 1];
    struct crowd crowd = {.epoll = epoll_create1(0)};
    const char *next = requests;
    size_t len;

    if (seconds <= 0 || seconds > 60 || (crowd.n = (int)strtol(argv[2], NULL, 10)) < 1) {
        fprintf(stderr, "usage: overload_bench PORT CONNECTIONS SECONDS WARM_S PAUSE_MS SPREAD\n");
        return 2;
    }
    len = fread(requests, 1, REQUESTS_MAX, stdin);
    crowd.pause_us = strtod(argv[5], NULL) * 1000;
    crowd.spread = strtol(argv[6], NULL, 10) != 0;
    crowd.connections = mem_alloc((size_t)crowd.n, sizeof(*crowd.connections));
    crowd.took_us = mem_alloc(ANSWERS_MAX, sizeof(*crowd.took_us));
    for (int i = 0; i < crowd.n; i++, next += strlen(next) + 1) {
        if (next >= requests + len)
            next = requests;
        crowd.connections[i].request = next;
        connect_to(&crowd, &crowd.connections[i], (int)strtol(argv[1], NULL, 10));
    }
    crowd.from_us = took_now_us() + strtod(argv[4], NULL) * 1e6;
    crowd.until_us = crowd.from_us + seconds * 1e6;
    run(&crowd);
    say(&crowd);
    free(crowd.took_us);
    free(crowd.connections);
    return 0;
}
