/* cursor.h - where a list goes on: the last row's sort value and id, sealed with what was asked, so
 * that a cursor goes on in the very list it came from and nobody else makes one. Not encrypted: it
 * tells what its owner has just read. */
#ifndef TOOL_PAGE_CURSOR_H
#define TOOL_PAGE_CURSOR_H

#include "tool/core/call.h"
#include "tool/core/uuid.h"
#include "tool/encoder/page.h"

enum { CURSOR_TEXT_MAX = 255 };

/* The last row of a page; the list goes on strictly after it. All zero is the start. */
struct cursor {
    struct uuid id;
    int64_t number;                 /* its sort value where that is a number or a time; else 0 */
    char text[CURSOR_TEXT_MAX + 1]; /* its sort value where that is a text; else "" */
};

/* Read-only once it is made. Any thread. */
struct cursor_key {
    uint8_t bytes[32];
};

/** From a secret that all instances of a service share and that outlives them: its database
 * password. Slow on purpose (10 ms, 8 MB), so that cursors are no way to guess it. */
void cursor_key_init(struct cursor_key *key, const char *secret);

/** What the request, a struct of d, says in its FIELD_CURSOR; it may have but one. ST_OK: *out is
 * where to go on, is_set whether it says anything. ST_INVALID, explained: 400 cursor_mismatch when
 * another member of the request differs from when the cursor was made (limit may), else a cursor
 * that was not made with this key. */
enum status cursor_open(const struct cursor_key *key, const struct call *call,
                        const struct descriptor *d, const void *request, struct cursor *out,
                        bool *is_set);
/** The nextCursor of an answer to that request. */
void cursor_seal(const struct cursor_key *key, const struct descriptor *d, const void *request,
                 const struct cursor *last, char text[PAGE_CURSOR_MAX + 1]);

#endif
