/* assert.c - the end of a process that has a bug. */
#include "tool/core/assert.h"

#include <stdlib.h>

#include "tool/core/log.h"

_Noreturn void assert_fail(const char *expr, const char *file, int line)
{
    log_error("assertion failed", LOG_TEXT("expression", expr), LOG_TEXT("file", file),
              LOG_INT("line", line));
    abort();
}
