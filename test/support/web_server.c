/* web_server.c - see web_server.h. */
#include "test/support/web_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"

enum { HEAD_MAX = 4096, PATIENCE_MS = 30000 };

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
    char head[512], blanks[1024];
    size_t len = strlen(page->body), left = page->padding;

    memset(blanks, ' ', sizeof(blanks));
    snprintf(head, sizeof(head),
             "HTTP/1.1 %d Played\r\nContent-Type: application/json\r\nConnection: close\r\n"
             "%s%s%s\r\n",
             page->status, page->location[0] ? "Location: " : "", page->location,
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

static void serve(struct web_server *self, int fd)
{
    char head[HEAD_MAX + 1] = "", path[128] = "";
    struct web_page page;
    size_t len = 0;
    ssize_t n;

    while (!strstr(head, "\r\n\r\n") && (n = recv(fd, head + len, HEAD_MAX - len, 0)) > 0) {
        len += (size_t)n;
        head[len] = '\0';
        if (head[0] < ' ') /* TLS */
            return;
    }
    if (strncmp(head, "GET ", 4) != 0)
        return;
    snprintf(path, sizeof(path), "%.*s", (int)strcspn(head + 4, " "), head + 4);
    atomic_fetch_add(&self->n, 1);
    page = find(self, path);
    if (page.status > 0)
        answer(fd, &page);
    else /* until who asked leaves */
        poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, PATIENCE_MS);
}

static void *run(void *arg)
{
    struct web_server *self = arg;
    int fd;

    while ((fd = accept(self->fd, NULL, NULL)) >= 0) {
        serve(self, fd);
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

    *self = (struct web_server){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
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
