/* token_key_name.h - what a key file's name says: YYYYMMDDTHHMMSSZ-KKKKKKKK.key begins to sign at
 * that second (UTC), and its kid begins with KKKKKKKK. Names sort by it. Pure; any thread. */
#ifndef TOOL_CRYPTO_TOKEN_KEY_NAME_H
#define TOOL_CRYPTO_TOKEN_KEY_NAME_H

#include <stdbool.h>
#include <stdint.h>

enum { TOKEN_KEY_NAME_LEN = 29 };

/** A name that ends in .key and does not begin with a dot; whatever else it says. */
bool token_key_name_is(const char *name);
/** When a key of this name begins to sign, in Unix seconds; 0 when it does not say so by a time
 * that exists and a - or the .key behind it: such a one signs from its first day. */
int64_t token_key_name_begins_s(const char *name);
/** begins_s: 0 to 253402300799 (the year 9999). kid: 8 characters at least. Returns name. */
char *token_key_name_make(int64_t begins_s, const char *kid, char name[TOKEN_KEY_NAME_LEN + 1]);

#endif
