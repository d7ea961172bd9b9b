/* command_value.c - the values of options, from what was typed. */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "tool/core/mem.h"
#include "tool/ctl/command_private.h"

bool command_duration(const char *text, long long *ms)
{
    static const struct {
        const char *unit;
        long long ms;
    } UNITS[] = {
        {"ms", 1       },
        {"s",  1000    },
        {"",   1000    },
        {"m",  60000   },
        {"h",  3600000 },
        {"d",  86400000},
    };
    const long long most_ms = 3650LL * 86400000;
    char *end;
    long long n;

    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    n = strtoll(text, &end, 10);
    for (size_t i = 0; errno == 0 && i < ARRAY_LEN(UNITS); i++) {
        if (strcmp(end, UNITS[i].unit) != 0)
            continue;
        if (n > most_ms / UNITS[i].ms)
            return false;
        *ms = n * UNITS[i].ms;
        return true;
    }
    return false;
}

static bool set_number(const struct option_row *row, const char *text, void *at)
{
    char *end;
    long long n;

    errno = 0;
    n = strtoll(text, &end, 10);
    if (errno || end == text || *end || n < row->min || n > row->max)
        return false;
    *(int64_t *)at = n;
    return true;
}

static bool set_choice(const struct option_row *row, const char *text, void *at)
{
    for (int i = 0; row->choices[i]; i++) {
        if (strcasecmp(row->choices[i], text) != 0)
            continue;
        *(int *)at = i;
        return true;
    }
    return false;
}

bool command_set_value(const struct option_row *row, const char *text, void *options)
{
    void *at = (char *)options + row->offset;
    long long ms;

    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)at = true;
        return true;
    case OPTION_TEXT:
        return text_copy(at, row->size, text);
    case OPTION_CHOICE:
        return set_choice(row, text, at);
    case OPTION_NUMBER:
        return set_number(row, text, at);
    case OPTION_DURATION:
        if (!command_duration(text, &ms))
            return false;
        *(int64_t *)at = ms;
        return true;
    }
    return false;
}

void command_say_right(const struct option_row *row, FILE *err)
{
    switch (row->kind) {
    case OPTION_CHOICE:
        fprintf(err, "it must be one of");
        for (int i = 0; row->choices[i]; i++)
            fprintf(err, " %s", row->choices[i]);
        break;
    case OPTION_NUMBER:
        fprintf(err, "it must be a number from %lld to %lld", row->min, row->max);
        break;
    case OPTION_DURATION:
        fprintf(err, "it must be a time such as 500ms, 30s, 5m, 2h or 7d");
        break;
    case OPTION_FLAG:
    case OPTION_TEXT:
        fprintf(err, "it is too long");
        break;
    }
    fputc('\n', err);
}
