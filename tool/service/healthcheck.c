/* healthcheck.c - one HTTP request over a blocking socket; no loop, no threads. */
#include "tool/service/healthcheck.h"

#include <errno.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "tool/http/listen_address.h"

enum { PATIENCE_S = 3, ANSWER_MAX = 4095 };

static const char REQUEST[] =
    "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

__attribute__((format(printf, 2, 3))) static bool fail(char *why, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(why, HEALTHCHECK_WHY_MAX + 1, fmt, args);
    va_end(args);
    return false;
}

/* The first line of the file into text. */
static bool read_address(const char *file, char *text, size_t size, char *why)
{
    FILE *in;
    bool found;

    if (file[0] == '\0')
        return fail(why, "the port of --admin-listen is 0, and no --admin-file says which it got");
    in = fopen(file, "re");
    if (!in)
        return fail(why, "cannot read \"%s\": %s", file, strerror(errno));
    found = fgets(text, (int)size, in) != NULL;
    fclose(in);
    text[found ? strcspn(text, "\n") : 0] = '\0';
    return true;
}

static bool find(const char *listen, const char *file, char host[LISTEN_HOST_MAX + 1],
                 char port[LISTEN_PORT_MAX + 1], char *why)
{
    char text[LISTEN_HOST_MAX + LISTEN_PORT_MAX + 4];

    if (!listen_address_split(listen, host, port))
        return fail(why, "\"%s\" is no address", listen);
    if (strcmp(port, "0") == 0) {
        if (!read_address(file, text, sizeof(text), why))
            return false;
        if (!listen_address_split(text, host, port))
            return fail(why, "\"%s\" holds no address", file);
    }
    if (strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0)
        snprintf(host, LISTEN_HOST_MAX + 1, "%s", host[0] == '0' ? "127.0.0.1" : "::1");
    return true;
}

static int connect_to(const char *host, const char *port, char *why)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    struct addrinfo *found = NULL;
    int error = getaddrinfo(host, port, &hints, &found), fd;

    if (error != 0) {
        fail(why, "%s: %s", host, gai_strerror(error));
        return -1;
    }
    fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    }
    if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen) != 0) {
        fail(why, "%s:%s: %s", host, port, strerror(errno));
        if (fd >= 0)
            close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    return fd;
}

/* Everything the other side sends until it closes. */
static bool exchange(int fd, char answer[ANSWER_MAX + 1], char *why)
{
    size_t len = 0;
    ssize_t n = send(fd, REQUEST, sizeof(REQUEST) - 1, MSG_NOSIGNAL);

    if (n != (ssize_t)sizeof(REQUEST) - 1)
        return fail(why, "cannot ask: %s", strerror(errno));
    while (len < ANSWER_MAX && (n = recv(fd, answer + len, ANSWER_MAX - len, 0)) > 0)
        len += (size_t)n;
    answer[len] = '\0';
    if (n < 0)
        return fail(why, "no answer: %s", strerror(errno));
    return true;
}

bool healthcheck_ask(const char *listen, const char *file, char why[HEALTHCHECK_WHY_MAX + 1])
{
    char host[LISTEN_HOST_MAX + 1], port[LISTEN_PORT_MAX + 1], answer[ANSWER_MAX + 1];
    const char *body;
    int fd;
    bool answered;

    if (!find(listen, file, host, port, why))
        return false;
    fd = connect_to(host, port, why);
    if (fd < 0)
        return false;
    answered = exchange(fd, answer, why);
    close(fd);
    if (!answered)
        return false;
    if (strncmp(answer, "HTTP/1.1 200 ", 13) == 0)
        return true;
    body = strstr(answer, "\r\n\r\n");
    return fail(why, "%.*s", HEALTHCHECK_WHY_MAX, body && body[4] ? body + 4 : "no HTTP answer");
}
