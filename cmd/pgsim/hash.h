/* hash.h - a number of a text that is always the same: FNV-1a, 64 bits. */
#ifndef CMD_PGSIM_HASH_H
#define CMD_PGSIM_HASH_H

#include <stdint.h>

static inline uint64_t hash_text(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return hash;
}

#endif
