/* monitor.c - see monitor.h. HTTP/1.0: the answer ends with the connection. */
#include "tool/ctl/monitor.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "tool/core/mem.h"

enum { HOST_MAX = 127, PAGE_MAX = 1024 * 1024 };

static int open_socket(const char *host, const char *port, int timeout_ms)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    const struct timeval limit = {timeout_ms / 1000, timeout_ms % 1000 * 1000};
    struct addrinfo *found = NULL;
    int fd = -1;

    if (getaddrinfo(host, port, &hints, &found) != 0)
        return -1;
    for (struct addrinfo *a = found; a && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, 0);
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)); /* of connect, too */
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
        if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) != 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    return fd;
}

json_t *monitor_answer(const char *text, size_t len)
{
    static const char GOOD[] = " 200 ", END[] = "\r\n\r\n";
    const char *head = memmem(text, len < 16 ? len : 16, GOOD, strlen(GOOD));
    const char *body = memmem(text, len, END, strlen(END));

    if (!head || !body)
        return NULL;
    body += strlen(END);
    return json_loadb(body, len - (size_t)(body - text), 0, NULL);
}

static json_t *ask(int fd, const char *host, const char *path)
{
    char *page = mem_alloc(1, PAGE_MAX), request[512];
    int n = snprintf(request, sizeof(request), "GET %.200s HTTP/1.0\r\nHost: %.127s\r\n\r\n", path,
                     host);
    json_t *found = NULL;
    size_t len = 0;
    ssize_t got = send(fd, request, (size_t)n, MSG_NOSIGNAL);

    while (got > 0 && len < PAGE_MAX) {
        got = recv(fd, page + len, PAGE_MAX - len, 0);
        len += got > 0 ? (size_t)got : 0;
    }
    if (got == 0)
        found = monitor_answer(page, len);
    free(page);
    return found;
}

json_t *monitor_get(const char *address, const char *path, int timeout_ms,
                    char why[MONITOR_WHY_MAX + 1])
{
    const char *colon = strrchr(address, ':');
    char host[HOST_MAX + 1];
    json_t *found = NULL;
    int fd = -1;

    snprintf(host, sizeof(host), "%.*s", colon ? (int)(colon - address) : 0, address);
    if (host[0])
        fd = open_socket(host, colon + 1, timeout_ms);
    if (fd >= 0) {
        found = ask(fd, host, path);
        close(fd);
    }
    if (!found)
        snprintf(why, MONITOR_WHY_MAX + 1, "nats-server's monitoring does not answer at %.127s",
                 address);
    return found;
}
