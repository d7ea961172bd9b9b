/* tls_record.c - see tls_record.h. */
#include "tool/message/tls_record.h"

#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* RFC 8446, 5.1: type, version, length of what follows; RFC 5246, 6.2.3: its maximum. */
enum { HEAD_BYTES = 5, BODY_MAX = 16384 + 2048 };

static bool has_ended(int fd)
{
    struct pollfd end = {.fd = fd, .events = POLLRDHUP};

    return poll(&end, 1, 0) > 0;
}

static void set_low_water(int fd, int *low_water, int bytes)
{
    if (*low_water != bytes && setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &bytes, sizeof(bytes)) == 0)
        *low_water = bytes;
}

bool tls_record_is_whole(int fd, int *low_water)
{
    unsigned char head[HEAD_BYTES];
    ssize_t n = recv(fd, head, sizeof(head), MSG_PEEK | MSG_DONTWAIT);
    int waiting = 0, need = HEAD_BYTES;

    if (n <= 0) /* read: an end, or an error, is found by reading */
        return n == 0 || errno != EAGAIN;
    if (n == HEAD_BYTES)
        need += head[3] << 8 | head[4];
    ioctl(fd, FIONREAD, &waiting);
    if (waiting < need && need <= HEAD_BYTES + BODY_MAX && !has_ended(fd)) {
        set_low_water(fd, low_water, need);
        return false;
    }
    set_low_water(fd, low_water, 1);
    return true;
}
