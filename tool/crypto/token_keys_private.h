/* token_keys_private.h - what token_keys*.c share. */
#ifndef TOOL_CRYPTO_TOKEN_KEYS_PRIVATE_H
#define TOOL_CRYPTO_TOKEN_KEYS_PRIVATE_H

#include "tool/crypto/token_key_name.h"
#include "tool/crypto/token_keys.h"

struct token_key_names {
    size_t n, found;                       /* kept here, and in the folder */
    char at[TOKEN_KEYS_MAX][NAME_MAX + 1]; /* newest first */
};

/** Writes why; returns false. */
bool token_keys_refuse(char why[TOKEN_WHY_MAX + 1], const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/** Opens the folder; what others may write is not ours to trust. -1 with why. */
int token_keys_open(const char *dir, char why[TOKEN_WHY_MAX + 1]);
/** False with why. */
bool token_keys_names(int dir_fd, const char *dir, struct token_key_names *names,
                      char why[TOKEN_WHY_MAX + 1]);

#endif
