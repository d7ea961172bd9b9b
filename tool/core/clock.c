/* clock.c - this machine's clocks, and instants as RFC 3339 text. */
#include "tool/core/clock.h"

#include <string.h>
#include <time.h>

static int64_t system_now_ms(const struct clock *self)
{
    struct timespec t;

    (void)self;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t system_wall_us(const struct clock *self)
{
    struct timespec t;

    (void)self;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

const struct clock CLOCK_SYSTEM = {.now_ms = system_now_ms, .wall_us = system_wall_us};

/* n digits of v, then what stands behind them. Each log line has a time: printf costs more than all
 * the rest of it. */
static void put_digits(char *at, unsigned v, int n, char behind)
{
    at[n] = behind;
    for (; n > 0; v /= 10)
        at[--n] = (char)('0' + v % 10);
}

char *clock_text(int64_t wall_us, char buf[CLOCK_TEXT_MAX + 1])
{
    int64_t us = wall_us % 1000000;
    time_t seconds = (time_t)(wall_us / 1000000);
    struct tm tm;

    if (us < 0) { /* before 1970: the fraction still counts upwards */
        us += 1000000;
        seconds--;
    }
    if (!gmtime_r(&seconds, &tm) || tm.tm_year < -1900 || tm.tm_year > 9999 - 1900)
        gmtime_r(&(time_t){0}, &tm);
    put_digits(buf, (unsigned)(tm.tm_year + 1900), 4, '-');
    put_digits(buf + 5, (unsigned)tm.tm_mon + 1, 2, '-');
    put_digits(buf + 8, (unsigned)tm.tm_mday, 2, 'T');
    put_digits(buf + 11, (unsigned)tm.tm_hour, 2, ':');
    put_digits(buf + 14, (unsigned)tm.tm_min, 2, ':');
    put_digits(buf + 17, (unsigned)tm.tm_sec, 2, '.');
    put_digits(buf + 20, (unsigned)us, 6, 'Z');
    buf[CLOCK_TEXT_MAX] = '\0';
    return buf;
}

/* n digits at *p as a number, stepping over them; -1 = something else is there. */
static int digits(const char **p, int n)
{
    int v = 0;

    for (; n > 0; n--, (*p)++) {
        if (**p < '0' || **p > '9')
            return -1;
        v = v * 10 + (**p - '0');
    }
    return v;
}

static int parse_fraction(const char **p, int64_t *us)
{
    int n = 0;

    *us = 0;
    if (**p != '.')
        return 0;
    for ((*p)++; **p >= '0' && **p <= '9' && n < 6; (*p)++, n++)
        *us = *us * 10 + (**p - '0');
    if (n == 0)
        return -1;
    for (; n < 6; n++)
        *us *= 10;
    return 0;
}

int clock_parse(const char *text, int64_t *wall_us)
{
    static const char BETWEEN[] = "--T::";
    static const int WIDTH[] = {4, 2, 2, 2, 2, 2};
    int v[6];
    struct tm tm = {0}, back;
    time_t seconds;
    int64_t us;

    for (int i = 0; i < 6; i++) {
        v[i] = digits(&text, WIDTH[i]);
        if (v[i] < 0 || (i < 5 && *text++ != BETWEEN[i]))
            return -1;
    }
    if (parse_fraction(&text, &us) != 0 || strcmp(text, "Z") != 0)
        return -1;
    tm = (struct tm){.tm_year = v[0] - 1900,
                     .tm_mon = v[1] - 1,
                     .tm_mday = v[2],
                     .tm_hour = v[3],
                     .tm_min = v[4],
                     .tm_sec = v[5]};
    seconds = timegm(&tm);
    /* timegm() takes February 30th for March 2nd; we do not. */
    if (!gmtime_r(&seconds, &back) || back.tm_mon != v[1] - 1 || back.tm_mday != v[2] ||
        back.tm_hour != v[3] || back.tm_min != v[4] || back.tm_sec != v[5])
        return -1;
    *wall_us = (int64_t)seconds * 1000000 + us;
    return 0;
}
