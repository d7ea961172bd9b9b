/* ask_bench.c - how long an answer over NATS takes whom nobody disturbs: SUBJECT is asked with BODY
 * in the name of CALLER, one question after the other for SECONDS, over nothing but a socket. Who
 * asks NATS are NATS_USER and NATS_PASSWORD. One line of JSON on standard output.
 * usage: ask_bench PORT SUBJECT CALLER BODY SECONDS */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test/bench/took.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"

enum { ANSWERS_MAX = 1 << 20, LINE_SIZE = 8192, QUESTION_MAX = 4096 };

struct bus {
    int fd;
    FILE *in;
    char question[QUESTION_MAX];
    size_t len;
};

static _Noreturn void give_up(const char *why)
{
    fprintf(stderr, "ask_bench: %s\n", why);
    exit(1);
}

static void send_all(const struct bus *bus, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(bus->fd, bytes, len);
        if (n <= 0)
            give_up("the server has gone");
        bytes += n;
        len -= (size_t)n;
    }
}

static const char *environment(const char *name)
{
    const char *value = getenv(name);

    if (!value)
        give_up("NATS_USER and NATS_PASSWORD say who asks");
    return value;
}

static void open_bus(struct bus *bus, int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    char line[LINE_SIZE];
    int on = 1, len;

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bus->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (bus->fd < 0 || connect(bus->fd, (struct sockaddr *)&to, sizeof(to)) != 0)
        give_up("nobody listens there");
    setsockopt(bus->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    bus->in = fdopen(bus->fd, "r");
    if (!bus->in || !fgets(line, sizeof(line), bus->in))
        give_up("that is no NATS");
    len = snprintf(line, sizeof(line),
                   "CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,"
                   "\"no_responders\":true,\"lang\":\"c\",\"version\":\"1\",\"user\":\"%s\","
                   "\"pass\":\"%s\"}\r\nSUB _INBOX.ask_bench 1\r\n",
                   environment("NATS_USER"), environment("NATS_PASSWORD"));
    ASSERT(len > 0 && (size_t)len < sizeof(line));
    send_all(bus, line, (size_t)len);
}

static void prepare(struct bus *bus, const char *subject, const char *caller, const char *body)
{
    char head[256];
    int n = snprintf(head, sizeof(head), "NATS/1.0\r\nAuth-Subject: %s\r\n\r\n", caller), len;

    ASSERT(n > 0 && (size_t)n < sizeof(head));
    len = snprintf(bus->question, sizeof(bus->question),
                   "HPUB %s _INBOX.ask_bench %d %zu\r\n%s%s\r\n", subject, n,
                   (size_t)n + strlen(body), head, body);
    ASSERT(len > 0 && (size_t)len < sizeof(bus->question));
    bus->len = (size_t)len;
}

/* What the line that begins a message says of its length; 0: it is no message. */
static size_t length_of(const struct bus *bus, const char *line)
{
    const char *last = strrchr(line, ' ');

    if (strncmp(line, "PING", 4) == 0)
        send_all(bus, "PONG\r\n", 6);
    if (strncmp(line, "-ERR", 4) == 0)
        give_up(line);
    return strncmp(line, "MSG ", 4) == 0 || strncmp(line, "HMSG ", 5) == 0
               ? strtoul(last, NULL, 10) + 2
               : 0;
}

static void ask(const struct bus *bus)
{
    char line[LINE_SIZE], answer[1 << 16];
    size_t len = 0;

    send_all(bus, bus->question, bus->len);
    while (len == 0) {
        if (!fgets(line, sizeof(line), bus->in))
            give_up("the server has gone");
        len = length_of(bus, line);
    }
    if (len >= sizeof(answer) || fread(answer, 1, len, bus->in) != len)
        give_up("no answer comes whole");
    answer[len] = '\0';
    if (strstr(answer, "Nats-Service-Error") || strncmp(answer, "NATS/1.0 503", 12) == 0)
        give_up(answer);
}

int main(int argc, char **argv)
{
    double seconds = argc == 6 ? strtod(argv[5], NULL) : 0, until_us;
    struct bus bus = {0};
    double *took_us;
    size_t n = 0;

    if (seconds <= 0 || seconds > 60) {
        fprintf(stderr, "usage: ask_bench PORT SUBJECT CALLER BODY SECONDS\n");
        return 2;
    }
    took_us = mem_alloc(ANSWERS_MAX, sizeof(*took_us));
    open_bus(&bus, (int)strtol(argv[1], NULL, 10));
    prepare(&bus, argv[2], argv[3], argv[4]);
    ask(&bus);
    until_us = took_now_us() + seconds * 1e6;
    for (double from_us; n < ANSWERS_MAX && (from_us = took_now_us()) < until_us; n++) {
        ask(&bus);
        took_us[n] = took_now_us() - from_us;
    }
    took_sort(took_us, n);
    printf("{\"answers\": %zu, \"p50Us\": %.1f, \"p99Us\": %.1f}\n", n, took_us[n / 2],
           took_us[n * 99 / 100]);
    fclose(bus.in);
    free(took_us);
    return 0;
}
