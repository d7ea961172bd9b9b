/* text_file.h - a small file of text into memory. */
#ifndef MIDDLEWARE_TEXT_FILE_H
#define MIDDLEWARE_TEXT_FILE_H

#include <stddef.h>

/** The whole file, NUL-terminated, to be freed by the caller. NULL when it cannot be read, has max
 * bytes or more, or a NUL: why, of size bytes, names it and says so. */
char *text_file_read(const char *file, size_t max, char *why, size_t size);

#endif
