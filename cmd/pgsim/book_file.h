/* book_file.h - lines in a file, to which they are only added: what is synced survives a crash, and
 * a line that one has cut short is cut off. Not safe in threads. */
#ifndef CMD_PGSIM_BOOK_FILE_H
#define CMD_PGSIM_BOOK_FILE_H

#include <stdbool.h>
#include <stddef.h>

enum { BOOK_FILE_WHY_MAX = 511 };

struct book_file;

/** A line that is there, without its end. False: it is no such line. */
typedef bool (*book_line_fn)(void *arg, const char *line, size_t len);

/** Opens path, making it when it is not there, and tells every line of it in order. NULL with why:
 * it cannot be opened, another process has it open, or a line (1, 2, 3 ...) is damaged. */
struct book_file *book_file_open(const char *path, book_line_fn line, void *arg,
                                 char why[BOOK_FILE_WHY_MAX + 1]);
/** NULL is fine. What is not synced may be lost. */
void book_file_close(struct book_file *file);
/** Keeps a line, without its end, for book_file_sync. */
void book_file_add(struct book_file *file, const char *line, size_t len);
/** All that was added is on the disk then; nothing to do is fine. False, errno: what was added may
 * be there or not, and nothing more may be added. Blocks. */
bool book_file_sync(struct book_file *file);

#endif
