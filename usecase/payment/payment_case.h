/* payment_case.h - what the use cases of payment have in common. A payment and what the provider is
 * asked for it change together, in one transaction, and each version of a payment is said. */
#ifndef USECASE_PAYMENT_PAYMENT_CASE_H
#define USECASE_PAYMENT_PAYMENT_CASE_H

#include "dataservice/payment/payment_store.h"
#include "tool/metrics/metrics.h"
#include "tool/once/barrier.h"
#include "tool/outbox/outbox.h"
#include "tool/page/cursor.h"
#include "tool/remote/remote.h"

/* All borrowed; read-only once it is wired. */
struct payment_case {
    struct store *payments, *operations, *ledger, *webhooks, *differences, *owners;
    struct remote *provider; /* of protocol/provider.h */
    const char *provider_name, *webhook_secret;
    struct transactor *transactor;
    struct barrier *barrier;
    struct outbox *outbox;
    const struct entropy *entropy;
    const struct cursor_key *cursors;
    int64_t ask_ms; /* how long the provider is waited for, at most */
    struct metric *decided[4][2], *book_differences; /* by kind; succeeded, declined */
    struct metric *ledger_difference;
};

/* For how long money is held. */
#define PAYMENT_HELD_US (INT64_C(7) * 24 * 3600 * 1000000)

/** Makes the metrics; after all else is there. metrics NULL: none. */
void payment_count(struct payment_case *p, struct metrics *metrics);
/** As events and people see it. */
struct payment_event payment_state_of(const struct payment *payment);
/** Says that it has become what it is, unless `before` is its version still. ST_OK | ST_UNAVAILABLE
 */
enum status payment_say(struct payment_case *p, struct transaction *tx, const struct call *call,
                        const struct event_type *type, const struct payment *payment,
                        int64_t before);
/** Writes an operation down, of which kind, money, method and reason are set, so that it can be
 * asked: at once by who calls, or (now) by whoever sweeps. id nil: it gets one. ST_OK |
 * ST_UNAVAILABLE */
enum status operation_request(struct payment_case *p, struct transaction *tx,
                              const struct call *call, const struct payment *payment,
                              struct payment_operation *op, bool now);

#endif
