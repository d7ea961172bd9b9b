/* saga_state.c - the names of states, as they stand in the table and on the wire. */
#include <stddef.h>

#include "tool/saga/saga.h"

const char *const SAGA_STATE_NAMES[] = {
#define X(name, text) text,
    SAGA_STATE_LIST(X)
#undef X
        NULL};
