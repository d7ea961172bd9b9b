/* cors.c - the fields of Fetch, 3.2. Whatever they say, nothing is let in by them: a page that may
 * not read an answer may still have asked, as anyone may. */
#include "cmd/gateway/cors.h"

#include <stdio.h>
#include <string.h>

#include "tool/http/http_request.h"

bool cors_is_options(const struct http_request *http)
{
    return strcmp(http_request_method(http), "OPTIONS") == 0;
}

/* The origin that is let in, or "*"; NULL = none. */
static const char *add_origin(struct answer *a, const struct asked *asked, const struct cors *cors)
{
    const char *origin = http_request_header(asked->http, "Origin");
    const char *allowed = cors_allows(cors, origin ? origin : "");

    if (!allowed || strcmp(allowed, "*") != 0) /* also to who comes from nowhere: caches keep it */
        answer_vary(a, "Origin");
    if (!allowed)
        return NULL;
    http_response_header(&a->res, "Access-Control-Allow-Origin", allowed);
    if (cors->credentials)
        http_response_header(&a->res, "Access-Control-Allow-Credentials", "true");
    return allowed;
}

static void add_preflight(struct answer *a, const struct asked *asked,
                          const struct route_table *table, const char *method)
{
    struct route_match wanted;
    const struct cors *cors;

    if (route_match(table, method, http_request_path(asked->http), &wanted) != ROUTE_FOUND)
        return;
    cors = route_cors(table, wanted.route);
    answer_vary(a, "Access-Control-Request-Method");
    if (!cors || !add_origin(a, asked, cors))
        return;
    http_response_header(&a->res, "Access-Control-Allow-Methods", asked->match->allow);
    http_response_header(&a->res, "Access-Control-Allow-Headers", cors->allow_headers);
    snprintf(a->body, sizeof(a->body), "%d", cors->max_age_s); /* which has no other use here */
    http_response_header(&a->res, "Access-Control-Max-Age", a->body);
}

void cors_answer_options(struct answer *a, const struct asked *asked,
                         const struct route_table *table)
{
    const char *method = http_request_header(asked->http, "Access-Control-Request-Method");
    bool all = strcmp(http_request_path(asked->http), "*") == 0;

    answer_begin(a, 204, NULL);
    http_response_header(&a->res, "Allow", all ? ROUTE_METHODS : asked->match->allow);
    if (method && http_request_header(asked->http, "Origin"))
        add_preflight(a, asked, table, method);
}

void cors_add(struct answer *a, const struct asked *asked, const struct route_table *table)
{
    const struct cors *cors = table->n_cors > 0 && !cors_is_options(asked->http)
                                  ? route_cors(table, asked->match->route)
                                  : NULL;

    if (cors && add_origin(a, asked, cors))
        http_response_header(&a->res, "Access-Control-Expose-Headers", cors->expose_headers);
}
