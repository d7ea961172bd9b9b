/* context_fuzz.c - any text as a context: what is taken has a URL, what is not says why. */
#include <stdint.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/ctl/context.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct context context;
    char why[CONTEXT_WHY_MAX + 1] = "";

    memset(&context, 0, sizeof(context));
    if (context_parse((const char *)data, size, &context, why))
        ASSERT(context.url[0]);
    else
        ASSERT(why[0]);
    return 0;
}
