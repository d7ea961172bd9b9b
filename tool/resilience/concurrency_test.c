/* concurrency_test.c - servers in simulated time, asked for what they can do and ten times as much:
 * how much they get done, and how long it takes. */
#include "tool/resilience/concurrency.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/core/sanitized_test.h"

enum { SECOND_US = 1000000, SERVERS_MAX = 64, SEEDS = SANITIZED ? 1 : 3 };

/* Who asks comes at random, whatever becomes of those before; who is served takes its turn. */
struct world {
    struct concurrency limit;
    uint64_t seed;
    int servers;
    double service_us; /* mean */
    double free_us[SERVERS_MAX];
    struct {
        double begun_us, ends_us;
    } * under_way; /* a heap: the one that ends first is the first */
    size_t n;
    double now_us;
    /* since it was last looked at */
    int64_t served, refused;
    double *took_us;
    size_t took_size;
};

static double random_of(struct world *w)
{
    uint64_t z = w->seed += 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

/* Between events that know nothing of one another: exponential, as von Neumann drew it without a
 * logarithm. */
static double spread(struct world *w, double mean)
{
    for (int whole = 0;; whole++) {
        double first = random_of(w), last = first, next;
        int run = 1;

        for (; (next = random_of(w)) < last; last = next)
            run++;
        if (run % 2)
            return mean * (whole + first);
    }
}

static void swap(struct world *w, size_t i, size_t k)
{
    double begun_us = w->under_way[i].begun_us, ends_us = w->under_way[i].ends_us;

    w->under_way[i] = w->under_way[k];
    w->under_way[k].begun_us = begun_us;
    w->under_way[k].ends_us = ends_us;
}

static void push(struct world *w, double ends_us)
{
    size_t i = w->n++;

    w->under_way[i].begun_us = w->now_us;
    w->under_way[i].ends_us = ends_us;
    for (; i > 0 && w->under_way[i].ends_us < w->under_way[(i - 1) / 2].ends_us; i = (i - 1) / 2)
        swap(w, i, (i - 1) / 2);
}

static void pop(struct world *w)
{
    size_t i = 0, least;

    swap(w, 0, --w->n);
    for (;;) {
        least = i;
        for (size_t k = 2 * i + 1; k <= 2 * i + 2 && k < w->n; k++)
            if (w->under_way[k].ends_us < w->under_way[least].ends_us)
                least = k;
        if (least == i)
            return;
        swap(w, i, least);
        i = least;
    }
}

static void end_first(struct world *w)
{
    double took_us = w->under_way[0].ends_us - w->under_way[0].begun_us;

    w->now_us = w->under_way[0].ends_us;
    pop(w);
    if ((size_t)w->served == w->took_size) {
        w->took_size = w->took_size ? 2 * w->took_size : 1024;
        w->took_us = realloc(w->took_us, w->took_size * sizeof(*w->took_us));
        assert_non_null(w->took_us);
    }
    w->took_us[w->served++] = took_us;
    concurrency_leave(&w->limit, (int64_t)w->now_us, (int64_t)took_us, CONCURRENCY_SERVED);
}

static void arrive(struct world *w)
{
    double *server = &w->free_us[0], begins_us;

    if (!concurrency_enter(&w->limit, (int64_t)w->now_us)) {
        concurrency_tell(&w->limit, (int64_t)w->now_us, true);
        w->refused++;
        return;
    }
    for (int i = 1; i < w->servers; i++)
        if (w->free_us[i] < *server)
            server = &w->free_us[i];
    begins_us = *server > w->now_us ? *server : w->now_us;
    *server = begins_us + w->service_us * (0.5 + spread(w, 0.5));
    push(w, *server);
}

static double capacity(const struct world *w)
{
    return w->servers / w->service_us * SECOND_US;
}

static void forget(struct world *w)
{
    w->served = w->refused = 0;
}

/* So many times what the servers can do. */
static void run(struct world *w, double load, double seconds)
{
    double until_us = w->now_us + seconds * SECOND_US, next_us = w->now_us;

    forget(w);
    for (;;) {
        if (w->n > 0 && w->under_way[0].ends_us < next_us) {
            end_first(w);
            continue;
        }
        w->now_us = next_us;
        if (w->now_us >= until_us)
            return;
        arrive(w);
        next_us += spread(w, SECOND_US / (load * capacity(w)));
    }
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double p99_us(struct world *w)
{
    qsort(w->took_us, (size_t)w->served, sizeof(*w->took_us), compare);
    return w->took_us[w->served * 99 / 100];
}

static void world_init(struct world *w, uint64_t seed, int servers, double service_us)
{
    *w = (struct world){
        .limit = {.calm = 256, .max = 16384},
        .seed = seed,
        .servers = servers,
        .service_us = service_us,
        .now_us = SECOND_US
    };
    w->under_way = mem_alloc(16384, sizeof(*w->under_way));
}

static void world_fini(struct world *w)
{
    free(w->under_way);
    free(w->took_us);
}

static const struct {
    int servers;
    double service_us;
    unsigned calm;
} KINDS[] = {
    {2,  20000, 64 }, /* hashes */
    {4,  500,   256}, /* reads */
    {16, 5000,  256},
    {64, 3000,  256},
    {1,  1000,  32 },
};

static void check(struct world *w, double seconds, double quiet_us)
{
    double most = capacity(w) * seconds;

    if ((double)w->served < 0.9 * most || p99_us(w) > 3 * quiet_us)
        fail_msg("%d servers, %.0f us: %.0f %% done, p99 %.0f us, %.0f us when it is quiet, "
                 "limit %u",
                 w->servers, w->service_us, (double)w->served * 100 / most, p99_us(w), quiet_us,
                 w->limit.limit);
}

static void at_ten_times_the_load_as_much_is_done_nearly_as_quickly(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(KINDS) * SEEDS; i++) {
        struct world w;
        double quiet_us;

        world_init(&w, i, KINDS[i / SEEDS].servers, KINDS[i / SEEDS].service_us);
        w.limit.calm = KINDS[i / SEEDS].calm;
        run(&w, 0.3, 3);
        quiet_us = p99_us(&w);
        assert_int_equal(w.refused, 0);
        run(&w, 10, 8); /* what was let in before it was known drains */
        assert_true(w.limit.tight);
        assert_in_range((int)w.limit.exact, w.servers, 12 * w.servers);
        run(&w, 10, 5);
        check(&w, 5, quiet_us);
        run(&w, 0.5, 5);
        run(&w, 0.5, 1);
        assert_int_equal(w.refused, 0); /* and it is forgotten when it is over */
        assert_int_equal(w.limit.limit, w.limit.max);
        world_fini(&w);
    }
}

static void it_follows_servers_that_get_slower_and_quicker(void **state)
{
    static const double factors[] = {3, 1.0 / 3};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(factors) * SEEDS; i++) {
        struct world w;
        double quiet_us;

        world_init(&w, i, 4, 3000);
        run(&w, 0.3, 3);
        quiet_us = p99_us(&w) * factors[i / SEEDS];
        run(&w, 10, 4);
        w.service_us *= factors[i / SEEDS];
        run(&w, 10, 10);
        run(&w, 10, 5);
        check(&w, 5, quiet_us);
        world_fini(&w);
    }
}

