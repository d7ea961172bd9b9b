/* tcp_relay.c - a thread of its own: whoever is tested may stand still. */
#include "test/support/tcp_relay.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"

enum { LOOK_MS = 5 };

struct tcp_relay {
    int listener;
    unsigned port;
    atomic_uint server_port;
    _Atomic int64_t allowed; /* bytes from the server, or TCP_RELAY_ALL */
    atomic_bool holds, spoils, stopping;
    pthread_t thread;
};

static struct sockaddr_in loopback(unsigned port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr = {htonl(INADDR_LOOPBACK)}};
}

static int call(unsigned port)
{
    struct sockaddr_in address = loopback(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

static bool send_all(int fd, const char *data, ssize_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, data, (size_t)len, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        data += n;
        len -= n;
    }
    return true;
}

/* Bytes that may be passed on of those that wait. */
static size_t may_pass(struct tcp_relay *self, int server, size_t size)
{
    int64_t allowed = atomic_load(&self->allowed);
    int waiting = 0;

    if (allowed == TCP_RELAY_ALL || (size_t)allowed >= size)
        return size;
    ioctl(server, FIONREAD, &waiting);
    if (waiting > allowed)
        atomic_store(&self->holds, true);
    return (size_t)allowed;
}

/* False when one of them is gone. */
static bool pass(struct tcp_relay *self, int client, int server)
{
    char data[16384];
    struct pollfd fds[] = {
        {.fd = client, .events = POLLIN},
        {.fd = server, .events = POLLIN}
    };
    size_t most;
    ssize_t n;

    poll(fds, 2, LOOK_MS);
    if (fds[0].revents) {
        n = recv(client, data, sizeof(data), 0);
        if (n <= 0 || !send_all(server, data, n))
            return false;
    }
    most = fds[1].revents ? may_pass(self, server, sizeof(data)) : 0;
    if (fds[1].revents && most == 0) {
        poll(NULL, 0, LOOK_MS);
    } else if (most > 0) {
        int64_t allowed = atomic_load(&self->allowed);

        n = recv(server, data, most, 0);
        if (atomic_exchange(&self->spoils, false))
            data[0] ^= 1;
        if (n <= 0 || !send_all(client, data, n))
            return false;
        if (allowed != TCP_RELAY_ALL)
            atomic_compare_exchange_strong(&self->allowed, &allowed, allowed - n);
    }
    return true;
}

static void *relay_run(void *arg)
{
    struct tcp_relay *self = arg;

    while (!atomic_load(&self->stopping)) {
        struct pollfd caller = {.fd = self->listener, .events = POLLIN};
        int client, server;

        if (poll(&caller, 1, LOOK_MS) <= 0)
            continue;
        client = accept(self->listener, NULL, NULL);
        server = call(atomic_load(&self->server_port));
        while (server >= 0 && !atomic_load(&self->stopping) && pass(self, client, server)) {
        }
        close(client);
        if (server >= 0)
            close(server);
    }
    return NULL;
}

struct tcp_relay *tcp_relay_start(unsigned server_port, int64_t allowed)
{
    struct tcp_relay *self = MEM_NEW(struct tcp_relay);
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof(address);

    atomic_init(&self->server_port, server_port);
    atomic_init(&self->allowed, allowed);
    self->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ASSERT(bind(self->listener, (struct sockaddr *)&address, size) == 0);
    ASSERT(listen(self->listener, 8) == 0);
    ASSERT(getsockname(self->listener, (struct sockaddr *)&address, &size) == 0);
    self->port = ntohs(address.sin_port);
    ASSERT(pthread_create(&self->thread, NULL, relay_run, self) == 0);
    return self;
}

unsigned tcp_relay_port(const struct tcp_relay *self)
{
    return self->port;
}

void tcp_relay_allow(struct tcp_relay *self, int64_t bytes)
{
    atomic_store(&self->holds, false);
    atomic_store(&self->allowed, bytes);
}

void tcp_relay_lead(struct tcp_relay *self, unsigned server_port)
{
    atomic_store(&self->server_port, server_port);
}

void tcp_relay_spoil(struct tcp_relay *self)
{
    atomic_store(&self->spoils, true);
}

bool tcp_relay_holds(const struct tcp_relay *self)
{
    return atomic_load(&self->holds);
}

void tcp_relay_stop(struct tcp_relay *self)
{
    atomic_store(&self->stopping, true);
    pthread_join(self->thread, NULL);
    close(self->listener);
    free(self);
}
