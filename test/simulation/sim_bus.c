/* sim_bus.c - messages as events; stands in for tool/proxy. */
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
    for (size_t i = 0; i < bus->n_messages; i++) {
        free(bus->messages[i]->reply);
        free(bus->messages[i]);
    }
}

static struct sim_message *new_message(struct sim_bus *bus, const struct operation *op,
                                       uint64_t request)
{
    struct sim_message *message = MEM_NEW(struct sim_message);

    message->bus = bus;
    message->op = op;
    message->request = request;
    ASSERT(bus->n_messages < SIM_MESSAGES_MAX);
    bus->messages[bus->n_messages++] = message;
    return message;
}

static void write_json(const struct descriptor *d, const void *value, char json[SIM_JSON_MAX + 1])
{
    struct json_out o;

    json_out_init(&o, json, SIM_JSON_MAX + 1);
    encode(d, value, &o);
    ASSERT(!o.overflow);
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
        if (waiter->request == message->request && !waiter->reply)
            waiter->reply = message->reply;
    }
}

void sim_bus_answer(struct sim_bus *bus, struct sim_message *message, enum status st,
                    const char *code, const void *out)
{
    struct sim_message *answer;

    if (bus->sim->now_us < bus->mute_until_us)
        return;
    answer = new_message(bus, message->op, message->request);
    answer->reply = MEM_NEW(struct sim_reply);
    answer->reply->st = st;
    snprintf(answer->reply->code, sizeof(answer->reply->code), "%s", code);
    if (st == ST_OK)
        write_json(message->op->reply, out, answer->reply->json);
    carry(bus, reply_arrives, answer);
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

/* A process's own; what tool/proxy keeps in there it does not need. */
struct proxy {
    struct remote base;
    struct sim_process *process;
    struct sim_bus *bus;
    const struct sim_clock *clock;
    const struct operation *const *calls;
    size_t n_calls;
};

static enum status read_reply(const struct sim_reply *from, const struct call *call,
                              const struct operation *op, void *reply)
{
    struct problem problem = {0};

    if (from->st == ST_PENDING)
        return ST_PENDING;
    if (from->st != ST_OK)
        return call_fail(call, from->st, from->code, "no");
    if (op->reply && reply)
        ASSERT(decode_lenient(op->reply, from->json, strlen(from->json), reply, &problem) == ST_OK);
    return ST_OK;
}

static enum status ask(struct proxy *proxy, const struct call *call, const struct operation *op,
                       const void *request, void *reply)
{
    struct sim_bus *bus = proxy->bus;
    int64_t until_us = bus->sim->now_us + sim_clock_true_us(proxy->clock, call_left_ms(call));
    struct sim_waiter *waiter = new_waiter(bus);
    struct sim_message *sent = new_message(bus, op, waiter->request);
    const struct sim_reply *answer;

    ASSERT(proxy->process->open == 0); /* nobody waits for another service inside a transaction */
    write_json(op->request, request, sent->json);
    carry(bus, arrive, sent);
    while (!waiter->reply && !proxy->process->dead && sim_turn(bus->sim, until_us))
        ;
    answer = waiter->reply;
    waiter->request = 0;
    return answer ? read_reply(answer, call, op, reply) : ST_TIMEOUT;
}

static bool is_declared(const struct proxy *proxy, const struct operation *op)
{
    for (size_t i = 0; i < proxy->n_calls; i++)
        if (proxy->calls[i] == op)
            return true;
    return false;
}

enum status proxy_ask(struct proxy *proxy, const struct call *call, const struct operation *op,
                      const void *request, void *reply, bool *asked)
{
    struct sim_process *process = proxy->process;
    enum sim_fate fate;

    ASSERT(is_declared(proxy, op));
    process->asks = true;
    fate = sim_enter(process, op->subject);
    process->asks = false;
    *asked = sim_goes(fate) && !(proxy->bus->absent && proxy->bus->absent(proxy->bus->arg, op));
    if (!*asked)
        return ST_UNAVAILABLE;
    return sim_leave(process, fate, op->subject, ask(proxy, call, op, request, reply));
}

enum status proxy_call(struct proxy *proxy, const struct call *call, const struct operation *op,
                       const void *request, void *reply)
{
    bool asked;

    return proxy_ask(proxy, call, op, request, reply, &asked);
}

static enum status remote_proxy_ask(struct remote *base, const struct call *call,
                                    const struct operation *op, const void *in, void *out,
                                    bool *asked)
{
    return proxy_ask(container_of(base, struct proxy, base), call, op, in, out, asked);
}

static const struct remote_ops REMOTE_OPS = {.ask = remote_proxy_ask};

struct remote *proxy_remote(struct proxy *proxy)
{
    return &proxy->base;
}

struct proxy *sim_proxy_create(struct sim_process *process, struct sim_bus *bus,
                               const struct sim_clock *clock, const struct operation *const *calls,
                               size_t n_calls)
{
    struct proxy *proxy = MEM_NEW(struct proxy);

    *proxy = (struct proxy){{&REMOTE_OPS}, process, bus, clock, calls, n_calls};
    return proxy;
}

void sim_proxy_destroy(struct proxy *proxy)
{
    free(proxy);
}