/* Fewer than are promised are let in again as soon as the many are gone. */
static void those_who_are_few_need_not_wait_for_the_end(void **state)
{
    struct world w;

    (void)state;
    world_init(&w, 1, 4, 500);
    run(&w, 0.3, 3);
    run(&w, 10, 3);
    assert_true(w.limit.tight);
    while (w.n > 0)
        end_first(&w);
    w.now_us += SECOND_US * 2;
    forget(&w);
    for (int i = 0; i < 256; i++)
        arrive(&w);
    assert_int_equal(w.refused, 0);
    world_fini(&w);
}

/* Without a quiet time before, what is tolerated is twice of what came first. */
static void it_need_not_have_seen_quiet_times(void **state)
{
    (void)state;
    for (size_t i = 0; i < SEEDS; i++) {
        struct world w;
        double quiet_us;

        world_init(&w, i, 4, 3000);
        run(&w, 0.3, 3);
        quiet_us = p99_us(&w);
        world_fini(&w);
        world_init(&w, i, 4, 3000);
        run(&w, 10, 6);
        run(&w, 10, 5);
        check(&w, 5, 2 * quiet_us);
        world_fini(&w);
    }
}

/* ---- whom it lets in ---- */

static void those_who_are_few_are_never_refused(void **state)
{
    struct world w;

    (void)state;
    world_init(&w, 1, 2, 20000);
    run(&w, 0.3, 3);
    forget(&w);
    /* As many as are promised, each asking again as soon as it has its answer. */
    for (int i = 0; i < 256; i++)
        arrive(&w);
    for (int i = 0; i < 5000; i++) {
        end_first(&w);
        arrive(&w);
    }
    assert_int_equal(w.refused, 0);
    world_fini(&w);
}

