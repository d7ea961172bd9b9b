/* server_process.c - children of a test. */
#include "test/support/server_process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool/core/mem.h"

enum { STOP_PATIENCE_MS = 10000, POLL_MS = 10 };

struct server_process {
    pid_t pid; /* 0 = has ended and is waited for */
};

/* A child says nothing when it is ready: it is looked at every now and then. */
static void pause_ms(int ms)
{
    poll(NULL, 0, ms);
}

_Noreturn static void become(const char *const argv[], const char *log_path, pid_t parent)
{
    int in = open("/dev/null", O_RDONLY);
    int out = open(log_path, O_WRONLY | O_CREAT | O_APPEND, 0600);

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) /* it died before we asked to be told */
        _exit(126);
    if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
        _exit(126);
    execvp(argv[0], (char *const *)(void *)argv);
    dprintf(2, "%s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

struct server_process *server_process_start(const char *const argv[], const char *log_path)
{
    struct server_process *server;
    pid_t parent = getpid();
    pid_t pid = fork();

    if (pid < 0)
        return NULL;
    if (pid == 0)
        become(argv, log_path, parent);
    server = MEM_NEW(struct server_process);
    server->pid = pid;
    return server;
}

static bool has_ended(struct server_process *server)
{
    if (server->pid != 0 && waitpid(server->pid, NULL, WNOHANG) == server->pid)
        server->pid = 0;
    return server->pid == 0;
}

static bool accepts(const struct sockaddr *address, socklen_t len)
{
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool yes = fd >= 0 && connect(fd, address, len) == 0;

    if (fd >= 0)
        close(fd);
    return yes;
}

static bool wait_for(struct server_process *server, const struct sockaddr *address, socklen_t len,
                     int timeout_ms)
{
    for (; !has_ended(server); timeout_ms -= POLL_MS) {
        if (accepts(address, len))
            return true;
        if (timeout_ms <= 0)
            return false;
        pause_ms(POLL_MS);
    }
    return false;
}

bool server_process_wait_port(struct server_process *server, unsigned port, int timeout_ms)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    return wait_for(server, (struct sockaddr *)&address, sizeof(address), timeout_ms);
}

bool server_process_wait_socket(struct server_process *server, const char *path, int timeout_ms)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    return TEXT_COPY(address.sun_path, path) &&
           wait_for(server, (struct sockaddr *)&address, sizeof(address), timeout_ms);
}

pid_t server_process_pid(const struct server_process *server)
{
    return server->pid;
}

void server_process_signal(const struct server_process *server, int signal)
{
    if (server->pid != 0)
        kill(server->pid, signal);
}

void server_process_freeze(const struct server_process *server)
{
    server_process_signal(server, SIGSTOP);
    if (server->pid != 0)
        waitpid(server->pid, NULL, WUNTRACED);
}

void server_process_stop(struct server_process *server, int signal)
{
    if (!server)
        return;
    server_process_signal(server, signal);
    server_process_signal(server, SIGCONT); /* a frozen one cannot end */
    for (int waited_ms = 0; !has_ended(server); waited_ms += POLL_MS) {
        if (waited_ms == STOP_PATIENCE_MS)
            server_process_signal(server, SIGKILL);
        pause_ms(POLL_MS);
    }
    free(server);
}

unsigned server_free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    unsigned port = 0;

    if (fd >= 0 && bind(fd, (struct sockaddr *)&address, len) == 0 &&
        getsockname(fd, (struct sockaddr *)&address, &len) == 0)
        port = ntohs(address.sin_port);
    if (fd >= 0)
        close(fd);
    return port;
}
