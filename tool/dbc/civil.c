/* civil.c - see civil.h. */
#include "tool/dbc/civil.h"

#include "tool/core/date.h"

static const int64_t US_PER_S = 1000000, US_PER_DAY = CIVIL_US_PER_DAY;

int64_t civil_to_us(const struct civil *c)
{
    int64_t seconds = c->hour * 3600 + c->minute * 60 + c->second;

    return (int64_t)date_from(c->year, c->month, c->day) * US_PER_DAY + seconds * US_PER_S + c->us;
}

struct civil civil_from_us(int64_t wall_us)
{
    int64_t us_of_day = ((wall_us % US_PER_DAY) + US_PER_DAY) % US_PER_DAY;
    int64_t second_of_day = us_of_day / US_PER_S;
    struct civil c = {.hour = (int)(second_of_day / 3600),
                      .minute = (int)(second_of_day / 60 % 60),
                      .second = (int)(second_of_day % 60),
                      .us = (int)(us_of_day % US_PER_S)};

    date_split((int32_t)((wall_us - us_of_day) / US_PER_DAY), &c.year, &c.month, &c.day);
    return c;
}
