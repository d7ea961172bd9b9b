/* route_json.c - see route_json.h. */
#include "middleware/route_json.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "middleware/route_definition.h"
#include "tool/core/assert.h"

enum { PLACE_MAX = 95 };

struct writer {
    const char *name; /* of the file */
    char *why;
    FILE *out;
};

static bool __attribute__((format(printf, 3, 4)))
wrong(struct writer *w, const char *place, const char *fmt, ...)
{
    int n = snprintf(w->why, ROUTE_WHY_MAX + 1, "%s: %s: ", w->name, place);
    va_list args;

    va_start(args, fmt);
    if (n >= 0 && n <= ROUTE_WHY_MAX)
        vsnprintf(w->why + n, (size_t)(ROUTE_WHY_MAX + 1 - n), fmt, args);
    va_end(args);
    return false;
}

/* Whether it stays one word of a line, or, with blanks, one line. */
static bool is_word(const char *text, bool blanks)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == '#' || *text == 0x7f ||
            (*text == ' ' && !blanks))
            return false;
    return true;
}

static bool write_words(struct writer *w, const char *place, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *word = json_string_value(json_array_get(list, i));

        if (!word || !is_word(word, false) || strchr(word, ','))
            return wrong(w, place, "a list is of texts without blanks, commas and #");
        fprintf(w->out, "%s%s", i > 0 ? "," : "", word);
    }
    return true;
}

static bool write_value(struct writer *w, const char *place, const json_t *value)
{
    if (json_is_array(value))
        return write_words(w, place, value);
    if (json_is_integer(value))
        fprintf(w->out, "%lld", (long long)json_integer_value(value));
    else if (json_is_boolean(value))
        fputs(json_is_true(value) ? "yes" : "no", w->out);
    else if (json_is_string(value) && is_word(json_string_value(value), false))
        fputs(json_string_value(value), w->out);
    else
        return wrong(w, place,
                     "a text without blanks and #, a whole number, true, false or a list "
                     "of texts is right");
    return true;
}

/* " key=value" of all members but the first n_names, which stand in front. */
static bool write_options(struct writer *w, const char *place, json_t *object,
                          const char *const *names, size_t n_names)
{
    char at[PLACE_MAX + 1];
    const char *key;
    json_t *value;

    json_object_foreach (object, key, value) {
        bool named = false;

        for (size_t i = 0; i < n_names; i++)
            named |= strcmp(key, names[i]) == 0;
        snprintf(at, sizeof(at), "%s.%.40s", place, key);
        if (named)
            continue;
        if (!is_word(key, false) || strchr(key, '='))
            return wrong(w, place, "it has a member that is no option");
        fprintf(w->out, " %s=", key);
        if (!write_value(w, at, value))
            return false;
    }
    return true;
}

static bool write_route(struct writer *w, size_t i, json_t *route)
{
    static const char *const NAMES[] = {"method", "path", "subject"};
    char place[PLACE_MAX + 1];

    snprintf(place, sizeof(place), "routes[%zu]", i);
    if (!json_is_object(route))
        return wrong(w, place, "a route is an object");
    for (size_t k = 0; k < 3; k++) {
        const char *value = json_string_value(json_object_get(route, NAMES[k]));

        if (!value || !*value || !is_word(value, false))
            return wrong(w, place,
                         "%s= is missing, or no word: method, path and subject say which "
                         "request goes where",
                         NAMES[k]);
        fprintf(w->out, "%s%s", k > 0 ? " " : "", value);
    }
    if (!write_options(w, place, route, NAMES, 3))
        return false;
    fputc('\n', w->out);
    return true;
}

static bool write_routes(struct writer *w, json_t *routes, unsigned *n)
{
    if (!json_is_array(routes))
        return wrong(w, "routes", "a list of routes is right");
    for (size_t i = 0; i < json_array_size(routes); i++)
        if (!write_route(w, i, json_array_get(routes, i)))
            return false;
    *n = (unsigned)json_array_size(routes);
    return true;
}

/* Lines that give names: their options as an object, or all of it as one text. */
static bool write_named(struct writer *w, const char *word, json_t *all)
{
    char place[PLACE_MAX + 1];
    const char *name;
    json_t *one;

    if (!json_is_object(all))
        return wrong(w, word, "an object with a member a name is right");
    json_object_foreach (all, name, one) {
        snprintf(place, sizeof(place), "%.20s.%.40s", word, name);
        if (!*name || !is_word(name, false))
            return wrong(w, word, "a name is one word");
        fprintf(w->out, "%s %s", word, name);
        if (json_is_string(one) && is_word(json_string_value(one), true))
            fprintf(w->out, " %s", json_string_value(one));
        else if (!json_is_object(one))
            return wrong(w, place, "an object of options, or a text, is right");
        else if (!write_options(w, place, one, NULL, 0))
            return false;
        fputc('\n', w->out);
    }
    return true;
}

static bool write_all(struct writer *w, json_t *root, unsigned *n)
{
    const char *key;
    json_t *value;

    if (!json_is_object(root) || !write_routes(w, json_object_get(root, "routes"), n))
        return false;
    json_object_foreach (root, key, value) {
        if (strcmp(key, "routes") == 0 || strcmp(key, "$schema") == 0)
            continue;
        if (strcmp(key, "rate") != 0 && !route_definition_find(key))
            return wrong(w, "the object",
                         "it has a member that is neither routes nor a kind of "
                         "names");
        if (!write_named(w, key, value))
            return false;
    }
    return true;
}

bool route_json_is(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '{';
}

char *route_json_lines(const char *name, const char *text, unsigned *n, char why[ROUTE_WHY_MAX + 1])
{
    json_error_t error;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    struct writer w = {.name = name, .why = why};
    char *lines = NULL;
    size_t len;

    if (!root) {
        snprintf(why, ROUTE_WHY_MAX + 1, "%s:%d: %s", name, error.line, error.text);
        return NULL;
    }
    w.out = open_memstream(&lines, &len);
    ASSERT(w.out);
    if (!write_all(&w, root, n)) {
        fclose(w.out);
        free(lines);
        lines = NULL;
    } else {
        fclose(w.out);
    }
    json_decref(root);
    return lines;
}
