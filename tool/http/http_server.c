/* http_server.c - one libmicrohttpd daemon on external epoll, turned by our loop. */
#include "tool/http/http_server.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/loop_fd.h"
#include "tool/core/mem.h"
#include "tool/http/connection_limit.h"
#include "tool/http/http_conn.h"
#include "tool/http/http_due.h"
#include "tool/http/http_linger.h"
#include "tool/http/http_listener.h"
#include "tool/http/http_receive.h"

enum {
    POOL = 2560, /* a connection's: half of it for the stand-in of a request, the rest for the
                    library's own small head and for pieces of a stream; a full pool closes without
                    a word */
};

static unsigned connections_allowed(const struct http_server_config *config)
{
    struct rlimit files = {0};
    unsigned allowed;

    getrlimit(RLIMIT_NOFILE, &files);
    allowed = connection_limit(config->connections_max, files.rlim_cur);
    if (allowed < config->connections_max)
        log_warn("fewer connections than wanted: the limit of open files is too low",
                 LOG_INT("wanted", config->connections_max), LOG_INT("connections", allowed),
                 LOG_INT("files", (int64_t)files.rlim_cur));
    return allowed;
}

static void __attribute__((format(printf, 2, 0))) on_log(void *arg, const char *fmt, va_list args)
{
    char text[256];

    (void)arg;
    vsnprintf(text, sizeof(text), fmt, args);
    text[strcspn(text, "\n")] = '\0';
    log_debug("http parser", LOG_TEXT("detail", text));
}

static int epoll_fd(const struct http_server *server)
{
    return MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

static void on_event(void *arg, uint32_t events)
{
    struct http_server *server = arg;

    (void)events;
    server->run_wanted = true;
}

/* Whether somebody wants in and there is no descriptor for him. */
static bool is_starved(const struct http_server *server)
{
    struct pollfd listening = {.fd = server->listener, .events = POLLIN};
    int fd;

    if (server->n_conns > 0 || server->listener < 0 || poll(&listening, 1, 0) <= 0)
        return false;
    fd = dup(server->listener);
    if (fd >= 0)
        close(fd);
    return fd < 0;
}

/* Without one for the very first connection libmicrohttpd would try again as fast as it can. */
static void rest_until_fed(struct http_server *server)
{
    loop_mod_fd(server->config.loop, epoll_fd(server), 0);
    loop_timer_set(server->config.loop, &server->starved, HTTP_STARVED_MS);
}

static void try_again(void *arg)
{
    struct http_server *server = arg;

    loop_mod_fd(server->config.loop, epoll_fd(server), EPOLLIN);
    server->run_wanted = true;
}

/* One run a turn, after all events and answers of the turn. */
static int on_turn(void *arg)
{
    struct http_server *server = arg;
    MHD_UNSIGNED_LONG_LONG left_ms;
    bool limited, again;

    http_due_run(server);
    if (server->run_wanted && server->begun) {
        server->run_wanted = false;
        http_run(server); /* may want another, see conn_close() */
        if (is_starved(server))
            rest_until_fed(server);
    }
    limited = MHD_get_timeout(server->daemon, &left_ms) == MHD_YES;
    if (limited && left_ms == 0)
        server->run_wanted = true;
    again = (server->run_wanted && server->begun) || server->handed_on || server->due;
    server->handed_on = false;
    if (again)
        return 0;
    if (!limited)
        return -1;
    return left_ms > INT_MAX ? INT_MAX : (int)left_ms;
}

static struct MHD_Daemon *start_daemon(struct http_server *server, int fd)
{
    const struct http_server_config *config = &server->config;

    /* No timeouts of its own: http_conn.c has stricter ones. */
    return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL,
                            NULL, http_on_request, server, MHD_OPTION_EXTERNAL_LOGGER, on_log,
                            server, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
                            connections_allowed(config), MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                            (size_t)POOL, MHD_OPTION_URI_LOG_CALLBACK, http_on_target, server,
                            MHD_OPTION_NOTIFY_CONNECTION, http_on_connection, server,
                            MHD_OPTION_NOTIFY_COMPLETED, http_on_completed, server, MHD_OPTION_END);
}

bool http_server_begin(struct http_server *server, const char **why)
{
    if (!http_listener_begin(server->listener, server->config.listen, why))
        return false;
    if (loop_add_fd(server->config.loop, epoll_fd(server), EPOLLIN, on_event, server) != 0) {
        *why = http_listener_explain(server->config.listen, "cannot be watched");
        return false;
    }
    server->begun = true;
    server->run_wanted = true; /* the first run puts the listening socket into its epoll */
    return true;
}

static void make_stand_ins(struct http_server *server)
{
    for (size_t i = 0; i < ARRAY_LEN(server->stand_ins); i++) {
        server->stand_ins[i] = MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT);
        ASSERT(server->stand_ins[i]);
    }
    MHD_add_response_header(server->stand_ins[1], "Connection", "close");
}

static void free_server(struct http_server *server)
{
    for (size_t i = 0; i < ARRAY_LEN(server->stand_ins); i++)
        MHD_destroy_response(server->stand_ins[i]);
    free(server->pollfds);
    free(server->polled);
    free(server->by_fd);
    free(server);
}

struct http_server *http_server_create(const struct http_server_config *config, const char **why)
{
    int fd = config->listener ? config->listener
                              : http_listener_open(config->listen, config->share_port, why);
    struct http_server *server;

