#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/metrics/metrics.h"

static struct metrics *all;

static int set_up(void **state)
{
    (void)state;
    all = metrics_create();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    metrics_destroy(all);
    return 0;
}

static void assert_text(const char *want)
{
    size_t len;
    char *text = metrics_text(all, &len);

    assert_string_equal(text, want);
    assert_int_equal(len, strlen(want));
    free(text);
}

static void an_empty_registry_has_an_empty_text(void **state)
{
    (void)state;
    assert_text("");
}

static void names_are_explained_once_and_grouped(void **state)
{
    (void)state;
    metric_add(metrics_counter(all, "a_total", "Things.\\ And\nmore.", "x=\"1\""), 2);
    metric_set(metrics_gauge(all, "b", "Level.", ""), -3);
    metric_add(metrics_counter(all, "a_total", "Things.", "x=\"2\""), 1);
    assert_text("# HELP a_total Things.\\\\ And\\nmore.\n"
                "# TYPE a_total counter\n"
                "a_total{x=\"1\"} 2\n"
                "a_total{x=\"2\"} 1\n"
                "# HELP b Level.\n"
                "# TYPE b gauge\n"
                "b -3\n");
}

static void the_same_name_and_labels_are_the_same_handle(void **state)
{
    struct metric *first = metrics_counter(all, "a", "A.", "x=\"1\"");

    (void)state;
    assert_ptr_equal(metrics_counter(all, "a", "A.", "x=\"1\""), first);
    assert_ptr_not_equal(metrics_counter(all, "a", "A.", "x=\"2\""), first);
}

static void without_a_registry_nothing_is_counted(void **state)
{
    struct metric *none = metrics_counter(NULL, "a", "A.", "");

    (void)state;
    assert_null(none);
    metric_add(none, 1);
    metric_set(none, 1);
    metric_observe_us(none, 1);
    assert_int_equal(metric_value(none), 0);
}

static void histogram_buckets_count_upwards(void **state)
{
    struct metric *m = metrics_histogram(all, "h_seconds", "H.", "s=\"x\"");
    char *text;
    size_t len;

    (void)state;
    metric_observe_us(m, 0);
    metric_observe_us(m, 500);
    metric_observe_us(m, 501);
    metric_observe_us(m, 99000000);
    assert_int_equal(metric_value(m), 4);
    text = metrics_text(all, &len);
    assert_non_null(strstr(text, "h_seconds_bucket{s=\"x\",le=\"0.0005\"} 2\n"));
    assert_non_null(strstr(text, "h_seconds_bucket{s=\"x\",le=\"0.001\"} 3\n"));
    assert_non_null(strstr(text, "h_seconds_bucket{s=\"x\",le=\"10\"} 3\n"));
    assert_non_null(strstr(text, "h_seconds_bucket{s=\"x\",le=\"+Inf\"} 4\n"));
    assert_non_null(strstr(text, "h_seconds_sum{s=\"x\"} 99.001001\n"));
    assert_non_null(strstr(text, "h_seconds_count{s=\"x\"} 4\n"));
    free(text);
}

static void labels_are_escaped_and_left_out_when_too_long(void **state)
{
    char labels[32] = "";

    (void)state;
    metrics_label(labels, sizeof(labels), "a", "x\"\\\n");
    assert_string_equal(labels, "a=\"x\\\"\\\\\\n\"");
    metrics_label(labels, sizeof(labels), "b", "y");
    assert_string_equal(labels, "a=\"x\\\"\\\\\\n\",b=\"y\"");
    metrics_label(labels, sizeof(labels), "c", "much longer than there is room");
    assert_string_equal(labels, "a=\"x\\\"\\\\\\n\",b=\"y\"");
}

static void set_depth(void *arg)
{
    metric_set(metrics_gauge(arg, "depth", "D.", ""), 7);
}

static void collectors_may_make_what_they_set(void **state)
{
    (void)state;
    metrics_add_collector(all, set_depth, all);
    assert_text("# HELP depth D.\n# TYPE depth gauge\ndepth 7\n");
}

enum { THREADS = 4, ROUNDS = 5000 };

static void *add_many(void *arg)
{
    for (int i = 0; i < ROUNDS; i++) {
        metric_add(metrics_counter(arg, "n_total", "N.", ""), 1);
        metric_observe_us(metrics_histogram(arg, "h", "H.", ""), i);
    }
    return NULL;
}

static void no_update_is_lost_between_threads(void **state)
{
    pthread_t threads[THREADS];
    size_t len;

    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, add_many, all), 0);
    free(metrics_text(all, &len));
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(metric_value(metrics_counter(all, "n_total", "N.", "")), THREADS * ROUNDS);
    assert_int_equal(metric_value(metrics_histogram(all, "h", "H.", "")), THREADS * ROUNDS);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_empty_registry_has_an_empty_text),
        TEST(names_are_explained_once_and_grouped),
        TEST(the_same_name_and_labels_are_the_same_handle),
        TEST(without_a_registry_nothing_is_counted),
        TEST(histogram_buckets_count_upwards),
        TEST(labels_are_escaped_and_left_out_when_too_long),
        TEST(collectors_may_make_what_they_set),
        TEST(no_update_is_lost_between_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
