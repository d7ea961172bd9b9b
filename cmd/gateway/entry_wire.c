/* entry_wire.c - see entry_wire.h. */
#include "cmd/gateway/entry_wire.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/http/proxy_header.h"
#include "tool/tls/tls_client.h"

/* Of a proxy's header what has come. */
struct begun {
    size_t len, wanted; /* bytes; how many are to come in all, as far as is known */
    uint8_t bytes[PROXY_HEADER_MAX];
};

struct entry_wire {
    const struct entry *entry;
    struct http_conn *conn;
    int fd;
    struct begun *header;   /* NULL = it has come, or none does */
    struct tls_client *tls; /* NULL = in clear */
    bool failed;
};

bool entry_wire_is_from(int fd, const struct trusted_proxies *proxies)
{
    struct sockaddr_storage peer;
    socklen_t len = sizeof(peer);
    char address[INET6_ADDRSTRLEN];

    return getpeername(fd, (struct sockaddr *)&peer, &len) == 0 &&
           getnameinfo((struct sockaddr *)&peer, len, address, sizeof(address), NULL, 0,
                       NI_NUMERICHOST) == 0 &&
           trusted_proxies_hold(proxies, address);
}

/* ---- the header ---- */

static ssize_t refuse(struct entry_wire *self)
{
    self->failed = true;
    metric_add(self->entry->header_failed, 1);
    log_debug("a proxy's header is not what it should be");
    errno = ECONNRESET;
    return -1;
}

/* All of it is here. */
static bool take_header(struct entry_wire *self)
{
    char address[PROXY_ADDRESS_MAX + 1];
    struct begun *header = self->header;

    if (!proxy_header_read(header->bytes, header->len, address))
        return false;
    if (address[0])
        http_conn_set_peer(self->conn, address);
    free(header);
    self->header = NULL;
    return true;
}

/* Not a byte more than the header: the rest is another's. 1 = it has come, else as recv(2). */
static ssize_t receive_header(struct entry_wire *self)
{
    struct begun *header = self->header;

    while (header->len < header->wanted) {
        ssize_t n = read(self->fd, header->bytes + header->len, header->wanted - header->len);

        if (n <= 0)
            return n;
        header->len += (size_t)n;
        if (header->len != PROXY_HEADER_BEGIN)
            continue;
        header->wanted = proxy_header_length(header->bytes);
        if (header->wanted == 0)
            return refuse(self);
    }
    return take_header(self) ? 1 : refuse(self);
}

/* ---- bytes ---- */

static ssize_t receive_tls(struct entry_wire *self, void *buf, size_t size)
{
    ssize_t n = tls_client_receive(self->tls, buf, size);

    if (n < 0 && errno != EAGAIN && !self->failed) {
        self->failed = true;
        metric_add(self->entry->tls_failed, 1);
        log_debug("TLS fails", LOG_TEXT("why", tls_client_failure(self->tls)));
        errno = ECONNRESET;
    }
    return n;
}

static ssize_t wire_receive(void *arg, void *buf, size_t size)
{
    struct entry_wire *self = arg;
    ssize_t n;

    if (self->failed) {
        errno = ECONNRESET;
        return -1;
    }
    if (self->header) {
        n = receive_header(self);
        if (n <= 0)
            return n;
    }
    return self->tls ? receive_tls(self, buf, size) : read(self->fd, buf, size);
}

static ssize_t wire_send(void *arg, const struct iovec *parts, size_t n)
{
    struct entry_wire *self = arg;

    return self->tls ? tls_client_send(self->tls, parts, n) : writev(self->fd, parts, (int)n);
}

static void wire_end(void *arg)
{
    struct entry_wire *self = arg;

    if (self->tls)
        tls_client_end(self->tls);
}

static void wire_close(void *arg)
{
    struct entry_wire *self = arg;

    if (self->tls)
        tls_client_destroy(self->tls);
    free(self->header);
    free(self);
}

struct http_wire entry_wire_create(const struct entry *entry, struct http_conn *conn, int fd,
                                   bool header)
{
    static const struct http_wire_ops OPS = {
        .receive = wire_receive, .send = wire_send, .end = wire_end, .close = wire_close};
    struct entry_wire *self = MEM_NEW(struct entry_wire);

    *self = (struct entry_wire){.entry = entry, .conn = conn, .fd = fd};
    if (header) {
        self->header = MEM_NEW(struct begun);
        self->header->wanted = PROXY_HEADER_BEGIN;
    }
    if (entry->tls)
        self->tls = tls_client_create(entry->tls, fd);
    return (struct http_wire){.ops = &OPS, .self = self};
}
