/* wait_room.h - where what waits for an end stays, by the key of what will end. Who waits holds no
 * thread. He is told when the end is told here; as another process may see it, he is also let ask
 * now and then; and he leaves when his time is over. Knows nothing of requests. */
#ifndef TOOL_SERVICE_WAIT_ROOM_H
#define TOOL_SERVICE_WAIT_ROOM_H

#include "tool/core/loop_task.h"
#include "tool/core/loop_timer.h"
#include "tool/core/uuid.h"

enum { WAIT_ROOM_MAX = 4096 };

/* Embedded in what waits; key, until_ms and the functions are set before it enters. The functions
 * are called in the loop thread and do not block. */
struct waiter {
    struct uuid key;
    int64_t until_ms; /* of clock_now_ms() */
    /** It has ended; news is what was told, borrowed. The waiter has left. */
    void (*told)(struct waiter *waiter, const void *news);
    /** Nobody has told yet: starts to find out, elsewhere. False: it cannot now. The waiter is out
     * of the room until one of wait_room_again and wait_room_left. */
    bool (*ask)(struct waiter *waiter);
    /** The time is over, or the room is full or closed. The waiter has left. */
    void (*over)(struct waiter *waiter);
    /* the room's own */
    struct wait_room *room;
    struct waiter *next, **prev;
    struct loop_timer timer;
    struct loop_task post;
};

/* Who will perhaps enter: from expect on no end is overlooked. */
struct wait_ticket {
    struct wait_room *room; /* NULL = none, or used up */
};

/** news_size: bytes of what is told of an end. */
struct wait_room *wait_room_create(struct loop *loop, const struct clock *clock, size_t news_size);
/** Nobody is inside or on the way to the loop. */
void wait_room_destroy(struct wait_room *room);
/** Any thread: before what will be waited for begins. */
struct wait_ticket wait_room_expect(struct wait_room *room);
/** Any thread: takes waiter over, and the ticket. */
void wait_room_enter(struct wait_ticket *ticket, struct waiter *waiter);
/** Any thread: gives a ticket back; nothing when there is none, or it was used. */
void wait_room_return(struct wait_ticket *ticket);
/** Any thread, after ask: it has not ended, or that is not to be known now. */
void wait_room_again(struct waiter *waiter);
/** Any thread, after ask: it has ended. The waiter has left. */
void wait_room_left(struct waiter *waiter);
/** Any thread: what key stands for has ended. */
void wait_room_tell(struct wait_room *room, struct uuid key, const void *news);
/** Loop thread: all inside, and all who still enter, leave at once. */
void wait_room_close(struct wait_room *room);

#endif
