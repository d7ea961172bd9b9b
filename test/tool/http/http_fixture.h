/* http_fixture.h - an HTTP server in a thread of its own, and a client that sends raw bytes. */
#ifndef TEST_TOOL_HTTP_HTTP_FIXTURE_H
#define TEST_TOOL_HTTP_HTTP_FIXTURE_H

#include <pthread.h>
#include <stdatomic.h>

#include "tool/core/loop_timer.h"
#include "tool/http/http_request.h"
#include "tool/http/http_response.h"
#include "tool/http/http_server.h"

enum {
    HTTP_HELD_MAX = 1024,
    HTTP_PATIENCE_MS = 120000,
    HTTP_BIG = 32 << 20,
    HTTP_LIST_SIZE = 12,
    HTTP_WIDE = 500
};

/* The server under test, in its own thread. Paths: /wait is held until http_release_all or
 * http_drop_all, /drop is dropped, /big gets HTTP_BIG bytes, /list what http_request_list says of
 * X-List, /heads as many headers as there may be, each HTTP_WIDE bytes, and 204, /stream the same
 * headers and a stream of one piece; everything else is answered with method, path and body length.
 */
struct http_fixture {
    struct loop *loop;
    struct http_server *server;
    pthread_t thread;
    int port;
    struct http_request *held[HTTP_HELD_MAX];
    atomic_uint n_held, n_gone, n_handled, n_turned;
    struct clock clock;        /* the server's: the system's unless it stands */
    atomic_llong stands_at_ms; /* 0 = it runs */
    struct loop_timer look;
};

#define HOST "Host: a\r\n"

struct http_fixture *http_fixture_start(int head_timeout_ms, int body_timeout_ms);
/** What is not given of limits and address is as a patient test wants it; handlers are the
 * fixture's. */
struct http_fixture *http_fixture_start_as(const struct http_server_config *wanted);
/** Patient, but not with more clients at a time. */
struct http_fixture *http_fixture_start_with_at_most(unsigned connections);
void http_fixture_stop(struct http_fixture *f);
/** cmocka's setup and teardown; patient with slow clients. */
int http_fixture_setup(void **state);
int http_fixture_teardown(void **state);
/** The server's clock stands from now on, and is moved by hand. */
void http_clock_move(struct http_fixture *f, int ms);
/** Runs fn(f) in the server's thread, soon: http_release_all and the like. */
void http_in_loop(struct http_fixture *f, loop_fn fn);
/** What the server's thread was in the middle of is over when this returns. */
void http_let_turn(struct http_fixture *f);
void http_release_all(void *f);
void http_drop_all(void *f);
void http_drain(void *f);
/** As a process drains: the server is destroyed as soon as it is not busy. */
void http_drain_to_the_end(void *f);

int http_dial(const struct http_fixture *f);
/** The two halves of it. */
int http_socket(void);
void http_connect(const struct http_fixture *f, int fd);
/** Stops early when the peer has closed: its answer is there to be read. */
void http_put(int fd, const char *data, size_t len);
/** All there is until the peer closes, or until buf holds `until` (NULL = to the end). Returns buf.
 */
char *http_get(int fd, const char *until, char *buf, size_t size);
void http_wait_for(atomic_uint *counter, unsigned want);

#endif
