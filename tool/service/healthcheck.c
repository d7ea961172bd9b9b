/* healthcheck.c - one HTTP request over a socket; no loop, no threads. */
#include "tool/service/healthcheck.h"

#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tool/core/clock.h"
#include "tool/http/listen_address.h"

enum { ANSWER_MAX = 4095, STATUS_DIGITS = 3 };

static const char REQUEST[] =
    "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
static const char VERSION[] = "HTTP/1.1 ";

__attribute__((format(printf, 2, 3))) static bool fail(char *why, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(why, HEALTHCHECK_WHY_MAX + 1, fmt, args);
    va_end(args);
    return false;
}

/* ---- where to ask ---- */

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

static bool find_listener(const char *listen, const char *file, char host[LISTEN_HOST_MAX + 1],
                          char port[LISTEN_PORT_MAX + 1], char *why)
{
    char text[LISTEN_HOST_MAX + LISTEN_PORT_MAX + 4];

    if (!listen_address_split(listen, host, port))
        return fail(why, "\"%s\" is no address", listen);
    if (strcmp(port, "0") != 0)
        return true;
    if (!read_address(file, text, sizeof(text), why))
        return false;
    return listen_address_split(text, host, port) || fail(why, "\"%s\" holds no address", file);
}

static void prefer_loopback(struct sockaddr *address)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address;

    if (address->sa_family == AF_INET && v4->sin_addr.s_addr == htonl(INADDR_ANY))
        v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else if (address->sa_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&v6->sin6_addr))
        v6->sin6_addr = in6addr_loopback;
}

/* ---- asking; false with errno ---- */

static bool await(int fd, short events, int64_t until_ms)
{
    struct pollfd wanted = {.fd = fd, .events = events};
    int64_t left_ms = until_ms - clock_now_ms(&CLOCK_SYSTEM);
    int n = left_ms > 0 ? poll(&wanted, 1, (int)left_ms) : 0;

    if (n == 0)
        errno = ETIMEDOUT;
    return n > 0;
}

static bool connect_until(int fd, const struct addrinfo *to, int64_t until_ms)
{
    int error = 0;
    socklen_t size = sizeof(error);

    if (connect(fd, to->ai_addr, to->ai_addrlen) == 0)
        return true;
    if (errno != EINPROGRESS || !await(fd, POLLOUT, until_ms))
        return false;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    errno = error;
    return error == 0;
}

/* All that the other side sends until it closes, as far as there is room. */
static bool receive_until(int fd, char answer[ANSWER_MAX + 1], int64_t until_ms)
{
    size_t len = 0;
    ssize_t n;

    do {
        if (!await(fd, POLLIN, until_ms))
            return false;
        n = recv(fd, answer + len, ANSWER_MAX - len, 0);
        len += n > 0 ? (size_t)n : 0;
    } while (n > 0 && len < ANSWER_MAX);
    answer[len] = '\0';
    return n >= 0;
}

static bool exchange(const struct addrinfo *to, char answer[ANSWER_MAX + 1], int patience_ms)
{
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + patience_ms;
    int fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), error;
    bool done;

    if (fd < 0)
        return false;
    /* The request fits into the buffer of a new socket: it is sent whole or not at all. */
    done = connect_until(fd, to, until_ms) &&
           send(fd, REQUEST, sizeof(REQUEST) - 1, MSG_NOSIGNAL) > 0 &&
           receive_until(fd, answer, until_ms);
    error = errno;
    close(fd);
    errno = error;
    return done;
}

bool healthcheck_read(const char *answer, char why[HEALTHCHECK_WHY_MAX + 1])
{
    const char *status = answer + sizeof(VERSION) - 1, *body = strstr(answer, "\r\n\r\n");

    if (strncmp(answer, VERSION, sizeof(VERSION) - 1) != 0 || !body ||
        strspn(status, "0123456789") != STATUS_DIGITS)
        return fail(why, "what listens there does not speak HTTP");
    if (strncmp(status, "200", STATUS_DIGITS) == 0)
        return true;
    fail(why, "%.*s %s", STATUS_DIGITS, status, body + 4);
    for (char *p = why; *p; p++) /* one line, whoever answered */
        if (iscntrl((unsigned char)*p))
            *p = ' ';
    return false;
}

bool healthcheck_ask(const char *listen, const char *file, int patience_ms,
                     char why[HEALTHCHECK_WHY_MAX + 1])
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    char host[LISTEN_HOST_MAX + 1], port[LISTEN_PORT_MAX + 1], answer[ANSWER_MAX + 1];
    struct addrinfo *found = NULL;
    int error;
    bool answered;

    if (!find_listener(listen, file, host, port, why))
        return false;
    error = getaddrinfo(host, port, &hints, &found);
    if (error != 0)
        return fail(why, "%s: %s", host, gai_strerror(error));
    prefer_loopback(found->ai_addr);
    answered = exchange(found, answer, patience_ms);
    if (!answered)
        fail(why, "%s port %s: %s", host, port, strerror(errno));
    freeaddrinfo(found);
    return answered && healthcheck_read(answer, why);
}
