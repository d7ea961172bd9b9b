/* calls.c - see calls.h. */
#include "test/support/calls.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "tool/core/mem.h"

enum { CALL_TIMEOUT_MS = 60000 };

static int64_t now_ms(const struct clock *base)
{
    (void)base;
    return clock_now_ms(&CLOCK_SYSTEM);
}

static int64_t wall_us(const struct clock *base)
{
    return clock_wall_us(&CLOCK_SYSTEM) +
           container_of(base, const struct test_clock, base)->ahead_us;
}

struct test_clock test_clock(void)
{
    return (struct test_clock){
        .base = {now_ms, wall_us}
    };
}

struct call test_call(void)
{
    return (struct call){.clock = &CLOCK_SYSTEM,
                         .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + CALL_TIMEOUT_MS};
}

struct uuid test_uuid(void)
{
    return uuid_v7(&CLOCK_SYSTEM, &ENTROPY_SYSTEM);
}

char *test_name(const char *prefix, char *buf, size_t size)
{
    static atomic_int last;

    snprintf(buf, size, "%s%d", prefix, ++last);
    return buf;
}

void test_assert_status(enum status want, enum status got, const char *file, int line)
{
    if (got == want)
        return;
    print_error("wanted %s, got %s\n", status_name(want), status_name(got));
    _fail(file, line);
}

struct racer {
    pthread_t thread;
    pthread_barrier_t *line;
    void (*fn)(void *arg, int i);
    void *arg;
    int i;
};

static void *run_racer(void *arg)
{
    struct racer *racer = arg;

    pthread_barrier_wait(racer->line);
    racer->fn(racer->arg, racer->i);
    return NULL;
}

void test_race(int n, void (*fn)(void *arg, int i), void *arg)
{
    struct racer racers[TEST_RACERS_MAX];
    pthread_barrier_t line;

    assert_in_range(n, 1, TEST_RACERS_MAX);
    pthread_barrier_init(&line, NULL, (unsigned)n);
    for (int i = 0; i < n; i++) {
        racers[i] = (struct racer){.line = &line, .fn = fn, .arg = arg, .i = i};
        pthread_create(&racers[i].thread, NULL, run_racer, &racers[i]);
    }
    for (int i = 0; i < n; i++)
        pthread_join(racers[i].thread, NULL);
    pthread_barrier_destroy(&line);
}
