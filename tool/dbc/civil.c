/* civil.c - the proleptic Gregorian calendar (Hinnant, "chrono-compatible low-level date
 * algorithms"): years begin in March, so that the leap day is the last of its year. */
#include "tool/dbc/civil.h"

enum { DAYS_PER_ERA = 146097, DAYS_TO_1970 = 719468 };

static const int64_t US_PER_S = 1000000, US_PER_DAY = CIVIL_US_PER_DAY;

static int64_t days_from(const struct civil *c)
{
    int64_t year = c->month <= 2 ? c->year - 1 : c->year;
    int64_t era = year / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (c->month + (c->month > 2 ? -3 : 9)) + 2) / 5 + c->day - 1;

    return era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
           day_of_year - DAYS_TO_1970;
}

int64_t civil_to_us(const struct civil *c)
{
    int64_t seconds = c->hour * 3600 + c->minute * 60 + c->second;

    return days_from(c) * US_PER_DAY + seconds * US_PER_S + c->us;
}

struct civil civil_from_us(int64_t wall_us)
{
    int64_t us_of_day = ((wall_us % US_PER_DAY) + US_PER_DAY) % US_PER_DAY;
    int64_t days = (wall_us - us_of_day) / US_PER_DAY + DAYS_TO_1970;
    int64_t era = days / DAYS_PER_ERA;
    int64_t day_of_era = days - era * DAYS_PER_ERA;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    int64_t second_of_day = us_of_day / US_PER_S;
    struct civil c = {.day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1),
                      .month = (int)(month_from_march + (month_from_march < 10 ? 3 : -9)),
                      .hour = (int)(second_of_day / 3600),
                      .minute = (int)(second_of_day / 60 % 60),
                      .second = (int)(second_of_day % 60),
                      .us = (int)(us_of_day % US_PER_S)};

    c.year = (int)(year_of_era + era * 400) + (c.month <= 2);
    return c;
}
