/* healthcheck_fuzz.c - any bytes as an answer: no crash, and a reason that is one line. */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/service/healthcheck.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char why[HEALTHCHECK_WHY_MAX + 1] = "", *answer = malloc(size + 1);

    ASSERT(answer);
    if (size > 0)
        memcpy(answer, data, size);
    answer[size] = '\0';
    if (healthcheck_read(answer, why))
        ASSERT(strncmp(answer, "HTTP/1.1 200", 12) == 0 && why[0] == '\0');
    else
        ASSERT(why[0] != '\0');
    for (const char *p = why; *p; p++)
        ASSERT(!iscntrl((unsigned char)*p));
    free(answer);
    return 0;
}
