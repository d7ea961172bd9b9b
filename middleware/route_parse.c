/* route_parse.c - the file of routes, read with words about what is wrong. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "middleware/member_name.h"
#include "middleware/route_check.h"
#include "middleware/route_definition.h"
#include "middleware/route_gather.h"
#include "middleware/route_json.h"
#include "middleware/route_option.h"
#include "middleware/route_order.h"
#include "middleware/text_file.h"
#include "protocol/operations.h"
#include "tool/core/mem.h"

enum {
    LINE_MAX_BYTES = 1023,
    FILE_MAX_BYTES = 256 * 1024,
};

static const char BLANKS[] = " \t\r";
static const char DEFAULT[] = "default", NONE[] = "none"; /* among the names of definitions */

struct parser {
    const char *name;
    unsigned line;
    bool json;        /* the lines were made of JSON: */
    unsigned entries; /* the first are its routes */
    char *why;
    const char *const *built_in;
    struct route_table *table;
};

static bool __attribute__((format(printf, 2, 3))) wrong(struct parser *p, const char *fmt, ...)
{
    va_list args;
    int n;

    if (!p->json)
        n = snprintf(p->why, ROUTE_WHY_MAX + 1, "%s:%u: ", p->name, p->line);
    else if (p->line > 0 && p->line <= p->entries)
        n = snprintf(p->why, ROUTE_WHY_MAX + 1, "%s: routes[%u]: ", p->name, p->line - 1);
    else
        n = snprintf(p->why, ROUTE_WHY_MAX + 1, "%s: ", p->name);
    va_start(args, fmt);
    if (n >= 0 && n <= ROUTE_WHY_MAX)
        vsnprintf(p->why + n, (size_t)(ROUTE_WHY_MAX + 1 - n), fmt, args);
    va_end(args);
    return false;
}

/* ---- words ---- */

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(text, *words) == 0)
            return true;
    return false;
}

static bool take_segment(struct parser *p, struct route *route, const char *text, size_t len)
{
    size_t i = route->n_segments, at = (size_t)(text - route->path);
    bool param = len > 2 && text[0] == '{' && text[len - 1] == '}';
    const char *word = route->words + at + param;

    if (i == ROUTE_SEGMENTS_MAX)
        return wrong(p, "%s: at most %d segments", route->path, ROUTE_SEGMENTS_MAX);
    len -= param ? 2 : 0;
    memcpy(route->words + at + param, text + param, len);
    route->segments[i] = (struct route_segment){.at = (uint8_t)(at + param), .param = param};
    route->n_segments++;
    if (strcmp(word, ".") == 0 || strcmp(word, "..") == 0)
        return wrong(p, "%s: '%s' is no segment that a request can have: take it out", route->path,
                     word);
    for (size_t k = 0; param && k < i; k++)
        if (route->segments[k].param && strcmp(route_word(route, k), word) == 0)
            return wrong(p, "%s: {%s} is there twice", route->path, word);
    if (param ? !member_name_fits(word, len)
              : len == 0 || strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                         "0123456789-._~") != len)
        return wrong(p,
                     "%s: segments are of letters, digits, '-', '.', '_', '~', or {name}, with "
                     "nothing behind the last one",
                     route->path);
    return true;
}

static bool take_path(struct parser *p, struct route *route, const char *path)
{
    size_t params = 0;

    if (path[0] != '/' || !TEXT_COPY(route->path, path))
        return wrong(p, "'%s' is no path: one from '/', of at most %d bytes, is right", path,
                     ROUTE_PATH_MAX);
    path = route->path;
    while (*path == '/' && strcmp(route->path, "/") != 0) {
        size_t len = strcspn(++path, "/");

        if (!take_segment(p, route, path, len))
            return false;
        params += route->segments[route->n_segments - 1].param;
        path += len;
    }
    if (params > ROUTE_PARAMS_MAX)
        return wrong(p, "%s: at most %d parameters", route->path, ROUTE_PARAMS_MAX);
    return true;
}

static bool take_subject(struct parser *p, struct route *route, const char *subject)
{
    TEXT_COPY(route->subject, subject);
    if (strcmp(subject, "-") == 0) /* gathers: checked with all of the row */
        return true;
    if (!route_subject_fits(subject))
        return wrong(p, "'%s' is no subject: one as user.get is right", subject);
    route->op = operation_find(subject);
    return true;
}

/* ---- a line ---- */

/* What a line fills in, and by which rows. */
struct line {
    const struct route_options *options;
    void *base;
    bool seen[ROUTE_OPTIONS_MAX];
};

