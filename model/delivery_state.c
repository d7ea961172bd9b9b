/* delivery_state.c - see delivery_state.h. */
#include "model/delivery_state.h"

const char *const DELIVERY_STATUS_NAMES[] = {
#define X(name, text) text,
    DELIVERY_STATUS_LIST(X)
#undef X
        NULL,
};

enum {
    COURIER = DELIVERY_BY_COURIER,
    CARRIER = DELIVERY_BY_CARRIER,
    ORDER = DELIVERY_BY_ORDER,
    TIMER = DELIVERY_BY_TIMER,
    OPERATOR = DELIVERY_BY_OPERATOR,
};

/* clang-format off */
static const struct state_move MOVES[] = {
    {DELIVERY_IS_WAITING,   "start",     DELIVERY_IS_STARTED,   COURIER           },
    {DELIVERY_IS_WAITING,   "pickup",    DELIVERY_IS_PICKED_UP, OPERATOR          },
    {DELIVERY_IS_STARTED,   "pickup",    DELIVERY_IS_PICKED_UP, CARRIER | OPERATOR},
    {DELIVERY_IS_STARTED,   "give_back", DELIVERY_IS_WAITING,   CARRIER | TIMER   },
    {DELIVERY_IS_PICKED_UP, "complete",  DELIVERY_IS_DELIVERED, CARRIER | OPERATOR},
    {DELIVERY_IS_WAITING,   "cancel",    DELIVERY_IS_CANCELED,  ORDER             },
    {DELIVERY_IS_STARTED,   "cancel",    DELIVERY_IS_CANCELED,  ORDER             },
};
/* clang-format on */

const struct states DELIVERY_STATES = STATES("delivery", DELIVERY_STATUS_NAMES, MOVES);
