/* ticket_row.h - a ticket as its tables have it, and the one way it moves: its state, and the event
 * that says so, in one transaction. Private to usecase/store. */
#ifndef USECASE_STORE_TICKET_ROW_H
#define USECASE_STORE_TICKET_ROW_H

#include "usecase/store/shops.h"

/* What is done to a ticket, and by whom. */
struct ticket_move {
    const char *action; /* of TICKET_STATES */
    unsigned who;       /* enum ticket_who */
    const char *reason; /* of its end; NULL = it has none */
    const struct event_type *says;
    const struct uuid *of_store; /* of another it is not found; NULL = whosever it is */
    /** Whether it may be, beside its state, of the row, which is locked and has not moved; NULL =
     * it may. ST_OK, or the refusal */
    enum status (*may)(const struct ticket *ticket, const struct call *call, const void *arg);
    /** What else changes with it, in the row, which has moved; NULL = nothing. */
    void (*also)(struct ticket *ticket, const void *arg);
    const void *arg; /* of both */
};

/** Moves it, and in tx says so; one whose move changes nothing is left alone. out (NULL = not
 * wanted): as it is then. ST_OK | ST_NOT_FOUND | ST_CONFLICT wrong_state | what may returned |
 * ST_UNAVAILABLE ... */
enum status ticket_move(const struct shops *shops, struct transaction *tx, const struct call *call,
                        struct uuid order_id, const struct ticket_move *move, struct ticket *out);
/** The one of that order and store, if the caller may act for the store; tx NULL: on its own. ST_OK
 * | ST_FORBIDDEN | ST_NOT_FOUND | ST_UNAVAILABLE ... */
enum status ticket_find(const struct shops *shops, struct transaction *tx, const struct call *call,
                        const struct ticket_query *which, struct ticket *out);
/** Says so; ST_NOT_FOUND */
enum status ticket_not_found(const struct call *call);
/** In tx: the event of a ticket that was just kept or changed. ST_OK | ST_UNAVAILABLE */
enum status ticket_say(const struct shops *shops, struct transaction *tx, const struct call *call,
                       const struct event_type *type, const struct ticket *ticket);
/** What their stores may be shown, and who asks may do now, of n tickets (0..PAGE_LIMIT_MAX); out:
 * an array of n; tx NULL: on its own. ST_OK | ST_UNAVAILABLE ... */
enum status ticket_show(const struct shops *shops, struct transaction *tx, const struct call *call,
                        const struct ticket *tickets, size_t n, struct ticket_view *out);
/** For a move with .also: the question is answered. */
void ticket_set_answered(struct ticket *ticket, const void *arg);
/** For a move with .may: the customer has asked for it. ST_OK | ST_CONFLICT wrong_state */
enum status ticket_is_asked(const struct ticket *ticket, const struct call *call, const void *arg);

#endif
