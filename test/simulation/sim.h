/* sim.h - a world in one thread: virtual time, a seeded source of chance, a queue of events, and a
 * running digest of all that happened. The same seed gives the same world, to the byte. */
#ifndef TEST_SIMULATION_SIM_H
#define TEST_SIMULATION_SIM_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "tool/core/call.h"
#include "tool/core/uuid.h"

enum { SIM_EVENTS_MAX = 2048 };

struct sim_event {
    int64_t due_us;
    uint64_t order; /* of equals, the first one posted */
    void (*fn)(void *arg);
    void *arg;
};

struct sim {
    int64_t now_us; /* true time; every process has a clock of its own */
    uint64_t random;
    uint64_t digest;
    uint64_t order;
    unsigned depth; /* events being handled inside one another */
    bool trace;     /* print what happens */
    struct entropy entropy;
    size_t n_events;
    struct sim_event events[SIM_EVENTS_MAX];
};

void sim_init(struct sim *sim, uint64_t seed);

uint64_t sim_random(struct sim *sim);
/** 0 .. n-1 */
uint64_t sim_below(struct sim *sim, uint64_t n);
/** True in `per_mille` of a thousand cases. */
bool sim_chance(struct sim *sim, unsigned per_mille);

void sim_post(struct sim *sim, int64_t delay_us, void (*fn)(void *arg), void *arg);
/** Handles the next event, if it is due by until_us at the latest; else the time becomes that. */
bool sim_turn(struct sim *sim, int64_t until_us);
/** Whether an event of fn is still to come. */
bool sim_awaits(const struct sim *sim, void (*fn)(void *arg));

/** Goes into the digest, and on the screen when tracing. */
void sim_note(struct sim *sim, const char *who, const char *what, enum status st);

/* A clock that is wrong by an offset and runs fast or slow; somebody sets its date now and then. */
struct sim_clock {
    struct clock base;
    const struct sim *sim;
    int64_t offset_us;
    int drift_ppm;
    int64_t set_us; /* of the date alone: how far it has been set */
};

void sim_clock_init(struct sim_clock *clock, struct sim *sim);
/** How long ms of that clock are in true time. */
int64_t sim_clock_true_us(const struct sim_clock *clock, int64_t ms);

#endif
