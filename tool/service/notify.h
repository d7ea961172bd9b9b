/* notify.h - tells the service manager how the process is (sd_notify(3), its datagrams over
 * $NOTIFY_SOCKET; no library). Without that variable nothing is done. Loop thread. */
#ifndef TOOL_SERVICE_NOTIFY_H
#define TOOL_SERVICE_NOTIFY_H

#include "tool/core/loop.h"
#include "tool/service/admin.h"

struct notify;

struct notify_config {
    struct loop *loop;
    void (*ready)(void *arg, struct readiness *out); /* out is empty */
    void *arg;
    const char *socket;        /* a path, or "@name"; NULL = nobody is to be told */
    const char *watchdog_usec; /* NULL = no watchdog */
    const char *watchdog_pid;  /* whose; NULL = ours */
};

/** READY=1 goes out with the loop's first turn, also while NATS or the database are away: the
 * process serves its admin listener and finds them by itself. Waiting for them would let the start
 * time out, and every restart would be one more that changes nothing. STATUS= says what is missing
 * and follows as that changes; WATCHDOG=1 goes out twice a period for as long as the loop turns.
 * NULL when nobody is to be told, or (after a log line) when socket is no such address. */
struct notify *notify_create(const struct notify_config *config);
/** The same with what systemd has put into the environment. */
struct notify *notify_create_from_environment(struct loop *loop,
                                              void (*ready)(void *arg, struct readiness *out),
                                              void *arg);

/* Below, notify is NULL where nobody is to be told. */

/** Settings are about to be read again, and have been. */
void notify_reloading(struct notify *notify);
void notify_reloaded(struct notify *notify);
/** The process is about to end; from here on only the watchdog is fed. */
void notify_stopping(struct notify *notify);
void notify_destroy(struct notify *notify);

#endif
