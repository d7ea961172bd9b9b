#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tool/metrics/by_status.h"

enum { THREADS = 4, ROUNDS = 1000, STATUSES = BY_STATUS_MAX + 10 };

static void *count_all(void *arg)
{
    for (int i = 0; i < ROUNDS; i++)
        for (int status = 200; status < 200 + STATUSES; status++)
            metrics_by_status_add(arg, status);
    return NULL;
}

static void every_status_is_counted_also_by_many_and_more_than_are_kept(void **state)
{
    struct metrics *metrics = metrics_create();
    struct metrics_by_status *all =
        metrics_by_status_create(metrics, "answers_total", "Answers.", "route=\"/a\"");
    pthread_t threads[THREADS];

    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count_all, all), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int status = 200; status < 200 + STATUSES; status++) {
        char labels[64];

        snprintf(labels, sizeof(labels), "route=\"/a\",status=\"%d\"", status);
        assert_int_equal(metric_value(metrics_counter(metrics, "answers_total", "", labels)),
                         THREADS * ROUNDS);
    }
    metrics_by_status_destroy(all);
    metrics_destroy(metrics);
}

static void without_labels_or_metrics_it_works_as_well(void **state)
{
    struct metrics *metrics = metrics_create();
    struct metrics_by_status *all =
        metrics_by_status_create(metrics, "answers_total", "Answers.", "");
    struct metrics_by_status *none =
        metrics_by_status_create(NULL, "answers_total", "Answers.", "");

    (void)state;
    metrics_by_status_add(all, 503);
    metrics_by_status_add(none, 503);
    assert_int_equal(metric_value(metrics_counter(metrics, "answers_total", "", "status=\"503\"")),
                     1);
    metrics_by_status_destroy(none);
    metrics_by_status_destroy(all);
    metrics_destroy(metrics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_is_counted_also_by_many_and_more_than_are_kept),
        cmocka_unit_test(without_labels_or_metrics_it_works_as_well),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
