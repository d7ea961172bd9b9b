/* loop_fd.h - descriptors that a loop watches. In the loop's thread. */
#ifndef TOOL_CORE_LOOP_FD_H
#define TOOL_CORE_LOOP_FD_H

#include <stdint.h>

#include "tool/core/loop.h"

/** events: EPOLLIN, EPOLLOUT ... as epoll reports them. */
typedef void (*loop_fd_fn)(void *arg, uint32_t events);

/** fd stays the caller's. 0, or -1 with errno as epoll_ctl. At most one registration an fd. */
int loop_add_fd(struct loop *loop, int fd, uint32_t events, loop_fd_fn fn, void *arg);
int loop_mod_fd(struct loop *loop, int fd, uint32_t events);
/** No call of fn for this fd after it returns, even when already reported in this turn. */
void loop_del_fd(struct loop *loop, int fd);

#endif
