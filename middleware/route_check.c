/* route_check.c - see route_check.h. */
#include "middleware/route_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "middleware/route_fallback.h"
#include "middleware/route_gather.h"
#include "middleware/route_near.h"
#include "middleware/route_order.h"
#include "tool/core/call.h"
#include "tool/core/mem.h"
#include "tool/encoder/field_walk.h"

static bool __attribute__((format(printf, 2, 3))) wrong(char why[], const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(why, ROUTE_WHY_MAX + 1, fmt, args);
    va_end(args);
    return false;
}

static bool check_subject(const struct route *route, char why[])
{
    const struct operation *near = route_near(route->subject);

    if (near)
        return wrong(why, "%s is no operation: %s is near", route->subject, near->subject);
    if (route->op && route->op->internal)
        return wrong(why, "%s is asked by other services only: no route may lead to it",
                     route->subject);
    return true;
}

/* What the operation says about who may ask must be so on the way to it. */
static bool check_access(const struct route *route, char why[])
{
    const struct operation *op = route->op;

    if (op && op->access.kind != ACCESS_ANYBODY && !route->bearer)
        return wrong(why, "%s wants a verified caller: auth=%s is right", route->subject,
                     op->fresh ? "fresh" : "bearer");
    if (op && op->fresh && !route->fresh)
        return wrong(why, "%s wants a session that has not ended: auth=fresh is right",
                     route->subject);
    return true;
}

static bool check_status(const struct route *route, char why[])
{
    bool nothing = route->status == 204;

    if (route->op && nothing && route->op->reply)
        return wrong(why, "%s answers something, 204 is for nothing: status=200 is right",
                     route->subject);
    if (route->op && !nothing && !route->op->reply)
        return wrong(why, "%s answers nothing: status=204 is right", route->subject);
    return true;
}

bool route_answers_secrets(const struct route *route)
{
    const struct descriptor *reply = route->op ? route->op->reply : NULL;

    for (struct field_walk w = field_walk(reply); field_walk_next(&w);)
        if (w.field->flags & FIELD_SECRET)
            return true;
    return false;
}

static bool check_cache(const struct route *route, char why[])
{
    bool anybody = route->cache.who == CACHE_ANYBODY;

    if (!anybody && route->cache.who != CACHE_ONE)
        return true;
    if (anybody && route->bearer)
        return wrong(why,
                     "%s %s: what anyone may keep can not be for one caller: auth=none, "
                     "cache=private or cache=no-store is right",
                     route->method, route->path);
    if (strcmp(route->method, "GET") != 0)
        return wrong(why, "%s %s: only what GET answers may be kept: cache=no-store is right",
                     route->method, route->path);
    if (route_answers_secrets(route))
        return wrong(why, "%s answers secrets: cache=no-store is right", route->subject);
    if (anybody && route->op && !route->op->cacheable)
        return wrong(why, "%s does not answer everybody the same: cache=no-store is right",
                     route->subject);
    return true;
}

static bool check_roles(const struct route *route, char why[])
{
    const char *those =
        route->op && route->op->access.kind == ACCESS_ROLE ? route->op->access.roles : "";
    struct call call = {0};

    if (!word_list_next(&route->roles, NULL))
        return true;
    if (!route->bearer)
        return wrong(why, "%s %s: roles are those of a verified caller: auth=bearer is right",
                     route->method, route->path);
    TEXT_COPY(call.roles, those);
    if (*those && !route_lets_in(route, &call))
        return wrong(why, "%s %s: %s lets in %s, and nobody of roles=", route->method, route->path,
                     route->subject, those);
    return true;
}

static bool takes_query(const struct route *route)
{
    for (struct field_walk w = field_walk(route->op ? route->op->request : NULL);
         field_walk_next(&w);)
        if (w.field->flags & FIELD_IN_QUERY)
            return true;
    return !route->op && route->gather.n == 0;
}

static bool check_limits(const struct route *route, char why[])
{
    const struct route_limits *limits = &route->limits;

    if (limits->body_max > 0 && !route->body)
        return wrong(why, "%s %s: there is no body: body_max= has to go", route->method,
                     route->path);
    if (limits->query_max > 0 && !takes_query(route))
        return wrong(why, "%s %s: nothing is taken from a query: query_max= has to go",
                     route->method, route->path);
    if (limits->head_max > 0 && limits->query_max >= limits->head_max)
        return wrong(why,
                     "%s %s: the query is part of the head: query_max= below head_max= is "
                     "right",
                     route->method, route->path);
    return true;
}

/* ---- members ---- */

/* Whether a message has a member of that name which may stand in a path: no secret, for paths are
 * kept by browsers and proxies. */
static bool has_plain_member(const struct descriptor *message, const char *name)
{
    struct field_walk w;

    return field_walk_find(&w, message, name, strlen(name)) && !(w.field->flags & FIELD_SECRET);
}

