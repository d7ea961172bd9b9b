/* route_kind.c - see route_kind.h. */
#include "middleware/route_kind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "middleware/route.h"
#include "middleware/route_name.h"
#include "middleware/word_list.h"
#include "tool/core/mem.h"

#define SAY(text, ...) snprintf((text), ROUTE_OPTION_TEXT_MAX + 1, __VA_ARGS__)

/* ---- choices ---- */

static bool take_choice(const struct route_option *option, void *base, void *out, const char *value)
{
    bool more = option->more && strcmp(value, option->more) == 0;
    bool on = more || strcmp(value, option->on) == 0;

    *(bool *)out = on;
    if (option->more)
        *(bool *)((char *)base + option->more_offset) = more;
    return on || strcmp(value, option->off) == 0;
}

/* "none, bearer or fresh" */
static void say_choice(const struct route_option *option, char text[])
{
    SAY(text, "%s%s%s or %s", option->off, option->more ? ", " : "", option->more ? option->on : "",
        option->more ? option->more : option->on);
}

static void form_choice(const struct route_option *option, char text[])
{
    SAY(text, "%s|%s%s%s", option->off, option->on, option->more ? "|" : "",
        option->more ? option->more : "");
}

/* In JSON true and false stand for yes and no. */
static void schema_choice(const struct route_option *option, struct json_out *o)
{
    json_out_key(o, "enum");
    json_out_open(o, '[');
    json_out_text(o, option->off);
    json_out_text(o, option->on);
    if (option->more)
        json_out_text(o, option->more);
    if (strcmp(option->on, "yes") == 0) {
        json_out_bool(o, false);
        json_out_bool(o, true);
    }
    json_out_close(o, ']');
}

const struct route_kind ROUTE_CHOICE = {take_choice, say_choice, form_choice, schema_choice};

/* ---- numbers ---- */

static bool read_number(const struct route_option *option, const char *value, int *out)
{
    char *end;
    long long n = strtoll(value, &end, 10);

    if (*value < '0' || *value > '9')
        return false;
    if (option->larger && strcmp(end, option->larger) == 0 && n <= option->max)
        n *= option->factor;
    else if (*end && (!option->unit || strcmp(end, option->unit) != 0))
        return false;
    if (n < option->min || n > option->max)
        return false;
    *out = (int)n;
    return true;
}

static bool take_number(const struct route_option *option, void *base, void *out, const char *value)
{
    (void)base;
    return read_number(option, value, out);
}

/* "a number from 1 to 60000 (ms, or 1s for 1000)" */
static void say_number(const struct route_option *option, char text[])
{
    int n = SAY(text, "a number from %d to %d", option->min, option->max);

    if (option->larger)
        snprintf(text + n, (size_t)(ROUTE_OPTION_TEXT_MAX + 1 - n), " (%s, or 1%s for %d)",
                 option->unit, option->larger, option->factor);
}

static void form_number(const struct route_option *option, char text[])
{
    SAY(text, "%d..%d", option->min, option->max);
}

static void schema_number(const struct route_option *option, struct json_out *o)
{
    json_out_key(o, "type");
    json_out_open(o, '[');
    json_out_text(o, "integer");
    json_out_text(o, "string");
    json_out_close(o, ']');
    json_out_member_int(o, "minimum", option->min);
    json_out_member_int(o, "maximum", option->max);
    json_out_member(o, "pattern", "^[0-9]+[A-Za-z]*$");
}

const struct route_kind ROUTE_NUMBER = {take_number, say_number, form_number, schema_number};

static bool take_range(const struct route_option *option, void *base, void *out, const char *value)
{
    const char *dots = strstr(value, "..");
    struct route_range *range = out;
    char low[16];

    (void)base;
    if (!dots || (size_t)(dots - value) >= sizeof(low))
        return false;
    snprintf(low, sizeof(low), "%.*s", (int)(dots - value), value);
    return read_number(option, low, &range->low) && read_number(option, dots + 2, &range->high) &&
           range->low <= range->high;
}

static void say_range(const struct route_option *option, char text[])
{
    SAY(text, "LOW..HIGH, two numbers from %d to %d, the lower one first,", option->min,
        option->max);
}

static void form_range(const struct route_option *option, char text[])
{
    (void)option;
    SAY(text, "LOW..HIGH");
}

const struct route_kind ROUTE_RANGE = {take_range, say_range, form_range, NULL};

/* ---- words ---- */

static bool take_name(const struct route_option *option, void *base, void *out, const char *value)
{
    (void)base;
    return route_name_fits(value) && text_copy(out, option->size, value);
}

