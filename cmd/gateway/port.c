/* port.c - see port.h. */
#include "cmd/gateway/port.h"

#include "cmd/gateway/exchange.h"
#include "cmd/gateway/routing.h"
#include "cmd/gateway/gateway.h"
#include "tool/core/log.h"
#include "tool/http/http_listener.h"

enum { LOOK_MS = 20, OPEN_BY_MS = 5000 };

static bool can_answer(const struct gateway *gw)
{
    return link_is_up(gw->run.link) && authenticator_has_keys(gw->authenticator);
}

static void say_open(struct gateway *gw)
{
    gw->port.open = true;
    log_info("listening", LOG_TEXT("address", gw->listen),
             LOG_INT("port", http_server_port(gw->server)));
}

/* While somebody else serves the port, whoever came to us too early would be refused. */
static void look(void *arg)
{
    struct gateway *gw = arg;
    const char *why = "";

    if (!can_answer(gw) && clock_now_ms(gw->run.clock) < gw->port.open_by_ms) {
        loop_timer_set(gw->run.loop, &gw->port.look, LOOK_MS);
        return;
    }
    if (http_server_begin(gw->server, &why))
        say_open(gw);
    else
        log_error("cannot listen", LOG_TEXT("why", why));
}

/* What a row says of itself holds instead of what the settings say of all. */
static void limits_of(void *gateway, const char *method, const char *target,
                      struct http_limits *limits)
{
    const struct gateway *gw = gateway;
    const struct route_limits own = route_limits_of(gw->routing->table, method, target);

    if (own.head_max > 0)
        limits->head_max = (size_t)own.head_max;
    if (own.query_max > 0)
        limits->query_max = (size_t)own.query_max;
    if (own.body_max > 0)
        limits->body_max = (size_t)own.body_max;
}

static struct http_server *create_server(struct gateway *gw, int passed, const char **why)
{
    const struct http_server_config config = {
        .listen = gw->listen,
        .share_port = gw->share_port,
        .listener = passed,
        .waits = gw->share_port || passed > 0,
        .loop = gw->run.loop,
        .clock = gw->run.clock,
        .limits = {.head_max = (size_t)gw->head_max_bytes, .body_max = (size_t)gw->body_max_bytes},
        .limits_of = limits_of,
        .connections_max = (unsigned)gw->connections_max,
        .head_timeout_ms = (int)gw->head_timeout_ms,
        .body_timeout_ms = (int)gw->body_timeout_ms,
        .connected = gw->entry.tls || gw->entry.proxy_protocol ? entry_connected : NULL,
        .handle = exchange_begin,
        .refuse = exchange_refuse,
        .gone = exchange_abandon,
        .arg = gw,
    };

    return http_server_create(&config, why);
}

bool port_open(struct gateway *gw)
{
    const char *why = "";
    int passed = http_listener_passed(&why);

    if (!entry_init(gw))
        return false;
    if (passed >= 0)
        gw->server = create_server(gw, passed, &why);
    if (!gw->server) {
        log_error("cannot listen", LOG_TEXT("why", why));
        return false;
    }
    gw->port = (struct port){
        .open_by_ms = clock_now_ms(gw->run.clock) + OPEN_BY_MS,
        .look = {.fn = look, .arg = gw},
    };
    if (gw->share_port || passed > 0)
        look(gw);
    else
        say_open(gw);
    return true;
}

void port_close(struct gateway *gw)
{
    loop_timer_cancel(gw->run.loop, &gw->port.look);
    http_server_destroy(gw->server);
    gw->server = NULL;
    entry_fini(gw);
}