static void a_crowd_that_comes_once_is_let_in_and_forgotten(void **state)
{
    struct world w;

    (void)state;
    world_init(&w, 1, 4, 500);
    run(&w, 0.3, 3);
    forget(&w);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 5000; i++)
            arrive(&w);
        while (w.n > 0)
            end_first(&w);
    }
    assert_int_equal(w.refused, 0);
    world_fini(&w);
}

/* The other side says nothing at all: that is no latency. */
static void silence_refuses_nobody(void **state)
{
    struct concurrency c = {.calm = 256, .max = 12000};
    int64_t now_us = 1;

    (void)state;
    for (int i = 0; i < 100; i++, now_us += 10000) {
        assert_true(concurrency_enter(&c, now_us));
        concurrency_leave(&c, now_us + 1000, 1000, CONCURRENCY_SERVED);
    }
    for (int i = 0; i < 12000; i++)
        assert_true(concurrency_enter(&c, now_us += 1000));
    assert_false(concurrency_enter(&c, now_us)); /* but that is the most */
    for (int i = 0; i < 12000; i++) {
        now_us += 1000;
        concurrency_leave(&c, now_us, 5000000, CONCURRENCY_SILENT);
        assert_true(concurrency_enter(&c, now_us));
    }
    assert_int_equal(c.in_flight, 12000);
    assert_false(c.tight);
}

/* Nothing is late, for the other side turns away what it has no room for, or some get no answer. */
static void those_who_are_turned_away_tell_as_much(void **state)
{
    static const enum concurrency_end ends[] = {CONCURRENCY_TURNED_AWAY, CONCURRENCY_SILENT};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        struct concurrency c = {.calm = 10, .max = 1000};
        int64_t now_us = 1;

        for (int k = 0; k < 100; k++) {
            now_us += 10000;
            assert_true(concurrency_enter(&c, now_us));
            concurrency_leave(&c, now_us + 1000, 1000, CONCURRENCY_SERVED);
        }
        for (int k = 0; k < 500 && !c.tight; k++) {
            now_us += 5000;
            assert_true(concurrency_enter(&c, now_us) && concurrency_enter(&c, now_us));
            concurrency_leave(&c, now_us, 1000, CONCURRENCY_SERVED);
            if (k > 20)
                concurrency_leave(&c, now_us, 1000, ends[i]);
        }
        assert_true(c.tight);
        assert_in_range(c.limit, 2, 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_ten_times_the_load_as_much_is_done_nearly_as_quickly),
        cmocka_unit_test(it_follows_servers_that_get_slower_and_quicker),
        cmocka_unit_test(those_who_are_few_need_not_wait_for_the_end),
        cmocka_unit_test(it_need_not_have_seen_quiet_times),
        cmocka_unit_test(those_who_are_few_are_never_refused),
        cmocka_unit_test(a_crowd_that_comes_once_is_let_in_and_forgotten),
        cmocka_unit_test(silence_refuses_nobody),
        cmocka_unit_test(those_who_are_turned_away_tell_as_much),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
