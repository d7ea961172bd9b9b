/* sim_events.c - see sim_events.h. */
#include "test/simulation/sim_events.h"

#include <stdio.h>
#include <string.h>

#include "test/simulation/sim_instance.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/event/memory/dead_letters_memory.h"
#include "tool/event/replay.h"
#include "tool/outbox/memory/outbox_memory.h"

enum {
    WAKE_US = 300,
    BUSY_US = 50000,
    GATHER_US = 20000,
    RESTART_US = 100000,
    RESUME_US = 5000000,
    PERSON_US = 2000000,
    CALL_MS = 2000,
    ROWS = 16, /* on their way at once: few, so that there are never enough */
};

/* ---- relays ---- */

static void take_turn(void *arg);

static void schedule(struct sim_slot *slot, int64_t delay_us)
{
    struct sim *sim = &slot->service->house->sim;

    slot->turn_us = sim->now_us + delay_us;
    sim_post(sim, delay_us, take_turn, slot);
}

/* Only the event that was scheduled last counts. */
static void take_turn(void *arg)
{
    struct sim_slot *slot = arg;
    struct sim_house *house = slot->service->house;
    struct sim_instance *instance;
    int64_t pause_ms;

    if (house->over || house->sim.now_us != slot->turn_us)
        return;
    if (!sim_house_serves(slot)) {
        schedule(slot,
                 slot->now->process.dead ? RESTART_US : slot->frozen_until_us - house->sim.now_us);
        return;
    }
    instance = slot->now;
    if (instance->relaying || house->sim.depth >= SIM_DEPTH_MAX) {
        schedule(slot, BUSY_US);
        return;
    }
    instance->relaying = true;
    slot->woken = false;
    pause_ms = relay_turn(instance->relay);
    instance->relaying = false;
    schedule(slot,
             slot->woken || slot->now != instance || pause_ms == 0 ? WAKE_US : pause_ms * 1000);
}

static void hurry(void *arg)
{
    struct sim_instance *instance = arg;
    struct sim_slot *slot = sim_house_slot(instance);

    if (!slot)
        return;
    slot->woken = true;
    if (!instance->relaying && slot->turn_us > slot->service->house->sim.now_us + WAKE_US)
        schedule(slot, WAKE_US);
}

void sim_events_said(void *arg)
{
    struct sim_instance *instance = arg;

    relay_wake(instance->relay);
    hurry(instance);
}

static void start_relay(struct sim_instance *instance)
{
    struct sim_service *service = instance->service;
    struct sim_house *house = service->house;

    snprintf(instance->source, sizeof(instance->source), "/hanok/%s", service->rows->name);
    instance->publisher = (struct sim_publisher){.process = &instance->process,
                                                 .stream = &house->stream,
                                                 .air = &house->air,
                                                 .source = instance->source,
                                                 .wake = hurry,
                                                 .arg = instance};
    sim_publisher_init(&instance->publisher);
    instance->lease = sim_lease_create(
        &instance->process, partition_lease_memory_create(service->db, &service->db_clock.base));
    instance->relay = relay_create(&(struct relay_config){
        .outbox = instance->run.outbox,
        .lease = instance->lease,
        .publisher = &instance->publisher.base,
        .clock = instance->run.clock,
        .entropy = instance->run.entropy,
        .rows = ROWS,
    });
}

/* ---- hearers ---- */

static void acknowledge(struct sim_instance *instance, struct sim_delivery *d,
                        const struct heard_event *heard)
{
    struct sim_house *house = instance->service->house;
    struct sim_process *process = &instance->process;
    enum sim_fate fate;
    bool ack;

    process->asks = true;
    fate = sim_enter(process, "ack");
    process->asks = false;
    /* On a new connection the number may be another message's: it is asked for again. */
    ack =
        heard->what != HEARD_FAILED && heard->what != HEARD_AWAY && d->epoch == house->stream.epoch;
    if (sim_goes(fate))
        sim_stream_settle(d, ack, heard->wait_ms * 1000);
    sim_leave(process, fate, HEARD_NAMES[heard->what], ST_OK);
}

static void handle(struct sim_instance *instance, struct sim_delivery *const ds[], size_t n)
{
    struct sim_house *house = instance->service->house;
    struct delivery deliveries[SIM_TOGETHER_MAX];
    const struct delivery *at[SIM_TOGETHER_MAX] = {NULL};
    struct heard_event heard[SIM_TOGETHER_MAX];

    for (size_t i = 0; i < n; i++) {
        sim_stream_read(ds[i], &deliveries[i]);
        at[i] = &deliveries[i];
        sim_note(&house->sim, instance->process.name, ds[i]->entry->subject, ST_OK);
        if (house->mistakes.acks_first)
            sim_stream_settle(ds[i], true, 0);
    }
    hearer_handle_all(instance->run.hearer, at, n, heard);
    for (size_t i = 0; i < n && !instance->process.dead && !house->mistakes.acks_first; i++)
        acknowledge(instance, ds[i], &heard[i]);
}

