/* route_kind_own.c - those kinds of route_kind.h that one option alone has, each read elsewhere. */
#include "middleware/route_kind.h"

#include <stdio.h>
#include <string.h>

#include "middleware/location.h"
#include "middleware/route.h"
#include "middleware/route_fallback.h"
#include "middleware/route_gather.h"
#include "tool/core/mem.h"

#define SAY(text, ...) snprintf((text), ROUTE_OPTION_TEXT_MAX + 1, __VA_ARGS__)

/* ---- templates ---- */

static bool take_template(const struct route_option *option, void *base, void *out,
                          const char *value)
{
    (void)option;
    (void)base;
    return location_parse(out, value);
}

static void say_template(const struct route_option *option, char text[])
{
    (void)option;
    SAY(text, "a path template as /users/{userId}");
}

static void form_template(const struct route_option *option, char text[])
{
    (void)option;
    SAY(text, "/x/{member}");
}

const struct route_kind ROUTE_TEMPLATE = {take_template, say_template, form_template, NULL};

/* ---- paths of files ---- */

static bool take_file(const struct route_option *option, void *base, void *out, const char *value)
{
    (void)base;
    return value[0] == '/' && !strstr(value, "/.") && !strstr(value, "//") &&
           strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/") ==
               strlen(value) &&
           text_copy(out, option->size, value);
}

static void say_file(const struct route_option *option, char text[])
{
    (void)option;
    SAY(text, "a path as /app/index.html");
}

static void form_file(const struct route_option *option, char text[])
{
    (void)option;
    SAY(text, "/PATH");
}

const struct route_kind ROUTE_FILE = {take_file, say_file, form_file, NULL};

/* ---- what is gathered ---- */

static bool take_parts(const struct route_option *option, void *base, void *out, const char *value)
{
    (void)option;
    (void)base;
    return route_parts_parse(out, value);
}

static void say_parts(const struct route_option *option, char text[])
{
    (void)option;
    SAY(text, "name:subject,name:subject, at most %d of them and each name once,", ROUTE_PARTS_MAX);
}

static void form_parts(const struct route_option *option, char text[])
{
    (void)option;
    SAY(text, "a:x.y,b:x.z");
}

const struct route_kind ROUTE_PARTS = {take_parts, say_parts, form_parts, NULL};

/* ---- what stands in ---- */

static bool take_fallback(const struct route_option *option, void *base, void *out,
                          const char *value)
{
    (void)option;
    (void)base;
    return route_fallback_parse(out, value);
}

static void say_fallback(const struct route_option *option, char text[])
{
    (void)option;
    SAY(text, "a subject as user.get, or a JSON object of %d bytes without blanks,",
        ROUTE_FALLBACK_MAX);
}

static void form_fallback(const struct route_option *option, char text[])
{
    (void)option;
    SAY(text, "x.y|{JSON}");
}

const struct route_kind ROUTE_FALLBACK = {take_fallback, say_fallback, form_fallback, NULL};
