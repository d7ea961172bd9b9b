/* token_folder.h - the signing keys of a folder as they are by the clock: which one signs, which
 * verify, which are over; read again when the folder has changed, so that all processes that see it
 * go on together. Any thread. */
#ifndef TOOL_CRYPTO_TOKEN_FOLDER_H
#define TOOL_CRYPTO_TOKEN_FOLDER_H

#include "tool/crypto/token_keys.h"

enum token_key_state {
    TOKEN_KEY_TO_COME, /* published, and does not sign yet */
    TOKEN_KEY_SIGNS,
    TOKEN_KEY_FOLLOWED, /* by another one; verifies what it has signed */
    TOKEN_KEY_OVER,     /* no token of it is left: published no more, to be removed */
};

struct token_key_view {
    char kid[TOKEN_KID_LEN + 1];
    enum token_key_state state;
    int64_t begins_s; /* to sign; 0 = its name does not say */
    int64_t over_s;   /* of one that was followed: when it is; 0 = never by itself */
};

struct token_folder_view {
    size_t n;
    struct token_key_view keys[TOKEN_KEYS_MAX]; /* newest first */
    char trouble[TOKEN_WHY_MAX + 1];            /* why the keys are those of before; "" = nothing */
};

struct token_folder;

/** Makes folder and first key where they are missing. lifetime_s: of tokens. NULL when it cannot be
 * used: why names the file, what is wrong and what to do. */
struct token_folder *token_folder_create(const char *dir, int64_t lifetime_s,
                                         const struct entropy *entropy,
                                         char why[TOKEN_WHY_MAX + 1]);
/** NULL is fine. */
void token_folder_destroy(struct token_folder *self);
/** The pair that signs at now_s (Unix time): of those that have begun the newest, else the one that
 * begins first. To be wiped. */
void token_folder_signs(struct token_folder *self, int64_t now_s, struct token_pair *out);
/** The keys that verify, the one that signs first. */
void token_folder_verify(struct token_folder *self, int64_t now_s, struct token_key_set *out);
/** Reads the folder first, changed or not. */
void token_folder_view(struct token_folder *self, int64_t now_s, struct token_folder_view *out);
/** token_keys_add, for this process at once; kid: of the new key. */
enum token_key_change token_folder_add(struct token_folder *self, int64_t begins_s, int64_t now_s,
                                       bool only, char kid[TOKEN_KID_LEN + 1],
                                       char why[TOKEN_WHY_MAX + 1]);
/** Removes those that are over; where the folder is not ours to change, that is logged, once. */
void token_folder_retire(struct token_folder *self, int64_t now_s);

#endif
