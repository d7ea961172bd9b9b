/* provider.h - who moves the money: a card company, asked with a key of ours for each operation.
 * Implemented by http/, and by memory/ for tests. */
#ifndef DATASERVICE_PAYMENT_PROVIDER_H
#define DATASERVICE_PAYMENT_PROVIDER_H

#include "tool/core/call.h"
#include "tool/core/money.h"

enum { PROVIDER_KEY_SIZE = 37, PROVIDER_METHOD_SIZE = 64, PROVIDER_REASON_SIZE = 48 };

/* A void is done also when the authorization never came: one that comes later is declined then. */
enum provider_kind {
    PROVIDER_AUTHORIZE,
    PROVIDER_CAPTURE,
    PROVIDER_VOID,
    PROVIDER_REFUND,
    PROVIDER_SETTLE, /* never asked: it has paid out what it owes, and its book says so */
};
enum provider_state { PROVIDER_DONE, PROVIDER_DECLINED };

struct provider_operation {
    char key[PROVIDER_KEY_SIZE]; /* ours, the same whenever it is asked again */
    int kind;                    /* enum provider_kind */
    struct money money;
    char method[PROVIDER_METHOD_SIZE]; /* the provider's token; "" = that of the authorization */
    char of[PROVIDER_KEY_SIZE]; /* key of the authorization that is captured, voided or refunded; ""
                                   of an authorization itself */
};

struct provider_outcome {
    int state;                         /* enum provider_state */
    char reason[PROVIDER_REASON_SIZE]; /* a slug, why it was declined; "" when it was done */
};

/* A line of the provider's own book. */
struct provider_entry {
    struct provider_operation operation; /* method "" */
    struct provider_outcome outcome;
};

struct payment_provider {
    const struct payment_provider_ops *ops;
};

/* Every op is required, blocks until call->deadline_ms at most, may be called from any thread, and
 * writes its outputs only on ST_OK. */
struct payment_provider_ops {
    /** ST_OK: it is decided, as *out says
     *  ST_UNAVAILABLE: the provider was never asked (its breaker is open, nobody listens there, no
     *  time was left): as of this call nothing has happened
     *  ST_TIMEOUT, ST_UNCERTAIN, anything else: not known whether it happened; find() tells, or the
     *  same again with the same key */
    enum status (*ask)(struct payment_provider *self, const struct call *call,
                       const struct provider_operation *operation, struct provider_outcome *out);
    /** What has become of an operation. ST_OK | ST_NOT_FOUND: it never came there | ST_UNAVAILABLE,
     * ST_TIMEOUT, ST_UNCERTAIN: could not be found out */
    enum status (*find)(struct payment_provider *self, const struct call *call, const char *key,
                        struct provider_outcome *out);
    /** Up to max entries of its book, in its order, that come after the one of the key `after` (""
     * = from the first). *n: fewer than max, there are no more. ST_OK | ST_NOT_FOUND: `after` is
     * not in the book | ST_UNAVAILABLE, ST_TIMEOUT, ST_UNCERTAIN */
    enum status (*book)(struct payment_provider *self, const struct call *call, const char *after,
                        struct provider_entry *entries, size_t max, size_t *n);
    /** Frees self; NULL is fine. No other op may be running. */
    void (*destroy)(struct payment_provider *self);
};

#endif
