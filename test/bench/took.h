/* took.h - how long something took, for programs that measure. */
#ifndef TEST_BENCH_TOOK_H
#define TEST_BENCH_TOOK_H

#include <stdlib.h>
#include <time.h>

/** Microseconds of a clock that does not go back. */
static inline double took_now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static inline int took_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

/** The least first. */
static inline void took_sort(double *times, size_t n)
{
    qsort(times, n, sizeof(*times), took_compare);
}

#endif
