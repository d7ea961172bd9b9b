/* issuer.c - see issuer.h. Each rule returns why it is declined, NULL = it is done. */
#include "cmd/pgsim/issuer.h"

#include <string.h>

#include "cmd/pgsim/card.h"
#include "tool/core/mem.h"

static const char *decide_authorize(const struct book *book, const struct control *control,
                                    const struct charge *op)
{
    if (book_is_void(book, op->key))
        return "voided";
    if (op->amount > ISSUER_LIMIT)
        return "limit_exceeded";
    if (control_rejects(control, op->key))
        return "rejected";
    return card_find(op->method)->declines;
}

static const char *decide_capture(const struct book_entry *authorization, const struct charge *op)
{
    if (!authorization || authorization->op.state != CHARGE_DONE)
        return "unknown_authorization";
    if (authorization->is_voided)
        return "voided";
    if (authorization->is_captured)
        return "already_captured";
    if (strcmp(authorization->op.currency, op->currency) != 0)
        return "currency_mismatch";
    if (op->amount > authorization->op.amount)
        return "exceeds_authorized";
    return card_find(authorization->op.method)->capture_declines;
}

/* Of what never came, or was declined, it is done too: nothing is held of it, then or later. */
static const char *decide_void(const struct book_entry *authorization)
{
    return authorization && authorization->is_captured ? "already_captured" : NULL;
}

static const char *decide_refund(const struct book_entry *authorization, const struct charge *op)
{
    if (!authorization || authorization->op.state != CHARGE_DONE)
        return "unknown_authorization";
    if (strcmp(authorization->op.currency, op->currency) != 0)
        return "currency_mismatch";
    if (op->amount > authorization->captured - authorization->refunded)
        return "exceeds_captured";
    return NULL;
}

static const char *decide_settle(const struct book *book, const struct charge *op)
{
    int64_t owed = 0;

    for (size_t i = 0; i < book_count(book); i++) {
        const struct book_entry *entry = book_at(book, i);
        if (entry->op.state != CHARGE_DONE || strcmp(entry->op.currency, op->currency) != 0)
            continue;
        owed += entry->captured - entry->refunded;
        owed -= entry->op.kind == CHARGE_SETTLE ? entry->op.amount : 0;
    }
    return op->amount > owed ? "exceeds_owed" : NULL;
}

void issuer_decide(const struct book *book, const struct control *control, struct charge *op)
{
    size_t of = op->kind == CHARGE_AUTHORIZE ? BOOK_NONE : book_authorization(book, op->of);
    const struct book_entry *authorization = of != BOOK_NONE ? book_at(book, of) : NULL;
    const char *why = NULL;

    switch ((enum charge_kind)op->kind) {
    case CHARGE_AUTHORIZE:
        why = decide_authorize(book, control, op);
        break;
    case CHARGE_CAPTURE:
        why = decide_capture(authorization, op);
        break;
    case CHARGE_VOID:
        why = decide_void(authorization);
        break;
    case CHARGE_REFUND:
        why = decide_refund(authorization, op);
        break;
    case CHARGE_SETTLE:
        why = decide_settle(book, op);
        break;
    case CHARGE_KINDS:
        break;
    }
    op->state = why ? CHARGE_DECLINED : CHARGE_DONE;
    TEXT_COPY(op->reason, why ? why : "");
}