/* What came meanwhile, too. */
static void handle_gathered(void *arg)
{
    struct sim_instance *instance = arg;
    struct sim_slot *slot = sim_house_slot(instance);
    struct sim *sim = &instance->service->house->sim;
    struct sim_delivery *ds[SIM_TOGETHER_MAX];
    size_t n = instance->n_gathered;

    if (!slot || instance->process.dead || instance->service->house->over)
        return;
    if (sim->now_us < slot->frozen_until_us || sim->depth >= SIM_DEPTH_MAX) {
        sim_post(sim, BUSY_US, handle_gathered, instance);
        return;
    }
    memcpy(ds, instance->gathered, sizeof(ds));
    instance->n_gathered = 0;
    handle(instance, ds, n);
    for (size_t i = 0; i < n; i++)
        instance->hearing &= ~(UINT32_C(1) << ds[i]->consumer->partition);
}

/* It is with the instance, whose loop looks at it when it runs and the worker is free. */
static void is_taken(void *arg)
{
    struct sim_delivery *d = arg;
    struct sim_instance *instance = d->instance;
    struct sim_slot *slot = sim_house_slot(instance);
    struct sim *sim = &instance->service->house->sim;
    uint32_t bit = UINT32_C(1) << d->consumer->partition;

    if (!slot || instance->process.dead || instance->service->house->over)
        return;
    if (sim->now_us < slot->frozen_until_us) {
        sim_post(sim, slot->frozen_until_us - sim->now_us, is_taken, d);
    } else if (instance->hearing & bit || sim->depth >= SIM_DEPTH_MAX ||
               instance->n_gathered == SIM_TOGETHER_MAX) {
        sim_post(sim, BUSY_US, is_taken, d);
    } else {
        instance->hearing |= bit;
        instance->gathered[instance->n_gathered++] = d;
        if (instance->n_gathered == 1)
            sim_post(sim, (int64_t)sim_below(sim, GATHER_US), handle_gathered, instance);
    }
}

/* One of the instances that live has asked for it. */
static void deliver(void *arg)
{
    struct sim_delivery *d = arg;
    struct sim_service *service = d->consumer->service;
    size_t first = sim_below(&service->house->sim, SIM_INSTANCES);

    for (size_t i = 0; i < SIM_INSTANCES && !d->instance; i++) {
        struct sim_slot *slot = &service->slots[(first + i) % SIM_INSTANCES];
        if (sim_house_serves(slot) || !slot->now->process.dead)
            d->instance = slot->now;
    }
    if (d->instance)
        is_taken(d);
}

/* The job of one instance. */
static void resume(void *arg)
{
    struct sim_service *service = arg;
    struct sim_house *house = service->house;
    struct sim_instance *instance = sim_house_instance(service);
    unsigned done;

    if (house->over)
        return;
    sim_post(&house->sim, RESUME_US, resume, service);
    if (instance && house->sim.depth < SIM_DEPTH_MAX) {
        struct call call = {.clock = instance->run.clock,
                            .deadline_ms = clock_now_ms(instance->run.clock) + CALL_MS};
        hearer_resume(instance->run.hearer, &call, &done);
    }
}

static void start_hearer(struct sim_instance *instance)
{
    struct sim_service *service = instance->service;
    struct service_run *run = &instance->run;

    run->dead_letters = sim_letters_create(
        &instance->process, dead_letters_memory_create(service->db, &service->db_clock.base));
    run->hearer = hearer_create(&(struct hearer_config){
        .service = service->rows->name,
        .rows = service->rows->hears,
        .n = service->rows->n_hears,
        .self = instance->self,
        .transactor = run->transactor,
        .barrier = run->barrier,
        .dead_letters = run->dead_letters,
        .clock = run->clock,
    });
}

/* ---- a person ---- */

bool sim_events_is_poisoned(const struct sim_house *house, struct uuid id)
{
    unsigned dice = (id.b[15] << 8 | id.b[14]) % 1000;

    return dice < house->poison.deadly || (dice - house->poison.deadly < house->poison.healed &&
                                           house->sim.now_us < house->weather.over_us);
}

