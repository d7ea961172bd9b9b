/* outside_route.c - see outside_route.h. */
#include "tool/outside/outside_route.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/uuid.h"
#include "tool/encoder/field_walk.h"

static const char GET[] = "GET /", POST[] = "POST /";

enum { NUMBER_SIZE = 24 };
_Static_assert(NUMBER_SIZE <= UUID_TEXT_LEN + 1, "room for both");

bool outside_route_posts(const char *route)
{
    return strncmp(route, POST, strlen(POST)) == 0;
}

/* ---- whether it can be asked ---- */

static bool has_text(const struct field *f)
{
    return f->kind == FIELD_TEXT || f->kind == FIELD_INT || f->kind == FIELD_UUID;
}

/* The row of a parameter {name} that begins at p; NULL: there is none. */
static const struct field *parameter_at(const char *p, const struct descriptor *request,
                                        struct field_walk *w)
{
    size_t len = strcspn(p, "}");

    return p[len] == '}' && field_walk_find(w, request, p + 1, len - 1) ? w->field : NULL;
}

const char *outside_row_fault(const struct outside_row *row)
{
    struct field_walk w;

    if (!row->op || !row->route)
        return "has no .op or no .route";
    if (strncmp(row->route, GET, strlen(GET)) != 0 && !outside_route_posts(row->route))
        return "has a .route that is neither GET /... nor POST /...";
    for (const char *p = strchr(row->route, '{'); p; p = strchr(p + 1, '{')) {
        const struct field *f = parameter_at(p, row->op->request, &w);
        if (!f || !(f->flags & FIELD_IN_PATH) || !has_text(f))
            return "has a parameter that is no text, number or id of the request's path";
    }
    for (w = field_walk(row->op->request); field_walk_next(&w);)
        if (!outside_route_posts(row->route) &&
            (!(w.field->flags & (FIELD_IN_PATH | FIELD_IN_QUERY)) || !has_text(w.field)))
            return "is a GET with a member that is neither in its path nor in its query";
    return NULL;
}

/* ---- writing ---- */

struct path {
    char *text;
    size_t size, len;
    bool overflow;
};

static void add(struct path *path, const char *text, size_t len)
{
    path->overflow |= len >= path->size - path->len;
    if (path->overflow)
        return;
    memcpy(path->text + path->len, text, len);
    path->len += len;
    path->text[path->len] = '\0';
}

static void add_encoded(struct path *path, const char *text)
{
    static const char PLAIN[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    char code[4];

    for (; *text; text++) {
        if (strchr(PLAIN, *text)) {
            add(path, text, 1);
            continue;
        }
        snprintf(code, sizeof(code), "%%%02X", (unsigned char)*text);
        add(path, code, 3);
    }
}

static const char *member_of(const struct field_walk *w, const void *request)
{
    return (const char *)request + w->base + w->field->offset;
}

static bool is_zero(const struct field_walk *w, const void *request)
{
    static const struct uuid NOTHING;
    size_t size = w->field->kind == FIELD_TEXT ? 1 : w->field->size;

    return memcmp(member_of(w, request), &NOTHING, size) == 0;
}

static const char *text_of(const struct field_walk *w, const void *request,
                           char number[UUID_TEXT_LEN + 1])
{
    struct uuid id;
    int64_t n;

    if (w->field->kind == FIELD_TEXT)
        return member_of(w, request);
    if (w->field->kind == FIELD_UUID) {
        memcpy(&id, member_of(w, request), sizeof(id));
        return uuid_text(id, number);
    }
    memcpy(&n, member_of(w, request), sizeof(n));
    snprintf(number, NUMBER_SIZE, "%" PRId64, n);
    return number;
}

static void add_query(struct path *path, const struct outside_row *row, const void *request)
{
    char text[UUID_TEXT_LEN + 1];
    const char *before = "?";

    for (struct field_walk w = field_walk(row->op->request); field_walk_next(&w);) {
        if (!(w.field->flags & FIELD_IN_QUERY) || is_zero(&w, request))
            continue;
        add(path, before, 1);
        add(path, w.field->name, strlen(w.field->name));
        add(path, "=", 1);
        add_encoded(path, text_of(&w, request, text));
        before = "&";
    }
}

bool outside_route_write(const struct outside_row *row, const void *request, char *text,
                         size_t size)
{
    struct path path = {.text = text, .size = size};
    const char *p = strchr(row->route, '/');
    char value[UUID_TEXT_LEN + 1];
    struct field_walk w;

    text[0] = '\0';
    while (*p) {
        size_t plain = strcspn(p, "{");
        add(&path, p, plain);
        p += plain;
        if (*p != '{')
            break;
        (void)parameter_at(p, row->op->request, &w);
        add_encoded(&path, text_of(&w, request, value));
        p = strchr(p, '}') + 1;
    }
    add_query(&path, row, request);
    return !path.overflow;
}
