/* fd_write.c - see fd_write.h. */
#include "tool/core/fd_write.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum fd_way fd_way_of(int fd)
{
    struct stat file;

    if (fstat(fd, &file) != 0 || S_ISREG(file.st_mode))
        return FD_PLAIN;
    if (S_ISSOCK(file.st_mode))
        return FD_SOCKET;
    if (S_ISCHR(file.st_mode))
        return isatty(fd) ? FD_BLOCKS : FD_PLAIN;
    return FD_NOWAIT;
}

static ssize_t try_once(int fd, enum fd_way way, const char *text, size_t len)
{
    struct iovec part = {.iov_base = (void *)text, .iov_len = len};

    if (way == FD_SOCKET)
        return send(fd, text, len, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (way == FD_NOWAIT)
        return pwritev2(fd, &part, 1, -1, RWF_NOWAIT);
    return write(fd, text, len);
}

ssize_t fd_write_now(int fd, enum fd_way *way, const char *text, size_t len)
{
    ssize_t n = -1;

    errno = EAGAIN;
    if (*way == FD_BLOCKS)
        return -1;
    do
        n = try_once(fd, *way, text, len);
    while (n < 0 && errno == EINTR);
    if (n < 0 && *way == FD_NOWAIT && (errno == EOPNOTSUPP || errno == ENOSYS)) {
        *way = FD_BLOCKS;
        errno = EAGAIN;
    }
    return n;
}

ssize_t fd_write_wait(int fd, enum fd_way way, const char *text, size_t len, int max_ms)
{
    struct pollfd room = {.fd = fd, .events = POLLOUT};
    ssize_t n;

    if (len > PIPE_BUF)
        len = PIPE_BUF; /* what a pipe with room takes at once */
    if (poll(&room, 1, max_ms) <= 0) {
        errno = EAGAIN;
        return -1;
    }
    n = fd_write_now(fd, &way, text, len);
    if (n < 0 && errno == EAGAIN && way == FD_BLOCKS)
        n = write(fd, text, len);
    return n;
}

static long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool fd_write_all(int fd, const char *text, size_t len, int max_ms)
{
    enum fd_way way = fd_way_of(fd);
    long until_ms = now_ms() + max_ms;

    while (len > 0) {
        long left_ms = until_ms - now_ms();
        ssize_t n = fd_write_wait(fd, way, text, len, left_ms > 0 ? (int)left_ms : 0);

        if (n < 0 && (left_ms <= 0 || (errno != EAGAIN && errno != EINTR)))
            return false;
        text += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return true;
}
