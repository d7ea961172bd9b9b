/* mem.c - allocation that does not fail. */
#include "tool/core/mem.h"

#include <stdbool.h>
#include <string.h>

#include "tool/core/assert.h"

void *mem_alloc(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size ? size : 1);

    ASSERT(p);
    return p;
}

char *mem_strdup(const char *s)
{
    size_t size = strlen(s) + 1;

    return memcpy(mem_alloc(1, size), s, size);
}

int text_copy(char *dst, size_t size, const char *src)
{
    size_t len = strnlen(src, size);

    if (len == size) {
        dst[0] = '\0';
        return false;
    }
    memcpy(dst, src, len + 1);
    return true;
}
