/* date_fuzz.c - any text as a date: what is accepted is written as it was. */
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/date.h"
#include "tool/core/money.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[32] = "", again[DATE_TEXT_LEN + 1];
    int32_t days;

    memcpy(text, data, size < sizeof(text) ? size : sizeof(text) - 1);
    if (date_parse(text, &days)) {
        ASSERT(days >= DATE_MIN && days <= DATE_MAX);
        ASSERT(strcmp(date_text(days, again), text) == 0);
    }
    ASSERT(money_exponent(text) <= 4);
    return 0;
}
