/* sim_instance.c - see sim_instance.h. */
#include "test/simulation/sim_instance.h"
#include "test/simulation/sim_events.h"
#include "test/simulation/sim_sweep.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/once/memory/barrier_memory.h"
#include "tool/outbox/memory/outbox_memory.h"
#include "tool/saga/memory/saga_store_memory.h"
#include "tool/service/write.h"
#include "tool/store/memory/store_memory.h"

enum { CALL_MS = 2000 };

static struct store **store_of(const struct sim_instance *instance, const struct service_store *row)
{
    return (struct store **)(void *)((char *)instance->self + row->self);
}

static void start_database(struct sim_instance *instance)
{
    struct sim_service *service = instance->service;
    const struct service *rows = service->rows;
    const struct clock *db_clock = &service->db_clock.base;
    struct sim_process *process = &instance->process;

    instance->run.transactor = sim_transactor_create(process, memdb_transactor_create(service->db));
    instance->run.barrier =
        sim_barrier_create(process, barrier_memory_create(service->db, db_clock));
    if (rows->says)
        instance->run.outbox = sim_outbox_create(
            process, outbox_memory_create(service->db, db_clock, instance->run.entropy),
            &service->numbers);
    for (size_t i = 0; i < rows->n_stores; i++) {
        const struct service_store *row = &rows->stores[i];
        *store_of(instance, row) = sim_store_create(process, row->table->name,
                                                    store_memory_create(service->db, row->table));
    }
    if (!rows->sagas)
        return;
    instance->store =
        sim_saga_store_create(process, saga_store_memory_create(service->db, db_clock));
    instance->run.sagas = saga_engine_create(&(struct saga_engine_config){
        .transactor = instance->run.transactor,
        .store = instance->store,
        .clock = instance->run.clock,
        .entropy = instance->run.entropy,
    });
}

void sim_instance_start(struct sim_service *service, struct sim_slot *slot)
{
    struct sim_house *house = service->house;
    struct sim_instance *instance = MEM_NEW(struct sim_instance);
    const struct service *rows = service->rows;

    instance->service = service;
    instance->self = mem_alloc(1, rows->size);
    instance->process = (struct sim_process){.sim = &house->sim,
                                             .mistakes = &house->mistakes,
                                             .name = slot->name,
                                             .fate = sim_house_fate,
                                             .arg = instance,
                                             .saga = sim_house_tried,
                                             .said = sim_events_said};
    sim_clock_init(&instance->clock, &house->sim);
    instance->run.clock = &instance->clock.base;
    instance->run.entropy = &house->sim.entropy;
    instance->run.proxy = sim_proxy_create(&instance->process, &house->bus, &instance->clock,
                                           rows->calls, rows->n_calls);
    instance->run.remote = proxy_remote(instance->run.proxy);
    start_database(instance);
    sim_sweeps_create(instance);
    sim_events_start(instance);
    ASSERT(rows->start(instance->self, &instance->run) == ST_OK);
    instance->former = slot->now;
    slot->now = instance;
}

void sim_instance_free(struct sim_instance *instance)
{
    const struct service *rows = instance->service->rows;
    struct service_run *run = &instance->run;

    sim_events_stop(instance);
    saga_engine_destroy(run->sagas);
    if (rows->stop)
        rows->stop(instance->self);
    sim_sweeps_destroy(instance);
    for (size_t i = 0; i < rows->n_stores; i++)
        store_destroy(*store_of(instance, &rows->stores[i]));
    if (instance->store)
        instance->store->ops->destroy(instance->store);
    outbox_destroy(run->outbox);
    run->barrier->ops->destroy(run->barrier);
    run->transactor->ops->destroy(run->transactor);
    sim_proxy_destroy(run->proxy);
    free(instance->self);
    free(instance);
}

static const struct endpoint *find_row(const struct service *rows, const struct operation *op)
{
    for (size_t i = 0; op && i < rows->n_endpoints; i++)
        if (rows->endpoints[i].op == op)
            return &rows->endpoints[i];
    return NULL;
}

const struct endpoint *sim_instance_row(const struct service *rows, const struct operation *op)
{
    const struct endpoint *row = find_row(rows, op);

    ASSERT(row);
    return row;
}

enum status sim_house_serve(struct sim_instance *instance, const struct operation *op,
                            const struct call *call, const void *in, void *out)
{
    const struct service *rows = instance->service->rows;
    const struct endpoint *row = sim_instance_row(rows, op);
    void *self = (char *)instance->self + row->self;
    struct write write = {row, find_row(rows, row->undoes), self, instance->run.transactor,
                          instance->run.barrier};
    struct question question = {.call = call, .in = in, .out = out};
    enum status st;

    if (row->together)
        row->together(self, &question, 1);
    st = row->together ? question.st
         : row->change ? write_run(&write, call, in, out)
                       : row->run(self, call, in, out);
    return instance->process.dead ? ST_TIMEOUT : st;
}

void sim_instance_handle(struct sim_instance *instance, struct sim_message *message)
{
    const struct operation *op = message->op;
    struct problem problem = {0};
    struct call call = {.clock = &instance->clock.base,
                        .deadline_ms = clock_now_ms(&instance->clock.base) + CALL_MS,
                        .problem = &problem};
    void *in = mem_alloc(1, op->request->size), *out = mem_alloc(1, op->reply->size);
    enum status st =
        decode_lenient(op->request, message->json, strlen(message->json), in, &problem);

    ASSERT(st == ST_OK);
    st = sim_house_serve(instance, op, &call, in, out);
    if (!instance->process.dead)
        sim_bus_answer(&instance->service->house->bus, message, st, problem.code, out);
    free(in);
    free(out);
}

void sim_instance_poll(struct sim_instance *instance)
{
    struct call call = {.clock = &instance->clock.base,
                        .deadline_ms = clock_now_ms(&instance->clock.base) + CALL_MS};

    if (instance->polling)
        return;
    instance->polling = true;
    saga_engine_poll(instance->run.sagas, &call);
    instance->polling = false;
}
