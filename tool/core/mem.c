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

void text_trim(char *text)
{
    size_t len = strlen(text), tail = 0, whole;
    unsigned char lead;

    while (tail < 3 && tail < len && ((unsigned char)text[len - 1 - tail] & 0xC0) == 0x80)
        tail++;
    if (tail == len)
        return;
    lead = (unsigned char)text[len - 1 - tail];
    whole = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (tail + 1 < whole)
        text[len - 1 - tail] = '\0';
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
