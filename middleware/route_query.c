/* route_query.c - see route_query.h. */
#include "middleware/route_query.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "middleware/percent.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/encoder/field_walk.h"

/* ---- kinds ---- */

/* As JSON writes one: no plus, no leading zero. */
static bool is_whole_number(const char *text)
{
    const char *digits = text + (*text == '-');
    char *end;

    if (*digits < '0' || *digits > '9' || (digits[0] == '0' && digits[1]))
        return false;
    errno = 0;
    strtoll(text, &end, 10);
    return errno == 0 && *end == '\0';
}

static enum status take_value(struct json_member *member, const struct field *f, const char *value,
                              struct problem *problem)
{
    member->value = value;
    member->bare = f && (f->kind == FIELD_INT || f->kind == FIELD_BOOL);
    if (!member->bare)
        return ST_OK;
    if (f->kind == FIELD_INT && !is_whole_number(value))
        return problem_field(problem, member->name, "must be a whole number");
    if (f->kind == FIELD_BOOL && strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
        return problem_field(problem, member->name, "must be true or false");
    return ST_OK;
}

enum status route_param_read(struct json_member *member, const struct descriptor *request,
                             const char *name, const char *value, struct problem *problem)
{
    struct field_walk row;
    bool known = field_walk_find(&row, request, name, strlen(name));

    *member = (struct json_member){.name = name, .place = "path"};
    return take_value(member, known ? row.field : NULL, value, problem);
}

/* ---- the query ---- */

static void declare(struct route_query *query, const struct descriptor *request)
{
    for (struct field_walk row = field_walk(request); field_walk_next(&row);) {
        if (!(row.field->flags & FIELD_IN_QUERY))
            continue;
        ASSERT(query->n < ROUTE_QUERY_MAX);
        query->members[query->n++] =
            (struct json_member){.name = row.field->name, .place = "query"};
    }
}

static struct json_member *find_declared(struct route_query *query, const char *name)
{
    for (size_t i = 0; i < query->n; i++)
        if (strcmp(query->members[i].name, name) == 0)
            return &query->members[i];
    return NULL;
}

/* Decodes part in place; false when it is no text, part then ends before what is wrong. */
static bool decode_part(char *part)
{
    const char *at = part;
    size_t len = 0;
    int byte = 1;

    while (*at) {
        bool plus = *at == '+';

        byte = percent_decode(&at);
        if (byte <= 0)
            break;
        part[len++] = plus ? ' ' : (char)byte;
    }
    part[len] = '\0';
    return byte > 0 && json_out_is_utf8(part, len);
}

static enum status take_member(struct route_query *query, const struct descriptor *request,
                               char *name, char *value, struct problem *problem)
{
    struct json_member *member;
    struct field_walk row;

    if (!decode_part(name))
        return problem_field(problem, name, "is not URL-encoded UTF-8");
    member = find_declared(query, name);
    if (!member)
        return problem_field(problem, name, "is not known here");
    if (member->value)
        return problem_field(problem, name, "is there twice");
    member->value = ""; /* whatever becomes of it, it was there */
    if (!decode_part(value))
        return problem_field(problem, name, "is not URL-encoded UTF-8");
    field_walk_find(&row, request, name, strlen(name));
    return take_value(member, row.field, value, problem);
}

enum status route_query_read(struct route_query *query, const struct descriptor *request,
                             const char *raw, struct problem *problem)
{
    enum status st = ST_OK;
    char *rest, *pair;

    query->n = 0;
    query->text = NULL;
    declare(query, request);
    if (!raw || !*raw)
        return ST_OK;
    rest = query->text = mem_strdup(raw);
    while ((pair = strsep(&rest, "&"))) {
        char *value = pair, *name = strsep(&value, "=");

        if (*pair || value) /* nothing between two '&' is nothing */
            st = take_member(query, request, name, value ? value : name + strlen(name), problem)
                     ? ST_INVALID
                     : st;
    }
    return st;
}

void route_query_fini(struct route_query *query)
{
    free(query->text);
    query->text = NULL;
}
