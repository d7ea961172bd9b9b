/* payment_case.c - see payment_case.h. */
#include "usecase/payment/payment_case.h"

#include "protocol/payment.h"
#include "tool/core/mem.h"

/* Who wrote it down asks first; a process that dies leaves it to the sweeper. */
#define SWEPT_AFTER_US INT64_C(10000000)

void payment_count(struct payment_case *p, struct metrics *metrics)
{
    static const char *const OUTCOMES[] = {"succeeded", "declined"};

    for (size_t kind = 0; kind < ARRAY_LEN(p->decided); kind++)
        for (size_t i = 0; i < ARRAY_LEN(OUTCOMES); i++) {
            char labels[64] = "";

            metrics_label(labels, sizeof(labels), "kind", PAYMENT_KIND_NAMES[kind]);
            metrics_label(labels, sizeof(labels), "outcome", OUTCOMES[i]);
            p->decided[kind][i] =
                metrics_counter(metrics, "hanok_payment_operations_total",
                                "What the provider was asked, by what it said.", labels);
        }
    p->book_differences =
        metrics_counter(metrics, "hanok_payment_book_differences_total",
                        "Entries of the provider's book that are not as here.", "");
    p->ledger_difference = metrics_gauge(metrics, "hanok_ledger_difference",
                                         "What the ledger is out of balance by: 0.", "");
}

static struct money money_of(const struct payment *payment, int64_t amount)
{
    struct money money = payment->amount;

    money.amount = amount;
    return money;
}

/* Since when its money is or was held, as far as it came to that. */
static int64_t authorized_us(const struct payment *payment)
{
    bool was_held = payment->captured > 0 || (!uuid_is_nil(payment->authorization_id) &&
                                              payment->status != PAYMENT_IS_REQUESTED);

    return was_held ? payment->expires_us - PAYMENT_HELD_US : 0;
}

struct payment_event payment_state_of(const struct payment *payment)
{
    struct payment_event event = {
        .order_id = payment->order_id,
        .payment_id = payment->payment_id,
        .user_id = payment->user_id,
        .store_id = payment->store_id,
        .status = payment->status,
        .amount = payment->amount,
        .captured = money_of(payment, payment->captured),
        .refunded = money_of(payment, payment->refunded),
        .version = payment->version,
        .authorized_us = authorized_us(payment),
        .updated_us = payment->updated_us,
    };

    TEXT_COPY(event.reason, payment->reason);
    return event;
}

enum status payment_say(struct payment_case *p, struct transaction *tx, const struct call *call,
                        const struct event_type *type, const struct payment *payment,
                        int64_t before)
{
    struct payment_event event = payment_state_of(payment);

    return payment->version == before ? ST_OK : event_say(p->outbox, tx, call, type, &event);
}

enum status operation_request(struct payment_case *p, struct transaction *tx,
                              const struct call *call, const struct payment *payment,
                              struct payment_operation *op, bool now)
{
    if (uuid_is_nil(op->operation_id))
        op->operation_id = uuid_v7(call->clock, p->entropy);
    op->payment_id = payment->payment_id;
    op->order_id = payment->order_id;
    op->state = OPERATION_REQUESTED;
    op->asked_us = clock_wall_us(call->clock);
    op->due_us = op->asked_us + (now ? 0 : SWEPT_AFTER_US);
    op->look_at_us = op->due_us;
    if (op->kind != PAYMENT_KIND_AUTHORIZE)
        op->of = payment->authorization_id;
    return store_insert(p->operations, tx, call, op, NULL);
}
