/* web_server.c - see web_server.h. */
#include "test/support/web_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"

enum { PATIENCE_MS = 120000, LOOK_MS = 5 };

static void say(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

        if (n <= 0)
            return; /* who asked has left */
        data += n;
        len -= (size_t)n;
    }
}

static void answer(int fd, const struct web_page *page)
{
    char head[512], blanks[1024], length[48] = "Connection: close\r\n";
    size_t len = strlen(page->body), left = page->padding;

    memset(blanks, ' ', sizeof(blanks));
    if (page->keeps)
        snprintf(length, sizeof(length), "Content-Length: %zu\r\n", len + left);
    snprintf(head, sizeof(head),
             "HTTP/1.1 %d Played\r\nContent-Type: application/json\r\n%s%s%s%s\r\n", page->status,
             length, page->location[0] ? "Location: " : "", page->location,
             page->location[0] ? "\r\n" : "");
    say(fd, head, strlen(head));
    say(fd, page->body, len);
    for (; left >= sizeof(blanks); left -= sizeof(blanks))
        say(fd, blanks, sizeof(blanks));
}

static struct web_page find(struct web_server *self, const char *path)
{
    struct web_page page = {.status = 404};

    pthread_mutex_lock(&self->lock);
    for (size_t i = 0; i < self->n_pages; i++)
        if (strcmp(self->pages[i].path, path) == 0)
            page = self->pages[i];
    pthread_mutex_unlock(&self->lock);
    return page;
}

/* Whether all of it is there: its head, and as much of a body as that says. */
static bool is_whole(const char *request)
{
    const char *end = strstr(request, "\r\n\r\n");
    const char *length = strcasestr(request, "\r\nContent-Length:");

    if (!end)
        return false;
    return !length || length > end || strlen(end + 4) >= strtoul(length + 17, NULL, 10);
}

/* One request; false: there is none any more. */
static bool receive(int fd, char request[WEB_REQUEST_MAX + 1])
{
    size_t len = 0;
    ssize_t n;

    request[0] = '\0';
    while (!is_whole(request) && (n = recv(fd, request + len, WEB_REQUEST_MAX - len, 0)) > 0) {
        len += (size_t)n;
        request[len] = '\0';
        if (request[0] < ' ') /* TLS */
            return false;
    }
    return strncmp(request, "GET ", 4) == 0 || strncmp(request, "POST ", 5) == 0;
}

/* Whether the connection goes on. */
static bool serve(struct web_server *self, int fd)
{
    char request[WEB_REQUEST_MAX + 1], path[128];
    struct web_page page;
    const char *target;

    if (!receive(fd, request))
        return false;
    target = strchr(request, ' ') + 1;
    snprintf(path, sizeof(path), "%.*s", (int)strcspn(target, " "), target);
    page = find(self, path);
    if (page.stops)
        shutdown(self->fd, SHUT_RDWR);
    pthread_mutex_lock(&self->lock);
    memcpy(self->request, request, sizeof(request));
    pthread_mutex_unlock(&self->lock);
    atomic_fetch_add(&self->n, 1);
    if (page.status > 0)
        answer(fd, &page);
    else if (!page.closes) /* until who asked leaves */
        poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, PATIENCE_MS);
    return page.keeps;
}

static void *run(void *arg)
{
    struct web_server *self = arg;
    int fd;

    while ((fd = accept(self->fd, NULL, NULL)) >= 0) {
        atomic_fetch_add(&self->n_connections, 1);
        atomic_store(&self->serving, fd);
        while (serve(self, fd)) {
        }
        atomic_store(&self->serving, -1);
        close(fd);
    }
    return NULL;
}

void web_server_init(struct web_server *self, int port)
{
    struct sockaddr_in addr = {.sin_family = AF_INET,
                               .sin_port = htons((uint16_t)port),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(addr);

    *self =
        (struct web_server){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .serving = -1};
    pthread_mutex_init(&self->lock, NULL);
    ASSERT(setsockopt(self->fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)) == 0);
    ASSERT(bind(self->fd, (struct sockaddr *)&addr, len) == 0 && listen(self->fd, 16) == 0);
    ASSERT(getsockname(self->fd, (struct sockaddr *)&addr, &len) == 0);
    self->port = ntohs(addr.sin_port);
    ASSERT(pthread_create(&self->thread, NULL, run, self) == 0);
}

void web_server_fini(struct web_server *self)
{
    shutdown(self->fd, SHUT_RDWR);
    shutdown(atomic_load(&self->serving), SHUT_RDWR); /* one that is kept */
    pthread_join(self->thread, NULL);
    close(self->fd);
    pthread_mutex_destroy(&self->lock);
}

void web_server_page(struct web_server *self, const struct web_page *page)
{
    size_t i = 0;

    pthread_mutex_lock(&self->lock);
    while (i < self->n_pages && strcmp(self->pages[i].path, page->path) != 0)
        i++;
    ASSERT(i < WEB_PAGES_MAX);
    self->pages[i] = *page;
    self->n_pages += i == self->n_pages;
    pthread_mutex_unlock(&self->lock);
}

void web_server_request(struct web_server *self, char request[WEB_REQUEST_MAX + 1])
{
    pthread_mutex_lock(&self->lock);
    memcpy(request, self->request, sizeof(self->request));
    pthread_mutex_unlock(&self->lock);
}

bool web_server_wait(struct web_server *self, unsigned n)
{
    for (int left_ms = 2 * PATIENCE_MS; atomic_load(&self->n) < n && left_ms > 0;
         left_ms -= LOOK_MS)
        poll(NULL, 0, LOOK_MS);
    return atomic_load(&self->n) >= n;
}
