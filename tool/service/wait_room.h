/* wait_room.h - where requests with Prefer: wait stay until what they started has ended. They hold
 * no thread: each is asked again on its pool when its key is woken, and now and then for what
 * another instance ends, and is answered with its outcome, or with the reply as it was when its
 * time is over. */
#ifndef TOOL_SERVICE_WAIT_ROOM_H
#define TOOL_SERVICE_WAIT_ROOM_H

#include "tool/service/task.h"

enum { WAIT_ROOM_MAX = 4096, WAIT_MAX_MS = 10000 };

struct wait_room *wait_room_create(struct loop *loop, const struct clock *clock);
/** Nobody is inside, no task of the room is on its way to the loop. */
void wait_room_destroy(struct wait_room *room);
/** Any thread: a task that will enter is about to start what it waits for; from now on no end is
 * overlooked. Each expect is followed by one enter, or by one leave. */
void wait_room_expect(struct wait_room *room);
void wait_room_leave(struct wait_room *room);
/** Any thread: takes task over, whose run has returned ST_OK. */
void wait_room_enter(struct wait_room *room, struct task *task);
/** Any thread: what key stands for has ended. */
void wait_room_woken(struct wait_room *room, struct uuid key);
/** Loop thread: answers all inside, and all who still enter, at once. */
void wait_room_close(struct wait_room *room);

#endif
