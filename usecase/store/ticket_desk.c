/* ticket_desk.c - see ticket_desk.h. */
#include "usecase/store/ticket_desk.h"

#include "protocol/store.h"
#include "tool/core/mem.h"
#include "usecase/store/ticket_row.h"

_Static_assert(
    offsetof(struct ticket_acceptance, order_id) == offsetof(struct ticket_query, order_id) &&
        offsetof(struct ticket_rejection, order_id) == offsetof(struct ticket_query, order_id) &&
        offsetof(struct ticket_cancellation, order_id) == offsetof(struct ticket_query, order_id),
    "each request begins with which ticket it is about");

/* Of which the caller may act for the store. */
static enum status move_own(const struct shops *shops, struct transaction *tx,
                            const struct call *call, const struct ticket_query *which,
                            const struct ticket_move *move, struct ticket *out)
{
    struct ticket_move own = *move;

    own.of_store = &which->store_id;
    return ticket_move(shops, tx, call, which->order_id, &own, out);
}

static enum status move_and_show(const struct shops *shops, struct transaction *tx,
                                 const struct call *call, const void *in,
                                 const struct ticket_move *move, struct ticket_view *out)
{
    struct ticket ticket;
    enum status st = move_own(shops, tx, call, in, move, &ticket);

    if (st == ST_NOT_FOUND)
        return ticket_not_found(call);
    return st == ST_OK ? ticket_show(shops, tx, call, &ticket, 1, out) : st;
}

static enum status do_move(const struct shops *shops, struct transaction *tx,
                           const struct call *call, const void *in, const struct ticket_move *move,
                           struct ticket_view *out)
{
    enum status st = shop_may_act(shops, tx, call, ((const struct ticket_query *)in)->store_id);

    return st == ST_OK ? move_and_show(shops, tx, call, in, move, out) : st;
}

static void set_minutes(struct ticket *ticket, const void *arg)
{
    ticket->minutes = ((const struct ticket_acceptance *)arg)->minutes;
}

enum status ticket_accept(void *self, struct transaction *tx, const struct call *call,
                          const void *in, void *out)
{
    return do_move(self, tx, call, in,
                   &(struct ticket_move){.action = "accept",
                                         .who = TICKET_BY_STORE,
                                         .says = &STORE_ACCEPTED,
                                         .also = set_minutes,
                                         .arg = in},
                   out);
}

enum status ticket_reject(void *self, struct transaction *tx, const struct call *call,
                          const void *in, void *out)
{
    return do_move(self, tx, call, in,
                   &(struct ticket_move){.action = "reject",
                                         .who = TICKET_BY_STORE,
                                         .reason = ((const struct ticket_rejection *)in)->reason,
                                         .says = &STORE_REJECTED},
                   out);
}

enum status ticket_cook(void *self, struct transaction *tx, const struct call *call, const void *in,
                        void *out)
{
    return do_move(self, tx, call, in,
                   &(struct ticket_move){
                       .action = "cook", .who = TICKET_BY_STORE, .says = &STORE_COOKING_STARTED},
                   out);
}

static const struct ticket_move REFUSE = {
    .action = "refuse",
    .who = TICKET_BY_STORE,
    .says = &STORE_CANCEL_REFUSED,
    .may = ticket_is_asked,
    .also = ticket_set_answered,
};

static const struct ticket_move APPROVE = {
    .action = "approve",
    .who = TICKET_BY_STORE,
    .reason = "canceled_with_consent",
    .says = &STORE_CANCELED,
    .may = ticket_is_asked,
    .also = ticket_set_answered,
};

/* Each version has its event: an open question is answered by one of its own. */
static enum status refuse_if_asked(const struct shops *shops, struct transaction *tx,
                                   const struct call *call, const struct ticket_query *which)
{
    struct problem ignored = {.status = ST_OK};
    struct call quiet = call_within(call, call_left_ms(call), &ignored);
    enum status st = move_own(shops, tx, &quiet, which, &REFUSE, NULL);

    return st == ST_CONFLICT || st == ST_NOT_FOUND ? ST_OK : st; /* nobody asks */
}

enum status ticket_ready(void *self, struct transaction *tx, const struct call *call,
                         const void *in, void *out)
{
    enum status st = shop_may_act(self, tx, call, ((const struct ticket_query *)in)->store_id);

    if (st == ST_OK)
        st = refuse_if_asked(self, tx, call, in);
    return st == ST_OK ? move_and_show(self, tx, call, in,
                                       &(struct ticket_move){.action = "ready",
                                                             .who = TICKET_BY_STORE,
                                                             .says = &STORE_COOKED},
                                       out)
                       : st;
}

enum status ticket_answer(void *self, struct transaction *tx, const struct call *call,
                          const void *in, void *out)
{
    const struct ticket_cancellation *said = in;

    return do_move(self, tx, call, in, said->answer == TICKET_APPROVE ? &APPROVE : &REFUSE, out);
}
