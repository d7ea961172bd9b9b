/* book_line.h - a line of the book's file: what was asked and decided, as JSON. Pure. */
#ifndef CMD_PGSIM_BOOK_LINE_H
#define CMD_PGSIM_BOOK_LINE_H

#include "cmd/pgsim/book.h"

/** Writes it, without its end; returns the length. */
size_t book_line_write(const struct charge *op, char line[CHARGE_JSON_MAX + 1]);
/** Adds what a line says to the book. False: it is none, its key is there already, or the book is
 * full. */
bool book_line_take(struct book *book, const char *line, size_t len);

#endif
