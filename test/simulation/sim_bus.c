/* sim_bus.c - messages as events. */
#include "test/simulation/sim_bus.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"

enum { LATE_US = 300000000, QUICK_US = 100 };

void sim_bus_init(struct sim_bus *bus, struct sim *sim)
{
    memset(bus, 0, sizeof(*bus));
    bus->sim = sim;
}

void sim_bus_fini(struct sim_bus *bus)
{
    for (size_t i = 0; i < bus->n_messages; i++)
        free(bus->messages[i]);
}

static struct sim_message *new_message(struct sim_bus *bus, const struct sim_message *from)
{
    struct sim_message *message = MEM_NEW(struct sim_message);

    *message = *from;
    message->bus = bus;
    ASSERT(bus->n_messages < SIM_MESSAGES_MAX);
    bus->messages[bus->n_messages++] = message;
    return message;
}

static void arrive(void *arg)
{
    struct sim_message *message = arg;

    message->bus->deliver(message->bus->arg, message);
}

void sim_bus_send(struct sim_bus *bus, struct sim_message *message, int64_t delay_us)
{
    sim_post(bus->sim, delay_us, arrive, message);
}

/* Puts what is sent, or answered, on the way: not at all, once or twice, now or much later. */
static void carry(struct sim_bus *bus, void (*fn)(void *arg), struct sim_message *message)
{
    unsigned copies = 1;

    if (bus->sim->now_us >= bus->over_us) {
        sim_post(bus->sim, QUICK_US, fn, message);
        return;
    }
    if (sim_chance(bus->sim, bus->drop))
        copies--;
    if (sim_chance(bus->sim, bus->twice))
        copies++;
    for (; copies > 0; copies--) {
        bool late = sim_chance(bus->sim, bus->late);
        int64_t most_us = late ? LATE_US : bus->delay_us;
        sim_post(bus->sim, QUICK_US + (int64_t)sim_below(bus->sim, (uint64_t)most_us), fn, message);
    }
}

static void reply_arrives(void *arg)
{
    const struct sim_message *message = arg;
    struct sim_bus *bus = message->bus;

    for (size_t i = 0; i < SIM_WAITERS_MAX; i++) {
        struct sim_waiter *waiter = &bus->waiters[i];
        if (waiter->request == message->request && !waiter->answered) {
            waiter->answered = true;
            waiter->reply = message->reply;
        }
    }
}

void sim_bus_answer(struct sim_bus *bus, struct sim_message *message, enum status st,
                    const char *code)
{
    struct sim_message *reply;

    if (bus->sim->now_us < bus->mute_until_us)
        return;
    reply = new_message(bus, message);
    reply->reply.st = st;
    snprintf(reply->reply.code, sizeof(reply->reply.code), "%s", code);
    carry(bus, reply_arrives, reply);
}

static struct sim_waiter *new_waiter(struct sim_bus *bus)
{
    for (size_t i = 0; i < SIM_WAITERS_MAX; i++) {
        if (bus->waiters[i].request == 0) {
            bus->waiters[i] = (struct sim_waiter){.request = ++bus->requests};
            return &bus->waiters[i];
        }
    }
    ASSERT(!"a waiter is free");
    return NULL;
}

struct sim_registry {
    struct profile_registry base;
    struct sim_process *process;
    struct sim_bus *bus;
    const struct sim_clock *clock;
};

static enum status ask(struct sim_registry *self, const struct call *call,
                       const struct sim_message *message)
{
    struct sim_bus *bus = self->bus;
    int64_t until_us = bus->sim->now_us + sim_clock_true_us(self->clock, call_left_ms(call));
    struct sim_waiter *waiter = new_waiter(bus);
    struct sim_message *sent = new_message(bus, message);
    enum status st = ST_TIMEOUT;

    ASSERT(self->process->open == 0); /* nobody waits for another service inside a transaction */
    sent->request = waiter->request;
    carry(bus, arrive, sent);
    while (!waiter->answered && !self->process->dead && sim_turn(bus->sim, until_us))
        ;
    if (waiter->answered) {
        st = waiter->reply.st;
        if (st != ST_OK)
            call_fail(call, st, waiter->reply.code, "no");
    }
    waiter->request = 0;
    return st;
}

static enum status registry_register(struct profile_registry *base, const struct call *call,
                                     const struct profile_registration *registration)
{
    struct sim_registry *self = container_of(base, struct sim_registry, base);
    struct sim_message message = {.body = *registration};

    SIM_THROUGH(self->process, "user.registry", ask(self, call, &message));
}

static enum status registry_cancel(struct profile_registry *base, const struct call *call,
                                   const struct profile_cancellation *cancellation)
{
    struct sim_registry *self = container_of(base, struct sim_registry, base);
    struct sim_message message = {
        .cancel = true,
        .body = {.saga_id = cancellation->saga_id, .user_id = cancellation->user_id}
    };

    SIM_THROUGH(self->process, "user.registry.cancel", ask(self, call, &message));
}

static void registry_destroy(struct profile_registry *base)
{
    free(container_of(base, struct sim_registry, base));
}

static const struct profile_registry_ops REGISTRY_OPS = {
    .register_profile = registry_register,
    .cancel_profile = registry_cancel,
    .destroy = registry_destroy,
};

struct profile_registry *sim_registry_create(struct sim_process *process, struct sim_bus *bus,
                                             const struct sim_clock *clock)
{
    struct sim_registry *self = MEM_NEW(struct sim_registry);

    *self = (struct sim_registry){{&REGISTRY_OPS}, process, bus, clock};
    return &self->base;
}
