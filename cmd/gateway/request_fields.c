/* request_fields.c - see request_fields.h. */
#include "cmd/gateway/request_fields.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

#include "middleware/field_value.h"
#include "tool/core/header.h"
#include "tool/core/mem.h"
#include "tool/message/message.h"

/* What is packed is not what its type says, and nothing here unpacks it. */
static bool is_packed(const struct http_request *http)
{
    const char *coding = http_request_header(http, "Content-Encoding");

    return coding && coding[0] && strcasecmp(coding, "identity") != 0;
}

static enum status read_content_type(const struct http_request *http, const struct route *route,
                                     struct problem *problem)
{
    const char *type = http_request_header(http, "Content-Type");
    bool patch = strcmp(route->method, "PATCH") == 0;

    if (!route->body || route->raw)
        return ST_OK;
    if (is_packed(http))
        return problem_set(problem, ST_UNSUPPORTED_TYPE, NULL,
                           "Send it as it is, without a Content-Encoding.");
    if (field_is_json(type) || (patch && field_is_merge_patch(type)))
        return ST_OK;
    return problem_set(problem, ST_UNSUPPORTED_TYPE, NULL, "%s",
                       patch ? "Send application/merge-patch+json or application/json, in UTF-8."
                             : "");
}

static enum status read_idempotency_key(const struct http_request *http, const struct route *route,
                                        struct call *call, struct problem *problem)
{
    const char *key = http_request_header(http, HEADER_IDEMPOTENCY_KEY);

    if (!route->idempotency || !key)
        return ST_OK;
    if (!header_is_printable(key, CALL_IDEMPOTENCY_KEY_MAX))
        return problem_set(problem, ST_INVALID, NULL,
                           "Idempotency-Key must be 1 to 128 printable ASCII characters.");
    TEXT_COPY(call->idempotency_key, key);
    return ST_OK;
}

static enum status read_if_match(const struct http_request *http, const struct route *route,
                                 struct call *call, struct problem *problem)
{
    char list[HTTP_LIST_MAX];
    const char *value;

    if (!route->etag || strcmp(route->method, "GET") == 0)
        return ST_OK;
    value = http_request_list(http, HEADER_IF_MATCH, list, sizeof(list));
    if (!value)
        return ST_OK;
    call->if_version = header_if_version(value);
    if (call->if_version == 0)
        return problem_set(problem, ST_INVALID, NULL,
                           "If-Match must be the ETag of what was read, or *.");
    return call->if_version == CALL_NO_VERSION ? problem_set(problem, ST_STALE, NULL, "%s", "")
                                               : ST_OK;
}

static int32_t read_wait_ms(const struct http_request *http, const struct route *route)
{
    char list[HTTP_LIST_MAX];
    const char *prefer =
        route->wait ? http_request_list(http, HEADER_PREFER, list, sizeof(list)) : NULL;

    return prefer ? header_wait_ms(prefer) : 0;
}

/* The header fields that the row puts into the message. */
static enum status read_headers(const struct http_request *http, struct route_match *match,
                                struct problem *problem)
{
    const struct route_headers *headers = &match->route->headers;
    enum status st = ST_OK;

    for (size_t i = 0; i < headers->n; i++) {
        const struct route_header *header = &headers->rows[i];
        const char *values[2];
        size_t n = http_request_values(http, header->name, values, ARRAY_LEN(values));

        if (n > 1)
            st = problem_field(problem, header->name, "is there twice");
        else if (n == 1 && values[0][0] && !header_is_printable(values[0], INT_MAX))
            st = problem_field(problem, header->name, "must be printable ASCII");
        if (n != 1)
            continue;
        match->fields[match->n_fields].member = header->member;
        match->fields[match->n_fields++].value = values[0];
    }
    return st;
}

enum status request_fields_read(const struct http_request *http, struct route_match *match,
                                struct call *call, struct problem *problem)
{
    const struct route *route = match->route;
    enum status st = read_content_type(http, route, problem);

    if (st == ST_OK)
        st = read_idempotency_key(http, route, call, problem);
    if (st == ST_OK)
        st = read_if_match(http, route, call, problem);
    if (st == ST_OK)
        st = read_headers(http, match, problem);
    call->wait_ms = read_wait_ms(http, route);
    call->deadline_ms = clock_now_ms(call->clock) + route->timeout_ms + call->wait_ms;
    return st;
}

/* Nobody's word is read where nobody is trusted. */
static void read_forwarded(const struct http_request *http, const struct trust *trust,
                           struct forwarded *forwarded)
{
    const char *values[FORWARDED_HOPS_MAX];
    size_t n = trust->proxies.n == 0
                   ? 0
                   : http_request_values(http, trust->header, values, ARRAY_LEN(values));
    bool standard = strcmp(trust->header, TRUST_FORWARDED) == 0;

    forwarded->n = 0;
    for (size_t i = 0; i < n; i++)
        (standard ? forwarded_add : forwarded_add_x)(forwarded, values[i]);
    if (n > 0 && !standard)
        forwarded_set_proto(forwarded, http_request_header(http, "X-Forwarded-Proto"));
}

bool request_client_read(const struct http_request *http, const struct trust *trust,
                         struct call *call)
{
    const char *agent = http_request_header(http, "User-Agent");
    struct forwarded forwarded;

    _Static_assert((int)CLIENT_ADDRESS_MAX <= (int)CALL_CLIENT_MAX, "room in struct call");
    if (agent)
        header_keep_printable(agent, call->agent, sizeof(call->agent));
    read_forwarded(http, trust, &forwarded);
    return trusted_proxies_client(&trust->proxies, http_request_peer(http), &forwarded,
                                  call->client);
}
