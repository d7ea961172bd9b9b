/* sim_house.c - instances live, die and come back; the weather decides. */
#include "test/simulation/sim_house.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/once/memory/barrier_memory.h"
#include "tool/saga/memory/saga_store_memory.h"
#include "tool/store/memory/store_memory.h"

enum { POLL_US = 200000, DEPTH_MAX = 5, SECOND_US = 1000000 };
static const int64_t FREEZE_MAX_US = 40 * (int64_t)SECOND_US;
static const int64_t RESTART_MAX_US = 4 * (int64_t)SECOND_US;
static const int64_t SETTLE_US = 600 * (int64_t)SECOND_US;

static struct sim_slot *slot_of(struct sim_house *house, const struct sim_process *process)
{
    for (size_t i = 0; i < SIM_INSTANCES; i++) {
        if (process == &house->auth[i].auth->process)
            return &house->auth[i];
        if (process == &house->user[i].user->process)
            return &house->user[i];
    }
    return NULL; /* of a former life */
}

/* The process stands still between two instructions while the world goes on. */
static void freeze(struct sim_house *house, struct sim_process *process)
{
    struct sim_slot *slot = slot_of(house, process);
    int64_t until_us = house->sim.now_us + (int64_t)sim_below(&house->sim, (uint64_t)FREEZE_MAX_US);

    if (!slot || process->open > 0 || house->sim.depth >= DEPTH_MAX)
        return;
    sim_note(&house->sim, process->name, "freezes", ST_OK);
    slot->frozen_until_us = until_us;
    while (sim_turn(&house->sim, until_us))
        ;
    sim_note(&house->sim, process->name, "thaws", ST_OK);
}

static enum sim_fate weather_fate(struct sim_house *house, struct sim_process *process,
                                  const char *what)
{
    const struct sim_weather *w = &house->weather;
    int64_t now_us = house->sim.now_us;
    uint64_t dice;

    if (now_us >= w->over_us)
        return SIM_FINE;
    if (process->name[0] == 'a' && strncmp(what, "user.", 5) != 0 &&
        now_us >= w->auth_database_from_us && now_us < w->auth_database_until_us)
        return SIM_FAIL;
    dice = sim_below(&house->sim, 10000);
    if (dice < w->crash)
        return dice % 2 ? SIM_CRASH_BEFORE : SIM_CRASH_AFTER;
    if ((dice -= w->crash) < w->fail)
        return SIM_FAIL;
    if ((dice -= w->fail) < w->lose)
        return SIM_LOSE;
    if (dice - w->lose < w->freeze)
        freeze(house, process);
    return process->dead ? SIM_FAIL : SIM_FINE;
}

static enum sim_fate fate(void *arg, struct sim_process *process, const char *what)
{
    struct sim_house *house = arg;

    house->calls++;
    if (house->plan.at > 0)
        return house->calls == house->plan.at ? house->plan.fate : SIM_FINE;
    return weather_fate(house, process, what);
}

static void saga_tried(void *arg, struct uuid id)
{
    struct sim_house *house = arg;

    ASSERT(house->n_tried < SIM_SAGAS_MAX);
    house->tried[house->n_tried++] = id;
}

