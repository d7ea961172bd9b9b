/* order_num.c - see order_num.h. */
#include "model/order_num.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tool/core/mem.h"

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
