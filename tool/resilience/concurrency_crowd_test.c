/* concurrency_crowd_test.c - crowds of whom each asks again when it is answered, and services that
 * do together what waits together, in simulated time: how much gets done, and how long it takes. */
#include "tool/resilience/concurrency.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/core/sanitized_test.h"

enum {
    SECOND_US = 1000000,
    QUIET_PAUSE_US = 10000,
    ENOUGH = 64, /* clients who keep a service busy */
    CROWD = 640,
    CLIENTS_MAX = 2048,
    WORKERS_MAX = 16,
    TOGETHER_MAX = 32,
    TOOK_MAX = 1 << 20,
    /* As the gateway does it: of those that are refused in a second so many hear it at once, the
     * rest a second later. */
    AT_ONCE = 8,
};
enum { SEEDS = SANITIZED ? 1 : 3 };

/* Clients who wait for one and the same time, or for their turn. */
struct line {
    struct {
        int client;
        double due_us;
    } in[CLIENTS_MAX];
    unsigned first, n;
};

struct service {
    const char *name;
    int workers, together;    /* at most */
    double fixed_us, each_us; /* that a worker takes for what it takes together: mean */
    double stall_us;          /* three of a hundred take so much longer, for the machine is busy */
    unsigned calm;
    int quiet; /* clients who are few */
    double crowd_pause_us;
};

struct world {
    struct concurrency limit;
    const struct service *service;
    uint64_t seed;
    double now_us, slower; /* everything takes so many times as long, for a moment */
    int clients;
    double pause_us, begun_us[CLIENTS_MAX];
    struct line thinking, held, queue;
    struct {
        int batch[TOGETHER_MAX], n;
        double ends_us;
    } workers[WORKERS_MAX];
    int64_t second; /* in which so many were refused: */
    unsigned refused_in_second;
    /* since it was last looked at */
    size_t served, refused;
    unsigned most_limit;
    double *took_us;
};

static double random_of(struct world *w)
{
    uint64_t z = w->seed += 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

static void line_put(struct line *line, int client, double due_us)
{
    unsigned at = (line->first + line->n++) % CLIENTS_MAX;

    line->in[at].client = client;
    line->in[at].due_us = due_us;
}

static int line_take(struct line *line)
{
    int client = line->in[line->first].client;

    line->first = (line->first + 1) % CLIENTS_MAX;
    line->n--;
    return client;
}

/* Some have gone meanwhile. */
static void think(struct world *w, int client)
{
    if (client >= w->clients)
        return;
    line_put(&w->thinking, client, w->now_us + w->pause_us);
}

static void refuse(struct world *w, int client)
{
    int64_t second = (int64_t)w->now_us / SECOND_US;

    w->refused++;
    if (second != w->second)
        w->refused_in_second = 0;
    w->second = second;
    if (w->refused_in_second++ < AT_ONCE) {
        concurrency_tell(&w->limit, (int64_t)w->now_us, true);
        think(w, client);
    } else {
        line_put(&w->held, client, w->now_us + SECOND_US);
    }
}

static void begin_batches(struct world *w)
{
    const struct service *s = w->service;

    for (int i = 0; i < s->workers && w->queue.n > 0; i++) {
        double took_us;

        if (w->workers[i].n > 0)
            continue;
        while (w->workers[i].n < s->together && w->queue.n > 0)
            w->workers[i].batch[w->workers[i].n++] = line_take(&w->queue);
        took_us = (s->fixed_us + s->each_us * w->workers[i].n) * (0.5 + random_of(w)) * w->slower;
        if (random_of(w) < 0.03)
            took_us += s->stall_us;
        w->workers[i].ends_us = w->now_us + took_us;
    }
}

static void ask(struct world *w, int client)
{
    w->begun_us[client] = w->now_us;
    if (concurrency_enter(&w->limit, (int64_t)w->now_us))
        line_put(&w->queue, client, 0);
    else
        refuse(w, client);
}

static void end_batch(struct world *w, int i)
{
    int n = w->workers[i].n;

    w->workers[i].n = 0;
    for (int k = 0; k < n; k++) {
        int client = w->workers[i].batch[k];
        double took_us = w->now_us - w->begun_us[client];

        if (w->served < TOOK_MAX)
            w->took_us[w->served++] = took_us;
        concurrency_leave(&w->limit, (int64_t)w->now_us, (int64_t)took_us, CONCURRENCY_SERVED);
        think(w, client);
    }
}

static double due_us(const struct line *line)
{
    return line->n > 0 ? line->in[line->first].due_us : 1e18;
}

static void step(struct world *w)
{
    double next_us = due_us(&w->thinking);
    int ends = -1;

    if (due_us(&w->held) < next_us)
        next_us = due_us(&w->held);
    for (int i = 0; i < w->service->workers; i++)
        if (w->workers[i].n > 0 && w->workers[i].ends_us < next_us) {
            next_us = w->workers[i].ends_us;
            ends = i;
        }
    w->now_us = next_us;
    if (ends >= 0)
        end_batch(w, ends);
    else if (due_us(&w->thinking) <= next_us)
        ask(w, line_take(&w->thinking));
    else {
        concurrency_tell(&w->limit, (int64_t)w->now_us, false);
        think(w, line_take(&w->held));
    }
    begin_batches(w);
}

/* So many clients ask, for so long. */
static void run(struct world *w, int clients, double pause_us, double seconds)
{
    double until_us = w->now_us + seconds * SECOND_US;

    for (int i = w->clients; i < clients; i++)
        line_put(&w->thinking, i, w->now_us);
    w->clients = clients;
    w->pause_us = pause_us;
    w->served = w->refused = 0;
    w->most_limit = 0;
    while (w->now_us < until_us) {
        step(w);
        if (w->limit.limit > w->most_limit)
            w->most_limit = w->limit.limit;
    }
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double p99_us(struct world *w)
{
    qsort(w->took_us, w->served, sizeof(*w->took_us), compare);
    return w->took_us[w->served * 99 / 100];
}

static const struct service SERVICES[] = {
    {.name = "logins",
     .workers = 2,
     .together = 1,
     .fixed_us = 10000,
     .calm = 64,
     .quiet = 2,
     .crowd_pause_us = 374000},
    {.name = "logins on a busy machine",
     .workers = 2,
     .together = 1,
     .fixed_us = 10000,
     .stall_us = 30000,
     .calm = 64,
     .quiet = 2              },
    {.name = "reads",
     .workers = 4,
     .together = 32,
     .fixed_us = 300,
     .each_us = 160,
     .stall_us = 1500,
     .calm = 512,
     .quiet = 8},
    {.name = "reads on a busy machine",
     .workers = 4,
     .together = 32,
     .fixed_us = 400,
     .each_us = 300,
     .stall_us = 6000,
     .calm = 512,
     .quiet = 8},
    {.name = "reads one by one",
     .workers = 4,
     .together = 1,
     .fixed_us = 400,
     .stall_us = 1000,
     .calm = 256,
     .quiet = 4        },
};

static void world_init(struct world *w, uint64_t seed, const struct service *service)
{
    *w = (struct world){
        .limit = {.calm = service->calm, .max = 16384, .at_once = AT_ONCE},
        .service = service,
        .seed = seed,
        .now_us = SECOND_US,
        .slower = 1,
        .took_us = mem_alloc(TOOK_MAX, sizeof(double)),
    };
}

static void world_fini(struct world *w)
{
    free(w->took_us);
}

/* Where many are served together, three times what a few wait for may be less than those wait who
 * keep the service busy: then it is as long as they do. */
static void a_crowd_is_served_as_quickly_as_those_who_are_enough(void **state)
{
    static struct world w;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(SERVICES) * SEEDS; i++) {
        const struct service *s = &SERVICES[i / SEEDS];
        double most, quiet_us, enough_us, tolerated_us;

        world_init(&w, i, s);
        run(&w, s->quiet, QUIET_PAUSE_US, 3);
        quiet_us = p99_us(&w);
        run(&w, ENOUGH, 0, 2);
        assert_int_equal(w.refused, 0);
        enough_us = p99_us(&w);
        most = (double)w.served / 2;
        run(&w, CROWD, s->crowd_pause_us, 8);
        run(&w, CROWD, s->crowd_pause_us, 5);
        tolerated_us = s->together > 1 && enough_us > 3 * quiet_us ? enough_us : 3 * quiet_us;
        if ((double)w.served / 5 < 0.88 * most || p99_us(&w) > 1.1 * tolerated_us)
            fail_msg("%s: %.2f of %.0f/s, p99 %.0f us, quiet %.0f us, enough %.0f us, limit %u",
                     s->name, (double)w.served / 5 / most, most, p99_us(&w), quiet_us, enough_us,
                     w.limit.limit);
        world_fini(&w);
    }
}

/* As many as are promised, and each again as soon as it is answered: what the others were refused
 * for is over. */
static void those_who_are_left_of_a_crowd_are_let_in(void **state)
{
    static struct world w;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(SERVICES); i++) {
        world_init(&w, i, &SERVICES[i]);
        run(&w, SERVICES[i].quiet, QUIET_PAUSE_US, 3);
        run(&w, 2 * CROWD, 0, 5);
        assert_true(w.limit.tight);
        run(&w, (int)SERVICES[i].calm, 0, 5);
        run(&w, (int)SERVICES[i].calm, 0, 5);
        assert_int_equal(w.refused, 0);
        world_fini(&w);
    }
}

