/* bucket_test.c - token buckets against a plain model, by a clock of our own. */
#include "tool/resilience/bucket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static const struct bucket_rate SLOW = {.quota = 60, .window_s = 60, .burst = 5};

static void it_gives_what_is_in_it_then_what_comes(void **state)
{
    struct bucket_table *table = bucket_table_create(64);
    struct bucket_level level;

    (void)state;
    for (int left = 4; left >= 0; left--) {
        assert_true(bucket_take(table, 1, &SLOW, 1000, &level));
        assert_int_equal(level.left, left);
        assert_int_equal(level.full_ms, (5 - left) * 1000);
    }
    assert_int_equal(level.wait_ms, 1000);
    assert_false(bucket_take(table, 1, &SLOW, 1600, &level));
    assert_int_equal(level.wait_ms, 400);
    assert_true(bucket_take(table, 2, &SLOW, 1600, NULL)); /* another's */
    assert_true(bucket_take(table, 1, &SLOW, 2000, &level));
    assert_false(bucket_take(table, 1, &SLOW, 2000, &level));
    assert_true(bucket_take(table, 1, &SLOW, 100000, &level)); /* full, not fuller */
    assert_int_equal(level.left, 4);
    bucket_table_destroy(table);
    bucket_table_destroy(NULL);
}

static void another_rate_finds_the_level_as_it_was(void **state)
{
    static const struct bucket_rate gold = {.quota = 600, .window_s = 60, .burst = 50};
    struct bucket_table *table = bucket_table_create(64);
    struct bucket_level level;

    (void)state;
    for (int i = 0; i < 5; i++)
        bucket_take(table, 1, &SLOW, 0, NULL);
    assert_false(bucket_take(table, 1, &gold, 0, &level)); /* nothing is given for a change */
    assert_int_equal(level.wait_ms, 100);
    assert_true(bucket_take(table, 1, &gold, 1000, &level));
    assert_int_equal(level.left, 9);
    assert_true(bucket_take(table, 1, &SLOW, 1000, &level)); /* less room: the rest is gone */
    assert_int_equal(level.left, 4);
    bucket_table_destroy(table);
}

static void what_comes_seldom_comes_whoever_asks_how_often(void **state)
{
    static const struct bucket_rate daily = {.quota = 1, .window_s = 86400, .burst = 1};
    struct bucket_table *table = bucket_table_create(64);
    int64_t now_ms = 0;

    (void)state;
    assert_true(bucket_take(table, 1, &daily, now_ms, NULL));
    while (!bucket_take(table, 1, &daily, now_ms, NULL))
        now_ms += 17;
    assert_in_range(now_ms, 86400 * 1000 - 1000, 86400 * 1000 + 1000);
    bucket_table_destroy(table);
}

/* ---- as a property ---- */

static uint64_t random_of(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

enum { KEYS = 100, STEPS = 50000 };

/* In units of which a token is window_ms and a millisecond brings quota: whole numbers only. */
struct model {
    int64_t units, at_ms;
    bool known;
};

static bool model_take(struct model *m, const struct bucket_rate *rate, int64_t now_ms, int *left)
{
    int64_t token = (int64_t)rate->window_s * 1000, most = token * rate->burst;
    bool taken;

    m->units = m->known ? m->units + (now_ms - m->at_ms) * rate->quota : most;
    m->units = m->units < most ? m->units : most;
    m->at_ms = now_ms;
    m->known = true;
    taken = m->units >= token;
    m->units -= taken ? token : 0;
    *left = (int)(m->units / token);
    return taken;
}

/* Rates whose tokens take a whole number of milliseconds, of a power of two: nothing is rounded. */
static void where_there_is_room_it_is_the_model(void **state)
{
    static const struct bucket_rate rates[] = {
        {.quota = 125, .window_s = 1,  .burst = 3  },
        {.quota = 125, .window_s = 16, .burst = 40 },
        {.quota = 125, .window_s = 32, .burst = 500},
    };

    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        const struct bucket_rate *rate = &rates[seed % ARRAY_LEN(rates)];
        struct bucket_table *table = bucket_table_create(4096);
        struct model models[KEYS] = {0};
        uint64_t s = seed;
        int64_t now_ms = (int64_t)(random_of(&s) % 1000000);

        for (int i = 0; i < STEPS; i++) {
            size_t k = random_of(&s) % KEYS;
            struct bucket_level level;
            int left;
            bool want;

            now_ms += (int64_t)(random_of(&s) % 4);
            want = model_take(&models[k], rate, now_ms, &left);
            assert_int_equal(bucket_take(table, k * 0x9e3779b97f4a7c15, rate, now_ms, &level),
                             want);
            assert_int_equal(level.left, left);
            assert_true((level.wait_ms == 0) == (level.left > 0));
        }
        bucket_table_destroy(table);
    }
}

/* However many keys come: all of them together get no more than so many buckets hold and give. */
static void a_flood_of_keys_gets_no_more_than_the_table_has(void **state)
{
    enum { SLOTS = 16, MS = 20000 };
    struct bucket_table *table = bucket_table_create(SLOTS);
    uint64_t s = 7;
    int64_t taken = 0;

    (void)state;
    for (int64_t now_ms = 0; now_ms < MS; now_ms++)
        for (int i = 0; i < 20; i++)
            taken += bucket_take(table, random_of(&s), &SLOW, now_ms, NULL);
    assert_in_range(taken, SLOTS * (SLOW.burst + MS / 1000 - 1),
                    SLOTS * (SLOW.burst + MS / 1000 + 1));
    bucket_table_destroy(table);
}

/* One that has used his up is not forgotten for others who come. */
static void who_has_nothing_left_is_remembered_before_others(void **state)
{
    enum { SLOTS = 64 };
    struct bucket_table *table = bucket_table_create(SLOTS);
    uint64_t s = 7;

    (void)state;
    while (bucket_take(table, 42, &SLOW, 0, NULL)) {
    }
    for (int64_t now_ms = 0; now_ms < 900; now_ms++) {
        bucket_take(table, random_of(&s), &SLOW, now_ms, NULL);
        assert_false(bucket_take(table, 42, &SLOW, now_ms, NULL));
    }
    bucket_table_destroy(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_gives_what_is_in_it_then_what_comes),
        cmocka_unit_test(another_rate_finds_the_level_as_it_was),
        cmocka_unit_test(what_comes_seldom_comes_whoever_asks_how_often),
        cmocka_unit_test(where_there_is_room_it_is_the_model),
        cmocka_unit_test(a_flood_of_keys_gets_no_more_than_the_table_has),
        cmocka_unit_test(who_has_nothing_left_is_remembered_before_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
