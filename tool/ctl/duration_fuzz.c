/* duration_fuzz.c - any text as a duration: what is taken lies within bounds. */
#include <stdint.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/ctl/command.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[32] = "";
    long long ms;

    memcpy(text, data, size < sizeof(text) ? size : sizeof(text) - 1);
    if (command_duration(text, &ms))
        ASSERT(ms >= 0 && ms <= 3650LL * 86400000);
    return 0;
}
