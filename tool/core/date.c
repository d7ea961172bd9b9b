/* date.c - see date.h. The algorithms are Hinnant's ("chrono-compatible low-level date
 * algorithms"): years begin in March, so that the leap day is the last of its year. */
#include "tool/core/date.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"

enum { DAYS_PER_ERA = 146097, DAYS_TO_1970 = 719468 };

int32_t date_from(int year, int month, int day)
{
    int from_march = month <= 2 ? year - 1 : year;
    int era = from_march / 400;
    int year_of_era = from_march - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
           day_of_year - DAYS_TO_1970;
}

void date_split(int32_t days, int *year, int *month, int *day)
{
    int from_start = days + DAYS_TO_1970;
    int era = from_start / DAYS_PER_ERA;
    int day_of_era = from_start - era * DAYS_PER_ERA;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month_from_march = (5 * day_of_year + 2) / 153;

    *day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    *month = month_from_march + (month_from_march < 10 ? 3 : -9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

bool date_parse(const char *text, int32_t *days)
{
    char again[DATE_TEXT_LEN + 1];
    int v[3] = {0}, part = 0;
    int32_t parsed;

    if (strlen(text) != DATE_TEXT_LEN)
        return false;
    for (size_t i = 0; i < DATE_TEXT_LEN; i++) {
        if (i == 4 || i == 7)
            part++;
        else if (text[i] >= '0' && text[i] <= '9')
            v[part] = v[part] * 10 + (text[i] - '0');
    }
    if (v[0] < 1 || v[1] < 1 || v[1] > 12)
        return false;
    parsed = date_from(v[0], v[1], v[2]);
    /* What is not written again as it was read was no date. */
    if (parsed < DATE_MIN || parsed > DATE_MAX || strcmp(date_text(parsed, again), text) != 0)
        return false;
    *days = parsed;
    return true;
}

char *date_text(int32_t days, char buf[DATE_TEXT_LEN + 1])
{
    int year, month, day;

    ASSERT(days >= DATE_MIN && days <= DATE_MAX);
    date_split(days, &year, &month, &day);
    /* The masks only tell the compiler how many digits there are. */
    snprintf(buf, DATE_TEXT_LEN + 1, "%04u-%02u-%02u", (unsigned)year % 10000,
             (unsigned)month % 100, (unsigned)day % 100);
    return buf;
}
