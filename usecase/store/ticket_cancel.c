/* ticket_cancel.c - see ticket_cancel.h. */
#include "usecase/store/ticket_cancel.h"

#include "protocol/store.h"
#include "tool/core/mem.h"
#include "usecase/store/ticket_row.h"

/* A question of an order's saga. */
struct canceling {
    const struct shops *shops;
    const struct ticket_cancel *asked;
    struct ticket ticket; /* as it is then */
    int64_t version;      /* before */
};

static const char *reason_of(const struct ticket_cancel *asked)
{
    switch (asked->by) {
    case ORDER_ACTOR_CUSTOMER:
        return "canceled_by_customer";
    case ORDER_ACTOR_ADMIN:
        return "canceled_by_admin";
    default:
        return "order_canceled";
    }
}

/* While one question is open another is the same: the store has no more time for it. */
static void ask(struct ticket *ticket, const struct canceling *c, const struct call *call)
{
    ticket->cancel_saga_id = c->asked->saga_id;
    if (ticket->cancel_asked)
        return;
    ticket->cancel_asked = true;
    ticket->answer_by_us = clock_wall_us(call->clock) + c->shops->consent_within_us;
    ticket->look_at_us = ticket->answer_by_us;
}

static enum status cancel_row(void *row, const struct call *call, void *arg)
{
    struct ticket *ticket = row;
    struct canceling *c = arg;

    c->version = ticket->version;
    if (states_allow(&TICKET_STATES, ticket->status, "cancel", TICKET_BY_CUSTOMER, &ticket->status))
        TEXT_COPY(ticket->reason, reason_of(c->asked));
    else if (states_allow(&TICKET_STATES, ticket->status, "ask", TICKET_BY_CUSTOMER, NULL))
        ask(ticket, c, call);
    return ST_OK;
}

static enum status change(struct canceling *c, struct transaction *tx, const struct call *call)
{
    return store_change(c->shops->tickets, tx, call, &c->asked->order_id,
                        &(struct store_change){.fn = cancel_row, .arg = c}, &c->ticket);
}

/* It stands where the ticket would: when the order is heard of, there is one already. */
static enum status keep_canceled(struct canceling *c, struct transaction *tx,
                                 const struct call *call)
{
    c->version = 0;
    c->ticket = (struct ticket){
        .order_id = c->asked->order_id,
        .status = TICKET_CANCELED,
        .cancel_saga_id = c->asked->saga_id,
    };
    TEXT_COPY(c->ticket.reason, reason_of(c->asked));
    return store_insert(c->shops->tickets, tx, call, &c->ticket, NULL);
}

static enum status enter(struct canceling *c, struct transaction *tx, const struct call *call)
{
    struct barrier *barrier = c->shops->barrier;
    char key[UUID_TEXT_LEN + 1], seen[BARRIER_OUTCOME_MAX + 1];

    return barrier->ops->enter(barrier, tx, call, STORE_TICKET_CANCEL.subject,
                               uuid_text(c->asked->saga_id, key), "", seen);
}

static enum status look(struct canceling *c, struct transaction *tx, const struct call *call)
{
    return store_find(c->shops->tickets, tx, call, NULL, &c->asked->order_id, &c->ticket);
}

static enum status cancel_in(struct transaction *tx, const struct call *call, void *arg)
{
    struct canceling *c = arg;
    enum status st = enter(c, tx, call);

    if (st == ST_CONFLICT) /* a copy: what it asked for may have been answered since */
        return look(c, tx, call);
    if (st == ST_OK)
        st = change(c, tx, call);
    if (st == ST_NOT_FOUND)
        st = keep_canceled(c, tx, call);
    if (st == ST_CONFLICT) /* it has just come */
        st = change(c, tx, call);
    if (st != ST_OK || c->ticket.version == c->version)
        return st;
    return ticket_say(c->shops, tx, call,
                      c->ticket.status == TICKET_CANCELED ? &STORE_CANCELED : &STORE_TICKET_CHANGED,
                      &c->ticket);
}

/* A refusal is an effect here, so it is made of what is committed. */
static enum status answer(const struct ticket *ticket, const struct call *call,
                          struct ticket_canceled *out)
{
    if (ticket->status == TICKET_CANCELED || ticket->status == TICKET_REJECTED) {
        out->status = ticket->status;
        return ST_OK;
    }
    if (states_allow(&TICKET_STATES, ticket->status, "ask", TICKET_BY_CUSTOMER, NULL))
        return call_fail(call, ST_CONFLICT, "store_consent_needed",
                         "The store has accepted it, and was asked.");
    return call_fail(call, ST_CONFLICT, "too_late_to_cancel", "It is %s.",
                     TICKET_STATUS_NAMES[ticket->status]);
}

enum status ticket_cancel(void *self, const struct call *call, const void *in, void *out)
{
    struct canceling c = {.shops = self, .asked = in};
    enum status st = transactor_run(c.shops->transactor, call, cancel_in, &c);

    return st == ST_OK ? answer(&c.ticket, call, out) : st;
}

/* ---- what nobody answers ---- */

enum status ticket_expire(void *arg, struct transaction *tx, const struct call *call,
                          struct uuid order_id)
{
    return ticket_move(arg, tx, call, order_id,
                       &(struct ticket_move){.action = "reject",
                                             .who = TICKET_BY_TIMER,
                                             .reason = "store_no_answer",
                                             .says = &STORE_REJECTED},
                       NULL);
}

static enum status read_choice(const struct shops *shops, struct transaction *tx,
                               const struct call *call, struct uuid order_id, bool *approves)
{
    struct ticket ticket;
    struct store_row store;
    enum status st = store_find(shops->tickets, tx, call, NULL, &order_id, &ticket);

    *approves = false;
    if (st == ST_OK)
        st = store_find(shops->stores, tx, call, NULL, &ticket.store_id, &store);
    if (st == ST_OK)
        *approves = store.approve_unanswered;
    return st == ST_NOT_FOUND ? ST_OK : st; /* nobody's store has chosen nothing */
}

enum status ticket_answer_late(void *arg, struct transaction *tx, const struct call *call,
                               struct uuid order_id)
{
    struct ticket_move move = {
        .action = "refuse",
        .who = TICKET_BY_TIMER,
        .says = &STORE_CANCEL_REFUSED,
        .may = ticket_is_asked,
        .also = ticket_set_answered,
    };
    bool approves;
    enum status st = read_choice(arg, tx, call, order_id, &approves);

    if (st != ST_OK)
        return st;
    if (approves) {
        move.action = "approve";
        move.reason = "store_no_objection";
        move.says = &STORE_CANCELED;
    }
    return ticket_move(arg, tx, call, order_id, &move, NULL);
}
