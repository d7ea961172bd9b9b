/* notify.c - see notify.h. */
#include "tool/service/notify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"

enum { LOOK_MS = 1000, TEXT_MAX = 255 };

struct notify {
    struct notify_config config;
    int socket;
    struct loop_timer timer;
    int64_t look_ms;
    bool watched;  /* a watchdog waits for us */
    bool started;  /* READY=1 has been sent */
    bool stopping; /* STATUS= is said for the last time */
    char status[TEXT_MAX + 1];
};

/* A manager that does not listen must not hold up the loop; it will tell by its watchdog. */
static void tell(const struct notify *notify, const char *text)
{
    if (send(notify->socket, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        log_warn("the service manager cannot be told", LOG_TEXT("error", strerror(errno)));
}

static void describe(const struct notify *notify, char text[TEXT_MAX + 1])
{
    struct readiness readiness = {.n = 0};

    snprintf(text, TEXT_MAX + 1, "ready");
    notify->config.ready(notify->config.arg, &readiness);
    for (size_t i = 0; i < readiness.n; i++) {
        if (readiness.checks[i].up)
            continue;
        snprintf(text, TEXT_MAX + 1, "not ready: %s",
                 readiness.checks[i].why ? readiness.checks[i].why : readiness.checks[i].name);
        return;
    }
}

static void look(void *arg)
{
    struct notify *notify = arg;
    char status[TEXT_MAX + 1], text[TEXT_MAX + 64];

    describe(notify, status);
    if (!notify->started || (!notify->stopping && strcmp(status, notify->status) != 0)) {
        snprintf(text, sizeof(text), "%sSTATUS=%s\n", notify->started ? "" : "READY=1\n", status);
        tell(notify, text);
        TEXT_COPY(notify->status, status);
    }
    notify->started = true;
    if (notify->watched)
        tell(notify, "WATCHDOG=1\n");
    loop_timer_set(notify->config.loop, &notify->timer, notify->look_ms);
}

/* Half of the watchdog's time, but no longer than what a person waits for a new STATUS. */
static void set_rhythm(struct notify *notify)
{
    const char *usec = notify->config.watchdog_usec, *pid = notify->config.watchdog_pid;
    long long half_ms = usec ? strtoll(usec, NULL, 10) / 2000 : 0;

    notify->watched = half_ms > 0 && (!pid || strtoll(pid, NULL, 10) == getpid());
    notify->look_ms = notify->watched && half_ms < LOOK_MS ? half_ms : LOOK_MS;
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t len = strlen(path);
    int fd;

    if ((path[0] != '/' && path[0] != '@') || len < 2 || len >= sizeof(address.sun_path)) {
        errno = EINVAL;
        return -1;
    }
    memcpy(address.sun_path, path, len);
    if (path[0] == '@')
        address.sun_path[0] = '\0';
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (struct sockaddr *)&address,
                (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) == 0)
        return fd;
    close(fd);
    return -1;
}

struct notify *notify_create(const struct notify_config *config)
{
    struct notify *notify;
    int fd;

    if (!config->socket)
        return NULL;
    fd = connect_to(config->socket);
    if (fd < 0) {
        log_warn("no service manager at NOTIFY_SOCKET", LOG_TEXT("path", config->socket),
                 LOG_TEXT("error", strerror(errno)));
        return NULL;
    }
    notify = MEM_NEW(struct notify);
    notify->config = *config;
    notify->socket = fd;
    notify->timer = (struct loop_timer){.fn = look, .arg = notify};
    set_rhythm(notify);
    loop_timer_set(config->loop, &notify->timer, 0);
    return notify;
}

struct notify *notify_create_from_environment(struct loop *loop,
                                              void (*ready)(void *arg, struct readiness *out),
                                              void *arg)
{
    return notify_create(&(struct notify_config){
        .loop = loop,
        .ready = ready,
        .arg = arg,
        .socket = getenv("NOTIFY_SOCKET"),
        .watchdog_usec = getenv("WATCHDOG_USEC"),
        .watchdog_pid = getenv("WATCHDOG_PID"),
    });
}

void notify_reloading(struct notify *notify)
{
    struct timespec now;
    char text[TEXT_MAX + 1];

    if (!notify)
        return;
    clock_gettime(CLOCK_MONOTONIC, &now);
    snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%" PRId64 "\n",
             (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
    tell(notify, text);
}

void notify_reloaded(struct notify *notify)
{
    if (notify)
        tell(notify, "READY=1\n");
}

void notify_stopping(struct notify *notify)
{
    if (!notify)
        return;
    notify->stopping = true;
    tell(notify, "STOPPING=1\nSTATUS=finishing what is in hand\n");
}

void notify_destroy(struct notify *notify)
{
    if (!notify)
        return;
    loop_timer_cancel(notify->config.loop, &notify->timer);
    close(notify->socket);
    free(notify);
}