static void give_up(struct sim_instance *instance, const struct call *call, struct uuid id)
{
    struct sim_house *house = instance->service->house;
    unsigned done;
    enum status st = hearer_drop(instance->run.hearer, call, id, &done);

    if (st == ST_NOT_FOUND || st == ST_CONFLICT) /* else it is gone, or will be */
        return;
    ASSERT(house->n_dropped < SIM_DROPPED_MAX);
    house->dropped[house->n_dropped++] = id;
}

/* Tries again what is dead; once the storm is over, gives up what still cannot be handled. */
static void look_after(struct sim_service *service, struct sim_instance *instance)
{
    struct sim_house *house = service->house;
    struct call call = {.clock = instance->run.clock,
                        .deadline_ms = clock_now_ms(instance->run.clock) + CALL_MS};
    struct dead_letter_list list = {.dead_only = true};
    struct dead_letter *letter = MEM_NEW(struct dead_letter);
    unsigned done;
    size_t n = 0;
    enum status st;

    service->letters->ops->list(service->letters, &call, &list, 1, letter, &n);
    if (n > 0) {
        sim_note(&house->sim, "person", letter->type, ST_OK);
        st = hearer_replay(instance->run.hearer, &call, letter->id, &done);
        if (st == ST_UNPROCESSABLE && house->sim.now_us >= house->weather.over_us)
            give_up(instance, &call, letter->id);
    }
    free(letter);
}

static void person_comes(void *arg)
{
    struct sim_service *service = arg;
    struct sim_house *house = service->house;
    struct sim_instance *instance = sim_house_instance(service);

    if (house->over)
        return;
    sim_post(&house->sim, PERSON_US, person_comes, service);
    if (instance && house->sim.depth < SIM_DEPTH_MAX)
        look_after(service, instance);
}

/* ---- all of it ---- */

void sim_events_add(struct sim_service *service)
{
    struct sim_house *house = service->house;

    house->stream.deliver = deliver;
    for (size_t i = 0; i < SIM_INSTANCES && service->rows->says; i++)
        schedule(&service->slots[i], 1 + (int64_t)sim_below(&house->sim, 1000));
    if (service->rows->n_hears == 0)
        return;
    sim_stream_subscribe(&house->stream, service);
    sim_post(&house->sim, RESUME_US, resume, service);
    sim_post(&house->sim, PERSON_US, person_comes, service);
}

void sim_events_start(struct sim_instance *instance)
{
    const struct service *rows = instance->service->rows;

    if (rows->says)
        start_relay(instance);
    if (rows->n_hears > 0)
        start_hearer(instance);
}

void sim_events_stop(struct sim_instance *instance)
{
    sim_publisher_fini(&instance->publisher);
    relay_destroy(instance->relay);
    if (instance->lease)
        instance->lease->ops->destroy(instance->lease);
    hearer_destroy(instance->run.hearer);
    dead_letters_destroy(instance->run.dead_letters);
}

/* What was acknowledged may have been lost since, and nobody knows it yet. */
static bool has_all(struct sim_stream *stream, struct outbox *outbox)
{
    size_t n = outbox_memory_said(outbox, NULL, NULL, 0);
    struct outbox_row *rows = mem_alloc(n + 1, sizeof(*rows));
    bool all = true;

    outbox_memory_said(outbox, NULL, rows, n);
    for (size_t i = 0; i < n && all; i++)
        all = sim_stream_has(stream, rows[i].id);
    free(rows);
    return all;
}

static bool are_all_there(struct sim_house *house)
{
    for (size_t i = 0; i < house->n_services; i++)
        if (house->services[i].outbox && !has_all(&house->stream, house->services[i].outbox))
            return false;
    return true;
}

bool sim_events_done(struct sim_house *house)
{
    for (size_t i = 0; i < house->n_services; i++) {
        const struct sim_service *service = &house->services[i];
        struct outbox_lag lag = {0};
        struct dead_letter_census letters = {{0}, 0};
        if (service->outbox)
            service->outbox->ops->lag(service->outbox, NULL, &lag);
        if (service->letters)
            service->letters->ops->census(service->letters, NULL, &letters);
        if (lag.pending || letters.count[DEAD_LETTER_DEAD] || letters.count[DEAD_LETTER_PARKED])
            return false;
    }
    return sim_stream_is_read(&house->stream) && are_all_there(house);
}

/* In no order, and to whoever gets it. */
void sim_events_stragglers(struct sim_house *house)
{
    house->stream.over = true;
    for (const struct sim_delivery *d = house->stream.deliveries; d; d = d->older) {
        struct sim_instance *instance = sim_house_instance(d->consumer->service);
        struct delivery delivery;
        sim_stream_read(d, &delivery);
        if (instance)
            hearer_handle(instance->run.hearer, &delivery);
    }
}
