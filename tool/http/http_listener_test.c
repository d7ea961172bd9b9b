/* http_listener_test.c - who is connecting while a listener goes away. */
#include "tool/http/http_listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENCE_MS = 120000 };

/* Without waiting: the kernel goes on connecting. */
static int begin_to_connect(int listener)
{
    struct sockaddr_in addr = {.sin_family = AF_INET,
                               .sin_port = htons((uint16_t)http_listener_port(listener)),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

    assert_int_equal(connect(fd, (struct sockaddr *)&addr, sizeof(addr)), -1);
    assert_int_equal(errno, EINPROGRESS);
    return fd;
}

static int accept_in_time(int listener)
{
    struct pollfd listening = {.fd = listener, .events = POLLIN};

    assert_int_equal(poll(&listening, 1, PATIENCE_MS), 1);
    return accept(listener, NULL, NULL);
}

static int error_of(int fd)
{
    struct pollfd connecting = {.fd = fd, .events = POLLOUT};
    socklen_t len = sizeof(int);
    int error = -1;

    assert_int_equal(poll(&connecting, 1, PATIENCE_MS), 1);
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
    return error;
}

static void who_comes_late_is_refused_and_nobody_is_reset(void **state)
{
    const char *why = NULL;
    int listener = http_listener_open("127.0.0.1:0", false, &why);
    int early, late, accepted;
    char byte = 'x';

    (void)state;
    assert_true(listener >= 0);
    assert_true(http_listener_begin(listener, "it", &why));
    early = begin_to_connect(listener);
    assert_int_equal(error_of(early), 0);
    http_listener_refuse_new(listener);
    late = begin_to_connect(listener);
    accepted = accept_in_time(listener);
    assert_true(accepted >= 0);
    assert_int_equal(accept(listener, NULL, NULL), -1);
    assert_int_equal(errno, EAGAIN);
    close(listener);
    assert_int_equal(error_of(late), ECONNREFUSED);
    assert_int_equal(send(accepted, &byte, 1, 0), 1);
    assert_int_equal(error_of(early), 0);
    assert_int_equal(recv(early, &byte, 1, 0), 1);
    close(accepted);
    close(early);
    close(late);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_comes_late_is_refused_and_nobody_is_reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