    if (fd < 0)
        return NULL;
    server = MEM_NEW(struct http_server);
    server->config = *config;
    server->bounds = (struct http_bounds){
        .limits = config->limits, .limits_of = config->limits_of, .arg = config->arg};
    server->listener = fd;
    server->port = http_listener_port(fd);
    server->sweep.fn = http_sweep_run;
    server->sweep.arg = server;
    server->starved = (struct loop_timer){.fn = try_again, .arg = server};
    make_stand_ins(server);
    server->daemon = start_daemon(server, fd);
    if (!server->daemon)
        *why = http_listener_explain(config->listen,
                                     "cannot be served: the HTTP library did not start");
    if (!server->daemon || (!config->waits && !http_server_begin(server, why))) {
        if (server->daemon)
            MHD_stop_daemon(server->daemon);
        else
            close(fd);
        free_server(server);
        return NULL;
    }
    loop_add_turn(config->loop, on_turn, server);
    return server;
}

int http_server_port(const struct http_server *server)
{
    return server->port;
}

static void stop_listening(void *arg)
{
    struct http_server *server = arg;
    struct pollfd listening = {.fd = server->listener, .events = POLLIN};
    int left = server->config.listener || !server->begun ? 0 : HTTP_LISTEN_BACKLOG;

    /* Closing the socket would reset who is connected but not yet accepted. */
    for (; left > 0 && poll(&listening, 1, 0) > 0; left--)
        http_run(server);
    MHD_quiesce_daemon(server->daemon); /* gives the socket back */
    close(server->listener);
    server->listener = -1;
}

void http_server_drain(struct http_server *server)
{
    if (server->draining)
        return;
    server->draining = true;
    server->draining_since_ms = clock_now_ms(server->config.clock);
    if (server->config.listener || !server->begun) {
        stop_listening(server);
        return;
    }
    http_listener_refuse_new(server->listener);
    server->handshakes = (struct loop_timer){.fn = stop_listening, .arg = server};
    loop_timer_set(server->config.loop, &server->handshakes, HTTP_HANDSHAKE_MS);
}

unsigned http_server_open(const struct http_server *server)
{
    return server->n_waiting;
}

/* A client cannot know that we drain: what it has connected for may not have come yet, and who was
 * answered a moment ago may be sending its next. */
static bool expects_more(const struct http_conn *conn)
{
    return conn->request || conn->reading || !conn->served ||
           conn->server->draining_since_ms - conn->phase_since_ms < HTTP_GRACE_MS;
}

bool http_server_busy(const struct http_server *server)
{
    if (server->n_waiting > 0 || (server->draining && server->listener >= 0))
        return true;
    if (!server->draining ||
        clock_now_ms(server->config.clock) - server->draining_since_ms >= HTTP_GRACE_MS)
        return false;
    for (const struct http_conn *conn = server->conns; conn; conn = conn->next)
        if (expects_more(conn))
            return true;
    return false;
}

unsigned http_server_connections(const struct http_server *server)
{
    return server->n_conns;
}

static bool all_flushed(const struct http_server *server)
{
    for (const struct http_conn *conn = server->conns; conn; conn = conn->next)
        if (conn->request || (conn->reading && conn->reading->answered))
            return false;
    return true;
}

/* libmicrohttpd aborts the process when it is stopped with a suspended connection. */
static void refuse_waiting(struct http_server *server)
{
    for (struct http_conn *conn = server->conns; conn; conn = conn->next) {
        struct http_request *r = conn->request;

        if (conn->phase != HTTP_WAITING && conn->phase != HTTP_STREAMING)
            continue;
        http_request_disown(r);
        if (r->stream) {
            http_stream_cut(r);
            continue;
        }
        if (!r->owned)
            http_request_refuse(r, ST_UNAVAILABLE, "The server is going down.");
        if (!r->answered)
            http_request_answer(r, &(struct http_response){.status = 503});
    }
}

void http_server_destroy(struct http_server *server)
{
    int64_t until_ms;

    if (!server)
        return;
    loop_timer_cancel(server->config.loop, &server->handshakes);
    loop_timer_cancel(server->config.loop, &server->starved);
    if (server->listener >= 0)
        stop_listening(server);
    server->draining = server->stopping = true;
    refuse_waiting(server);
    until_ms = clock_now_ms(server->config.clock) + HTTP_FLUSH_MS;
    do {
        struct pollfd wait = {.fd = epoll_fd(server), .events = POLLIN};

        http_due_run(server);
        http_run(server);
        if (all_flushed(server))
            break;
        poll(&wait, 1, 10);
    } while (clock_now_ms(server->config.clock) < until_ms);
    if (server->begun)
        loop_del_fd(server->config.loop, epoll_fd(server));
    loop_timer_cancel(server->config.loop, &server->sweep);
    MHD_stop_daemon(server->daemon);
    http_linger_stop_all(server);
    free_server(server);
}

/* ---- what libmicrohttpd brings along */

/* It starts GnuTLS with itself, whether anything here speaks TLS or not (nothing does): 1 MB of
 * every process. These stand in for GnuTLS's own, as the first definitions the dynamic linker
 * meets. */
int gnutls_global_init(void);
int gnutls_global_init(void)
{
    return 0;
}

void gnutls_global_deinit(void);
void gnutls_global_deinit(void) {}

/* Asked by GnuTLS when it is loaded: GNUTLS_SKIP_GLOBAL_INIT of its header. */
int _gnutls_global_init_skip(void);
int _gnutls_global_init_skip(void)
{
    return 1;
}