static bool take_option(struct parser *p, struct line *line, const char *name, const char *value)
{
    const struct route_option *option = route_option_find(line->options, name);
    char text[ROUTE_OPTION_TEXT_MAX + 1];

    if (!option) {
        route_option_names(line->options, text);
        return wrong(p, "'%s' is no option: %s are", name, text);
    }
    if (line->seen[option - line->options->rows])
        return wrong(p, "%s is there twice", name);
    line->seen[option - line->options->rows] = true;
    if (!route_option_take(option, line->base, value, text))
        return wrong(p, "%s=%s: %s is right", name, value, text);
    return true;
}

static bool take_options(struct parser *p, const struct route_options *options, void *base,
                         char *rest)
{
    struct line line = {.options = options, .base = base};
    char *name;

    while ((name = strtok_r(NULL, BLANKS, &rest))) {
        char *value = strchr(name, '=');

        if (!value)
            return wrong(p, "'%s': options are key=value", name);
        *value++ = '\0';
        if (!take_option(p, &line, name, value))
            return false;
    }
    return true;
}

/* "cors NAME key=value ..." */
static bool take_definition(struct parser *p, const struct route_definition *definition, char *rest)
{
    char fault[ROUTE_WHY_MAX + 1], *name = strtok_r(NULL, BLANKS, &rest);
    void *item;

    if (!name || !route_name_fits(name) || strcmp(name, NONE) == 0)
        return wrong(p, "%s: a name of letters, digits, '-' and '_' comes next, but not '%s'",
                     definition->word, NONE);
    if (route_definition_at(definition, p->table, name))
        return wrong(p, "%s %s is there already", definition->word, name);
    item = route_definition_add(definition, p->table);
    if (!item)
        return wrong(p, "there are more than %zu lines '%s'", definition->max, definition->word);
    text_copy(item, ROUTE_NAME_MAX + 1, name);
    route_option_defaults(definition->options, item, false);
    return take_options(p, definition->options, item, rest) &&
           (!definition->settle || definition->settle(item, fault) || wrong(p, "%s", fault));
}

static const char *entry(const struct parser *p)
{
    return p->json ? "route" : "line";
}

/* Whether a row that is there already leaves room for route. */
static bool check_other(struct parser *p, const struct route *other, const struct route *route)
{
    if (!route_same_paths(other, route))
        return true;
    if (strcmp(other->method, route->method) != 0)
        return strcmp(other->path, route->path) == 0 ||
               wrong(p, "%s is called %s in %s %u: one path has one name", route->path, other->path,
                     entry(p), other->line);
    if (other->line == 0)
        return wrong(p, "%s %s is there already: it is the gateway's own", route->method,
                     route->path);
    return wrong(p, "%s %s is there already, as %s in %s %u", route->method, route->path,
                 other->path, entry(p), other->line);
}

static bool add_route(struct parser *p, const struct route *route)
{
    if (p->table->n == ROUTES_MAX)
        return wrong(p, "there are more than %d routes", ROUTES_MAX);
    for (size_t i = 0; i < p->table->n; i++)
        if (!check_other(p, &p->table->routes[i], route))
            return false;
    p->table->limits[strcmp(route->method, "GET") != 0] |=
        route->limits.head_max > 0 || route->limits.query_max > 0 || route->limits.body_max > 0;
    p->table->routes[p->table->n++] = *route;
    return true;
}

static bool take_class(struct parser *p, const char *text)
{
    char fault[RATE_FAULT_MAX + 1];

    return rate_class_add(&p->table->rates, text, fault) || wrong(p, "%s", fault);
}

static bool take_line(struct parser *p, char *line)
{
    static const char *const METHODS[] = {"GET", "POST", "PUT", "PATCH", "DELETE", NULL};
    struct route route = {.line = p->line, .built_in = -1};
    const struct route_definition *definition;
    char fault[ROUTE_WHY_MAX + 1];
    char *rest, *method = strtok_r(line, BLANKS, &rest), *path, *subject;

    if (!method)
        return true;
    if (strcmp(method, "rate") == 0)
        return take_class(p, rest);
    definition = route_definition_find(method);
    if (definition)
        return take_definition(p, definition, rest);
    path = strtok_r(NULL, BLANKS, &rest);
    subject = strtok_r(NULL, BLANKS, &rest);
    if (!subject)
        return wrong(p, "a route is METHOD /path subject key=value ...");
    if (!is_one_of(method, METHODS))
        return wrong(
            p, "'%s' is no method: GET (HEAD comes with it), POST, PUT, PATCH or DELETE is right",
            method);
    TEXT_COPY(route.method, method);
    route_option_defaults(&ROUTE_OPTIONS, &route, method[0] == 'P');
    if (!take_path(p, &route, path) || !take_subject(p, &route, subject) ||
        !take_options(p, &ROUTE_OPTIONS, &route, rest))
        return false;
    if (!route_check(&route, fault))
        return wrong(p, "%s", fault);
    if (route.cache.who == CACHE_BY_VERSION && route_answers_secrets(&route))
        route.cache.who = CACHE_NOBODY;
    return add_route(p, &route);
}

