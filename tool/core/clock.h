/* clock.h - time as an interface, so that tests and the simulation own it. */
#ifndef TOOL_CORE_CLOCK_H
#define TOOL_CORE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

struct clock {
    /** Monotonic milliseconds, any origin, never backwards. Any thread. */
    int64_t (*now_ms)(const struct clock *self);
    /** Wall clock: microseconds since 1970-01-01T00:00:00Z. Any thread. */
    int64_t (*wall_us)(const struct clock *self);
};

/** CLOCK_MONOTONIC and CLOCK_REALTIME of this machine. */
extern const struct clock CLOCK_SYSTEM;

static inline int64_t clock_now_ms(const struct clock *c)
{
    return c->now_ms(c);
}
static inline int64_t clock_wall_us(const struct clock *c)
{
    return c->wall_us(c);
}

enum { CLOCK_TEXT_MAX = 27 }; /* "2026-01-31T12:34:56.123456Z" */

/** RFC 3339 UTC with microseconds; buf holds CLOCK_TEXT_MAX + 1 bytes. Returns buf. */
char *clock_text(int64_t wall_us, char buf[CLOCK_TEXT_MAX + 1]);
/** Reads what clock_text writes (fraction of 0 to 6 digits, "Z" only). 0, or -1 when malformed. */
int clock_parse(const char *text, int64_t *wall_us);

#endif
