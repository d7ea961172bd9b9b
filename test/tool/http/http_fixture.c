/* http_fixture.c - see http_fixture.h. */
#include "test/tool/http/http_fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/core/loop_task.h"
#include "tool/core/mem.h"
#include "tool/http/http_stream.h"

enum { PATIENT_MS = 60000 };

struct errand {
    struct loop_task task;
    loop_fn fn;
    struct http_fixture *f;
};

static void echo(struct http_request *r)
{
    char text[256];
    size_t len;

    http_request_body(r, &len);
    snprintf(text, sizeof(text), "%s %s %zu", http_request_method(r), http_request_path(r), len);
    struct http_response res = {
        .status = 200, .body = text, .len = strlen(text), .content_type = "text/plain"};
    http_response_header(&res, "X-Evil", "a\r\nX-Injected: 1");
    http_respond(r, &res);
}

/* More than the buffers of two sockets hold. */
static void answer_big(struct http_request *r)
{
    char *body = mem_alloc(1, HTTP_BIG);

    http_respond(r, &(struct http_response){.status = 200, .body = body, .len = HTTP_BIG});
    free(body);
}

static void answer_list(struct http_request *r)
{
    char buf[HTTP_LIST_SIZE], text[256];
    const char *list = http_request_list(r, "X-List", buf, sizeof(buf));

    snprintf(text, sizeof(text), "list <%s>", list ? list : "none");
    http_respond(r, &(struct http_response){.status = 200, .body = text, .len = strlen(text)});
}

static void add_wide(struct http_response *res, char value[HTTP_WIDE + 1])
{
    memset(value, 'v', HTTP_WIDE);
    value[HTTP_WIDE] = '\0';
    while (res->n_headers < HTTP_HEADERS_MAX)
        http_response_header(res, "X-Wide", value);
}

static void answer_heads(struct http_request *r)
{
    char value[HTTP_WIDE + 1];
    struct http_response res = {.status = 204, .body = "none of it", .len = 10};

    add_wide(&res, value);
    http_respond(r, &res);
}

static void answer_stream(struct http_request *r)
{
    char value[HTTP_WIDE + 1];
    struct http_response res = {.status = 200, .content_type = "text/plain"};

    add_wide(&res, value);
    http_stream_begin(r, &res);
    http_stream_tell(r, "piece", 5);
    http_stream_end(r);
}

static void on_handle(void *arg, struct http_request *r)
{
    struct http_fixture *f = arg;

    atomic_fetch_add(&f->n_handled, 1);
    if (strcmp(http_request_path(r), "/wait") == 0)
        f->held[atomic_fetch_add(&f->n_held, 1)] = r;
    else if (strcmp(http_request_path(r), "/drop") == 0)
        http_drop(r);
    else if (strcmp(http_request_path(r), "/big") == 0)
        answer_big(r);
    else if (strcmp(http_request_path(r), "/heads") == 0)
        answer_heads(r);
    else if (strcmp(http_request_path(r), "/stream") == 0)
        answer_stream(r);
    else if (strcmp(http_request_path(r), "/list") == 0)
        answer_list(r);
    else
        echo(r);
}

static void on_refuse(void *arg, struct http_request *r, const struct problem *p)
{
    struct http_response res = {
        .status = status_http(p->status), .body = p->code, .len = strlen(p->code)};

    (void)arg;
    http_respond(r, &res);
}

static void on_gone(void *arg, struct http_request *r)
{
    struct http_fixture *f = arg;

    for (unsigned i = 0; i < f->n_held; i++)
        if (f->held[i] == r)
            f->held[i] = NULL;
    atomic_fetch_add(&f->n_gone, 1);
}

void http_release_all(void *arg)
{
    struct http_fixture *f = arg;
    unsigned n = atomic_load(&f->n_held);

    for (unsigned i = 0; i < n; i++)
        if (f->held[i])
            echo(f->held[i]);
    atomic_store(&f->n_held, 0);
}

void http_drop_all(void *arg)
{
    struct http_fixture *f = arg;
    unsigned n = atomic_load(&f->n_held);

    for (unsigned i = 0; i < n; i++)
        if (f->held[i])
            http_drop(f->held[i]);
    atomic_store(&f->n_held, 0);
}

void http_drain(void *arg)
{
    http_server_drain(((struct http_fixture *)arg)->server);
}

static void look_at_drain(void *arg)
{
    struct http_fixture *f = arg;

    if (http_server_busy(f->server))
        loop_timer_set(f->loop, &f->look, 1);
    else
        loop_stop(f->loop);
}

void http_drain_to_the_end(void *arg)
{
    struct http_fixture *f = arg;

    http_server_drain(f->server);
    f->look = (struct loop_timer){.fn = look_at_drain, .arg = f};
    look_at_drain(f);
}

