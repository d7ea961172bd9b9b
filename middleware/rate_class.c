/* rate_class.c - see rate_class.h. */
#include "middleware/rate_class.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "middleware/route_name.h"
#include "tool/core/mem.h"

enum { ROW_MAX = 127, SECOND_MS = 1000 };

static const char BLANKS[] = " \t\r";

static bool __attribute__((format(printf, 2, 3))) wrong(char fault[], const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(fault, RATE_FAULT_MAX + 1, fmt, args);
    va_end(args);
    return false;
}

bool rate_class_is_name(const char *name)
{
    size_t len = strlen(name);

    return len > 0 && len <= RATE_NAME_MAX &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == len;
}

/* Of a class, or "class.role". */
static bool is_row_name(const char *name)
{
    char class[RATE_NAME_MAX + 1];
    char *role;

    if (!TEXT_COPY(class, name))
        return false;
    role = strchr(class, '.');
    if (role)
        *role++ = '\0';
    return rate_class_is_name(class) && strcmp(class, "none") != 0 &&
           (!role || route_role_fits(role, strlen(role)));
}

const struct rate_class *rate_class_find(const struct rate_classes *all, const char *name)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->rows[i].name, name) == 0)
            return &all->rows[i];
    return NULL;
}

size_t rate_class_stem_len(const struct rate_class *class)
{
    return strcspn(class->name, ".");
}

/* Whether tier is one of the class, and of a role that the caller has. */
static bool is_tier_of(const struct rate_class *tier, const char *class, size_t len,
                       const struct call *call)
{
    return strncmp(tier->name, class, len) == 0 && tier->name[len] == '.' &&
           call_has_role(call, tier->name + len + 1);
}

const struct rate_class *rate_class_for(const struct rate_classes *all, const char *name,
                                        const struct call *call)
{
    size_t len = strlen(name);

    for (size_t i = 0; call->user[0] && call->roles[0] && i < all->n; i++)
        if (is_tier_of(&all->rows[i], name, len, call))
            return &all->rows[i];
    return rate_class_find(all, name);
}

/* A number from 1 to max up to end, which is a character of the text's or its NUL. */
static bool take_number(const char **text, char end, int max, int *out)
{
    char *stop;
    long n = strtol(*text, &stop, 10);

    if (**text < '0' || **text > '9' || *stop != end || n < 1 || n > max)
        return false;
    *out = (int)n;
    *text = stop + (end != '\0');
    return true;
}

static bool take_rate(const char *text, struct bucket_rate *rate)
{
    if (!text || !take_number(&text, '/', RATE_REQUESTS_MAX, &rate->quota) ||
        !take_number(&text, '\0', RATE_WINDOW_MAX_S, &rate->window_s))
        return false;
    rate->burst = rate->quota;
    return true;
}

static bool take_burst(const char *text, struct bucket_rate *rate)
{
    static const char BURST[] = "burst=";

    if (strncmp(text, BURST, strlen(BURST)) != 0)
        return false;
    text += strlen(BURST);
    return take_number(&text, '\0', RATE_REQUESTS_MAX, &rate->burst);
}

/* Whether the class is there, of which name is a tier, or it is none. */
static bool has_class(const struct rate_classes *all, const char *name)
{
    char class[RATE_NAME_MAX + 1];

    TEXT_COPY(class, name);
    class[strcspn(class, ".")] = '\0';
    return !strchr(name, '.') || rate_class_find(all, class);
}

bool rate_class_add(struct rate_classes *all, const char *text, char fault[RATE_FAULT_MAX + 1])
{
    struct rate_class class = {.name = ""};
    char row[ROW_MAX + 1], *rest, *name, *rate, *burst;

    if (!TEXT_COPY(row, text) || !(name = strtok_r(row, BLANKS, &rest)))
        return wrong(fault, "a class is rate NAME REQUESTS/SECONDS burst=N");
    rate = strtok_r(NULL, BLANKS, &rest);
    burst = strtok_r(NULL, BLANKS, &rest);
    if (!is_row_name(name))
        return wrong(fault,
                     "'%.40s' is no name of a class: up to %d of a-z, 0-9, '-', '_' are, and "
                     "class.role, of a tier of it",
                     name, RATE_NAME_MAX);
    if (rate_class_find(all, name))
        return wrong(fault, "class %s is there already", name);
    if (!has_class(all, name))
        return wrong(fault, "class %s: the row of the class itself comes first", name);
    if (!take_rate(rate, &class.rate))
        return wrong(fault, "class %s: REQUESTS/SECONDS, 1 to %d in 1 to %d, is right", name,
                     RATE_REQUESTS_MAX, RATE_WINDOW_MAX_S);
    if ((burst && !take_burst(burst, &class.rate)) || strtok_r(NULL, BLANKS, &rest))
        return wrong(fault, "class %s: behind the rate burst=N, 1 to %d, or nothing is right", name,
                     RATE_REQUESTS_MAX);
    if (all->n == RATE_CLASSES_MAX)
        return wrong(fault, "there are more than %d classes", RATE_CLASSES_MAX);
    TEXT_COPY(class.name, name);
    all->rows[all->n++] = class;
    return true;
}

void rate_class_policy(const struct rate_class *class, char text[RATE_FIELD_MAX + 1])
{
    snprintf(text, RATE_FIELD_MAX + 1, "\"%s\";q=%d;w=%d", class->name, class->rate.quota,
             class->rate.window_s);
}

static int in_seconds(int64_t ms)
{
    return (int)((ms + SECOND_MS - 1) / SECOND_MS);
}

void rate_class_limit(const struct rate_class *class, const struct bucket_level *level,
                      char text[RATE_FIELD_MAX + 1])
{
    snprintf(text, RATE_FIELD_MAX + 1, "\"%s\";r=%d;t=%d", class->name, level->left,
             in_seconds(level->left > 0 ? level->full_ms : level->wait_ms));
}

int rate_class_retry_after_s(const struct bucket_level *level)
{
    return level->wait_ms > 0 ? in_seconds(level->wait_ms) : 1;
}