/* What a route puts into the message, and takes from the reply, must be there. */
static bool check_named(const struct route *route, char why[])
{
    const struct operation *op = route->op;
    const struct location *location = &route->location;

    for (size_t i = 0; op && i < route->n_segments; i++)
        if (route->segments[i].param && !has_plain_member(op->request, route_word(route, i)))
            return wrong(why, "%s: {%s} is nothing that %s takes in a path", route->path,
                         route_word(route, i), route->subject);
    for (size_t i = 0; op && i < location->n; i++) {
        const char *part = location->text + location->parts[i].at;

        if (location->parts[i].member && !has_plain_member(op->reply, part))
            return wrong(why, "location: {%s} is nothing that %s answers for a path", part,
                         route->subject);
    }
    return true;
}

static bool has_parameter(const struct route *route, const char *name)
{
    for (size_t i = 0; i < route->n_segments; i++)
        if (route->segments[i].param && strcmp(route_word(route, i), name) == 0)
            return true;
    return false;
}

static bool has_header(const struct route *route, const char *member)
{
    for (size_t i = 0; i < route->headers.n; i++)
        if (strcmp(route->headers.rows[i].member, member) == 0)
            return true;
    return false;
}

/* Headers are forwarded to who takes them, and but for tokens, which stay here. */
static bool check_headers(const struct route *route, char why[])
{
    const struct descriptor *request = route->op ? route->op->request : NULL;
    struct field_walk w;

    if (route->bearer && has_header(route, "authorization"))
        return wrong(why, "%s %s: access tokens stay here: headers= without Authorization is right",
                     route->method, route->path);
    for (size_t i = 0; route->op && i < route->headers.n; i++) {
        const struct route_header *header = &route->headers.rows[i];

        if (!field_walk_find(&w, request, header->member, strlen(header->member)) ||
            !(w.field->flags & FIELD_IN_HEADER))
            return wrong(why, "headers: %s is nothing that %s takes from a header", header->name,
                         route->subject);
    }
    for (w = field_walk(request); field_walk_next(&w);)
        if ((w.field->flags & FIELD_IN_HEADER) && (w.field->flags & FIELD_REQUIRED) &&
            !has_header(route, w.field->name))
            return wrong(why, "%s %s: %s takes %s from a header: headers= has to name it",
                         route->method, route->path, route->subject, w.field->name);
    return true;
}

/* The bytes of a body are one member, and all that comes from a body. */
static bool check_raw(const struct route *route, char why[])
{
    struct field_walk w;

    if (!route->raw)
        return true;
    if (!route->body)
        return wrong(why, "%s %s: raw=yes is of a body: body=required is right", route->method,
                     route->path);
    if (!route->op)
        return true;
    if (!field_walk_find(&w, route->op->request, "body", strlen("body")) ||
        w.field->kind != FIELD_TEXT || (w.field->flags & FIELD_ELSEWHERE))
        return wrong(why, "%s has no text body: raw=no is right", route->subject);
    for (w = field_walk(route->op->request); field_walk_next(&w);)
        if ((w.field->flags & FIELD_REQUIRED) && !(w.field->flags & FIELD_ELSEWHERE) &&
            strcmp(w.field->name, "body") != 0 && !has_parameter(route, w.field->name))
            return wrong(why, "%s takes %s from a body: raw=no is right", route->subject,
                         w.field->name);
    return true;
}

/* All that the message must have has a way to come. */
static bool check_body(const struct route *route, char why[])
{
    bool takes = false;

    if (!route->op)
        return true;
    for (struct field_walk w = field_walk(route->op->request); field_walk_next(&w);) {
        const char *name = w.field->name;
        bool required = w.field->flags & FIELD_REQUIRED;

        if ((w.field->flags & (FIELD_IN_QUERY | FIELD_IN_HEADER)) || has_parameter(route, name))
            continue;
        if (required && (w.field->flags & FIELD_IN_PATH))
            return wrong(why, "%s: %s takes %s from the path: {%s} is missing", route->path,
                         route->subject, name, name);
        takes |= !(w.field->flags & FIELD_IN_PATH);
        if (required && !route->body)
            return wrong(why, "%s %s: %s wants %s in a body: %sbody=required%s is right",
                         route->method, route->path, route->subject, name,
                         route->method[0] == 'P' ? "" : "POST, or ",
                         route->method[0] == 'P' ? "" : ",");
    }
    if (route->body && !takes)
        return wrong(why, "%s %s: %s takes nothing from a body: body=none is right", route->method,
                     route->path, route->subject);
    return true;
}

/* What a route forwards must be looked at. */
static bool check_forwarded(const struct route *route, char why[])
{
    const struct operation *op = route->op;

    if (op && route->wait && !op->waits)
        return wrong(why, "%s has nothing to wait for: wait=no is right", route->subject);
    if (op && route->idempotency && !operation_takes_key(op))
        return wrong(why, "%s looks at no Idempotency-Key: idempotency=no is right",
                     route->subject);
    if (op && !route->idempotency && operation_needs_key(op))
        return wrong(why, "%s wants an Idempotency-Key: idempotency=yes is right", route->subject);
    return true;
}

