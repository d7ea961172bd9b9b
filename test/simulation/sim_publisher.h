/* sim_publisher.h - how a process that may die publishes over a connection that may break. */
#ifndef TEST_SIMULATION_SIM_PUBLISHER_H
#define TEST_SIMULATION_SIM_PUBLISHER_H

#include "test/simulation/sim_process.h"
#include "test/simulation/sim_stream.h"
#include "tool/outbox/publisher.h"

struct sim_flight;

/* What may become of a message, in a thousand. */
struct sim_air {
    unsigned drop, late;
    int64_t delay_us, over_us;
};

struct sim_publisher {
    struct publisher base;
    struct sim_process *process;
    struct sim_stream *stream;
    const struct sim_air *air;
    const char *source;
    void (*wake)(void *arg); /* there is an outcome */
    void *arg;
    uint64_t cuts; /* connections of its own that broke */
    int64_t last_us;
    struct publication *done;
    struct sim_flight *flights;
};

/** Everything borrowed; in a process's own memory. */
void sim_publisher_init(struct sim_publisher *publisher);
void sim_publisher_fini(struct sim_publisher *publisher);

#endif
