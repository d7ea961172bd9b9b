/* payment_state.c - see payment_state.h. */
#include "model/payment_state.h"

const char *const PAYMENT_STATUS_NAMES[] = {
#define X(name, text) text,
    PAYMENT_STATUS_LIST(X)
#undef X
        NULL,
};

enum {
    TAKES = PAYMENT_BY_SAGA | PAYMENT_BY_ORDER,
    GIVES_BACK = PAYMENT_BY_SAGA | PAYMENT_BY_OPERATOR,
};

/* clang-format off */
static const struct state_move MOVES[] = {
    {PAYMENT_IS_REQUESTED,       "authorize",     PAYMENT_IS_REQUESTED,       PAYMENT_BY_SAGA    },
    {PAYMENT_IS_REQUESTED,       "authorized",    PAYMENT_IS_AUTHORIZED,      PAYMENT_BY_PROVIDER},
    {PAYMENT_IS_REQUESTED,       "declined",      PAYMENT_IS_DECLINED,        PAYMENT_BY_PROVIDER},
    {PAYMENT_IS_REQUESTED,       "void",          PAYMENT_IS_VOIDING,         PAYMENT_BY_SAGA    },
    {PAYMENT_IS_REQUESTED,       "cancel",        PAYMENT_IS_CANCELING,       PAYMENT_BY_ORDER   },
    {PAYMENT_IS_DECLINED,        "authorize",     PAYMENT_IS_REQUESTED,       PAYMENT_BY_SAGA    },
    {PAYMENT_IS_DECLINED,        "cancel",        PAYMENT_IS_CANCELING,       PAYMENT_BY_ORDER   },
    {PAYMENT_IS_AUTHORIZED,      "capture",       PAYMENT_IS_AUTHORIZED,      TAKES              },
    {PAYMENT_IS_AUTHORIZED,      "captured",      PAYMENT_IS_CAPTURED,        PAYMENT_BY_PROVIDER},
    {PAYMENT_IS_AUTHORIZED,      "void",          PAYMENT_IS_VOIDING,         PAYMENT_BY_SAGA    },
    {PAYMENT_IS_AUTHORIZED,      "cancel",        PAYMENT_IS_CANCELING,       PAYMENT_BY_ORDER   },
    {PAYMENT_IS_AUTHORIZED,      "expire",        PAYMENT_IS_EXPIRED,         PAYMENT_BY_CLOCK   },
    {PAYMENT_IS_CAPTURED,        "refund",        PAYMENT_IS_CAPTURED,        GIVES_BACK         },
    {PAYMENT_IS_CAPTURED,        "refunded_part", PAYMENT_IS_PARTLY_REFUNDED, PAYMENT_BY_PROVIDER},
    {PAYMENT_IS_CAPTURED,        "refunded",      PAYMENT_IS_REFUNDED,        PAYMENT_BY_PROVIDER},
    {PAYMENT_IS_CAPTURED,        "cancel",        PAYMENT_IS_CANCELING,       PAYMENT_BY_ORDER   },
    {PAYMENT_IS_PARTLY_REFUNDED, "refund",        PAYMENT_IS_PARTLY_REFUNDED, GIVES_BACK         },
    {PAYMENT_IS_PARTLY_REFUNDED, "refunded_part", PAYMENT_IS_PARTLY_REFUNDED, PAYMENT_BY_PROVIDER},
    {PAYMENT_IS_PARTLY_REFUNDED, "refunded",      PAYMENT_IS_REFUNDED,        PAYMENT_BY_PROVIDER},
    {PAYMENT_IS_PARTLY_REFUNDED, "cancel",        PAYMENT_IS_CANCELING,       PAYMENT_BY_ORDER   },
    {PAYMENT_IS_REFUNDED,        "cancel",        PAYMENT_IS_CANCELING,       PAYMENT_BY_ORDER   },
    {PAYMENT_IS_VOIDING,         "voided",        PAYMENT_IS_VOIDED,          PAYMENT_BY_PROVIDER},
    {PAYMENT_IS_VOIDING,         "cancel",        PAYMENT_IS_CANCELING,       PAYMENT_BY_ORDER   },
    {PAYMENT_IS_VOIDED,          "authorize",     PAYMENT_IS_REQUESTED,       PAYMENT_BY_SAGA    },
    {PAYMENT_IS_VOIDED,          "cancel",        PAYMENT_IS_CANCELING,       PAYMENT_BY_ORDER   },
    {PAYMENT_IS_EXPIRED,         "cancel",        PAYMENT_IS_CANCELING,       PAYMENT_BY_ORDER   },
    {PAYMENT_IS_CANCELING,       "canceled",      PAYMENT_IS_ORDER_CANCELED,  PAYMENT_BY_PROVIDER},
};
/* clang-format on */

const struct states PAYMENT_STATES = STATES("payment", PAYMENT_STATUS_NAMES, MOVES);
