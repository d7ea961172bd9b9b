/* member_name.h - how members are called in routes: letters, then also digits. */
#ifndef MIDDLEWARE_MEMBER_NAME_H
#define MIDDLEWARE_MEMBER_NAME_H

#include <stdbool.h>
#include <stddef.h>

static inline bool member_name_fits(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!((text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z') ||
              (i > 0 && text[i] >= '0' && text[i] <= '9')))
            return false;
    return len > 0;
}

#endif
