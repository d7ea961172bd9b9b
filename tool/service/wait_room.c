/* wait_room.c - requests that wait. The table belongs to the loop thread; a task that is being
 * asked is not in it. */
#include "tool/service/wait_room.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"

enum {
    BUCKETS = 1024,
    RECENT = 64,              /* ends remembered for tasks that are just entering */
    ASK_EVERY_MS = 300,       /* another instance may have ended it */
    ASK_AGAIN_MS = 50,        /* the pool's queue was full */
    BEFORE_DEADLINE_MS = 100, /* left for the answer's way back */
};

struct wait_room {
    struct loop *loop;
    const struct clock *clock;
    struct task *buckets[BUCKETS];
    unsigned n; /* in the buckets */
    bool closed;
    struct uuid recent[RECENT];
    size_t next_recent;
    atomic_uint expected; /* tasks from expect to their answer; 0 = ends interest nobody */
};

static struct task **bucket_of(struct wait_room *room, struct uuid key)
{
    /* The last bytes of a UUIDv7 are random. */
    return &room->buckets[(size_t)(key.b[14] << 8 | key.b[15]) % BUCKETS];
}

static void put(struct wait_room *room, struct task *task)
{
    struct task **head = bucket_of(room, task->wait.key);

    task->wait.next = *head;
    task->wait.prev = head;
    if (*head)
        (*head)->wait.prev = &task->wait.next;
    *head = task;
    room->n++;
}

static void take(struct wait_room *room, struct task *task)
{
    *task->wait.prev = task->wait.next;
    if (task->wait.next)
        task->wait.next->wait.prev = task->wait.prev;
    loop_timer_cancel(room->loop, &task->wait.timer);
    room->n--;
}

static void answer(struct task *task, enum status st, struct problem *problem)
{
    wait_room_leave(task->served->room);
    task_answer(task, st, problem);
}

static void answer_as_it_is(struct task *task)
{
    struct problem none = {0};

    answer(task, ST_OK, &none);
}

/* Worker. */
static void ask(struct work *work)
{
    struct task *task = container_of(work, struct task, work);
    struct problem problem = {0};
    enum status st = task_ask(task, &problem);

    if (st == ST_PENDING)
        loop_post(task->served->room->loop, &task->wait.post);
    else
        answer(task, st, &problem);
}

static bool time_over(const struct task *task)
{
    return clock_now_ms(task->served->clock) >= task->wait.until_ms;
}

/* The task is in its bucket. */
static void set_timer(struct wait_room *room, struct task *task, int64_t delay_ms)
{
    int64_t left_ms = task->wait.until_ms - clock_now_ms(room->clock);

    loop_timer_set(room->loop, &task->wait.timer, left_ms < delay_ms ? left_ms : delay_ms);
}

static void start_asking(struct wait_room *room, struct task *task)
{
    take(room, task);
    task->work.fn = ask;
    if (work_pool_submit(task->served->pool, &task->work))
        return;
    put(room, task);
    set_timer(room, task, ASK_AGAIN_MS);
}

static void on_timer(void *arg)
{
    struct task *task = arg;
    struct wait_room *room = task->served->room;

    if (!time_over(task)) {
        start_asking(room, task);
        return;
    }
    take(room, task);
    answer_as_it_is(task);
}

/* True when key has ended while its task was not in the table; forgets it. */
static bool ended_meanwhile(struct wait_room *room, struct uuid key)
{
    for (size_t i = 0; i < RECENT; i++) {
        if (!uuid_equal(room->recent[i], key))
            continue;
        room->recent[i] = (struct uuid){{0}};
        return true;
    }
    return false;
}

static void sit_down(void *arg)
{
    struct task *task = arg;
    struct wait_room *room = task->served->room;

    if (room->closed || room->n == WAIT_ROOM_MAX || time_over(task)) {
        answer_as_it_is(task);
        return;
    }
    put(room, task);
    if (ended_meanwhile(room, task->wait.key))
        start_asking(room, task);
    else
        set_timer(room, task, ASK_EVERY_MS);
}

void wait_room_expect(struct wait_room *room)
{
    atomic_fetch_add(&room->expected, 1);
}

void wait_room_leave(struct wait_room *room)
{
    atomic_fetch_sub(&room->expected, 1);
}

void wait_room_enter(struct wait_room *room, struct task *task)
{
    int64_t wait_ms = task->call.wait_ms < WAIT_MAX_MS ? task->call.wait_ms : WAIT_MAX_MS;

    memcpy(&task->wait.key, (const char *)task->out + task->served->row->wait_key,
           sizeof(task->wait.key));
    task->wait.until_ms = endpoint_request_since_ms(task->wire) + wait_ms;
    if (task->wait.until_ms > task->call.deadline_ms - BEFORE_DEADLINE_MS)
        task->wait.until_ms = task->call.deadline_ms - BEFORE_DEADLINE_MS;
    task->wait.timer = (struct loop_timer){.fn = on_timer, .arg = task};
    task->wait.post = (struct loop_task){.fn = sit_down, .arg = task};
    loop_post(room->loop, &task->wait.post);
}

struct wake {
    struct loop_task post;
    struct wait_room *room;
    struct uuid key;
};

static void wake_key(void *arg)
{
    struct wake *wake = arg;
    struct wait_room *room = wake->room;
    struct task *task = *bucket_of(room, wake->key), *next;

    room->recent[room->next_recent++ % RECENT] = wake->key;
    for (; task; task = next) {
        next = task->wait.next;
        if (uuid_equal(task->wait.key, wake->key))
            start_asking(room, task);
    }
    free(wake);
}

void wait_room_woken(struct wait_room *room, struct uuid key)
{
    struct wake *posted;

    if (atomic_load(&room->expected) == 0)
        return;
    posted = MEM_NEW(struct wake);
    *posted = (struct wake){
        .post = {.fn = wake_key, .arg = posted},
          .room = room, .key = key
    };
    loop_post(room->loop, &posted->post);
}

void wait_room_close(struct wait_room *room)
{
    room->closed = true;
    for (size_t i = 0; i < BUCKETS; i++) {
        while (room->buckets[i]) {
            struct task *task = room->buckets[i];

            take(room, task);
            answer_as_it_is(task);
        }
    }
}

struct wait_room *wait_room_create(struct loop *loop, const struct clock *clock)
{
    struct wait_room *room = MEM_NEW(struct wait_room);

    room->loop = loop;
    room->clock = clock;
    return room;
}

void wait_room_destroy(struct wait_room *room)
{
    if (!room)
        return;
    ASSERT(room->n == 0);
    free(room);
}
