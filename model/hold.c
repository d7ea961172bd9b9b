/* hold.c - see hold.h. */
#include "model/hold.h"

#include <stddef.h>

#include "tool/core/mem.h"

const char *const HOLD_STATE_NAMES[] = {"HELD", "COMMITTED", "RELEASED", NULL};
const char *const HOLD_OWNER_NAMES[] = {"order", "booking", NULL};
const char *const HOLD_WISH_NAMES[] = {"WANTED", "UNWANTED", NULL};

static const struct {
    enum hold_state from;
    enum hold_action action;
    enum hold_state to;
} MOVES[] = {
    {HOLD_HELD,      HOLD_COMMIT,  HOLD_COMMITTED},
    {HOLD_HELD,      HOLD_RELEASE, HOLD_RELEASED },
    {HOLD_HELD,      HOLD_RETURN,  HOLD_RELEASED },
    {HOLD_COMMITTED, HOLD_RETURN,  HOLD_RELEASED },
};

enum hold_state hold_after(enum hold_state state, enum hold_action action)
{
    for (size_t i = 0; i < ARRAY_LEN(MOVES); i++)
        if (MOVES[i].from == state && MOVES[i].action == action)
            return MOVES[i].to;
    return state;
}