/* ---- several at once ---- */

static bool takes(const struct operation *op, const char *name)
{
    return !op || has_plain_member(op->request, name);
}

/* Whether the part before it answers that, as a text. */
static bool has_answer(const struct route_part *before, const char *name)
{
    struct field_walk w;

    return !before->op || (field_walk_find(&w, before->op->reply, name, strlen(name)) &&
                           (w.field->kind == FIELD_UUID || w.field->kind == FIELD_TEXT));
}

/* All that the part must have comes from the path or the part before it, or is the caller. */
static bool check_part_members(const struct route *route, const struct route_part *part, char why[])
{
    const struct route_part *before = part->after ? &route->gather.rows[part->after - 1] : NULL;
    const struct field *owner = before ? NULL : route_part_owner(part->op);

    for (struct field_walk w = field_walk(part->op ? part->op->request : NULL);
         field_walk_next(&w);) {
        const char *name = w.field->name;
        if (!(w.field->flags & FIELD_REQUIRED) || w.field == owner || has_parameter(route, name))
            continue;
        if (!before)
            return wrong(why, "%s: %s wants %s: {%s} is missing in the path", route->path,
                         part->subject, name, name);
        if (!has_answer(before, name))
            return wrong(why, "%s: %s wants %s, which %s does not answer", route->path,
                         part->subject, name, before->subject);
    }
    return true;
}

static bool check_part(const struct route *route, const struct route_part *part, char why[])
{
    struct route alone = *route;

    TEXT_COPY(alone.subject, part->subject);
    alone.op = part->op;
    if (!check_subject(&alone, why) || !check_access(&alone, why))
        return false;
    if (part->op && !(part->op->idempotent && part->op->reply))
        return wrong(why, "%s does more than answer: it can be gathered with nothing",
                     part->subject);
    return check_part_members(route, part, why);
}

static bool check_gather(const struct route *route, char why[])
{
    const struct route_parts *parts = &route->gather;

    if (strcmp(route->subject, "-") != 0)
        return wrong(why, "gather=: its parts have the subjects: - instead of %s is right",
                     route->subject);
    if (strcmp(route->method, "GET") != 0 || route->status != 200 || route->body || route->etag ||
        route->wait || route->idempotency || route->location.n > 0 || route->headers.n > 0 ||
        route->raw || route->fallback.json[0] || route->fallback.subject[0] ||
        route->cache.who != CACHE_BY_VERSION)
        return wrong(why, "%s %s gathers: only GET, with auth= and timeout= is right",
                     route->method, route->path);
    for (size_t i = 0; i < route->n_segments; i++) {
        bool taken = !route->segments[i].param;

        for (size_t k = 0; k < parts->n && !taken; k++)
            taken = takes(parts->rows[k].op, route_word(route, i));
        if (!taken)
            return wrong(why, "%s: {%s} is nothing that a part of it takes in a path", route->path,
                         route_word(route, i));
    }
    for (size_t i = 0; i < parts->n; i++)
        if (!check_part(route, &parts->rows[i], why))
            return false;
    return true;
}

/* ---- what stands in ---- */

static bool check_fallback(const struct route *route, char why[])
{
    const struct route_fallback *fallback = &route->fallback;
    struct route alone = *route;
    const char *lacks = route_fallback_lacks(fallback, route->op ? route->op->reply : NULL);

    if (!fallback->json[0] && !fallback->subject[0])
        return true;
    if (strcmp(route->method, "GET") != 0)
        return wrong(why, "%s %s: a fallback is for GET only", route->method, route->path);
    if (lacks)
        return wrong(why, "fallback=%s: %s answers otherwise, see %s", fallback->json,
                     route->subject, lacks);
    if (fallback->json[0])
        return true;
    TEXT_COPY(alone.subject, fallback->subject);
    alone.op = fallback->op;
    if (fallback->op && !fallback->op->idempotent)
        return wrong(why, "fallback=%s: it does more than answer", fallback->subject);
    return check_subject(&alone, why) && check_access(&alone, why);
}

bool route_check(const struct route *route, char why[ROUTE_WHY_MAX + 1])
{
    static bool (*const CHECKS[])(const struct route *, char *) = {
        check_subject, check_access,  check_roles, check_status, check_limits,    check_cache,
        check_named,   check_headers, check_raw,   check_body,   check_forwarded, check_fallback,
    };

    if (route->gather.n > 0)
        return check_roles(route, why) && check_limits(route, why) && check_gather(route, why);
    if (strcmp(route->subject, "-") == 0)
        return wrong(why, "%s %s: with - as its subject it has gather=name:subject,...",
                     route->method, route->path);
    for (size_t i = 0; i < ARRAY_LEN(CHECKS); i++)
        if (!CHECKS[i](route, why))
            return false;
    return true;
}
