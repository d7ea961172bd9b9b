#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/core/loop.h"
#include "tool/core/loop_fd.h"
#include "tool/core/loop_task.h"
#include "tool/core/loop_timer.h"
#include "tool/core/mem.h"

enum { PATIENCE_MS = 120000 };

static struct loop *loop;

static int set_up(void **state)
{
    (void)state;
    loop = loop_create(&CLOCK_SYSTEM);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    loop_destroy(loop);
    return 0;
}

static void stop(void *arg)
{
    (void)arg;
    assert_true(loop_is_current(loop));
    loop_stop(loop);
}

static void a_timer_ends_the_run(void **state)
{
    struct loop_timer timer = {.fn = stop};
    int64_t before = clock_now_ms(&CLOCK_SYSTEM);

    (void)state;
    assert_false(loop_is_current(loop));
    loop_timer_set(loop, &timer, 30);
    loop_run(loop);
    assert_true(clock_now_ms(&CLOCK_SYSTEM) - before >= 30);
    assert_false(loop_is_current(loop));
}

enum { POSTERS = 4, POSTS = 2000 };

struct post {
    struct loop_task task;
    int poster, number;
};

static int last_number[POSTERS], posts_run;

static void note_post(void *arg)
{
    struct post *post = arg;

    assert_int_equal(post->number, last_number[post->poster] + 1);
    last_number[post->poster] = post->number;
    if (++posts_run == POSTERS * POSTS)
        loop_stop(loop);
}

static void *post_many(void *arg)
{
    struct post *posts = arg;
    struct loop_tasks together = {0};

    for (int i = 0; i < POSTS; i++) {
        if (posts->poster % 2 == 0) {
            loop_post(loop, &posts[i].task);
            continue;
        }
        loop_tasks_add(&together, &posts[i].task);
        if (i % 7 == 0)
            loop_post_all(loop, &together);
    }
    loop_post_all(loop, &together);
    loop_post_all(loop, &together); /* nothing */
    return NULL;
}

static void tasks_of_several_threads_all_run_in_their_order(void **state)
{
    static struct post posts[POSTERS][POSTS];
    pthread_t threads[POSTERS];

    (void)state;
    for (int t = 0; t < POSTERS; t++) {
        last_number[t] = -1;
        for (int i = 0; i < POSTS; i++)
            posts[t][i] = (struct post){
                .task = {.fn = note_post, .arg = &posts[t][i]},
                  .poster = t, .number = i
            };
        assert_int_equal(pthread_create(&threads[t], NULL, post_many, posts[t]), 0);
    }
    loop_run(loop);
    for (int t = 0; t < POSTERS; t++)
        pthread_join(threads[t], NULL);
    assert_int_equal(posts_run, POSTERS * POSTS);
}

static struct loop_task second;

static void post_second(void *arg)
{
    (void)arg;
    loop_post(loop, &second);
}

static void a_task_may_post_the_next(void **state)
{
    struct loop_task first = {.fn = post_second};

    (void)state;
    second = (struct loop_task){.fn = stop};
    loop_post(loop, &first);
    loop_run(loop);
}

/* Two descriptors that are ready in the same turn; whoever is called first removes both. */
struct pair {
    int fds[2];
    int calls;
};

static void remove_both(void *arg, uint32_t events)
{
    struct pair *pair = arg;

    assert_true(events & EPOLLIN);
    pair->calls++;
    loop_del_fd(loop, pair->fds[0]);
    loop_del_fd(loop, pair->fds[1]);
}

static void a_descriptor_removed_within_a_turn_is_not_called_any_more(void **state)
{
    int a[2], b[2];
    struct pair pair = {0};

    (void)state;
    assert_int_equal(pipe(a), 0);
    assert_int_equal(pipe(b), 0);
    pair.fds[0] = a[0];
    pair.fds[1] = b[0];
    assert_int_equal(loop_add_fd(loop, a[0], EPOLLIN, remove_both, &pair), 0);
    assert_int_equal(loop_add_fd(loop, b[0], EPOLLIN, remove_both, &pair), 0);
    assert_int_equal(write(a[1], "x", 1), 1);
    assert_int_equal(write(b[1], "x", 1), 1);
    loop_turn(loop, PATIENCE_MS);
    loop_turn(loop, 0);
    assert_int_equal(pair.calls, 1);
    /* The same number may be used again. */
    assert_int_equal(loop_add_fd(loop, a[0], 0, remove_both, &pair), 0);
    loop_turn(loop, 0);
    assert_int_equal(pair.calls, 1);
    assert_int_equal(loop_mod_fd(loop, a[0], EPOLLIN), 0);
    loop_turn(loop, PATIENCE_MS);
    assert_int_equal(pair.calls, 2);
    assert_int_equal(loop_mod_fd(loop, a[0], EPOLLIN), -1);
    assert_int_equal(loop_add_fd(loop, -1, EPOLLIN, remove_both, &pair), -1);
    for (int i = 0; i < 2; i++) {
        close(a[i]);
        close(b[i]);
    }
}

static int hooks_run;

static int count_turn(void *arg)
{
    assert_int_equal(*(int *)arg, hooks_run % 2);
    hooks_run++;
    return *(int *)arg ? 0 : -1;
}

static void turn_hooks_run_in_order_and_can_forbid_to_wait(void **state)
{
    int zero = 0, one = 1;

    (void)state;
    loop_add_turn(loop, count_turn, &zero);
    loop_add_turn(loop, count_turn, &one);
    loop_turn(loop, 0);
    assert_int_equal(hooks_run, 2);
    loop_turn(loop, -1); /* would never come back if it waited */
    assert_int_equal(hooks_run, 4);
}

struct turned {
    struct loop_task task;
    int64_t ms;
};

static void take_20_ms(void *arg)
{
    (void)arg;
    usleep(20000); /* lint: allow sleep of the test: a turn that takes long */
}

static int note_turn(void *arg)
{
    *(int64_t *)arg = loop_turn_ms(loop);
    return -1;
}

static void a_turn_lasts_from_the_end_of_its_wait(void **state)
{
    struct turned turned = {.task.fn = take_20_ms};
    int64_t before, waited_ms;

    (void)state;
    loop_add_turn(loop, note_turn, &turned.ms);
    loop_post(loop, &turned.task);
    loop_turn(loop, 0);
    assert_true(turned.ms >= 20);
    before = clock_now_ms(&CLOCK_SYSTEM);
    loop_turn(loop, 50);
    waited_ms = clock_now_ms(&CLOCK_SYSTEM) - before;
    assert_true(waited_ms >= 50 && turned.ms <= waited_ms - 49);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_timer_ends_the_run, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tasks_of_several_threads_all_run_in_their_order, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_task_may_post_the_next, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_descriptor_removed_within_a_turn_is_not_called_any_more,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_turn_lasts_from_the_end_of_its_wait, set_up, tear_down),
        cmocka_unit_test_setup_teardown(turn_hooks_run_in_order_and_can_forbid_to_wait, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
