/* delivery_state.c - see delivery_state.h. */
#include "model/delivery_state.h"

const char *const DELIVERY_STATUS_NAMES[] = {
#define X(name, text) text,
    DELIVERY_STATUS_LIST(X)
#undef X
        NULL,
};

static const struct state_move MOVES[] = {
    {DELIVERY_IS_WAITING,   "start",     DELIVERY_IS_STARTED,   DELIVERY_BY_COURIER},
    {DELIVERY_IS_STARTED,   "pickup",    DELIVERY_IS_PICKED_UP, DELIVERY_BY_CARRIER},
    {DELIVERY_IS_STARTED,   "give_back", DELIVERY_IS_WAITING,   DELIVERY_BY_CARRIER},
    {DELIVERY_IS_PICKED_UP, "complete",  DELIVERY_IS_DELIVERED, DELIVERY_BY_CARRIER},
    {DELIVERY_IS_WAITING,   "cancel",    DELIVERY_IS_CANCELED,  DELIVERY_BY_ORDER  },
    {DELIVERY_IS_STARTED,   "cancel",    DELIVERY_IS_CANCELED,  DELIVERY_BY_ORDER  },
};

const struct states DELIVERY_STATES = STATES("delivery", DELIVERY_STATUS_NAMES, MOVES);
