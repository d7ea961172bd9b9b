/* loop.c - epoll, timers and a queue of tasks from other threads, in turns. */
#include "tool/core/loop.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "tool/core/assert.h"
#include "tool/core/loop_fd.h"
#include "tool/core/loop_task.h"
#include "tool/core/mem.h"
#include "tool/core/timer_wheel.h"

enum {
    EVENTS_MAX = 256,
    TURN_HOOKS_MAX = 8,
};

struct fd_handler {
    loop_fd_fn fn; /* NULL = removed: events already reported for it are dropped */
    void *arg;
    int fd;
    struct fd_handler *next_dead;
};

struct loop {
    int epoll_fd, wake_fd;
    _Atomic(struct loop_task *) tasks; /* newest first */
    atomic_bool stopping;

    struct fd_handler **by_fd;
    size_t n_by_fd;
    struct fd_handler *dead; /* freed when no reported event can name them any more */

    struct timer_wheel timers;

    struct {
        loop_turn_fn fn;
        void *arg;
    } hooks[TURN_HOOKS_MAX];
    size_t n_hooks;
    int hooks_wait_ms; /* what the hooks of the last turn allow, -1 = no limit */
    const struct clock *clock;
    int64_t woken_ms;
};

static _Thread_local const struct loop *current;

/* ---- descriptors ---- */

static struct fd_handler *find_handler(const struct loop *loop, int fd)
{
    return fd >= 0 && (size_t)fd < loop->n_by_fd ? loop->by_fd[fd] : NULL;
}

static void grow_by_fd(struct loop *loop, int fd)
{
    size_t n = loop->n_by_fd ? loop->n_by_fd : 64;
    struct fd_handler **grown;

    if ((size_t)fd < loop->n_by_fd)
        return;
    while (n <= (size_t)fd)
        n *= 2;
    grown = mem_alloc(n, sizeof(*grown));
    if (loop->n_by_fd)
        memcpy(grown, loop->by_fd, loop->n_by_fd * sizeof(*grown));
    free(loop->by_fd);
    loop->by_fd = grown;
    loop->n_by_fd = n;
}

int loop_add_fd(struct loop *loop, int fd, uint32_t events, loop_fd_fn fn, void *arg)
{
    struct fd_handler *handler = MEM_NEW(struct fd_handler);
    struct epoll_event event = {.events = events, .data.ptr = handler};

    if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
        free(handler);
        return -1;
    }
    *handler = (struct fd_handler){.fn = fn, .arg = arg, .fd = fd};
    grow_by_fd(loop, fd);
    ASSERT(!loop->by_fd[fd]); /* closed without loop_del_fd */
    loop->by_fd[fd] = handler;
    return 0;
}

int loop_mod_fd(struct loop *loop, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = find_handler(loop, fd)};

    if (!event.data.ptr) {
        errno = ENOENT;
        return -1;
    }
    return epoll_ctl(loop->epoll_fd, EPOLL_CTL_MOD, fd, &event);
}

void loop_del_fd(struct loop *loop, int fd)
{
    struct fd_handler *handler = find_handler(loop, fd);

    if (!handler)
        return;
    epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
    loop->by_fd[fd] = NULL;
    handler->fn = NULL;
    handler->next_dead = loop->dead;
    loop->dead = handler;
}

static void bury_dead(struct loop *loop)
{
    while (loop->dead) {
        struct fd_handler *handler = loop->dead;

        loop->dead = handler->next_dead;
        free(handler);
    }
}

static void run_fds(struct loop *loop, int wait_ms)
{
    struct epoll_event events[EVENTS_MAX];
    int n = epoll_wait(loop->epoll_fd, events, EVENTS_MAX, wait_ms);

    ASSERT(n >= 0 || errno == EINTR);
    loop->woken_ms = clock_now_ms(loop->clock);
    for (int i = 0; i < n; i++) {
        struct fd_handler *handler = events[i].data.ptr;

        if (handler && handler->fn) /* NULL: the wake-up, whose only message is to be awake */
            handler->fn(handler->arg, events[i].events);
    }
    bury_dead(loop);
}

/* ---- tasks ---- */

static void wake(struct loop *loop)
{
    uint64_t one = 1;
    ssize_t n;

    do
        n = write(loop->wake_fd, &one, sizeof(one));
    while (n < 0 && errno == EINTR);
}

