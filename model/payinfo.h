/* payinfo.h - what people read of payments and ledger, refunds that they make, and what a provider
 * tells us. Plain values. */
#ifndef MODEL_PAYINFO_H
#define MODEL_PAYINFO_H

#include "model/payment.h"
#include "tool/core/given.h"
#include "tool/core/page.h"

enum {
    PAYINFO_OPERATIONS_MAX = 40, /* that are shown, the newest */
    LEDGER_BALANCES_MAX = 512,   /* three accounts in every currency there is */
    PAYINFO_WEBHOOK_SIZE = 8193, /* base64 */
    PAYINFO_SIGNATURE_SIZE = 256,
    PAYINFO_EVENT_SIZE = 80,
    PAYINFO_TYPE_SIZE = 48,
};

/* Whose a store is, as it says itself: a row. */
struct store_owner {
    struct uuid store_id, owner_id;
    int64_t version; /* of the store */
};

struct payinfo_list_query {
    int status;           /* enum payment_status, where given */
    struct uuid store_id; /* that of which the caller is the owner; nil = the caller's own */
    struct page_query page;
    struct given given;
};

struct payinfo_query {
    struct uuid order_id;
};

struct payinfo_method {
    char brand[PAYMENT_PROVIDER_SIZE]; /* who moves the money */
};

struct payinfo_operation {
    struct uuid operation_id;
    int kind, state; /* enum payment_kind, enum operation_state */
    struct money amount;
    char reason[PAYMENT_REASON_SIZE];
    int64_t at_us; /* when it was asked */
};

/* A payment in a list. */
struct payinfo_line {
    struct payment_event payment;
    struct payinfo_method method;
    int64_t created_us;
};

struct payinfo {
    struct payinfo_line line;
    struct payinfo_operation operations[PAYINFO_OPERATIONS_MAX]; /* the newest first */
    size_t n_operations;
    struct state_action actions[STATE_ACTIONS_MAX];
    size_t n_actions;
};

struct payinfo_page {
    struct payinfo_line items[PAGE_LIMIT_MAX];
    size_t n_items;
    char next_cursor[PAGE_CURSOR_MAX + 1];
};

struct refund_form {
    struct uuid order_id;
    struct money amount;
    char reason[PAYMENT_REASON_SIZE];
};

struct refund_made {
    struct uuid operation_id;
    int state; /* enum operation_state */
};

struct ledger_balance {
    char account[LEDGER_ACCOUNT_SIZE];
    struct money balance;
};

struct ledger_balances {
    struct ledger_balance items[LEDGER_BALANCES_MAX];
    size_t n_items;
    int64_t sum; /* of what is out of balance, over all currencies */
};

struct ledger_query {
    char account[LEDGER_ACCOUNT_SIZE]; /* "" = all */
    struct page_query page;
};

struct ledger_page {
    struct ledger_entry items[PAGE_LIMIT_MAX];
    size_t n_items;
    char next_cursor[PAGE_CURSOR_MAX + 1];
};

/* ---- what a provider tells us ---- */

/* As it comes: the bytes of the body in base64, and their signature. */
struct webhook {
    char provider[PAYMENT_PROVIDER_SIZE];
    char webhook_signature[PAYINFO_SIGNATURE_SIZE]; /* "t=1769862896,v1=HEX" */
    char body[PAYINFO_WEBHOOK_SIZE];
};

struct webhook_taken {
    bool seen_before;
};

/* What the body says that is looked at: an event, and the operation it is about. */
struct webhook_notice {
    char event_id[PAYINFO_EVENT_SIZE];
    char type[PAYINFO_TYPE_SIZE];
    struct uuid key;
};

/* The row: one that has come. */
struct webhook_event {
    struct uuid webhook_id;
    char provider[PAYMENT_PROVIDER_SIZE];
    char event_id[PAYINFO_EVENT_SIZE]; /* nobody's twice */
    struct uuid operation_id;
    int64_t created_us;
};

/* ---- what the provider's book says otherwise ---- */

enum book_difference_kind { BOOK_UNKNOWN_HERE, BOOK_AMOUNT_DIFFERS, BOOK_STATE_DIFFERS };
extern const char *const BOOK_DIFFERENCE_NAMES[]; /* "UNKNOWN_HERE" ..., NULL */

/* The row. */
struct book_difference {
    struct uuid difference_id; /* the key, where it is a UUID */
    char provider_key[65];
    int what; /* enum book_difference_kind */
    int64_t created_us;
};

extern const struct rule PAYINFO_REASON_RULE, LEDGER_ACCOUNT_RULE, WEBHOOK_PROVIDER_RULE,
    WEBHOOK_SIGNATURE_RULE, WEBHOOK_BODY_RULE;

#endif
