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

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/loop_timer.h"
#include "tool/core/mem.h"

enum { LOOK_MS = 1000, STATUS_MAX = 511, USEC_PER_MS = 1000 };

struct notify {
    struct notify_config config;
    int fd; /* not connected: a manager that was started again has the same name only */
    struct sockaddr_un address;
    socklen_t address_len;
    struct loop_timer look_timer, feed_timer;
    int64_t feed_ms;    /* 0 = no watchdog waits for us */
    bool ready_is_told; /* and not reloading since */
    bool stopping;
    bool unheard; /* the last word did not get through */
    char status[STATUS_MAX + 1];
};

/* Never waits: a manager that does not listen must not hold up the loop. */
static bool tell(struct notify *notify, const char *text)
{
    bool heard = sendto(notify->fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT,
                        (const struct sockaddr *)&notify->address, notify->address_len) >= 0;

    if (!heard && !notify->unheard)
        log_warn("the service manager cannot be told", LOG_TEXT("socket", notify->config.socket),
                 LOG_TEXT("error", strerror(errno)));
    notify->unheard = !heard;
    return heard;
}

static void describe(const struct notify *notify, char text[STATUS_MAX + 1])
{
    struct readiness readiness = {.n = 0};
    const char *before = "not ready: ";
    FILE *out = fmemopen(text, STATUS_MAX + 1, "w");

    ASSERT(out);
    notify->config.ready(notify->config.arg, &readiness);
    for (size_t i = 0; i < readiness.n; i++) {
        if (readiness.checks[i].up)
            continue;
        fprintf(out, "%s%s", before,
                readiness.checks[i].why ? readiness.checks[i].why : readiness.checks[i].name);
        before = "; ";
    }
    if (ftell(out) == 0)
        fputs("ready", out);
    fclose(out);
}

static void say_status(struct notify *notify)
{
    char status[STATUS_MAX + 1], text[STATUS_MAX + 32];

    describe(notify, status);
    if (notify->ready_is_told && strcmp(status, notify->status) == 0)
        return;
    snprintf(text, sizeof(text), "%sSTATUS=%s\n", notify->ready_is_told ? "" : "READY=1\n", status);
    if (!tell(notify, text))
        return; /* said again at the next look */
    notify->ready_is_told = true;
    TEXT_COPY(notify->status, status);
}

static void look(void *arg)
{
    struct notify *notify = arg;

    say_status(notify);
    loop_timer_set(notify->config.loop, &notify->look_timer, LOOK_MS);
}

static void feed(void *arg)
{
    struct notify *notify = arg;

    tell(notify, "WATCHDOG=1\n");
    loop_timer_set(notify->config.loop, &notify->feed_timer, notify->feed_ms);
}

/* Half of the time a watchdog gives us; 0 = none does. */
static int64_t feeding_ms(const struct notify_config *config)
{
    const char *usec = config->watchdog_usec, *pid = config->watchdog_pid;

    if (!usec || (pid && strtoll(pid, NULL, 10) != getpid()))
        return 0;
    return strtoll(usec, NULL, 10) / USEC_PER_MS / 2;
}

static bool set_address(struct notify *notify, const char *text)
{
    size_t len = strlen(text);

    if ((text[0] != '/' && text[0] != '@') || len < 2 || len >= sizeof(notify->address.sun_path))
        return false;
    notify->address.sun_family = AF_UNIX;
    memcpy(notify->address.sun_path, text, len);
    if (text[0] == '@')
        notify->address.sun_path[0] = '\0';
    notify->address_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
    return true;
}

struct notify *notify_create(const struct notify_config *config)
{
    struct notify *notify;

    if (!config->socket)
        return NULL;
    notify = MEM_NEW(struct notify);
    *notify = (struct notify){
        .config = *config,
        .fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0),
        .look_timer = {.fn = look, .arg = notify},
        .feed_timer = {.fn = feed, .arg = notify},
        .feed_ms = feeding_ms(config),
    };
    ASSERT(notify->fd >= 0);
    if (!set_address(notify, config->socket)) {
        log_warn("the service manager cannot be told", LOG_TEXT("socket", config->socket),
                 LOG_TEXT("error", "neither a path nor an abstract name"));
        notify_destroy(notify);
        return NULL;
    }
    loop_timer_set(config->loop, &notify->look_timer, 0);
    if (notify->feed_ms > 0)
        loop_timer_set(config->loop, &notify->feed_timer, notify->feed_ms);
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
    char text[80];

    if (!notify || notify->stopping)
        return;
    /* Of this very clock and in full: systemd takes no reload that began before it asked. */
    clock_gettime(CLOCK_MONOTONIC, &now);
    snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%" PRId64 "\n",
             (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
    tell(notify, text);
}

void notify_reloaded(struct notify *notify)
{
    if (!notify || notify->stopping)
        return;
    notify->ready_is_told = false;
    say_status(notify);
}

void notify_stopping(struct notify *notify)
{
    if (!notify)
        return;
    notify->stopping = true;
    loop_timer_cancel(notify->config.loop, &notify->look_timer);
    tell(notify, "STOPPING=1\nSTATUS=finishing what is in hand\n");
}

void notify_destroy(struct notify *notify)
{
    if (!notify)
        return;
    loop_timer_cancel(notify->config.loop, &notify->look_timer);
    loop_timer_cancel(notify->config.loop, &notify->feed_timer);
    close(notify->fd);
    free(notify);
}