/* All of them are told in one moment, and nobody is there until they ask again. */
static void who_is_told_at_the_same_time_is_still_a_crowd(void **state)
{
    static struct world w;

    (void)state;
    world_init(&w, 1, &SERVICES[0]);
    run(&w, SERVICES[0].quiet, QUIET_PAUSE_US, 3);
    run(&w, CROWD, 0, 5);
    assert_true(w.limit.tight);
    for (int i = 0; i < 10; i++) {
        run(&w, CROWD, 300000, 1);
        assert_true(w.limit.tight);
        assert_in_range(w.most_limit, 2, 32);
    }
    world_fini(&w);
}

/* Somebody else has used the machine while it was quiet. */
static void a_slow_moment_is_forgotten_soon(void **state)
{
    static struct world w;
    double quiet_us;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(SERVICES); i++) {
        world_init(&w, i, &SERVICES[i]);
        run(&w, SERVICES[i].quiet, QUIET_PAUSE_US, 3);
        quiet_us = p99_us(&w);
        w.slower = 20;
        run(&w, SERVICES[i].quiet, QUIET_PAUSE_US, 2);
        w.slower = 1;
        run(&w, SERVICES[i].quiet, QUIET_PAUSE_US, 1);
        run(&w, CROWD, 0, 5);
        run(&w, CROWD, 0, 2);
        if (!w.limit.tight || p99_us(&w) > 6 * quiet_us)
            fail_msg("%s: p99 %.0f us, quiet %.0f us, limit %u", SERVICES[i].name, p99_us(&w),
                     quiet_us, w.limit.limit);
        world_fini(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crowd_is_served_as_quickly_as_those_who_are_enough),
        cmocka_unit_test(those_who_are_left_of_a_crowd_are_let_in),
        cmocka_unit_test(who_is_told_at_the_same_time_is_still_a_crowd),
        cmocka_unit_test(a_slow_moment_is_forgotten_soon),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
