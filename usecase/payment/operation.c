/* operation.c - see operation.h. */
#include "usecase/payment/operation.h"

#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "usecase/payment/provider.h"

enum { COMMIT_MS = 300 }; /* is kept back for what has to be written down after an answer */

_Static_assert((int)PAYMENT_KIND_AUTHORIZE == PROVIDER_AUTHORIZE &&
                   (int)PAYMENT_KIND_CAPTURE == PROVIDER_CAPTURE &&
                   (int)PAYMENT_KIND_VOID == PROVIDER_VOID &&
                   (int)PAYMENT_KIND_REFUND == PROVIDER_REFUND,
               "the same kinds");

static struct call asking(const struct payment_case *p, const struct call *call)
{
    int64_t left_ms = call_left_ms(call) - COMMIT_MS;

    return call_within(call, left_ms < p->ask_ms ? (left_ms > 0 ? left_ms : 0) : p->ask_ms, NULL);
}

/* Nothing that does not say what became of this operation is taken for an answer. */
static enum status believe(const struct call *call, const struct payment_operation *op,
                           const struct provider_entry *said, struct provider_outcome *outcome)
{
    const struct provider_operation *about = &said->operation;
    char key[UUID_TEXT_LEN + 1];

    if (strcmp(about->key, uuid_text(op->operation_id, key)) != 0 || about->kind != op->kind ||
        about->money.amount != op->money.amount ||
        strcmp(about->money.currency, op->money.currency) != 0) {
        log_error("the provider answers about something else", LOG_CALL(call),
                  LOG_UUID("operationId", op->operation_id), LOG_TEXT("about", about->key));
        return ST_UNCERTAIN;
    }
    *outcome = said->outcome;
    return ST_OK;
}

static enum status ask(struct payment_case *p, const struct call *call,
                       const struct payment_operation *op, struct provider_outcome *outcome)
{
    struct provider_operation asked = {.kind = op->kind, .money = op->money};
    struct call own = asking(p, call);
    struct provider_entry said;
    enum status st;

    uuid_text(op->operation_id, asked.key);
    if (!uuid_is_nil(op->of))
        uuid_text(op->of, asked.of);
    TEXT_COPY(asked.method, op->method);
    st = provider_ask(p->provider, &own, &asked, &said);
    return st == ST_OK ? believe(call, op, &said, outcome) : st;
}

static enum status find(struct payment_case *p, const struct call *call,
                        const struct payment_operation *op, struct provider_outcome *outcome)
{
    struct call own = asking(p, call);
    struct provider_query query;
    struct provider_entry said;
    enum status st;

    uuid_text(op->operation_id, query.key);
    st = provider_find(p->provider, &own, &query, &said);
    return st == ST_OK ? believe(call, op, &said, outcome) : st;
}

/* ---- who asks ---- */

static enum status mark(void *row, const struct call *call, void *arg)
{
    struct payment_operation *op = row;
    bool *only = arg;

    if (op->state != OPERATION_REQUESTED && op->state != OPERATION_UNASKED)
        return ST_STALE;
    *only = op->state == OPERATION_UNASKED;
    op->state = OPERATION_REQUESTED;
    op->asked_us =
        clock_wall_us(call->clock) > op->asked_us ? clock_wall_us(call->clock) : op->asked_us + 1;
    return ST_OK;
}

static enum status park(void *row, const struct call *call, void *arg)
{
    (void)call;
    (void)arg;
    ((struct payment_operation *)row)->state = OPERATION_UNASKED;
    return ST_OK;
}

static enum status change(struct payment_case *p, const struct call *call, const store_change_fn fn,
                          void *arg, int64_t version, struct payment_operation *op)
{
    struct uuid id = op->operation_id;

    return store_change(p->operations, NULL, call, &id,
                        &(struct store_change){.fn = fn, .arg = arg, .version = version}, op);
}

/* Nobody but who calls can have asked, and he could not; from here on nobody has, or somebody has
 * marked it to try. */
