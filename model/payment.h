/* payment.h - the payment of an order, what the provider is asked for it, and the books that are
 * kept of it. Plain values; what may become of a payment is payment_state.h's. */
#ifndef MODEL_PAYMENT_H
#define MODEL_PAYMENT_H

#include "model/payment_state.h"
#include "tool/core/money.h"
#include "tool/core/rule.h"
#include "tool/core/uuid.h"

enum { PAYMENT_METHOD_SIZE = 64, PAYMENT_PROVIDER_SIZE = 32 };
enum { PAYMENT_REASON_MAX = 47 }; /* code points */
enum { PAYMENT_REASON_SIZE = 4 * PAYMENT_REASON_MAX + 1 };
enum { LEDGER_ACCOUNT_SIZE = 64 };

/* The row; one an order. Amounts without a currency are in that of amount. */
struct payment {
    struct uuid payment_id;
    struct uuid order_id, user_id, store_id;
    struct uuid saga_id;          /* that wanted it authorized last; nil = none has */
    struct uuid authorization_id; /* the operation by which money may be held; nil = none is */
    struct money amount;          /* all there is to be authorized and captured */
    int status;                   /* enum payment_status */
    int64_t capturing, captured;  /* asked and not declined; done */
    int64_t refunding, refunded;
    char reason[PAYMENT_REASON_SIZE]; /* why it was declined last; "" = it was not */
    int64_t expires_us;               /* when its authorization ends */
    int64_t look_at_us;               /* when somebody looks whether it has; the sweeper's */
    int64_t version;                  /* 1, 2, 3 ...: each is said */
    int64_t created_us, updated_us;
};

enum payment_kind {
    PAYMENT_KIND_AUTHORIZE,
    PAYMENT_KIND_CAPTURE,
    PAYMENT_KIND_VOID,
    PAYMENT_KIND_REFUND
};
extern const char *const PAYMENT_KIND_NAMES[]; /* "AUTHORIZE" "CAPTURE" "VOID" "REFUND", NULL */

enum operation_state {
    OPERATION_REQUESTED, /* the provider may have been asked, and has not said yet */
    OPERATION_SUCCEEDED,
    OPERATION_DECLINED,
    OPERATION_UNASKED, /* the provider could not be asked, nor will it be unless a saga wants it */
};
extern const char *const OPERATION_STATE_NAMES[]; /* "REQUESTED" ..., NULL */

/* What the provider is asked: written before, its outcome after. */
struct payment_operation {
    struct uuid operation_id; /* its key at the provider, for ever */
    struct uuid payment_id, order_id;
    int kind;  /* enum payment_kind */
    int state; /* enum operation_state */
    struct money money;
    char method[PAYMENT_METHOD_SIZE]; /* of an authorization: the provider's token */
    struct uuid of;                   /* the authorization; nil of one itself */
    char reason[PAYMENT_REASON_SIZE]; /* why it is asked; once it is declined, why */
    bool reverses;                    /* a payment that is undone asks for it */
    bool booked;                      /* it is in the provider's own book, as it is here */
    int64_t asked_us;                 /* the last time that it was to be asked */
    int64_t due_us;                   /* from when on whoever sweeps asks for it */
    int64_t look_at_us;               /* the sweeper's */
    int64_t version;
    int64_t created_us, updated_us;
};

/* Written once and never changed. */
struct ledger_entry {
    struct uuid entry_id;
    struct uuid transaction_id; /* the operation; its entries sum to 0 */
    int64_t seq;                /* 0, 1 ... */
    char account[LEDGER_ACCOUNT_SIZE];
    struct money money;
    int64_t at_us;
};

/* ---- what sagas ask ---- */

struct payment_authorization {
    struct uuid saga_id, order_id, user_id, store_id;
    int64_t amount; /* minor units */
    char currency[4];
    char method[PAYMENT_METHOD_SIZE];
};

struct payment_authorized {
    struct uuid payment_id;
    struct uuid operation_id; /* by which it was asked */
    int status;               /* enum payment_status */
};

struct payment_order {
    struct uuid saga_id, order_id;
};

struct payment_moved {
    int status; /* enum payment_status */
};

struct payment_amount {
    struct uuid saga_id, order_id;
    int64_t amount; /* minor units, of the payment's currency */
};

/* ---- what is said ---- */

/* The whole public state; nothing personal. */
struct payment_event {
    struct uuid order_id, payment_id, user_id, store_id;
    int status; /* enum payment_status */
    struct money amount, captured, refunded;
    char reason[PAYMENT_REASON_SIZE];
    int64_t version;
    int64_t authorized_us; /* 0 = nothing is held, nor was taken */
    int64_t updated_us;
};

extern const struct rule PAYMENT_METHOD_RULE, PAYMENT_CURRENCY_RULE;

#endif
