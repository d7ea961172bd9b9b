/* route_message.c - see route_message.h. */
#include "middleware/route_message.h"

#include <stdlib.h>
#include <string.h>

#include "middleware/base64.h"
#include "middleware/route_query.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"

static const char NOTHING[] = "{}";

enum { MEMBERS_MAX = ROUTE_PARAMS_MAX + ROUTE_QUERY_MAX + ROUTE_HEADERS_MAX };

static enum status read_params(const struct route_match *match, struct json_member *members,
                               struct problem *problem)
{
    const struct descriptor *request = match->route->op ? match->route->op->request : NULL;
    enum status st = ST_OK;

    for (size_t i = 0; i < match->n_params; i++)
        if (route_param_read(&members[i], request, match->params[i].name, match->params[i].value,
                             problem) != ST_OK)
            st = ST_INVALID;
    return st;
}

/* A byte becomes six of an escape at most. */
static size_t room_for(const struct json_member *members, size_t n, size_t body_len)
{
    size_t size = body_len + sizeof("{,}");

    for (size_t i = 0; i < n; i++)
        if (members[i].value)
            size += strlen(members[i].name) + 6 * strlen(members[i].value) + sizeof("\"\":\"\",");
    return size;
}

/* All that the row forwards, also what did not come: a body may not have it. */
static size_t add_headers(const struct route_match *match, struct json_member *members)
{
    const struct route_headers *headers = &match->route->headers;

    for (size_t i = 0; i < headers->n; i++) {
        members[i] = (struct json_member){.name = headers->rows[i].member, .place = "header"};
        for (size_t k = 0; k < match->n_fields; k++)
            if (strcmp(match->fields[k].member, members[i].name) == 0)
                members[i].value = match->fields[k].value;
    }
    return headers->n;
}

/* body NULL: there is none. raw: it is no JSON. */
static enum status merge(struct route_message *m, const struct json_member *members, size_t n,
                         const char *body, size_t len, bool raw, struct problem *problem)
{
    struct json_out o;

    m->size = room_for(members, n, raw ? base64_len(len) + sizeof("\"body\":\"\",") : len);
    if (m->size > sizeof(m->small))
        m->buf = mem_alloc(1, m->size);
    json_out_init(&o, m->buf ? m->buf : m->small, m->buf ? m->size : sizeof(m->small));
    if (body && !raw && !json_merge_members(body, len, members, n, &o, problem))
        return ST_INVALID;
    if (!body || raw) {
        json_out_open(&o, '{');
        json_write_members(members, n, &o);
        if (raw) {
            json_out_key(&o, "body");
            base64_write(body, len, &o);
        }
        json_out_close(&o, '}');
    }
    ASSERT(!o.overflow);
    m->data = o.buf;
    m->len = o.len;
    return ST_OK;
}

enum status route_message_build(struct route_message *m, const struct route_match *match,
                                const char *raw_query, const char *body, size_t len,
                                struct problem *problem)
{
    const struct route *route = match->route;
    struct json_member members[MEMBERS_MAX];
    struct route_query query;
    enum status path, st;
    size_t n = match->n_params;

    m->buf = NULL;
    m->size = 0;
    m->data = route->body ? body : NOTHING;
    m->len = route->body ? len : sizeof(NOTHING) - 1;
    path = read_params(match, members, problem);
    st = route_query_read(&query, route->op ? route->op->request : NULL, raw_query, problem);
    memcpy(members + n, query.members, query.n * sizeof(members[0]));
    n += query.n;
    n += add_headers(match, members + n);
    if (path != ST_OK)
        st = path;
    if (st == ST_OK && (n > 0 || route->raw))
        st = merge(m, members, n, route->body ? body : NULL, route->body ? len : 0, route->raw,
                   problem);
    route_query_fini(&query);
    return st;
}

void route_message_members(struct route_message *m, const struct json_member *members, size_t n)
{
    m->buf = NULL;
    merge(m, members, n, NULL, 0, false, NULL);
}

void route_message_fini(struct route_message *m)
{
    explicit_bzero(m->buf ? m->buf : m->small, m->size);
    free(m->buf);
    m->buf = NULL;
}
