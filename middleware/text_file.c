/* text_file.c - see text_file.h. */
#include "middleware/text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/core/mem.h"

char *text_file_read(const char *file, size_t max, char *why, size_t size)
{
    char *text = mem_alloc(1, max + 1);
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd >= 0 ? read(fd, text, max) : -1;
    bool ok = false;

    if (len < 0)
        snprintf(why, size, "%s: %s", file, strerror(errno));
    else if ((size_t)len == max || strlen(text) != (size_t)len)
        snprintf(why, size, "%s: not a text of less than %zu KiB", file, max / 1024);
    else
        ok = true;
    if (fd >= 0)
        close(fd);
    if (ok)
        return text;
    free(text);
    return NULL;
}
