/* ticket_state.c - see ticket_state.h. */
#include "model/ticket_state.h"

const char *const TICKET_STATUS_NAMES[] = {
#define X(name, text) text,
    TICKET_STATUS_LIST(X)
#undef X
        NULL,
};

enum {
    STORE = TICKET_BY_STORE,
    ANSWERER = TICKET_BY_STORE | TICKET_BY_TIMER,
    CUSTOMER = TICKET_BY_CUSTOMER,
    EVENT = TICKET_BY_EVENT,
};

/* clang-format off */
static const struct state_move MOVES[] = {
    {TICKET_RECEIVED, "accept",  TICKET_ACCEPTED,  STORE           },
    {TICKET_RECEIVED, "reject",  TICKET_REJECTED,  ANSWERER        },
    {TICKET_RECEIVED, "cancel",  TICKET_CANCELED,  CUSTOMER | EVENT},
    {TICKET_ACCEPTED, "cook",    TICKET_COOKING,   STORE           },
    {TICKET_ACCEPTED, "ask",     TICKET_ACCEPTED,  CUSTOMER        },
    {TICKET_ACCEPTED, "approve", TICKET_CANCELED,  ANSWERER        },
    {TICKET_ACCEPTED, "refuse",  TICKET_ACCEPTED,  ANSWERER        },
    {TICKET_ACCEPTED, "cancel",  TICKET_CANCELED,  EVENT           },
    {TICKET_COOKING,  "ready",   TICKET_READY,     STORE           },
    {TICKET_COOKING,  "ask",     TICKET_COOKING,   CUSTOMER        },
    {TICKET_COOKING,  "approve", TICKET_CANCELED,  ANSWERER        },
    {TICKET_COOKING,  "refuse",  TICKET_COOKING,   ANSWERER        },
    {TICKET_COOKING,  "cancel",  TICKET_CANCELED,  EVENT           },
    {TICKET_READY,    "pick_up", TICKET_PICKED_UP, EVENT           },
    {TICKET_READY,    "cancel",  TICKET_CANCELED,  EVENT           },
};
/* clang-format on */

const struct states TICKET_STATES = STATES("ticket", TICKET_STATUS_NAMES, MOVES);
