/* sim.c - time, chance, events. */
#include "test/simulation/sim.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"

/* Any plausible date. */
static const int64_t EPOCH_US = 1767225600000000;

/* SplitMix64: every seed, also 0, 1, 2 ..., begins a sequence of its own. */
uint64_t sim_random(struct sim *sim)
{
    uint64_t z = sim->random += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint64_t sim_below(struct sim *sim, uint64_t n)
{
    return sim_random(sim) % n;
}

bool sim_chance(struct sim *sim, unsigned per_mille)
{
    return sim_below(sim, 1000) < per_mille;
}

static void fill(const struct entropy *self, void *buf, size_t len)
{
    struct sim *sim = container_of(self, struct sim, entropy);
    uint8_t *at = buf;

    for (; len > 0; len -= len < 8 ? len : 8, at += 8) {
        uint64_t random = sim_random(sim);
        memcpy(at, &random, len < 8 ? len : 8);
    }
}

void sim_init(struct sim *sim, uint64_t seed)
{
    memset(sim, 0, sizeof(*sim));
    sim->random = seed;
    sim->digest = 0xcbf29ce484222325u;
    sim->entropy.fill = fill;
}

void sim_post(struct sim *sim, int64_t delay_us, void (*fn)(void *arg), void *arg)
{
    ASSERT(sim->n_events < SIM_EVENTS_MAX);
    sim->events[sim->n_events++] =
        (struct sim_event){sim->now_us + delay_us, sim->order++, fn, arg};
}

static size_t first_event(const struct sim *sim)
{
    size_t first = 0;

    for (size_t i = 1; i < sim->n_events; i++) {
        const struct sim_event *a = &sim->events[i], *b = &sim->events[first];
        if (a->due_us < b->due_us || (a->due_us == b->due_us && a->order < b->order))
            first = i;
    }
    return first;
}

bool sim_turn(struct sim *sim, int64_t until_us)
{
    size_t i = first_event(sim);
    struct sim_event event;

    if (sim->n_events == 0 || sim->events[i].due_us > until_us) {
        if (sim->now_us < until_us)
            sim->now_us = until_us;
        return false;
    }
    event = sim->events[i];
    sim->events[i] = sim->events[--sim->n_events];
    if (sim->now_us < event.due_us)
        sim->now_us = event.due_us;
    sim->depth++;
    event.fn(event.arg);
    sim->depth--;
    return true;
}

bool sim_awaits(const struct sim *sim, void (*fn)(void *arg))
{
    for (size_t i = 0; i < sim->n_events; i++)
        if (sim->events[i].fn == fn)
            return true;
    return false;
}

static void digest_text(struct sim *sim, const char *text)
{
    for (; *text; text++)
        sim->digest = (sim->digest ^ (uint8_t)*text) * 0x100000001b3u;
}

void sim_note(struct sim *sim, const char *who, const char *what, enum status st)
{
    digest_text(sim, who);
    digest_text(sim, what);
    sim->digest = (sim->digest ^ (uint64_t)st ^ (uint64_t)sim->now_us << 8) * 0x100000001b3u;
    if (sim->trace)
        printf("# %12.6f %*s%-6s %-24s %s\n", (double)sim->now_us / 1e6, (int)sim->depth * 2, "",
               who, what, status_name(st));
}

static int64_t own_us(const struct sim_clock *clock)
{
    int64_t now_us = clock->sim->now_us;

    return now_us + now_us / 1000000 * clock->drift_ppm +
           now_us % 1000000 * clock->drift_ppm / 1000000 + clock->offset_us;
}

static int64_t now_ms(const struct clock *base)
{
    return own_us(container_of(base, struct sim_clock, base)) / 1000;
}

static int64_t wall_us(const struct clock *base)
{
    const struct sim_clock *clock = container_of(base, struct sim_clock, base);

    return EPOCH_US + own_us(clock) + clock->set_us;
}

/* Up to five per cent wrong, and five minutes: worse than any machine worth keeping. */
void sim_clock_init(struct sim_clock *clock, struct sim *sim)
{
    *clock = (struct sim_clock){
        .base = {now_ms, wall_us},
        .sim = sim,
        .offset_us = (int64_t)sim_below(sim, 300000000),
        .drift_ppm = (int)sim_below(sim, 100001) - 50000,
    };
}

int64_t sim_clock_true_us(const struct sim_clock *clock, int64_t ms)
{
    return ms * 1000 * 1000000 / (1000000 + clock->drift_ppm);
}
