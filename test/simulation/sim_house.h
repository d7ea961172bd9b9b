/* sim_house.h - auth and user with their databases, the real use cases and the real saga engine, in
 * a world where anything may break until the storm is over. */
#ifndef TEST_SIMULATION_SIM_HOUSE_H
#define TEST_SIMULATION_SIM_HOUSE_H

#include "test/simulation/sim_bus.h"
#include "test/support/user_writes.h"
#include "tool/memdb/memdb.h"
#include "tool/saga/saga_engine.h"
#include "usecase/auth/signup.h"

enum { SIM_INSTANCES = 2, SIM_CLIENTS_MAX = 8, SIM_SAGAS_MAX = 256 };

/* One life of an instance of auth. It is freed at the end of the run: its stack may outlive it. */
struct sim_auth {
    struct sim_process process;
    struct sim_clock clock;
    struct transactor *transactor;
    struct saga_store *store;
    struct saga_engine *engine;
    struct password_hasher *hasher;
    struct signup signup;
    bool polling;
    struct sim_auth *former;
};

struct sim_user {
    struct sim_process process;
    struct sim_clock clock;
    struct user_writes writes;
    struct sim_user *former;
};

/* Where an instance lives: one dies, the supervisor starts the next. */
struct sim_slot {
    struct sim_house *house;
    struct sim_auth *auth; /* one of the two */
    struct sim_user *user;
    int64_t restart_us;
    int64_t frozen_until_us;
};

/* Who signs up; with an idempotency key he tries again when he got no answer. */
struct sim_client {
    struct sim_house *house;
    struct signup_form form;
    char key[16]; /* "" = none */
    int tries;
    bool accepted, contradicted;
    struct signup_accepted answer;
};

/* What may happen, and how often: per ten thousand calls. */
struct sim_weather {
    int64_t over_us; /* nothing bad from then on */
    unsigned crash, fail, lose, freeze;
    int64_t auth_database_from_us, auth_database_until_us; /* away */
    int64_t user_from_us, user_until_us;
};

/* Instead of weather: the at-th call has this fate, all others are fine. */
struct sim_plan {
    uint64_t at; /* from 1; 0 = none */
    enum sim_fate fate;
};

struct sim_house {
    struct sim sim;
    struct sim_bus bus;
    struct sim_weather weather;
    struct sim_plan plan;
    uint64_t calls;
    struct memdb *auth_db, *user_db;
    struct sim_clock auth_db_clock, user_db_clock;
    struct saga_store *sagas; /* as an onlooker sees them */
    struct sim_slot auth[SIM_INSTANCES], user[SIM_INSTANCES];
    size_t n_clients;
    struct sim_client clients[SIM_CLIENTS_MAX];
    size_t n_tried;
    struct uuid tried[SIM_SAGAS_MAX]; /* every saga anybody tried to insert */
    bool over;                        /* nobody polls any more */
};

/** A quiet house: no weather, no plan, no clients. */
void sim_house_init(struct sim_house *house, uint64_t seed);
void sim_house_fini(struct sim_house *house);
/** Adds a client that signs up at at_us, as person `who` with the address `email`. */
struct sim_client *sim_house_client(struct sim_house *house, int64_t at_us, unsigned who,
                                    unsigned email, const char *key);
/** Lets the world go on until every saga has ended and every client is done. False: it did not. */
bool sim_house_settle(struct sim_house *house);
/** After that: every message ever sent arrives once more, cancellations first (the worst order),
 * and all that is still on the way. */
void sim_house_stragglers(struct sim_house *house);

/* sim_house_check.c */

/** NULL, or what is wrong: a saga that has not ended, or is half done, or was promised and is not
 * there; a profile or an account without its saga. */
const char *sim_house_check(struct sim_house *house);
/** A digest of all accounts, profiles and sagas. */
uint64_t sim_house_state(struct sim_house *house);

/* sim_client.c */

/** An event; arg: the client. */
void sim_client_tries(void *arg);

#endif
