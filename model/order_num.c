/* order_num.c - see order_num.h. */
#include "model/order_num.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

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

bool order_num_zone(const char *name, int64_t *east_s)
{
    for (size_t i = 0; i < ARRAY_LEN(ZONES); i++) {
        if (strcmp(ZONES[i].name, name) != 0)
            continue;
        *east_s = ZONES[i].east_minutes * 60;
        return true;
    }
    return offset(name, east_s);
}

/* 0 to 9,999,999,999: what does not divide evenly is drawn again. */
static uint64_t ten_digits(const struct entropy *entropy)
{
    const uint64_t numbers = UINT64_C(10000000000);
    const uint64_t even = UINT64_MAX - UINT64_MAX % numbers;
    uint64_t drawn;

    do
        entropy->fill(entropy, &drawn, sizeof(drawn));
    while (drawn >= even);
    return drawn % numbers;
}

void order_num_draw(int64_t wall_us, int64_t east_s, const struct entropy *entropy,
                    char num[ORDER_NUM_MAX + 1])
{
    time_t there = (time_t)(wall_us / 1000000 + east_s);
    char text[64]; /* of any year that a time_t can be */
    struct tm t;

    gmtime_r(&there, &t);
    snprintf(text, sizeof(text), "%04d%02d%02d%02d%02d%02d%010llu", t.tm_year + 1900, t.tm_mon + 1,
             t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec, (unsigned long long)ten_digits(entropy));
    text_copy(num, ORDER_NUM_MAX + 1, text);
}
