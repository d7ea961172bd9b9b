/* in_flight.c - see in_flight.h. */
#include "cmd/gateway/in_flight.h"

#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/resilience/concurrency.h"

struct in_flights {
    const struct route_table *table;
    const struct clock *clock;
    struct metrics *metrics;
    int64_t wall_us, ahead_us; /* when it was looked at last, what it was set back by so far */
    struct {
        struct concurrency limit;
        struct metric *refused;
    } routes[]; /* as in table */
};

static void learn_from(struct in_flights *all, const struct in_flights *before)
{
    for (size_t i = 0; i < all->table->n; i++)
        for (size_t k = 0; k < before->table->n; k++) {
            const struct route *is = &all->table->routes[i], *was = &before->table->routes[k];
            struct concurrency *limit = &all->routes[i].limit;

            if (strcmp(is->method, was->method) != 0 || strcmp(is->path, was->path) != 0)
                continue;
            *limit = before->routes[k].limit;
            limit->calm = (unsigned)is->in_flight.low;
            limit->max = (unsigned)is->in_flight.high;
            concurrency_settle(limit); /* those of before leave where they came in */
        }
    all->wall_us = before->wall_us;
    all->ahead_us = before->ahead_us;
}

struct in_flights *in_flights_create(const struct route_table *table, const struct clock *clock,
                                     struct metrics *metrics, const struct in_flights *before)
{
    struct in_flights *all = mem_alloc(1, sizeof(*all) + table->n * sizeof(all->routes[0]));

    all->table = table;
    all->clock = clock;
    all->metrics = metrics;
    for (size_t i = 0; i < table->n; i++) {
        all->routes[i].limit.calm = (unsigned)table->routes[i].in_flight.low;
        all->routes[i].limit.max = (unsigned)table->routes[i].in_flight.high;
        all->routes[i].limit.at_once = IN_FLIGHT_AT_ONCE;
    }
    if (before)
        learn_from(all, before);
    return all;
}

void in_flights_destroy(struct in_flights *all)
{
    free(all);
}

/* Microseconds that do not go back, of a clock that can be set. */
static int64_t now_us(struct in_flights *all)
{
    int64_t wall_us = clock_wall_us(all->clock);

    if (wall_us < all->wall_us)
        all->ahead_us += all->wall_us - wall_us;
    all->wall_us = wall_us;
    return wall_us + all->ahead_us;
}

struct metric *in_flight_refusals(struct metrics *metrics, const char *path)
{
    char labels[ROUTE_PATH_MAX + 64] = "";

    metrics_label(labels, sizeof(labels), "route", path);
    return metrics_counter(metrics, "hanok_http_overloaded_total",
                           "Requests refused because too much was in hand for their route.",
                           labels);
}

static void count_refusal(struct in_flights *all, size_t i)
{
    struct metric **refused = &all->routes[i].refused;

    if (!*refused)
        *refused = in_flight_refusals(all->metrics, all->table->routes[i].path);
    metric_add(*refused, 1);
}

static void say_change(const struct route *route, const struct concurrency *limit)
{
    log_write(limit->tight ? LOG_WARN : LOG_INFO,
              limit->tight ? "too much is in hand" : "not too much is in hand any more",
              (const struct log_field[]){LOG_TEXT("method", route->method),
                                         LOG_TEXT("route", route->path),
                                         LOG_INT("limit", limit->limit), LOG_END});
}

bool in_flight_enter(struct in_flights *all, const struct route *route, struct in_flight *one)
{
    size_t i = (size_t)(route - all->table->routes);
    struct concurrency *limit = &all->routes[i].limit;
    bool was = limit->tight, entered;
    int64_t at_us = now_us(all);

    in_flight_leave(one);
    entered = concurrency_enter(limit, at_us);
    if (limit->tight != was)
        say_change(route, limit);
    *one = (struct in_flight){.all = all, .route = route, .since_us = at_us, .refused = !entered};
    if (!entered)
        count_refusal(all, i);
    return entered;
}

static void leave(struct in_flight *one, enum concurrency_end end)
{
    struct in_flights *all = one->all;
    struct concurrency *limit;
    int64_t at_us;
    bool was;

    if (!all)
        return;
    limit = &all->routes[one->route - all->table->routes].limit;
    was = limit->tight;
    at_us = now_us(all);
    if (one->refused)
        concurrency_tell(limit, at_us, !one->held);
    else
        concurrency_leave(limit, at_us, at_us - one->since_us, end);
    if (limit->tight != was)
        say_change(one->route, limit);
    *one = (struct in_flight){0};
}

void in_flight_leave(struct in_flight *one)
{
    leave(one, CONCURRENCY_FAILED);
}

void in_flight_hold(struct in_flight *one)
{
    if (one->refused)
        one->held = true;
    else
        in_flight_leave(one);
}

void in_flight_answered(struct in_flight *one, const struct call *call, enum status st,
                        const struct message *reply)
{
    const char *code = reply ? message_header(reply, HEADER_ERROR_CODE) : NULL;

    if (st == ST_TIMEOUT)
        leave(one, CONCURRENCY_SILENT);
    else if (st != ST_OK)
        leave(one, CONCURRENCY_FAILED);
    else if (!code)
        leave(one, call->wait_ms > 0 ? CONCURRENCY_WAITED : CONCURRENCY_SERVED);
    else
        leave(one, strcmp(code, "503") == 0 ? CONCURRENCY_TURNED_AWAY : CONCURRENCY_FAILED);
}
