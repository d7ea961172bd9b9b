/* word_list.h - a few words, each with a NUL behind it, and one more behind the last. A value. */
#ifndef MIDDLEWARE_WORD_LIST_H
#define MIDDLEWARE_WORD_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { WORD_LIST_MAX = 510 }; /* bytes, the NUL behind each word among them */

/* All zero is empty. */
struct word_list {
    char text[WORD_LIST_MAX + 2];
};

/** The word behind that one, NULL behind the last; word NULL = the first. */
static inline const char *word_list_next(const struct word_list *list, const char *word)
{
    word = word ? word + strlen(word) + 1 : list->text;
    return *word ? word : NULL;
}

static inline bool word_list_has(const struct word_list *list, const char *wanted)
{
    for (const char *word = NULL; (word = word_list_next(list, word));)
        if (strcmp(word, wanted) == 0)
            return true;
    return false;
}

/** Adds word[0..len), which is not empty and holds no NUL; false when there is no room for it. */
static inline bool word_list_add(struct word_list *list, const char *word, size_t len)
{
    size_t used = 0;

    while (list->text[used])
        used += strlen(list->text + used) + 1;
    if (len > WORD_LIST_MAX || used + len + 1 > WORD_LIST_MAX)
        return false;
    memcpy(list->text + used, word, len);
    memset(list->text + used + len, 0, 2);
    return true;
}

#endif
