/* sim_house.h - any services, as the rows they are, with a database each, their real use cases and
 * the real saga engine, in a world where anything may break until the storm is over. */
#ifndef TEST_SIMULATION_SIM_HOUSE_H
#define TEST_SIMULATION_SIM_HOUSE_H

#include "test/simulation/sim_bus.h"
#include "test/simulation/sim_outbox.h"
#include "test/simulation/sim_publisher.h"
#include "tool/memdb/memdb.h"
#include "tool/outbox/relay.h"
#include "tool/saga/saga_engine.h"
#include "tool/service/sweeps.h"

enum {
    SIM_INSTANCES = 2,
    SIM_SERVICES_MAX = 4,
    SIM_SAGAS_MAX = 256,
    SIM_DROPPED_MAX = 64,
    SIM_TOGETHER_MAX = 4,
    SIM_JOBS_MAX = 8
};

/* One life of an instance. It is freed at the end of the run: its stack may outlive it. */
struct sim_instance {
    struct sim_process process;
    struct sim_clock clock;
    struct sim_service *service;
    struct service_run run;   /* NULL: what a simulation has not */
    struct saga_store *store; /* run.sagas' */
    void *self;               /* the service's struct */
    bool polling;
    unsigned working; /* jobs that it is at: bits */
    struct sim_instance *former;

    /* What it says, and what it hears. */
    struct relay *relay;
    struct partition_lease *lease;
    struct sim_publisher publisher;
    char source[EVENT_SOURCE_MAX + 1];
    bool relaying;
    uint32_t hearing;                                /* partitions that it is at: bits */
    struct sim_delivery *gathered[SIM_TOGETHER_MAX]; /* of those, to be handled together */
    size_t n_gathered;
};

/* Where an instance lives: one dies, the supervisor starts the next. */
struct sim_slot {
    struct sim_service *service;
    char name[16]; /* "auth0" */
    struct sim_instance *now;
    int64_t restart_us;
    int64_t frozen_until_us;
    int64_t turn_us; /* of its relay */
    bool woken;      /* the relay, in its turn */
};

struct sim_outage {
    int64_t from_us, until_us;
};

/* What a service does by itself. */
struct sim_job {
    struct sim_service *service;
    const struct job *row;
};

/* A service and its database. Of its rows the endpoints, stores, calls, jobs, sweeps, says, hears,
 * sagas, start and stop are looked at. */
struct sim_service {
    struct sim_house *house;
    const struct service *rows;
    struct memdb *db;
    struct sim_clock db_clock;
    struct saga_store *sagas;     /* as an onlooker sees them; NULL without sagas */
    struct outbox *outbox;        /* likewise; NULL when it says nothing */
    struct dead_letters *letters; /* likewise; NULL when it hears nothing */
    struct lease *leases;         /* of its jobs; NULL without */
    struct service_jobs job_rows;
    struct sim_job jobs[SIM_JOBS_MAX];
    struct sim_numbers numbers;
    struct sim_slot slots[SIM_INSTANCES];
    struct sim_outage away, database_away;
};

/* What may happen, and how often: per ten thousand calls. */
struct sim_weather {
    int64_t over_us; /* nothing bad from then on */
    unsigned crash, fail, lose, freeze;
};

/* Instead of weather: the at-th call has this fate, all others are fine. */
struct sim_plan {
    uint64_t at; /* from 1; 0 = none */
    enum sim_fate fate;
};

/* What is wrong with events for some time, or for good, in a thousand. */
struct sim_poison {
    unsigned healed; /* no handler can take them until the storm is over */
    unsigned deadly; /* nor after */
};

struct sim_house {
    struct sim sim;
    struct sim_bus bus;
    struct sim_stream stream;
    struct sim_air air;
    struct sim_poison poison;
    struct sim_mistakes mistakes;
    size_t n_dropped;
    struct uuid dropped[SIM_DROPPED_MAX]; /* events that a person has given up */
    struct sim_weather weather;
    struct sim_plan plan;
    uint64_t calls;
    size_t n_services;
    struct sim_service services[SIM_SERVICES_MAX];
    void (*client)(void *arg); /* the event of people who ask; settled only when none is to come */
    /** Whether nothing is left to be done, beyond sagas and events. NULL = there is nothing else.
     */
    bool (*done)(struct sim_house *house);
    size_t n_tried;
    struct sim_tried {
        struct uuid id;
        struct sim_service *service;
    } tried[SIM_SAGAS_MAX]; /* every saga anybody tried to insert */
    bool over;              /* nobody polls any more */
};

/** A quiet house: no weather, no plan, no clients. */
void sim_house_init(struct sim_house *house, uint64_t seed, const struct service *const services[],
                    size_t n);
void sim_house_fini(struct sim_house *house);
struct sim_service *sim_house_service(struct sim_house *house, const char *name);
/** Any of its instances; NULL when it does not serve now. */
struct sim_instance *sim_house_instance(struct sim_service *service);
/** A request by its row, as the skeleton serves it. in, out: of the operation. A process that dies
 * of it answers nothing: ST_TIMEOUT. */
enum status sim_house_serve(struct sim_instance *instance, const struct operation *op,
                            const struct call *call, const void *in, void *out);
/** Lets the world go on until every saga has ended, every client is done, and whatever else is to
 * be done. False: it did not. */
bool sim_house_settle(struct sim_house *house);
/** After that: every message ever sent arrives once more, those that undo first (the worst order),
 * and all that is still on the way. False: that changed something. */
bool sim_house_stragglers(struct sim_house *house);
/** The i-th saga tried; false when its transaction was rolled back. */
bool sim_house_saga(struct sim_house *house, size_t i, struct saga_record *out);
/** NULL, or what is wrong with any saga of any kind: not ended, data kept, no reason. */
const char *sim_house_check_sagas(struct sim_house *house);
/** How many instances have died. */
size_t sim_house_deaths(const struct sim_house *house);
/** A digest of all sagas' views and of the rows of all stores. */
uint64_t sim_house_state(struct sim_house *house);

#endif
