/* sim_house.c - instances live, die and come back; the weather decides. */
#include "test/simulation/sim_house.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "test/simulation/sim_events.h"
#include "test/simulation/sim_instance.h"
#include "test/simulation/sim_jobs.h"
#include "tool/event/memory/dead_letters_memory.h"
#include "tool/outbox/memory/outbox_memory.h"
#include "tool/saga/memory/saga_store_memory.h"

enum { POLL_US = 200000, SECOND_US = 1000000 };
static const int64_t FREEZE_MAX_US = 40 * (int64_t)SECOND_US;
static const int64_t RESTART_MAX_US = 4 * (int64_t)SECOND_US;
/* An order may wait for five minutes, and a clock be five minutes ahead. */
static const int64_t SETTLE_US = 900 * (int64_t)SECOND_US;

static bool is_on(const struct sim_outage *outage, int64_t now_us)
{
    return now_us >= outage->from_us && now_us < outage->until_us;
}

struct sim_slot *sim_house_slot(struct sim_instance *instance)
{
    for (size_t i = 0; i < SIM_INSTANCES; i++)
        if (instance->service->slots[i].now == instance)
            return &instance->service->slots[i];
    return NULL;
}

/* The process stands still between two instructions while the world goes on. */
static void freeze(struct sim_house *house, struct sim_instance *instance)
{
    struct sim_slot *slot = sim_house_slot(instance);
    int64_t until_us = house->sim.now_us + (int64_t)sim_below(&house->sim, (uint64_t)FREEZE_MAX_US);

    if (!slot || instance->process.open > 0 || house->sim.depth >= SIM_DEPTH_MAX)
        return;
    sim_note(&house->sim, slot->name, "freezes", ST_OK);
    slot->frozen_until_us = until_us;
    while (sim_turn(&house->sim, until_us))
        ;
    sim_note(&house->sim, slot->name, "thaws", ST_OK);
}

static enum sim_fate weather_fate(struct sim_house *house, struct sim_instance *instance)
{
    const struct sim_weather *w = &house->weather;
    uint64_t dice;

    if (house->sim.now_us >= w->over_us)
        return SIM_FINE;
    if (!instance->process.asks && is_on(&instance->service->database_away, house->sim.now_us))
        return SIM_FAIL;
    dice = sim_below(&house->sim, 10000);
    if (dice < w->crash)
        return dice % 2 ? SIM_CRASH_BEFORE : SIM_CRASH_AFTER;
    if ((dice -= w->crash) < w->fail)
        return SIM_FAIL;
    if ((dice -= w->fail) < w->lose)
        return SIM_LOSE;
    if (dice - w->lose < w->freeze)
        freeze(house, instance);
    return instance->process.dead ? SIM_FAIL : SIM_FINE;
}

enum sim_fate sim_house_fate(void *arg, struct sim_process *process, const char *what)
{
    struct sim_instance *instance = arg;
    struct sim_house *house = instance->service->house;

    (void)process;
    (void)what;
    house->calls++;
    if (house->plan.at > 0)
        return house->calls == house->plan.at ? house->plan.fate : SIM_FINE;
    return weather_fate(house, instance);
}

void sim_house_tried(void *arg, struct uuid id)
{
    struct sim_instance *instance = arg;
    struct sim_house *house = instance->service->house;

    ASSERT(house->n_tried < SIM_SAGAS_MAX);
    house->tried[house->n_tried++] = (struct sim_tried){id, instance->service};
}

bool sim_house_serves(struct sim_slot *slot)
{
    struct sim_house *house = slot->service->house;
    struct sim *sim = &house->sim;
    bool dead = slot->now->process.dead;

    if (dead && slot->restart_us == 0)
        slot->restart_us = sim->now_us + 1000 + (int64_t)sim_below(sim, (uint64_t)RESTART_MAX_US);
    if (dead && sim->now_us < slot->restart_us && !house->over)
        return false;
    if (dead) {
        slot->restart_us = slot->frozen_until_us = 0;
        sim_instance_start(slot->service, slot);
    }
    return sim->now_us >= slot->frozen_until_us;
}

struct sim_instance *sim_house_instance(struct sim_service *service)
{
    struct sim_slot *slot = &service->slots[sim_below(&service->house->sim, SIM_INSTANCES)];

    return sim_house_serves(slot) ? slot->now : NULL;
}

static void poll(void *arg)
{
    struct sim_service *service = arg;
    struct sim_house *house = service->house;

    if (house->over)
        return;
    sim_post(&house->sim, POLL_US, poll, service);
    for (size_t i = 0; i < SIM_INSTANCES; i++)
        if (sim_house_serves(&service->slots[i]) && house->sim.depth < SIM_DEPTH_MAX)
            sim_instance_poll(service->slots[i].now);
}

/* The queue group: any instance may get it; one that stands still handles it when it goes on. */
static void deliver(void *arg, struct sim_message *message)
{
    struct sim_house *house = arg;
    struct sim_service *service = sim_house_service(house, message->op->subject);
    struct sim_slot *slot = &service->slots[sim_below(&house->sim, SIM_INSTANCES)];

    if (is_on(&service->away, house->sim.now_us))
        return;
    if (sim_house_serves(slot))
        sim_instance_handle(slot->now, message);
    else if (!slot->now->process.dead)
        sim_bus_send(&house->bus, message, slot->frozen_until_us - house->sim.now_us);
}