static bool take_built_in(struct parser *p)
{
    for (int i = 0; p->built_in[i]; i++) {
        struct route route = {.method = "GET", .built_in = i, .status = 200};

        if (!take_path(p, &route, p->built_in[i]) || !add_route(p, &route))
            return false;
    }
    return true;
}

/* A class may stand behind the routes that name it. */
static bool check_classes(struct parser *p)
{
    for (size_t i = 0; i < p->table->n; i++) {
        const struct route *route = &p->table->routes[i];

        p->line = route->line;
        if (route->rate[0] && !rate_class_find(&p->table->rates, route->rate))
            return wrong(p, "rate=%s: there is no such class: a row as rate %s 600/60 is missing",
                         route->rate, route->rate);
    }
    return true;
}

/* Finds what a route names; at the end, so that lines may stand anywhere. */
static bool find_named(struct parser *p, const struct route_definition *definition,
                       struct route *route)
{
    struct route_defined *named = (void *)((char *)route + definition->route_offset);

    if (definition->route_offset == 0)
        return true;
    named->at =
        strcmp(named->name, NONE) == 0
            ? 0
            : route_definition_at(definition, p->table, named->name[0] ? named->name : DEFAULT);
    p->line = route->line;
    return named->at || !named->name[0] || strcmp(named->name, NONE) == 0 ||
           wrong(p, "%s=%s: there is no line '%s %s ...'", definition->word, named->name,
                 definition->word, named->name);
}

static bool find_all_named(struct parser *p)
{
    for (size_t i = 0; i < p->table->n; i++)
        for (size_t k = 0; k < ROUTE_DEFINITIONS; k++)
            if (!find_named(p, &ROUTE_DEFINITION_ROWS[k], &p->table->routes[i]))
                return false;
    return true;
}

static bool take_text(struct parser *p, const char *text)
{
    char line[LINE_MAX_BYTES + 1];

    while (*text) {
        size_t whole = strcspn(text, "\n"), len = strcspn(text, "#\n");

        p->line++;
        if (len > LINE_MAX_BYTES)
            return wrong(p, "the line is longer than %d bytes", LINE_MAX_BYTES);
        memcpy(line, text, len);
        line[len] = '\0';
        if (!take_line(p, line))
            return false;
        text += whole + (text[whole] == '\n');
    }
    return true;
}

static struct route_table *parse_lines(struct parser *p, const char *text)
{
    struct route_table *fitted;
    size_t size;

    p->table = mem_alloc(1, sizeof(*p->table) + ROUTES_MAX * sizeof(p->table->routes[0]));
    if (!take_built_in(p) || !take_text(p, text) || !check_classes(p) || !find_all_named(p)) {
        free(p->table);
        return NULL;
    }
    route_order(p->table);
    size = sizeof(*p->table) + p->table->n * sizeof(p->table->routes[0]);
    fitted = mem_alloc(1, size);
    memcpy(fitted, p->table, size);
    free(p->table);
    return fitted;
}

struct route_table *route_table_parse(const char *name, const char *text,
                                      const char *const *built_in, char why[ROUTE_WHY_MAX + 1])
{
    struct parser p = {.name = name, .why = why, .built_in = built_in};
    struct route_table *table = NULL;
    char *lines = NULL;

    why[0] = '\0';
    p.json = route_json_is(text);
    if (p.json)
        lines = route_json_lines(name, text, &p.entries, why);
    if (!p.json || lines)
        table = parse_lines(&p, lines ? lines : text);
    free(lines);
    return table;
}

struct route_table *route_table_load(const char *file, const char *const *built_in,
                                     char why[ROUTE_WHY_MAX + 1])
{
    char *text = text_file_read(file, FILE_MAX_BYTES, why, ROUTE_WHY_MAX + 1);
    struct route_table *table = text ? route_table_parse(file, text, built_in, why) : NULL;

    free(text);
    return table;
}
