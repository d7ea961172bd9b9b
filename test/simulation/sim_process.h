/* sim_process.h - a process that can fail or die at any call it makes. What it calls is wrapped:
 * the wrappers ask for the fate of each call. A dead process goes on until its stack has unwound,
 * but nothing it calls has an effect any more, and its open transaction is rolled back. */
#ifndef TEST_SIMULATION_SIM_PROCESS_H
#define TEST_SIMULATION_SIM_PROCESS_H

#include "test/simulation/sim.h"
#include "tool/core/transaction.h"
#include "tool/event/dead_letter.h"
#include "tool/once/barrier.h"
#include "tool/saga/saga_store.h"
#include "tool/store/store.h"

enum sim_fate {
    SIM_FINE,
    SIM_FAIL,         /* an outage: no effect */
    SIM_LOSE,         /* it happens, but the answer is lost */
    SIM_CRASH_BEFORE, /* the process dies first */
    SIM_CRASH_AFTER,  /* it happens, then the process dies */
    SIM_FATES
};

/* Made on purpose, by what wraps the calls, for a test that finds them. */
struct sim_mistakes {
    bool acks_first; /* an event is acknowledged, then handled */
    bool above_last; /* only rows above the last one sent are read */
    bool claims;     /* a row is marked before the stream has acknowledged it */
    bool believes;   /* nobody looks whether the stream has lost something */
    bool
        checks_first; /* whether there is enough in stock is looked at outside of the transaction */
    bool new_keys;    /* whoever asks the card company again does so with a new key */
};

struct sim_process {
    struct sim *sim;
    const struct sim_mistakes *mistakes;
    const char *name;
    bool dead;
    unsigned open; /* transactions it is in */
    bool asks; /* the call whose fate is asked for is to another service, else to its database */
    enum sim_fate (*fate)(void *arg, struct sim_process *process, const char *what);
    void *arg;
    /** Before each transaction of its own; NULL = nothing. */
    void (*begins)(struct sim_process *process);
    void *begins_arg;
    /** Told of every saga id it tries to insert; NULL = nobody. */
    void (*saga)(void *arg, struct uuid id);
    /** Told that it has something to say, if it commits. */
    void (*said)(void *arg);
};

/** Asks for the fate of a call and notes it. */
enum sim_fate sim_enter(struct sim_process *process, const char *what);
static inline bool sim_goes(enum sim_fate fate)
{
    return fate == SIM_FINE || fate == SIM_LOSE || fate == SIM_CRASH_AFTER;
}
/** What the caller gets to see of st. */
enum status sim_leave(struct sim_process *process, enum sim_fate fate, const char *what,
                      enum status st);

/** The body of a wrapper. */
#define SIM_THROUGH(process, what, expression)                                                     \
    do {                                                                                           \
        enum sim_fate fate_ = sim_enter((process), (what));                                        \
        return sim_goes(fate_) ? sim_leave((process), fate_, (what), (expression))                 \
                               : ST_UNAVAILABLE;                                                   \
    } while (0)

/* Each borrows process and owns what it wraps. */
struct transactor *sim_transactor_create(struct sim_process *process, struct transactor *inner);
struct saga_store *sim_saga_store_create(struct sim_process *process, struct saga_store *inner);
struct barrier *sim_barrier_create(struct sim_process *process, struct barrier *inner);
struct dead_letters *sim_letters_create(struct sim_process *process, struct dead_letters *inner);
/** Its calls are known as "NAME.insert" and so on. */
struct store *sim_store_create(struct sim_process *process, const char *name, struct store *inner);

#endif
