/* signing_key.c - see signing_key.h. */
#include "model/signing_key.h"

const char *const SIGNING_KEY_STATE_NAMES[] = {
#define X(name, text) text,
    SIGNING_KEY_STATE_LIST(X)
#undef X
        NULL,
};