/* Now and then who asks is told so, else he waits in vain. */
static bool absent(void *arg, const struct operation *op)
{
    struct sim_house *house = arg;
    const struct sim_service *service = sim_house_service(house, op->subject);

    return is_on(&service->away, house->sim.now_us) && sim_chance(&house->sim, 500);
}

struct sim_service *sim_house_service(struct sim_house *house, const char *name)
{
    for (size_t i = 0; i < house->n_services; i++) {
        const char *own = house->services[i].rows->name;
        if (strncmp(own, name, strlen(own)) == 0 && strchr(".", name[strlen(own)]))
            return &house->services[i];
    }
    ASSERT(!"a service of that name is in the house");
    return NULL;
}

static void add(struct sim_house *house, const struct service *rows)
{
    struct sim_service *service = &house->services[house->n_services++];

    ASSERT(house->n_services <= SIM_SERVICES_MAX);
    service->house = house;
    service->rows = rows;
    service->db = memdb_create();
    sim_clock_init(&service->db_clock, &house->sim);
    if (rows->sagas)
        service->sagas = saga_store_memory_create(service->db, &service->db_clock.base);
    if (rows->says)
        service->outbox =
            outbox_memory_create(service->db, &service->db_clock.base, &house->sim.entropy);
    if (rows->n_hears > 0)
        service->letters = dead_letters_memory_create(service->db, &service->db_clock.base);
    for (size_t i = 0; i < SIM_INSTANCES; i++) {
        struct sim_slot *slot = &service->slots[i];
        slot->service = service;
        snprintf(slot->name, sizeof(slot->name), "%.12s%zu", rows->name, i);
        sim_instance_start(service, slot);
    }
    sim_events_add(service);
    sim_jobs_add(service);
    if (rows->sagas)
        sim_post(&house->sim, (int64_t)sim_below(&house->sim, POLL_US), poll, service);
}

void sim_house_init(struct sim_house *house, uint64_t seed, const struct service *const services[],
                    size_t n)
{
    memset(house, 0, sizeof(*house));
    sim_init(&house->sim, seed);
    sim_bus_init(&house->bus, &house->sim);
    sim_stream_init(&house->stream, &house->sim);
    house->bus.deliver = deliver;
    house->bus.absent = absent;
    house->bus.arg = house;
    for (size_t i = 0; i < n; i++)
        add(house, services[i]);
}

void sim_house_fini(struct sim_house *house)
{
    for (size_t i = 0; i < house->n_services; i++) {
        struct sim_service *service = &house->services[i];
        for (size_t j = 0; j < SIM_INSTANCES; j++) {
            struct sim_instance *instance = service->slots[j].now;
            for (struct sim_instance *former; instance; instance = former) {
                former = instance->former;
                sim_instance_free(instance);
            }
        }
        if (service->sagas)
            service->sagas->ops->destroy(service->sagas);
        outbox_destroy(service->outbox);
        dead_letters_destroy(service->letters);
        sim_jobs_remove(service);
        memdb_destroy(service->db);
    }
    sim_bus_fini(&house->bus);
    sim_stream_fini(&house->stream);
}

static bool settled(struct sim_house *house)
{
    if (house->sim.now_us < house->weather.over_us ||
        (house->client && sim_awaits(&house->sim, house->client)))
        return false;
    for (size_t i = 0; i < house->n_services; i++) {
        struct saga_store *sagas = house->services[i].sagas;
        struct saga_census census = {0};
        if (sagas)
            sagas->ops->census(sagas, NULL, &census);
        if (census.count[SAGA_STARTED] + census.count[SAGA_PROCESSING] +
                census.count[SAGA_COMPENSATING] + census.unknown >
            0)
            return false;
    }
    return (!house->done || house->done(house)) && sim_events_done(house);
}

bool sim_house_settle(struct sim_house *house)
{
    int64_t until_us = house->weather.over_us + SETTLE_US;

    while (!settled(house) && house->sim.now_us < until_us)
        sim_turn(&house->sim, until_us);
    return settled(house);
}

bool sim_house_stragglers(struct sim_house *house)
{
    uint64_t state = sim_house_state(house);
    size_t n = house->bus.n_messages;

    house->over = true;
    house->bus.over_us = 0;
    sim_events_stragglers(house);
    for (size_t i = 0; i < n; i++) {
        struct sim_message *message = house->bus.messages[i];
        struct sim_service *service = sim_house_service(house, message->op->subject);
        bool undoes = sim_instance_row(service->rows, message->op)->undoes != NULL;
        int64_t delay_us = (int64_t)sim_below(&house->sim, 60 * (uint64_t)SECOND_US);
        if (!message->reply)
            sim_bus_send(&house->bus, message, delay_us + (undoes ? 0 : 60 * SECOND_US));
    }
    while (house->sim.n_events > 0)
        sim_turn(&house->sim, INT64_MAX);
    return sim_house_state(house) == state;
}
