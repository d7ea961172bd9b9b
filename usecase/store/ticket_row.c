/* ticket_row.c - see ticket_row.h. */
#include "usecase/store/ticket_row.h"

#include <string.h>

#include "protocol/store.h"
#include "tool/core/mem.h"
#include "usecase/store/ticket_reading.h"

struct moving {
    const struct ticket_move *move;
    int64_t version; /* before */
};

static void note_time(struct ticket *ticket, int64_t now_us)
{
    if (ticket->status == TICKET_ACCEPTED && ticket->accepted_us == 0)
        ticket->accepted_us = now_us;
    if (ticket->status == TICKET_READY && ticket->cooked_us == 0)
        ticket->cooked_us = now_us;
}

static enum status move_row(void *row, const struct call *call, void *arg)
{
    struct ticket *ticket = row;
    struct moving *moving = arg;
    const struct ticket_move *move = moving->move;
    enum status st = ST_OK;

    moving->version = ticket->version;
    if (move->of_store && !uuid_equal(ticket->store_id, *move->of_store))
        return ST_NOT_FOUND;
    if (move->may)
        st = move->may(ticket, call, move->arg);
    if (st == ST_OK)
        st = states_move(&TICKET_STATES, call, &ticket->status, move->action, move->who);
    if (st != ST_OK)
        return st;
    note_time(ticket, clock_wall_us(call->clock));
    if (move->reason)
        TEXT_COPY(ticket->reason, move->reason);
    if (move->also)
        move->also(ticket, move->arg);
    return ST_OK;
}

enum status ticket_say(const struct shops *shops, struct transaction *tx, const struct call *call,
                       const struct event_type *type, const struct ticket *ticket)
{
    struct ticket_event event = {.version = 0};

    ticket_export(ticket, &event);
    return event_say(shops->outbox, tx, call, type, &event);
}

enum status ticket_move(const struct shops *shops, struct transaction *tx, const struct call *call,
                        struct uuid order_id, const struct ticket_move *move, struct ticket *out)
{
    struct moving moving = {.move = move};
    struct ticket ticket;
    enum status st = store_change(shops->tickets, tx, call, &order_id,
                                  &(struct store_change){.fn = move_row, .arg = &moving}, &ticket);

    if (st == ST_OK && ticket.version != moving.version)
        st = ticket_say(shops, tx, call, move->says, &ticket);
    if (st == ST_OK && out)
        *out = ticket;
    return st;
}

enum status ticket_not_found(const struct call *call)
{
    return call_fail(call, ST_NOT_FOUND, NULL, "The store has no such ticket.");
}

enum status ticket_find(const struct shops *shops, struct transaction *tx, const struct call *call,
                        const struct ticket_query *which, struct ticket *out)
{
    enum status st = shop_may_act(shops, tx, call, which->store_id);

    if (st == ST_OK)
        st = store_find(shops->tickets, tx, call, NULL, &which->order_id, out);
    if (st == ST_OK && !uuid_equal(out->store_id, which->store_id))
        st = ST_NOT_FOUND;
    return st == ST_NOT_FOUND ? ticket_not_found(call) : st;
}

void ticket_set_answered(struct ticket *ticket, const void *arg)
{
    (void)arg;
    ticket->cancel_asked = false;
}

enum status ticket_is_asked(const struct ticket *ticket, const struct call *call, const void *arg)
{
    (void)arg;
    return ticket->cancel_asked ? ST_OK
                                : call_fail(call, ST_CONFLICT, "wrong_state",
                                            "Nobody has asked for this ticket to be canceled.");
}

static bool needs_question(const char *action)
{
    return strcmp(action, "approve") == 0 || strcmp(action, "refuse") == 0;
}

/* A cancellation can be answered once it is asked for. */
static void fill_actions(const struct ticket *ticket, struct ticket_view *out)
{
    struct state_action all[STATE_ACTIONS_MAX];
    size_t n =
        states_actions(&TICKET_STATES, ticket->status, TICKET_BY_STORE, all, STATE_ACTIONS_MAX);

    for (size_t i = 0; i < n; i++)
        if (ticket->cancel_asked || !needs_question(all[i].name))
            out->actions[out->n_actions++] = all[i];
}

static void show(const struct ticket *ticket, const struct ticket_line_row *lines, size_t n_lines,
                 struct ticket_view *out)
{
    out->n_lines = n_lines;
    for (size_t i = 0; i < n_lines; i++)
        out->lines[i] = lines[i].line;
    out->order_id = ticket->order_id;
    out->store_id = ticket->store_id;
    TEXT_COPY(out->order_num, ticket->order_num);
    out->status = ticket->status;
    out->cancel_asked = ticket->cancel_asked;
    if (ticket->status == TICKET_RECEIVED)
        out->accept_by_us = ticket->accept_by_us;
    if (ticket->cancel_asked)
        out->answer_by_us = ticket->answer_by_us;
    out->minutes = ticket->minutes;
    TEXT_COPY(out->reason, ticket->reason);
    out->created_us = ticket->created_us;
    out->updated_us = ticket->updated_us;
    out->version = ticket->version;
    fill_actions(ticket, out);
}

enum status ticket_show(const struct shops *shops, struct transaction *tx, const struct call *call,
                        const struct ticket *tickets, size_t n, struct ticket_view *out)
{
    const void *ids[PAGE_LIMIT_MAX];
    size_t counts[PAGE_LIMIT_MAX];
    const struct store_many many = {"order_id", ids, n, "seq"};
    struct ticket_line_row *lines;
    enum status st;

    if (n == 0)
        return ST_OK;
    lines = mem_alloc(n * ORDER_LINES_MAX, sizeof(*lines));
    for (size_t i = 0; i < n; i++)
        ids[i] = &tickets[i].order_id;
    st = store_list_many(shops->lines, tx, call, &many, ORDER_LINES_MAX, lines, counts);
    for (size_t i = 0; st == ST_OK && i < n; i++)
        show(&tickets[i], &lines[i * ORDER_LINES_MAX], counts[i], &out[i]);
    free(lines);
    return st;
}