static enum status not_asked(struct payment_case *p, const struct call *call,
                             struct payment_operation *op)
{
    enum status st = change(p, call, park, NULL, op->version, op);

    if (st == ST_OK)
        return call_fail(call, ST_UNAVAILABLE, "provider_unavailable",
                         "The payment provider could not be asked; nothing has happened.");
    return st == ST_STALE ? ST_PENDING : st;
}

/* only: nobody else can have asked. */
static enum status ask_now(struct payment_case *p, const struct call *call, bool only,
                           struct payment_operation *op)
{
    struct provider_outcome outcome;
    enum status st = ask(p, call, op, &outcome);

    if (st == ST_OVERLOADED && only && op->kind == PAYMENT_KIND_AUTHORIZE)
        return not_asked(p, call, op);
    if (st != ST_OK && st != ST_OVERLOADED)
        st = find(p, call, op, &outcome); /* the answer was lost, perhaps */
    return st == ST_OK ? operation_end(p, call, &outcome, op) : ST_PENDING;
}

static enum status ask_again(struct payment_case *p, const struct call *call,
                             struct payment_operation *op)
{
    bool only = false;
    enum status st = change(p, call, mark, &only, 0, op);

    if (st == ST_STALE) { /* decided meanwhile */
        struct uuid id = op->operation_id;
        return store_find(p->operations, NULL, call, NULL, &id, op);
    }
    return st == ST_OK ? ask_now(p, call, only, op) : st;
}

/* An authorization that has not come. Once a void of it was done it never will: then it is asked
 * for a last time, as it may have come between the two. */
static enum status look_after(struct payment_case *p, const struct call *call,
                              struct payment_operation *op)
{
    static const struct provider_outcome GIVEN_UP = {PROVIDER_DECLINED, "voided"};
    struct provider_outcome outcome = GIVEN_UP;
    struct payment payment;
    enum status st = store_find(p->payments, NULL, call, NULL, &op->payment_id, &payment);

    if (st != ST_OK)
        return st;
    if (uuid_equal(payment.authorization_id, op->operation_id))
        return ST_PENDING;
    st = find(p, call, op, &outcome);
    return st == ST_OK || st == ST_NOT_FOUND ? operation_end(p, call, &outcome, op) : ST_PENDING;
}

static enum status look(struct payment_case *p, const struct call *call, enum settling how,
                        struct payment_operation *op)
{
    struct provider_outcome outcome;
    enum status st = find(p, call, op, &outcome);

    if (st == ST_OK)
        return operation_end(p, call, &outcome, op);
    if (st != ST_NOT_FOUND)
        return ST_PENDING;
    return how == SETTLE_LOOK && op->kind == PAYMENT_KIND_AUTHORIZE ? look_after(p, call, op)
                                                                    : ask_again(p, call, op);
}

enum status operation_settle(struct payment_case *p, const struct call *call, struct uuid id,
                             enum settling how, struct payment_operation *op)
{
    enum status st = store_find(p->operations, NULL, call, NULL, &id, op);

    if (st != ST_OK || op->state == OPERATION_SUCCEEDED || op->state == OPERATION_DECLINED)
        return st;
    if (call_left_ms(call) <= COMMIT_MS)
        return ST_PENDING;
    if (how == SETTLE_FRESH && op->version == 1)
        return ask_now(p, call, true, op);
    if (op->state == OPERATION_UNASKED && how != SETTLE_LOOK)
        return ask_again(p, call, op);
    return look(p, call, how, op);
}

enum sweep_answer operation_sweep(void *arg, const struct call *call, struct uuid id)
{
    const struct payment_case *p = arg;
    struct call asking = call_within(call, p->ask_ms, NULL);
    struct payment_operation op;

    return operation_settle(arg, &asking, id, SETTLE_LOOK, &op) == ST_OK ? SWEEP_WANTED
                                                                         : SWEEP_NO_ANSWER;
}

enum status operation_swept(void *arg, struct transaction *tx, const struct call *call,
                            struct uuid id)
{
    (void)arg;
    (void)tx;
    (void)call;
    (void)id;
    return ST_OK;
}
