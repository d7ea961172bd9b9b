/* route_match.c - finding the row of a request. */
#include <string.h>

#include "middleware/route_order.h"
#include "middleware/route_path.h"

static bool path_fits(const struct route *route, const char *const *segments, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (segments[i][0] == '\0')
            return false;
        if (!route->segments[i].param && strcmp(route_word(route, i), segments[i]) != 0)
            return false;
    }
    return true;
}

static void allow_add(struct route_match *match, const char *method)
{
    size_t len = strlen(match->allow), n = strlen(method);

    if (len + n + 2 > ROUTE_ALLOW_MAX || strstr(match->allow, method))
        return;
    if (len > 0) {
        memcpy(match->allow + len, ", ", 2);
        len += 2;
    }
    memcpy(match->allow + len, method, n + 1);
}

static void take_params(struct route_match *match, const char *const *segments)
{
    const struct route *route = match->route;

    for (size_t i = 0; i < route->n_segments; i++) {
        if (!route->segments[i].param)
            continue;
        match->params[match->n_params].name = route_word(route, i);
        match->params[match->n_params++].value = segments[i];
    }
}

static bool is_get(const struct route *route)
{
    return strcmp(route->method, "GET") == 0;
}

bool route_may_ask_twice(const struct route *route)
{
    return route->op ? route->op->idempotent : is_get(route);
}

bool route_hedges(const struct route *route)
{
    return route->hedge && is_get(route) && route_may_ask_twice(route);
}

enum route_verdict route_match(const struct route_table *table, const char *method,
                               const char *raw_path, struct route_match *match)
{
    const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;
    const char *segments[ROUTE_SEGMENTS_MAX];
    enum route_path_verdict path;
    uint32_t first;
    size_t n;

    match->route = NULL;
    match->n_params = match->n_fields = 0;
    match->allow[0] = '\0';
    path = route_path_split(raw_path, match->text, segments, &n);
    if (path == ROUTE_PATH_BAD)
        return ROUTE_BAD_PATH;
    first = path == ROUTE_PATH_OK && n > 0 ? route_hash(segments[0]) : 0;
    for (size_t i = 0; path == ROUTE_PATH_OK && i < table->n; i++) {
        const struct route_key *key = &table->keys[i];
        const struct route *route = &table->routes[key->route];

        if (key->n_segments != n || (key->first && key->first != first) ||
            !path_fits(route, segments, n))
            continue;
        if (strcmp(route->method, wanted) == 0) {
            match->route = route;
            take_params(match, segments);
            return ROUTE_FOUND;
        }
        allow_add(match, route->method);
        if (strcmp(route->method, "GET") == 0)
            allow_add(match, "HEAD");
    }
    if (!match->allow[0])
        return ROUTE_NOT_FOUND;
    allow_add(match, "OPTIONS");
    return ROUTE_BAD_METHOD;
}

struct route_limits route_limits_of(const struct route_table *table, const char *method,
                                    const char *target)
{
    enum { RAW_MAX = 3 * ROUTE_DECODED_MAX }; /* a longer path is of no route */
    bool reads = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    size_t len = strcspn(target, "?");
    char path[RAW_MAX + 1];
    struct route_match match;

    if (!table->limits[!reads] || len > RAW_MAX)
        return (struct route_limits){0};
    memcpy(path, target, len);
    path[len] = '\0';
    if (route_match(table, method, path, &match) != ROUTE_FOUND)
        return (struct route_limits){0};
    return match.route->limits;
}

bool route_lets_in(const struct route *route, const struct call *call)
{
    const char *role = word_list_next(&route->roles, NULL);

    if (!role)
        return true;
    while (role && !call_has_role(call, role))
        role = word_list_next(&route->roles, role);
    return role != NULL;
}

const struct cors *route_cors(const struct route_table *table, const struct route *route)
{
    for (size_t i = 0; !route && i < table->n_cors; i++)
        if (strcmp(table->cors[i].name, "default") == 0)
            return &table->cors[i];
    return route && route->cors.at ? &table->cors[route->cors.at - 1] : NULL;
}
