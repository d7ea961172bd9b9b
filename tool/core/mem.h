/* mem.h - memory that is there or the process is not: every size here is bounded by us, so out of
 * memory is a bug or a broken host. Free with free(). */
#ifndef TOOL_CORE_MEM_H
#define TOOL_CORE_MEM_H

#include <stddef.h>
#include <stdlib.h>

/** Zeroed; stops the process (abort, after a log line) when there is none. */
void *mem_alloc(size_t n, size_t size);
char *mem_strdup(const char *s);

#define MEM_NEW(type) ((type *)mem_alloc(1, sizeof(type)))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
/* Rows and how many: .endpoints = ENDPOINTS, .n_endpoints = ARRAY_LEN(ENDPOINTS). */
#define ROWS_OF(member, rows) .member = (rows), .n_##member = ARRAY_LEN(rows)
#define container_of(ptr, type, member) ((type *)(void *)((char *)(ptr)-offsetof(type, member)))

/** Copies text into a fixed array; false (and an empty dst) when it does not fit. */
int text_copy(char *dst, size_t size, const char *src);
#define TEXT_COPY(array, src) text_copy((array), sizeof(array), (src))
/** Takes off the end what a cut has left of a UTF-8 character. */
void text_trim(char *text);

#endif
