/* date.h - calendar dates: days since 1970-01-01 in the proleptic Gregorian calendar, at no place
 * and in no time zone. Pure; any thread. */
#ifndef TOOL_CORE_DATE_H
#define TOOL_CORE_DATE_H

#include <stdbool.h>
#include <stdint.h>

/* DATE_MIN: 0001-01-01, DATE_MAX: 9999-12-31 */
enum { DATE_TEXT_LEN = 10, DATE_MIN = -719162, DATE_MAX = 2932896 };

/** The day of a year 1 to 9999; month and day from 1. One that is not in the calendar (February
 * 30th) is counted on from the first of its month. */
int32_t date_from(int year, int month, int day);
void date_split(int32_t days, int *year, int *month, int *day);

/** Exactly "YYYY-MM-DD", a day that exists, years 0001 to 9999; *days is untouched otherwise. */
bool date_parse(const char *text, int32_t *days);
/** days: DATE_MIN to DATE_MAX. Returns buf. */
char *date_text(int32_t days, char buf[DATE_TEXT_LEN + 1]);

#endif