/* A chain, newest first. */
static void post(struct loop *loop, struct loop_task *first, struct loop_task *last)
{
    struct loop_task *newest = atomic_load_explicit(&loop->tasks, memory_order_relaxed);

    do
        last->next = newest;
    while (!atomic_compare_exchange_weak_explicit(&loop->tasks, &newest, first,
                                                  memory_order_acq_rel, memory_order_relaxed));
    /* The loop looks at the queue before it waits, so its own posts need no wake-up. */
    if (!newest && !loop_is_current(loop))
        wake(loop);
}

void loop_post(struct loop *loop, struct loop_task *task)
{
    post(loop, task, task);
}

void loop_tasks_add(struct loop_tasks *tasks, struct loop_task *task)
{
    task->next = tasks->newest;
    tasks->newest = task;
    if (!tasks->oldest)
        tasks->oldest = task;
}

void loop_post_all(struct loop *loop, struct loop_tasks *tasks)
{
    if (tasks->newest)
        post(loop, tasks->newest, tasks->oldest);
    *tasks = (struct loop_tasks){0};
}

static void run_tasks(struct loop *loop)
{
    struct loop_task *task = atomic_exchange_explicit(&loop->tasks, NULL, memory_order_acq_rel);
    struct loop_task *oldest = NULL, *next;

    for (; task; task = next) {
        next = task->next;
        task->next = oldest;
        oldest = task;
    }
    for (task = oldest; task; task = next) {
        next = task->next; /* read first: fn may free the task */
        task->fn(task->arg);
    }
}

/* ---- turns ---- */

void loop_timer_set(struct loop *loop, struct loop_timer *timer, int64_t delay_ms)
{
    timer_wheel_set(&loop->timers, timer, delay_ms);
}

void loop_timer_cancel(struct loop *loop, struct loop_timer *timer)
{
    timer_wheel_cancel(&loop->timers, timer);
}

void loop_add_turn(struct loop *loop, loop_turn_fn fn, void *arg)
{
    ASSERT(loop->n_hooks < TURN_HOOKS_MAX);
    loop->hooks[loop->n_hooks].fn = fn;
    loop->hooks[loop->n_hooks++].arg = arg;
}

int64_t loop_turn_ms(const struct loop *loop)
{
    return clock_now_ms(loop->clock) - loop->woken_ms;
}

static int shorter(int a_ms, int b_ms)
{
    if (a_ms < 0)
        return b_ms;
    return b_ms >= 0 && b_ms < a_ms ? b_ms : a_ms;
}

static void run_hooks(struct loop *loop)
{
    loop->hooks_wait_ms = -1;
    for (size_t i = 0; i < loop->n_hooks; i++)
        loop->hooks_wait_ms = shorter(loop->hooks_wait_ms, loop->hooks[i].fn(loop->hooks[i].arg));
}

void loop_turn(struct loop *loop, int max_ms)
{
    const struct loop *outer = current;
    int wait_ms = shorter(shorter(max_ms, loop->hooks_wait_ms), timer_wheel_wait_ms(&loop->timers));

    current = loop;
    if (atomic_load_explicit(&loop->tasks, memory_order_acquire))
        wait_ms = 0;
    run_fds(loop, wait_ms);
    run_tasks(loop);
    timer_wheel_run(&loop->timers);
    run_hooks(loop);
    current = outer;
}

void loop_run(struct loop *loop)
{
    while (!atomic_load_explicit(&loop->stopping, memory_order_acquire))
        loop_turn(loop, -1);
}

void loop_stop(struct loop *loop)
{
    atomic_store_explicit(&loop->stopping, true, memory_order_release);
    wake(loop);
}

bool loop_is_current(const struct loop *loop)
{
    return current == loop;
}

struct loop *loop_create(const struct clock *clock)
{
    struct loop *loop = MEM_NEW(struct loop);
    /* Edge-triggered: each write wakes once and nobody needs to read the counter back. */
    struct epoll_event event = {.events = EPOLLIN | EPOLLET};

    loop->clock = clock;
    timer_wheel_init(&loop->timers, clock);
    loop->hooks_wait_ms = -1;
    loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    loop->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    ASSERT(loop->epoll_fd >= 0 && loop->wake_fd >= 0);
    ASSERT(epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, loop->wake_fd, &event) == 0);
    return loop;
}

void loop_destroy(struct loop *loop)
{
    if (!loop)
        return;
    for (size_t fd = 0; fd < loop->n_by_fd; fd++)
        free(loop->by_fd[fd]);
    bury_dead(loop);
    free(loop->by_fd);
    close(loop->wake_fd);
    close(loop->epoll_fd);
    free(loop);
}
