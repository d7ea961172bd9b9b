/* zone.h - where clocks stand, all year. */
#ifndef TOOL_CORE_ZONE_H
#define TOOL_CORE_ZONE_H

#include <stdbool.h>
#include <stdint.h>

/** Seconds east of Greenwich of a zone without summer time, by its IANA name ("Asia/Seoul", "UTC")
 * or as "+09:00"; false when it is none that is known. What is counted by days or numbered by the
 * time of a zone with summer time would go back by an hour each autumn. */
bool zone_read(const char *name, int64_t *east_s);

#endif
