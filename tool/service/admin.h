/* admin.h - the admin listener of a process: /livez, /readyz, /metrics. Loop thread. */
#ifndef TOOL_SERVICE_ADMIN_H
#define TOOL_SERVICE_ADMIN_H

#include <stdbool.h>

#include "tool/core/clock.h"
#include "tool/core/loop.h"
#include "tool/metrics/metrics.h"

enum { READINESS_MAX = 8 };

/* What a process needs to serve, and whether it is there. */
struct readiness {
    struct {
        const char *name; /* "nats" */
        bool up;
        const char *why; /* when it is not up; NULL = nothing to say */
    } checks[READINESS_MAX];
    size_t n;
};

struct admin;

struct admin_config {
    const char *listen; /* "127.0.0.1:0" */
    const char *file;   /* host:port is written there, whole or not at all; "" = nowhere */
    struct loop *loop;
    const struct clock *clock;
    struct metrics *metrics;
    void (*ready)(void *arg, struct readiness *out); /* out is empty */
    void *arg;
};

/** Everything borrowed. NULL when it cannot listen or write the file: *why says so. */
struct admin *admin_create(const struct admin_config *config, const char **why);
/** Removes the file. NULL is fine. */
void admin_destroy(struct admin *admin);
void readiness_add(struct readiness *readiness, const char *name, bool up, const char *why);

#endif
