/* zone.c - see zone.h. */
#include "tool/core/zone.h"

#include <string.h>

#include "tool/core/mem.h"

static const struct {
    const char *name;
    int east_minutes;
} ZONES[] = {
    {"Asia/Seoul",       540},
    {"Asia/Tokyo",       540},
    {"Asia/Shanghai",    480},
    {"Asia/Hong_Kong",   480},
    {"Asia/Taipei",      480},
    {"Asia/Singapore",   480},
    {"Asia/Manila",      480},
    {"Asia/Bangkok",     420},
    {"Asia/Ho_Chi_Minh", 420},
    {"Asia/Jakarta",     420},
    {"Asia/Kolkata",     330},
    {"Asia/Dubai",       240},
    {"Asia/Kuwait",      180},
    {"Asia/Riyadh",      180},
    {"UTC",              0  },
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "+09:00" */
static bool offset(const char *text, int64_t *east_s)
{
    int hours, minutes;

    if (strlen(text) != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' ||
        !is_digit(text[1]) || !is_digit(text[2]) || !is_digit(text[4]) || !is_digit(text[5]))
        return false;
    hours = (text[1] - '0') * 10 + text[2] - '0';
    minutes = (text[4] - '0') * 10 + text[5] - '0';
    if (hours > 14 || minutes > 59)
        return false;
    *east_s = (text[0] == '-' ? -60 : 60) * (hours * 60 + minutes);
    return true;
}

bool zone_read(const char *name, int64_t *east_s)
{
    for (size_t i = 0; i < ARRAY_LEN(ZONES); i++) {
        if (strcmp(ZONES[i].name, name) != 0)
            continue;
        *east_s = ZONES[i].east_minutes * 60;
        return true;
    }
    return offset(name, east_s);
}