static void say_name(const struct route_option *option, char text[])
{
    (void)option;
    SAY(text, "a name of at most %d letters, digits, '-' and '_'", ROUTE_NAME_MAX);
}

static void form_word(const struct route_option *option, char text[])
{
    SAY(text, "%s", option->word);
}

const struct route_kind ROUTE_NAME = {take_name, say_name, form_word, NULL};

static bool take_defined(const struct route_option *option, void *base, void *out,
                         const char *value)
{
    struct route_defined *defined = out;

    (void)option;
    (void)base;
    return route_name_fits(value) && TEXT_COPY(defined->name, value);
}

const struct route_kind ROUTE_DEFINED = {take_defined, say_name, form_word, NULL};

static bool take_words(const struct route_option *option, void *base, void *out, const char *value)
{
    struct word_list *list = out;
    char word[WORD_LIST_MAX + 1];

    (void)base;
    *list = (struct word_list){0};
    for (;;) {
        size_t len = strcspn(value, ",");

        if (len == 0 || len > WORD_LIST_MAX || (option->fits && !option->fits(value, len)))
            return false;
        memcpy(word, value, len);
        word[len] = '\0';
        if (word_list_has(list, word) || !word_list_add(list, word, len))
            return false;
        if (!value[len])
            return true;
        value += len + 1;
    }
}

static void say_words(const struct route_option *option, char text[])
{
    SAY(text, "%s, with commas in between, each once,", option->wanted);
}

static void form_words(const struct route_option *option, char text[])
{
    SAY(text, "%s,...", option->word);
}

static void schema_words(const struct route_option *option, struct json_out *o)
{
    (void)option;
    json_out_key(o, "type");
    json_out_open(o, '[');
    json_out_text(o, "array");
    json_out_text(o, "string");
    json_out_close(o, ']');
    json_out_key(o, "items");
    json_out_open(o, '{');
    json_out_member(o, "type", "string");
    json_out_close(o, '}');
}

const struct route_kind ROUTE_WORDS = {take_words, say_words, form_words, schema_words};

/* ---- headers ---- */

static bool take_headers(const struct route_option *option, void *base, void *out,
                         const char *value)
{
    (void)option;
    (void)base;
    return route_headers_parse(out, value);
}

static void say_headers(const struct route_option *option, char text[])
{
    (void)option;
    SAY(text,
        "at most %d names of header fields, as Shop-Id, with commas in between, each once, none "
        "of Auth-* and Nats-*,",
        ROUTE_HEADERS_MAX);
}

const struct route_kind ROUTE_HEADERS = {take_headers, say_headers, form_words, schema_words};

/* ---- classes of rates ---- */

static bool take_rate(const struct route_option *option, void *base, void *out, const char *value)
{
    bool none = strcmp(value, "none") == 0;

    (void)base;
    return (none || rate_class_is_name(value)) && text_copy(out, option->size, none ? "" : value);
}

static void say_rate(const struct route_option *option, char text[])
{
    (void)option;
    SAY(text, "none, or the name of a class");
}

const struct route_kind ROUTE_RATE = {take_rate, say_rate, form_word, NULL};

/* ---- who may keep an answer ---- */

static bool take_cache(const struct route_option *option, void *base, void *out, const char *value)
{
    static const struct {
        const char *word;
        enum cache_who who;
        bool seconds;
    } FORMS[] = {
        {"no-store", CACHE_NOBODY,  false},
        {"private",  CACHE_ONE,     false},
        {"private,", CACHE_ONE,     true },
        {"public,",  CACHE_ANYBODY, true },
    };
    struct route_cache *cache = out;

    (void)base;
    for (size_t i = 0; i < ARRAY_LEN(FORMS); i++) {
        size_t len = strlen(FORMS[i].word);

        *cache = (struct route_cache){.who = FORMS[i].who};
        if (FORMS[i].seconds ? strncmp(value, FORMS[i].word, len) == 0 &&
                                   read_number(option, value + len, &cache->seconds)
                             : strcmp(value, FORMS[i].word) == 0)
            return true;
    }
    return false;
}

static void say_cache(const struct route_option *option, char text[])
{
    SAY(text, "no-store, private, private,SECONDS or public,SECONDS, %d to %d,", option->min,
        option->max);
}

static void form_cache(const struct route_option *option, char text[])
{
    (void)option;
    SAY(text, "WHO[,SECONDS]");
}

const struct route_kind ROUTE_CACHE = {take_cache, say_cache, form_cache, NULL};
