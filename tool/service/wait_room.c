/* wait_room.c - see wait_room.h. The table belongs to the loop thread. */
#include "tool/service/wait_room.h"

#include <stdatomic.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"

enum {
    BUCKETS = 1024,
    RECENT = 64,        /* ends remembered for those who are not in the table just now */
    ASK_EVERY_MS = 300, /* another process may have seen the end */
    ASK_AGAIN_MS = 50,  /* it could not be asked */
};

struct end {
    struct uuid key;
    void *news; /* NULL = none yet */
};

struct wait_room {
    struct loop *loop;
    const struct clock *clock;
    size_t news_size;
    struct waiter *buckets[BUCKETS];
    unsigned n; /* in the buckets */
    bool closed;
    struct end recent[RECENT];
    size_t next_recent;
    atomic_uint expected; /* tickets, and who has entered and not left; 0 = ends interest nobody */
};

static struct waiter **bucket_of(struct wait_room *room, struct uuid key)
{
    /* The last bytes of a UUIDv7 are random. */
    return &room->buckets[(size_t)(key.b[14] << 8 | key.b[15]) % BUCKETS];
}

static void put(struct waiter *waiter)
{
    struct waiter **head = bucket_of(waiter->room, waiter->key);

    waiter->next = *head;
    waiter->prev = head;
    if (*head)
        (*head)->prev = &waiter->next;
    *head = waiter;
    waiter->room->n++;
}

static void take(struct waiter *waiter)
{
    *waiter->prev = waiter->next;
    if (waiter->next)
        waiter->next->prev = waiter->prev;
    loop_timer_cancel(waiter->room->loop, &waiter->timer);
    waiter->room->n--;
}

void wait_room_left(struct waiter *waiter)
{
    atomic_fetch_sub(&waiter->room->expected, 1);
}

static void tell(struct waiter *waiter, const void *news)
{
    wait_room_left(waiter);
    waiter->told(waiter, news);
}

static void send_off(struct waiter *waiter)
{
    wait_room_left(waiter);
    waiter->over(waiter);
}

static int64_t left_ms(const struct waiter *waiter)
{
    return waiter->until_ms - clock_now_ms(waiter->room->clock);
}

/* The waiter is in its bucket. */
static void set_timer(struct waiter *waiter, int64_t delay_ms)
{
    int64_t left = left_ms(waiter);

    loop_timer_set(waiter->room->loop, &waiter->timer, left < delay_ms ? left : delay_ms);
}

static void on_timer(void *arg)
{
    struct waiter *waiter = arg;

    take(waiter);
    if (left_ms(waiter) <= 0) {
        send_off(waiter);
    } else if (!waiter->ask(waiter)) {
        put(waiter);
        set_timer(waiter, ASK_AGAIN_MS);
    }
}

/* What was told of key while its waiter was not in the table; NULL = nothing. */
static const void *told_meanwhile(const struct wait_room *room, struct uuid key)
{
    for (size_t i = 0; i < RECENT; i++)
        if (room->recent[i].news && uuid_equal(room->recent[i].key, key))
            return room->recent[i].news;
    return NULL;
}

static void sit_down(void *arg)
{
    struct waiter *waiter = arg;
    struct wait_room *room = waiter->room;
    const void *news = told_meanwhile(room, waiter->key);

    if (news) {
        tell(waiter, news);
    } else if (room->closed || room->n == WAIT_ROOM_MAX || left_ms(waiter) <= 0) {
        send_off(waiter);
    } else {
        put(waiter);
        set_timer(waiter, ASK_EVERY_MS);
    }
}

struct wait_ticket wait_room_expect(struct wait_room *room)
{
    atomic_fetch_add(&room->expected, 1);
    return (struct wait_ticket){room};
}

void wait_room_return(struct wait_ticket *ticket)
{
    if (ticket->room)
        atomic_fetch_sub(&ticket->room->expected, 1);
    ticket->room = NULL;
}

void wait_room_enter(struct wait_ticket *ticket, struct waiter *waiter)
{
    ASSERT(ticket->room);
    waiter->room = ticket->room;
    ticket->room = NULL;
    waiter->timer = (struct loop_timer){.fn = on_timer, .arg = waiter};
    waiter->post = (struct loop_task){.fn = sit_down, .arg = waiter};
    wait_room_again(waiter);
}

void wait_room_again(struct waiter *waiter)
{
    loop_post(waiter->room->loop, &waiter->post);
}

struct telling {
    struct loop_task post;
    struct wait_room *room;
    struct end end;
};

static void remember(struct wait_room *room, const struct end *end)
{
    struct end *oldest = &room->recent[room->next_recent++ % RECENT];

    free(oldest->news);
    *oldest = *end;
}

static void tell_all(void *arg)
{
    struct telling *telling = arg;
    struct end end = telling->end;
    struct waiter *waiter = *bucket_of(telling->room, end.key), *next;

    remember(telling->room, &end); /* kept, for this turn at least */
    for (; waiter; waiter = next) {
        next = waiter->next;
        if (!uuid_equal(waiter->key, end.key))
            continue;
        take(waiter);
        tell(waiter, end.news);
    }
    free(telling);
}

void wait_room_tell(struct wait_room *room, struct uuid key, const void *news)
{
    struct telling *telling;

    if (atomic_load(&room->expected) == 0)
        return;
    telling = MEM_NEW(struct telling);
    telling->post = (struct loop_task){.fn = tell_all, .arg = telling};
    telling->room = room;
    telling->end = (struct end){key, mem_alloc(1, room->news_size)};
    memcpy(telling->end.news, news, room->news_size);
    loop_post(room->loop, &telling->post);
}

void wait_room_close(struct wait_room *room)
{
    room->closed = true;
    for (size_t i = 0; i < BUCKETS; i++) {
        while (room->buckets[i]) {
            struct waiter *waiter = room->buckets[i];

            take(waiter);
            send_off(waiter);
        }
    }
}

struct wait_room *wait_room_create(struct loop *loop, const struct clock *clock, size_t news_size)
{
    struct wait_room *room = MEM_NEW(struct wait_room);

    room->loop = loop;
    room->clock = clock;
    room->news_size = news_size;
    return room;
}

void wait_room_destroy(struct wait_room *room)
{
    if (!room)
        return;
    ASSERT(room->n == 0);
    for (size_t i = 0; i < RECENT; i++)
        free(room->recent[i].news);
    free(room);
}
