/* sim_bus.h - the way between auth and user: messages and replies are dropped, doubled, delayed and
 * so come in another order; some copies come long after. */
#ifndef TEST_SIMULATION_SIM_BUS_H
#define TEST_SIMULATION_SIM_BUS_H

#include "dataservice/auth/profile_registry.h"
#include "test/simulation/sim_process.h"

enum { SIM_MESSAGES_MAX = 2048, SIM_WAITERS_MAX = 32 };

struct sim_reply {
    enum status st;
    char code[PROBLEM_CODE_MAX + 1];
};

struct sim_message {
    struct sim_bus *bus;
    bool cancel; /* user.registry.cancel, else user.registry */
    struct profile_registration body;
    uint64_t request; /* whom to answer */
    struct sim_reply reply;
};

/* A request that waits for its answer. */
struct sim_waiter {
    uint64_t request; /* 0 = free */
    bool answered;
    struct sim_reply reply;
};

struct sim_bus {
    struct sim *sim;
    unsigned drop, twice, late; /* per mille */
    int64_t delay_us;           /* up to */
    int64_t over_us;            /* from then on it is a good one: quick, once, in order */
    int64_t mute_until_us;      /* no answer gets through before */
    /** Hands a message to the user service; the message came back whole or (ST_TIMEOUT) not at all.
     */
    void (*deliver)(void *arg, struct sim_message *message);
    void *arg;
    uint64_t requests;
    struct sim_waiter waiters[SIM_WAITERS_MAX];
    size_t n_messages;
    struct sim_message *messages[SIM_MESSAGES_MAX]; /* all that were ever sent */
};

void sim_bus_init(struct sim_bus *bus, struct sim *sim);
void sim_bus_fini(struct sim_bus *bus);
/** Puts a copy of a message on the way again, to arrive in delay_us. */
void sim_bus_send(struct sim_bus *bus, struct sim_message *message, int64_t delay_us);
/** Answers message, if the bus lets it through. */
void sim_bus_answer(struct sim_bus *bus, struct sim_message *message, enum status st,
                    const char *code);

/** The registry as process sees it; the world goes on while it waits. */
struct profile_registry *sim_registry_create(struct sim_process *process, struct sim_bus *bus,
                                             const struct sim_clock *clock);

#endif
