/* password_spelling.h - a password as it is hashed, and as it was typed. Private to tool/crypto. */
#ifndef TOOL_CRYPTO_PASSWORD_SPELLING_H
#define TOOL_CRYPTO_PASSWORD_SPELLING_H

#include "tool/crypto/password.h"

struct password_spelling {
    char
        opaque[PASSWORD_BYTES_MAX + 1]; /* text_opaque of it; "" = has more bytes than are hashed */
    char typed[PASSWORD_BYTES_MAX + 1]; /* what a hash of before may be of; "" = the same, or longer
                                           than was ever hashed */
};

/** False: both are empty, there is nothing to compare. */
bool password_spelling(const char *typed, struct password_spelling *out);

#endif
