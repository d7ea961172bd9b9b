/* http_listener.c - see http_listener.h. */
#include "tool/http/http_listener.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/http/listen_address.h"

enum {
    TCP_FLAGS_AT = 13, /* octet of the header (RFC 9293 3.1) */
    FIRST_PASSED = 3,  /* SD_LISTEN_FDS_START */
};

const char *http_listener_explain(const char *listen_on, const char *what)
{
    static _Thread_local char why[LISTEN_HOST_MAX + 128];

    snprintf(why, sizeof(why), "%s %s", listen_on, what);
    return why;
}

static const char *explain_error(const char *listen_on)
{
    return http_listener_explain(listen_on, errno == EADDRINUSE ? "is in use" : strerror(errno));
}

int http_listener_open(const char *listen_on, bool shared, const char **why)
{
    struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM}, *found = NULL;
    char host[LISTEN_HOST_MAX + 1], port[LISTEN_PORT_MAX + 1];
    int fd = -1, on = 1;

    if (!listen_address_split(listen_on, host, port)) {
        *why = http_listener_explain(listen_on, listen_address_check(listen_on));
        return -1;
    }
    if (getaddrinfo(host, port, &hints, &found) != 0) {
        *why = http_listener_explain(listen_on, "names a host that is not known here");
        return -1;
    }
    fd = socket(found->ai_family, found->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (fd >= 0 && shared)
        setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
    if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0) {
        *why = explain_error(listen_on);
        if (fd >= 0)
            close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    return fd;
}

bool http_listener_begin(int fd, const char *listen_on, const char **why)
{
    bool listens = listen(fd, HTTP_LISTEN_BACKLOG) == 0;

    if (!listens)
        *why = explain_error(listen_on);
    return listens;
}

/* A whole number in the environment; 0 when there is none. */
static long environment_number(const char *name)
{
    const char *text = getenv(name);
    char *end;
    long n = text ? strtol(text, &end, 10) : 0;

    return text && *text && !*end ? n : 0;
}

static bool is_listening(int fd)
{
    int type = 0, listening = 0;
    socklen_t len = sizeof(int);

    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 && type == SOCK_STREAM &&
           getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &len) == 0 && listening;
}

int http_listener_passed(const char **why)
{
    bool ours = environment_number("LISTEN_PID") == getpid();
    long n = environment_number("LISTEN_FDS");

    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
    if (!ours || n == 0)
        return 0;
    if (n != 1 || !is_listening(FIRST_PASSED)) {
        *why = "what the service manager passes must be one listening stream socket";
        return -1;
    }
    fcntl(FIRST_PASSED, F_SETFD, FD_CLOEXEC);
    fcntl(FIRST_PASSED, F_SETFL, fcntl(FIRST_PASSED, F_GETFL) | O_NONBLOCK);
    return FIRST_PASSED;
}

int http_listener_port(int fd)
{
    struct sockaddr_in6 addr = {0}; /* an IPv4 address has its port at the same place */
    socklen_t len = sizeof(addr);

    _Static_assert(offsetof(struct sockaddr_in, sin_port) ==
                       offsetof(struct sockaddr_in6, sin6_port),
                   "the port's place");
    return getsockname(fd, (struct sockaddr *)&addr, &len) == 0 ? ntohs(addr.sin6_port) : 0;
}

void http_listener_refuse_new(int fd)
{
    /* A socket's filter sees packets from the TCP header on, those of handshakes included. */
    struct sock_filter drop_syn[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, TCP_FLAGS_AT),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, TH_SYN | TH_ACK),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TH_SYN, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
    };
    struct sock_fprog program = {.len = ARRAY_LEN(drop_syn), .filter = drop_syn};

    if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) != 0)
        log_debug("listens until the end", LOG_TEXT("why", strerror(errno)));
}
