/* route_gather.c - see route_gather.h. */
#include "middleware/route_gather.h"

#include <string.h>

#include "middleware/member_name.h"
#include "middleware/route_query.h"
#include "protocol/operations.h"
#include "tool/core/mem.h"
#include "tool/encoder/field_walk.h"

bool route_subject_fits(const char *subject)
{
    size_t len = strlen(subject);

    return len > 0 && len <= ROUTE_SUBJECT_MAX && subject[0] != '.' && subject[len - 1] != '.' &&
           !strstr(subject, "..") && strchr(subject, '.') &&
           strspn(subject, "abcdefghijklmnopqrstuvwxyz0123456789._-") == len;
}

/* The one of that name, counted from 1; 0 = there is none. */
static size_t find_part(const struct route_parts *parts, const char *name, size_t len)
{
    for (size_t i = 0; i < parts->n; i++)
        if (strlen(parts->rows[i].name) == len && memcmp(parts->rows[i].name, name, len) == 0)
            return i + 1;
    return 0;
}

/* text: up to the ',' or the end. */
static bool take_part(struct route_parts *parts, const char *text, size_t len)
{
    struct route_part *part = &parts->rows[parts->n];
    const char *colon = memchr(text, ':', len), *at = memchr(text, '@', len);
    size_t name_len = colon ? (size_t)(colon - text) : 0;
    size_t subject_len = (at ? (size_t)(at - text) : len) - name_len - 1;

    if (!colon || (at && at < colon) || name_len > ROUTE_PART_NAME_MAX ||
        !member_name_fits(text, name_len) || subject_len > ROUTE_SUBJECT_MAX)
        return false;
    *part = (struct route_part){.op = NULL};
    memcpy(part->name, text, name_len);
    memcpy(part->subject, colon + 1, subject_len);
    part->op = operation_find(part->subject);
    if (at && (part->after = find_part(parts, at + 1, (size_t)(text + len - at - 1))) == 0)
        return false;
    for (size_t i = 0; i < parts->n; i++)
        if (strcmp(parts->rows[i].name, part->name) == 0)
            return false;
    parts->n++;
    return route_subject_fits(part->subject) && strcmp(part->name, "missing") != 0;
}

bool route_parts_parse(struct route_parts *parts, const char *text)
{
    size_t len;

    parts->n = 0;
    do {
        len = strcspn(text, ",");
        if (parts->n == ROUTE_PARTS_MAX || !take_part(parts, text, len))
            return false;
        text += len;
    } while (*text++ == ',');
    return true;
}

const struct field *route_part_owner(const struct operation *op)
{
    bool owned = op && (op->access.kind == ACCESS_OWNER || op->access.kind == ACCESS_OWNER_OR_ROLE);

    for (struct field_walk w = field_walk(owned ? op->request : NULL); field_walk_next(&w);)
        if (w.base + w.field->offset == op->access.offset)
            return w.field;
    return NULL;
}

static bool takes(const struct route_part *part, const char *name)
{
    struct field_walk w;

    return !part->op || field_walk_find(&w, part->op->request, name, strlen(name));
}

/* What the part must have and the path does not say, as members of the answer before it. */
static size_t wanted_of_answer(const struct route_match *match, const struct route_part *part,
                               struct json_found found[ROUTE_PARAMS_MAX])
{
    size_t n = 0;

    for (struct field_walk w = field_walk(part->op ? part->op->request : NULL);
         n < ROUTE_PARAMS_MAX && field_walk_next(&w);) {
        bool said = !(w.field->flags & FIELD_REQUIRED);
        for (size_t i = 0; i < match->n_params; i++)
            said = said || strcmp(match->params[i].name, w.field->name) == 0;
        if (!said)
            found[n++].name = w.field->name;
    }
    return n;
}

enum status route_part_message(struct route_message *m, const struct route_match *match,
                               const struct route_part *part, const struct route_part_asker *asker,
                               struct problem *problem)
{
    const struct descriptor *request = part->op ? part->op->request : NULL;
    const struct field *owner = asker->answer ? NULL : route_part_owner(part->op);
    struct json_member members[2 * ROUTE_PARAMS_MAX + 1];
    struct json_found found[ROUTE_PARAMS_MAX];
    size_t n = 0, n_found = asker->answer ? wanted_of_answer(match, part, found) : 0;
    enum status st = ST_OK;

    for (size_t i = 0; i < match->n_params; i++) {
        const char *name = match->params[i].name;

        if (!takes(part, name))
            continue;
        if (owner && strcmp(owner->name, name) == 0)
            owner = NULL;
        if (route_param_read(&members[n++], request, name, match->params[i].value, problem) !=
            ST_OK)
            st = ST_INVALID;
    }
    if (n_found > 0 && !json_get_texts(asker->answer, asker->answer_len, found, n_found)) {
        st = ST_INTERNAL;
        n_found = 0;
    }
    for (size_t i = 0; i < n_found; i++)
        members[n++] = (struct json_member){.name = found[i].name, .value = found[i].value};
    if (owner)
        members[n++] = (struct json_member){.name = owner->name, .value = asker->caller};
    route_message_members(m, members, n);
    return st;
}
