/* json_text.h - JSON of a length that is not known before it is written. */
#ifndef TOOL_CORE_JSON_TEXT_H
#define TOOL_CORE_JSON_TEXT_H

#include "tool/core/json_out.h"

struct json_text {
    char *text; /* NUL terminated: in the caller's buffer, or heap */
    size_t len;
    char *heap; /* NULL, or what text is in; may be taken over by setting it to NULL */
    size_t size;
};

/** Writes the same text each time it is called. */
typedef void (*json_write_fn)(const void *arg, struct json_out *o);

/** Has fn write into guess (size bytes; NULL and 0: no guess), and into heap memory that grows when
 * that is too small, to max bytes at least. What was tried in vain is wiped. False: the text is
 * longer, and there is none. */
bool json_text_write(struct json_text *t, char *guess, size_t size, size_t max, json_write_fn fn,
                     const void *arg);
/** Wipes the text, which may hold secrets, and frees what is heap of it. */
void json_text_fini(struct json_text *t);

#endif
