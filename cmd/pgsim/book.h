/* book.h - what was really done, in the order in which it was decided, and what it comes to. In
 * memory; book_file.h keeps its lines. Not safe in threads. */
#ifndef CMD_PGSIM_BOOK_H
#define CMD_PGSIM_BOOK_H

#include "cmd/pgsim/charge.h"

enum { BOOK_MAX = 200000 }; /* operations */

#define BOOK_NONE ((size_t)-1)

struct book_entry {
    struct charge op;
    size_t authorization; /* the entry of the one it is of; of one, its own; BOOK_NONE = there is
                             none */
    /* of an authorization */
    int64_t captured, refunded;
    bool is_captured, is_voided;
};

struct book;

struct book *book_create(void);
/** NULL is fine. */
void book_destroy(struct book *book);
size_t book_count(const struct book *book);
/** i below book_count; until the next book_add. */
const struct book_entry *book_at(const struct book *book, size_t i);
/** The entry of that key; BOOK_NONE. */
size_t book_find(const struct book *book, const char *key);
/** The entry of the authorization that is meant by the key of one, or of its capture; BOOK_NONE. */
size_t book_authorization(const struct book *book, const char *of);
/** Whether an authorization was voided before it came. */
bool book_is_void(const struct book *book, const char *key);
/** Writes a decided operation down, with what follows from it; its key is new. Its entry, or
 * BOOK_NONE: the book is full. */
size_t book_add(struct book *book, const struct charge *op);

#endif