static void start_auth(struct sim_slot *slot)
{
    struct sim_house *house = slot->house;
    struct sim_auth *auth = MEM_NEW(struct sim_auth);

    auth->process = (struct sim_process){.sim = &house->sim,
                                         .name = slot == house->auth ? "auth0" : "auth1",
                                         .fate = fate,
                                         .arg = house,
                                         .saga = saga_tried};
    sim_clock_init(&auth->clock, &house->sim);
    auth->transactor =
        sim_transactor_create(&auth->process, memdb_transactor_create(house->auth_db));
    auth->store = sim_saga_store_create(
        &auth->process, saga_store_memory_create(house->auth_db, &house->auth_db_clock.base));
    auth->engine = saga_engine_create(&(struct saga_engine_config){
        .transactor = auth->transactor,
        .store = auth->store,
        .clock = &auth->clock.base,
        .entropy = &house->sim.entropy,
    });
    auth->hasher = fake_hasher_create();
    auth->signup = (struct signup){
        .accounts = sim_store_create(&auth->process, "account",
                                     store_memory_create(house->auth_db, &ACCOUNT_TABLE)),
        .profiles = sim_registry_create(&auth->process, &house->bus, &auth->clock),
        .barrier = sim_barrier_create(
            &auth->process, barrier_memory_create(house->auth_db, &house->auth_db_clock.base)),
        .sagas = auth->engine,
        .hasher = auth->hasher,
        .clock = &auth->clock.base,
        .entropy = &house->sim.entropy,
    };
    saga_engine_add(auth->engine, &SIGNUP_SAGA, &auth->signup);
    auth->former = slot->auth;
    slot->auth = auth;
}

static void free_auth(struct sim_auth *auth)
{
    saga_engine_destroy(auth->engine);
    store_destroy(auth->signup.accounts);
    auth->signup.profiles->ops->destroy(auth->signup.profiles);
    auth->signup.barrier->ops->destroy(auth->signup.barrier);
    auth->hasher->ops->destroy(auth->hasher);
    auth->store->ops->destroy(auth->store);
    auth->transactor->ops->destroy(auth->transactor);
    free(auth);
}

static void start_user(struct sim_slot *slot)
{
    struct sim_house *house = slot->house;
    struct sim_user *user = MEM_NEW(struct sim_user);

    user->process = (struct sim_process){.sim = &house->sim,
                                         .name = slot == house->user ? "user0" : "user1",
                                         .fate = fate,
                                         .arg = house};
    sim_clock_init(&user->clock, &house->sim);
    user->writes = (struct user_writes){
        .registration = {sim_store_create(&user->process, "profile",
                                          store_memory_create(house->user_db, &PROFILE_TABLE))},
        .barrier = sim_barrier_create(
            &user->process, barrier_memory_create(house->user_db, &house->user_db_clock.base)),
        .transactor =
            sim_transactor_create(&user->process, memdb_transactor_create(house->user_db)),
    };
    user->former = slot->user;
    slot->user = user;
}

static void free_user(struct sim_user *user)
{
    store_destroy(user->writes.registration.profiles);
    user->writes.barrier->ops->destroy(user->writes.barrier);
    user->writes.transactor->ops->destroy(user->writes.transactor);
    free(user);
}

/* The supervisor: whether the slot has a living, running process now. */
static bool serves(struct sim_slot *slot)
{
    struct sim *sim = &slot->house->sim;
    bool dead = slot->auth ? slot->auth->process.dead : slot->user->process.dead;

    if (dead && slot->restart_us == 0)
        slot->restart_us = sim->now_us + 1000 + (int64_t)sim_below(sim, (uint64_t)RESTART_MAX_US);
    if (dead && sim->now_us < slot->restart_us && !slot->house->over)
        return false;
    if (dead) {
        slot->restart_us = slot->frozen_until_us = 0;
        if (slot->auth)
            start_auth(slot);
        else
            start_user(slot);
    }
    return sim->now_us >= slot->frozen_until_us;
}

static void poll(void *arg)
{
    struct sim_slot *slot = arg;
    struct sim_house *house = slot->house;

    if (house->over)
        return;
    sim_post(&house->sim, POLL_US, poll, slot);
    if (serves(slot) && !slot->auth->polling && house->sim.depth < DEPTH_MAX) {
        struct sim_auth *auth = slot->auth;
        struct call call = {.clock = &auth->clock.base,
                            .deadline_ms = clock_now_ms(&auth->clock.base) + 2000};
        auth->polling = true;
        saga_engine_poll(auth->engine, &call);
        auth->polling = false;
    }
}

