#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/core/waiting.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond;
static bool told;

static void *tell(void *arg)
{
    (void)arg;
    pthread_mutex_lock(&lock);
    told = true;
    pthread_cond_signal(&cond);
    pthread_mutex_unlock(&lock);
    return NULL;
}

static double seconds(struct timespec t)
{
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void an_instant_is_a_valid_one_at_any_distance(void **state)
{
    static const struct {
        int64_t timeout_ms;
        double at_least_s;
    } cases[] = {
        {0,              0        },
        {-5000,          0        },
        {INT64_MIN,      0        },
        {999,            0.999    },
        {1001,           1.001    },
        {3600 * 1000,    3600     },
        {INT64_MAX,      24 * 3600},
        {48LL * 3600000, 24 * 3600},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct timespec before = waiting_until(0), until = waiting_until(cases[i].timeout_ms);
        struct timespec after = waiting_until(0);

        assert_true(until.tv_nsec >= 0 && until.tv_nsec < 1000000000);
        assert_true(seconds(until) - seconds(before) > cases[i].at_least_s - 0.000001);
        assert_true(seconds(until) - seconds(after) < cases[i].at_least_s + 0.000001);
    }
}

static void it_ends_by_a_signal_or_when_time_is_over(void **state)
{
    struct timespec past = waiting_until(0), future = waiting_until(60000);
    pthread_t thread;

    (void)state;
    waiting_init(&cond);
    pthread_mutex_lock(&lock);
    while (waiting_on(&cond, &lock, &past)) {
    }
    assert_int_equal(pthread_create(&thread, NULL, tell, NULL), 0);
    while (!told)
        assert_true(waiting_on(&cond, &lock, &future));
    pthread_mutex_unlock(&lock);
    pthread_join(thread, NULL);
    pthread_cond_destroy(&cond);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_instant_is_a_valid_one_at_any_distance),
        cmocka_unit_test(it_ends_by_a_signal_or_when_time_is_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
