/* civil.h - a date and time of day, as DATETIME columns hold them, from and to microseconds since
 * 1970 (UTC). timegm() would take the time zone's lock on every row. Private to tool/dbc. */
#ifndef TOOL_DBC_CIVIL_H
#define TOOL_DBC_CIVIL_H

#include <stdint.h>

#define CIVIL_US_PER_DAY (86400 * INT64_C(1000000))

struct civil {
    int year, month, day, hour, minute, second, us; /* month and day from 1 */
};

/** Years 1 to 9999, as DATETIME. */
int64_t civil_to_us(const struct civil *c);
struct civil civil_from_us(int64_t wall_us);

#endif
