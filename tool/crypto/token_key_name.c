/* token_key_name.c - see token_key_name.h. */
#include "tool/crypto/token_key_name.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/date.h"

#define SUFFIX ".key"

enum { STAMP_LEN = 16, DAY_S = 86400, KID_LEN = 8 };
#define LAST_S ((int64_t)DATE_MAX * DAY_S + DAY_S - 1)

bool token_key_name_is(const char *name)
{
    size_t len = strlen(name), suffix = strlen(SUFFIX);

    return name[0] != '.' && len > suffix && strcmp(name + len - suffix, SUFFIX) == 0;
}

/* As many digits as 9s: "99999999T999999Z". */
static bool has_shape(const char *text)
{
    static const char SHAPE[] = "99999999T999999Z";

    for (size_t i = 0; i < STAMP_LEN; i++)
        if (SHAPE[i] == '9' ? text[i] < '0' || text[i] > '9' : text[i] != SHAPE[i])
            return false;
    return text[STAMP_LEN] == '-' || strcmp(text + STAMP_LEN, SUFFIX) == 0;
}

static int two_digits(const char *text)
{
    return (text[0] - '0') * 10 + (text[1] - '0');
}

int64_t token_key_name_begins_s(const char *name)
{
    char day[DATE_TEXT_LEN + 1];
    int hour, minute, second;
    int32_t days;

    if (!token_key_name_is(name) || !has_shape(name))
        return 0;
    snprintf(day, sizeof(day), "%.4s-%.2s-%.2s", name, name + 4, name + 6);
    hour = two_digits(name + 9);
    minute = two_digits(name + 11);
    second = two_digits(name + 13);
    if (!date_parse(day, &days) || days < 0 || hour > 23 || minute > 59 || second > 59)
        return 0;
    return (int64_t)days * DAY_S + (hour * 60 + minute) * 60 + second;
}

char *token_key_name_make(int64_t begins_s, const char *kid, char name[TOKEN_KEY_NAME_LEN + 1])
{
    int year, month, day, rest = (int)(begins_s % DAY_S), len;

    ASSERT(begins_s >= 0 && begins_s <= LAST_S && strlen(kid) >= KID_LEN);
    date_split((int32_t)(begins_s / DAY_S), &year, &month, &day);
    len = snprintf(name, TOKEN_KEY_NAME_LEN + 1, "%04d%02d%02dT%02d%02d%02dZ-%.*s" SUFFIX, year,
                   month, day, rest / 3600, rest / 60 % 60, rest % 60, KID_LEN, kid);
    ASSERT(len == TOKEN_KEY_NAME_LEN);
    return name;
}
