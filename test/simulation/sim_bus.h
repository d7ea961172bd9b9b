/* sim_bus.h - the way between services: messages and replies, as the bytes they are, are dropped,
 * doubled, delayed and so come in another order; some copies come long after. */
#ifndef TEST_SIMULATION_SIM_BUS_H
#define TEST_SIMULATION_SIM_BUS_H

#include "test/simulation/sim_process.h"
#include "tool/proxy/proxy.h"

enum { SIM_MESSAGES_MAX = 2048, SIM_WAITERS_MAX = 32, SIM_JSON_MAX = 2047 };

struct sim_reply {
    enum status st;
    char code[PROBLEM_CODE_MAX + 1];
    char json[SIM_JSON_MAX + 1]; /* of the reply, when st is ST_OK */
};

struct sim_message {
    struct sim_bus *bus;
    const struct operation *op;
    char json[SIM_JSON_MAX + 1];
    uint64_t request;        /* whom to answer */
    struct sim_reply *reply; /* NULL = it is the question; owned */
};

/* A request that waits for its answer. */
struct sim_waiter {
    uint64_t request; /* 0 = free */
    const struct sim_reply *reply;
};

struct sim_bus {
    struct sim *sim;
    unsigned drop, twice, late; /* per mille */
    int64_t delay_us;           /* up to */
    int64_t over_us;            /* from then on it is a good one: quick, once, in order */
    int64_t mute_until_us;      /* no answer gets through before */
    /** Hands a question to the service it is for. */
    void (*deliver)(void *arg, struct sim_message *message);
    /** Whether it is known that nobody is there who answers op. NULL: never. */
    bool (*absent)(void *arg, const struct operation *op);
    void *arg;
    uint64_t requests;
    struct sim_waiter waiters[SIM_WAITERS_MAX];
    size_t n_messages;
    struct sim_message *messages[SIM_MESSAGES_MAX]; /* all that were ever sent */
};

void sim_bus_init(struct sim_bus *bus, struct sim *sim);
void sim_bus_fini(struct sim_bus *bus);
/** Puts a copy of a question on the way again, to arrive in delay_us. */
void sim_bus_send(struct sim_bus *bus, struct sim_message *message, int64_t delay_us);
/** Answers message, if the bus lets it through. out: of its operation, when st is ST_OK. */
void sim_bus_answer(struct sim_bus *bus, struct sim_message *message, enum status st,
                    const char *code, const void *out);

/** The proxy of a process, as sim_bus.c stands in for tool/proxy: proxy_call sends over the bus,
 * and the world goes on while it waits. calls: what may be asked; anything else fails the test. */
struct proxy *sim_proxy_create(struct sim_process *process, struct sim_bus *bus,
                               const struct sim_clock *clock, const struct operation *const *calls,
                               size_t n_calls);
void sim_proxy_destroy(struct proxy *proxy);

#endif