static void handle(struct sim_house *house, struct sim_user *user, struct sim_message *message)
{
    struct problem problem = {0};
    struct call call = {.clock = &user->clock.base,
                        .deadline_ms = clock_now_ms(&user->clock.base) + 2000,
                        .problem = &problem};
    struct registry_outcome outcome = {0};
    struct profile_cancellation cancellation = {message->body.saga_id, message->body.user_id};
    enum status st =
        message->cancel
            ? user_write(&user->writes, &USER_REGISTRY_CANCEL, &call, &cancellation, &outcome)
            : user_write(&user->writes, &USER_REGISTRY, &call, &message->body, &outcome);

    if (!user->process.dead)
        sim_bus_answer(&house->bus, message, st, problem.code);
}

/* The queue group: any instance may get it; one that stands still handles it when it goes on. */
static void deliver(void *arg, struct sim_message *message)
{
    struct sim_house *house = arg;
    const struct sim_weather *w = &house->weather;
    struct sim_slot *slot = &house->user[sim_below(&house->sim, SIM_INSTANCES)];
    int64_t now_us = house->sim.now_us;

    if (now_us >= w->user_from_us && now_us < w->user_until_us)
        return;
    if (serves(slot))
        handle(house, slot->user, message);
    else if (!slot->user->process.dead)
        sim_bus_send(&house->bus, message, slot->frozen_until_us - now_us);
}

void sim_house_init(struct sim_house *house, uint64_t seed)
{
    memset(house, 0, sizeof(*house));
    sim_init(&house->sim, seed);
    sim_bus_init(&house->bus, &house->sim);
    house->bus.deliver = deliver;
    house->bus.arg = house;
    house->auth_db = memdb_create();
    house->user_db = memdb_create();
    sim_clock_init(&house->auth_db_clock, &house->sim);
    sim_clock_init(&house->user_db_clock, &house->sim);
    house->sagas = saga_store_memory_create(house->auth_db, &house->auth_db_clock.base);
    for (size_t i = 0; i < SIM_INSTANCES; i++) {
        house->auth[i].house = house->user[i].house = house;
        start_auth(&house->auth[i]);
        start_user(&house->user[i]);
        sim_post(&house->sim, (int64_t)sim_below(&house->sim, POLL_US), poll, &house->auth[i]);
    }
}

void sim_house_fini(struct sim_house *house)
{
    for (size_t i = 0; i < SIM_INSTANCES; i++) {
        for (struct sim_auth *auth = house->auth[i].auth, *former; auth; auth = former) {
            former = auth->former;
            free_auth(auth);
        }
        for (struct sim_user *user = house->user[i].user, *former; user; user = former) {
            former = user->former;
            free_user(user);
        }
    }
    house->sagas->ops->destroy(house->sagas);
    memdb_destroy(house->auth_db);
    memdb_destroy(house->user_db);
    sim_bus_fini(&house->bus);
}

static bool settled(struct sim_house *house)
{
    struct saga_census census;

    if (house->sim.now_us < house->weather.over_us || sim_awaits(&house->sim, sim_client_tries))
        return false;
    house->sagas->ops->census(house->sagas, NULL, &census);
    return census.count[SAGA_STARTED] + census.count[SAGA_PROCESSING] +
               census.count[SAGA_COMPENSATING] ==
           0;
}

bool sim_house_settle(struct sim_house *house)
{
    int64_t until_us = house->weather.over_us + SETTLE_US;

    while (!settled(house) && house->sim.now_us < until_us)
        sim_turn(&house->sim, until_us);
    return settled(house);
}

void sim_house_stragglers(struct sim_house *house)
{
    size_t n = house->bus.n_messages;

    house->over = true;
    house->bus.over_us = 0;
    for (size_t i = 0; i < n; i++) {
        struct sim_message *message = house->bus.messages[i];
        int64_t delay_us = (int64_t)sim_below(&house->sim, 60 * (uint64_t)SECOND_US);
        sim_bus_send(&house->bus, message, delay_us + (message->cancel ? 0 : 60 * SECOND_US));
    }
    while (house->sim.n_events > 0)
        sim_turn(&house->sim, INT64_MAX);
}
