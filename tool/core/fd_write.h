/* fd_write.h - writing to a descriptor that others share, without waiting for whoever reads it.
 * O_NONBLOCK belongs to the open file, not to the descriptor: set on an inherited standard error
 * it would change the terminal or pipe of every other process, so each write says by itself that
 * it does not wait. Nothing here allocates; all of it may be called in a signal handler. */
#ifndef TOOL_CORE_FD_WRITE_H
#define TOOL_CORE_FD_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum fd_way {
    FD_PLAIN,  /* a file, /dev/null: write(2) waits for nobody */
    FD_SOCKET, /* journald's */
    FD_NOWAIT, /* a pipe: RWF_NOWAIT, by kernels since 6.4 */
    FD_BLOCKS, /* a terminal, or a pipe of an older kernel: a write may wait */
};

/** How fd is written to; FD_PLAIN when it is none. */
enum fd_way fd_way_of(int fd);
/** One try: the bytes written, or -1 with errno: EAGAIN when there is no room now. When the kernel
 * cannot do without waiting, *way becomes FD_BLOCKS and errno is EAGAIN. */
ssize_t fd_write_now(int fd, enum fd_way *way, const char *text, size_t len);
/** Waits for room up to max_ms, then one try of at most PIPE_BUF bytes; EAGAIN when there was none.
 * With FD_BLOCKS it may wait for longer, should another process take that room meanwhile. */
ssize_t fd_write_wait(int fd, enum fd_way way, const char *text, size_t len, int max_ms);
/** All of it, waiting max_ms for room at most; false when some could not be written. */
bool fd_write_all(int fd, const char *text, size_t len, int max_ms);

#endif