static int64_t fixture_now_ms(const struct clock *self)
{
    const struct http_fixture *f =
        (const void *)((const char *)self - offsetof(struct http_fixture, clock));
    int64_t stands_at_ms = atomic_load(&f->stands_at_ms);

    return stands_at_ms ? stands_at_ms : clock_now_ms(&CLOCK_SYSTEM);
}

void http_clock_move(struct http_fixture *f, int ms)
{
    atomic_store(&f->stands_at_ms, clock_now_ms(&f->clock) + ms);
}

static void run_errand(void *arg)
{
    struct errand *errand = arg;

    errand->fn(errand->f);
    free(errand);
}

static void count_turn(void *arg)
{
    atomic_fetch_add(&((struct http_fixture *)arg)->n_turned, 1);
}

void http_let_turn(struct http_fixture *f)
{
    unsigned before = atomic_load(&f->n_turned);

    http_in_loop(f, count_turn);
    http_wait_for(&f->n_turned, before + 1);
}

void http_in_loop(struct http_fixture *f, loop_fn fn)
{
    struct errand *errand = MEM_NEW(struct errand);

    *errand = (struct errand){
        .task = {.fn = run_errand, .arg = errand},
          .fn = fn, .f = f
    };
    loop_post(f->loop, &errand->task);
}

static void *run(void *arg)
{
    struct http_fixture *f = arg;

    loop_run(f->loop);
    http_server_destroy(f->server);
    return NULL;
}

struct http_fixture *http_fixture_start_as(const struct http_server_config *wanted)
{
    struct http_fixture *f = MEM_NEW(struct http_fixture);
    struct http_server_config config = *wanted;
    const char *why = "";

    f->clock = (struct clock){.now_ms = fixture_now_ms, .wall_us = CLOCK_SYSTEM.wall_us};
    f->loop = loop_create(&CLOCK_SYSTEM);
    config.listen = wanted->listen ? wanted->listen : "127.0.0.1:0";
    config.loop = f->loop;
    config.clock = &f->clock;
    config.limits = (struct http_limits){.head_max = 8192, .body_max = 1000};
    config.head_timeout_ms = wanted->head_timeout_ms ? wanted->head_timeout_ms : PATIENT_MS;
    config.body_timeout_ms = wanted->body_timeout_ms ? wanted->body_timeout_ms : PATIENT_MS;
    config.handle = on_handle;
    config.refuse = on_refuse;
    config.gone = on_gone;
    config.arg = f;
    f->server = http_server_create(&config, &why);
    if (!f->server)
        fail_msg("%s", why);
    f->port = http_server_port(f->server);
    pthread_create(&f->thread, NULL, run, f);
    return f;
}

struct http_fixture *http_fixture_start(int head_timeout_ms, int body_timeout_ms)
{
    return http_fixture_start_as(&(struct http_server_config){.head_timeout_ms = head_timeout_ms,
                                                              .body_timeout_ms = body_timeout_ms});
}

struct http_fixture *http_fixture_start_with_at_most(unsigned connections)
{
    return http_fixture_start_as(&(struct http_server_config){.connections_max = connections});
}

void http_fixture_stop(struct http_fixture *f)
{
    loop_stop(f->loop);
    pthread_join(f->thread, NULL);
    loop_destroy(f->loop);
    free(f);
}

int http_fixture_setup(void **state)
{
    *state = http_fixture_start(PATIENT_MS, PATIENT_MS);
    return 0;
}

int http_fixture_teardown(void **state)
{
    http_fixture_stop(*state);
    return 0;
}

int http_socket(void)
{
    struct timeval patience = {.tv_sec = HTTP_PATIENCE_MS / 1000};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    return fd;
}

void http_connect(const struct http_fixture *f, int fd)
{
    struct sockaddr_in addr = {.sin_family = AF_INET,
                               .sin_port = htons((uint16_t)f->port),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) != 0)
        fail_msg("connect: %s", strerror(errno));
}

int http_dial(const struct http_fixture *f)
{
    int fd = http_socket();

    http_connect(f, fd);
    return fd;
}

void http_put(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

        if (n <= 0)
            return; /* refused early: the answer is there to be read */
        data += n;
        len -= (size_t)n;
    }
}

char *http_get(int fd, const char *until, char *buf, size_t size)
{
    size_t len = 0;
    ssize_t n;

    buf[0] = '\0';
    while (len + 1 < size && (n = recv(fd, buf + len, size - 1 - len, 0)) > 0) {
        len += (size_t)n;
        buf[len] = '\0';
        if (until && strstr(buf, until))
            break;
    }
    return buf;
}

void http_wait_for(atomic_uint *counter, unsigned want)
{
    for (int i = 0; i < HTTP_PATIENCE_MS / 5 && atomic_load(counter) < want; i++)
        poll(NULL, 0, 5);
    assert_true(atomic_load(counter) >= want);
}
