/* signing_key.h - the keys that sign access tokens, as operators see them. Plain values. */
#ifndef MODEL_SIGNING_KEY_H
#define MODEL_SIGNING_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIGNING_KEYS_MAX = 8, SIGNING_KEY_ID_LEN = 43, SIGNING_TROUBLE_MAX = 511 };

/* In the order of a key's life. */
#define SIGNING_KEY_STATE_LIST(X)                                                                  \
    X(SIGNING_KEY_TO_COME, "TO_COME")                                                              \
    X(SIGNING_KEY_SIGNS, "SIGNS")                                                                  \
    X(SIGNING_KEY_FOLLOWED, "FOLLOWED")                                                            \
    X(SIGNING_KEY_OVER, "OVER")

enum signing_key_state {
#define X(name, text) name,
    SIGNING_KEY_STATE_LIST(X)
#undef X
};

/** NULL-terminated. */
extern const char *const SIGNING_KEY_STATE_NAMES[];

struct signing_key {
    char kid[SIGNING_KEY_ID_LEN + 1];
    enum signing_key_state state;
    int64_t begins_us; /* to sign; 0 = its file does not say */
    int64_t over_us;   /* of one that was followed: when no token of it is left; else 0 */
};

/* As one instance sees them. */
struct signing_keys {
    struct signing_key keys[SIGNING_KEYS_MAX]; /* newest first */
    size_t n_keys;
    int64_t now_us;                        /* by its clock */
    char trouble[SIGNING_TROUBLE_MAX + 1]; /* why the folder is not followed; "" = it is */
};

struct signing_key_rotation {
    bool now;    /* do not wait until everybody knows it */
    bool leaked; /* the others are removed: what they have signed counts no more */
};

#endif
