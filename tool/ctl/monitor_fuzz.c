/* monitor_fuzz.c - any bytes as an answer of the monitoring port. */
#include <stdint.h>

#include "tool/ctl/monitor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_decref(monitor_answer((const char *)data, size));
    return 0;
}
