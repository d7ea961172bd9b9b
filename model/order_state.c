/* order_state.c - see order_state.h. */
#include "model/order_state.h"

const char *const ORDER_STATUS_NAMES[] = {
#define X(name, text) text,
    ORDER_STATUS_LIST(X)
#undef X
        NULL,
};

const char *const ORDER_ACTOR_NAMES[] = {"customer", "admin", "saga", "timer", "event", NULL};

const char *const ORDER_HEARD_NAMES[] = {"NOTHING", "KEPT", "DROPPED", "DELIVERED", NULL};

enum {
    PEOPLE = ORDER_BY_CUSTOMER | ORDER_BY_ADMIN,
};

/* clang-format off */
static const struct state_move MOVES[] = {
    {ORDER_STATUS_PENDING,          "confirm",     ORDER_STATUS_CONFIRMED,        ORDER_BY_SAGA          },
    {ORDER_STATUS_PENDING,          "defer",       ORDER_STATUS_AWAITING_PAYMENT, ORDER_BY_SAGA          },
    {ORDER_STATUS_PENDING,          "reject",      ORDER_STATUS_REJECTED,         ORDER_BY_SAGA          },
    {ORDER_STATUS_AWAITING_PAYMENT, "pay",         ORDER_STATUS_PAYING,           ORDER_BY_CUSTOMER      },
    {ORDER_STATUS_AWAITING_PAYMENT, "cancel",      ORDER_STATUS_CANCEL_PENDING,   PEOPLE | ORDER_BY_TIMER},
    {ORDER_STATUS_PAYING,           "confirm",     ORDER_STATUS_CONFIRMED,        ORDER_BY_SAGA          },
    {ORDER_STATUS_PAYING,           "back",        ORDER_STATUS_AWAITING_PAYMENT, ORDER_BY_SAGA          },
    {ORDER_STATUS_CONFIRMED,        "cancel",      ORDER_STATUS_CANCEL_PENDING,   PEOPLE | ORDER_BY_EVENT},
    {ORDER_STATUS_CONFIRMED,        "complete",    ORDER_STATUS_COMPLETED,        ORDER_BY_EVENT         },
    {ORDER_STATUS_CANCEL_PENDING,   "done",        ORDER_STATUS_CANCELED,         ORDER_BY_SAGA | ORDER_BY_TIMER | ORDER_BY_EVENT},
    {ORDER_STATUS_CANCEL_PENDING,   "keep",        ORDER_STATUS_CONFIRMED,        ORDER_BY_SAGA          },
    {ORDER_STATUS_CANCEL_PENDING,   "keep_unpaid", ORDER_STATUS_AWAITING_PAYMENT, ORDER_BY_SAGA          },
};
/* clang-format on */

const struct states ORDER_STATES = STATES("order", ORDER_STATUS_NAMES, MOVES);

bool order_has_ended(int status)
{
    return status == ORDER_STATUS_REJECTED || status == ORDER_STATUS_CANCELED ||
           status == ORDER_STATUS_COMPLETED;
}
