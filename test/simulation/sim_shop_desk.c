/* sim_shop_desk.c - who has the store takes what is ordered or does not, makes it, and answers who
 * wants it canceled; and what must hold of tickets once the dust has settled. */
#include <stdio.h>
#include <string.h>

#include "dataservice/store/store_tables.h"
#include "protocol/store.h"
#include "test/simulation/sim_shop_day.h"
#include "test/simulation/sim_shop_rows.h"
#include "tool/core/mem.h"
#include "tool/outbox/memory/outbox_memory.h"

enum { LOOKS_MAX = 12, LOOK_US = 4000000 };

static const struct ticket *ticket_of(const struct sim_shop *shop, struct uuid order_id)
{
    struct memdb_table *tickets = sim_rows(shop->store, &TICKET_TABLE);

    for (size_t i = 0; i < memdb_count(tickets); i++) {
        const struct ticket *ticket = memdb_row(tickets, i);
        if (uuid_equal(ticket->order_id, order_id))
            return ticket;
    }
    return NULL;
}

/* ---- people ---- */

/* What is done with it next; NULL = nothing. more: what that says beside which ticket. */
static const struct operation *next(struct sim *sim, const struct ticket *ticket, const char **more)
{
    *more = "";
    if (ticket->cancel_asked && sim_chance(sim, 600)) {
        *more = sim_chance(sim, 500) ? ",\"answer\":\"APPROVE\"" : ",\"answer\":\"REFUSE\"";
        return &STORE_TICKET_CANCELLATION;
    }
    switch ((enum ticket_status)ticket->status) {
    case TICKET_RECEIVED:
        if (!sim_chance(sim, 200))
            return &STORE_TICKET_ACCEPT;
        *more = ",\"reason\":\"too_busy\"";
        return &STORE_TICKET_REJECT;
    case TICKET_ACCEPTED:
        return &STORE_TICKET_COOK;
    case TICKET_COOKING:
        return &STORE_TICKET_READY;
    case TICKET_READY:
    case TICKET_PICKED_UP:
    case TICKET_REJECTED:
    case TICKET_CANCELED:
        break;
    }
    return NULL;
}

static void ask(const struct sim_customer *customer, const struct operation *op, const char *more)
{
    struct sim_shop *shop = customer->shop;
    const struct sim_caller owner = {SIM_SHOP_OWNER, "", ""};
    char json[256], store[UUID_TEXT_LEN + 1], order[UUID_TEXT_LEN + 1], code[PROBLEM_CODE_MAX + 1];
    json_t *reply;
    enum status st;

    snprintf(json, sizeof(json), "{\"storeId\":\"%s\",\"orderId\":\"%s\"%s}",
             uuid_text(shop->store_id, store), uuid_text(customer->order_id, order), more);
    st = sim_shop_ask(shop->store, &owner, op, json, code, &reply);
    sim_note(&shop->house.sim, "owner", op->subject, st);
    json_decref(reply);
}

static void serve(struct sim_customer *customer, struct sim_visit *visit)
{
    struct sim *sim = &customer->shop->house.sim;
    const struct ticket *ticket =
        customer->accepted ? ticket_of(customer->shop, customer->order_id) : NULL;
    const char *more;
    const struct operation *op = ticket ? next(sim, ticket, &more) : NULL;

    if (op)
        ask(customer, op, more);
    if (++visit->tries < LOOKS_MAX)
        sim_post(sim, 1000 + (int64_t)sim_below(sim, LOOK_US), sim_shop_act, visit);
}

void sim_shop_serves(struct sim_customer *customer, int64_t at_us)
{
    customer->serving = (struct sim_visit){customer, serve, 0};
    sim_post(&customer->shop->house.sim, at_us, sim_shop_act, &customer->serving);
}

/* ---- what must hold ---- */

static bool is_over(const struct ticket *ticket)
{
    return ticket->status == TICKET_CANCELED || ticket->status == TICKET_REJECTED;
}

/* The money of what is made is taken, and no other. */
static const char *check_open(struct sim_shop *shop, const struct order *order,
                              const struct ticket *ticket)
{
    struct sim_charge charge = sim_shop_charge(shop, order->order_id);

    if (!ticket || is_over(ticket))
        return "I3: an order is confirmed, and its store makes nothing";
    if (ticket->cancel_asked != order->cancel_asked)
        return "an order and its ticket differ about whether its store is asked";
    if (charge.captured != (ticket->status == TICKET_RECEIVED ? 0 : order->total.amount))
        return "I3: what is taken is not what its store has accepted";
    return NULL;
}

static const char *check_ticket(struct sim_shop *shop, const struct order *order,
                                const struct ticket *ticket)
{
    switch ((enum order_status)order->status) {
    case ORDER_STATUS_CONFIRMED:
    case ORDER_STATUS_COMPLETED:
        return check_open(shop, order, ticket);
    case ORDER_STATUS_CANCELED:
        if (order->before_cancel == ORDER_STATUS_CONFIRMED)
            return ticket && is_over(ticket) ? NULL
                                             : "I4: an order is canceled, and its store makes it";
        break;
    case ORDER_STATUS_PENDING:
    case ORDER_STATUS_PAYING:
    case ORDER_STATUS_CANCEL_PENDING:
    case ORDER_STATUS_AWAITING_PAYMENT:
    case ORDER_STATUS_REJECTED:
        break;
    }
    return ticket ? "I3: an order was never paid for, and there is a ticket" : NULL;
}

static const char *check_said(struct sim_shop *shop, const struct ticket *ticket)
{
    enum { ROWS = 32 };
    struct outbox_row *rows = mem_alloc(ROWS, sizeof(*rows));
    size_t n = outbox_memory_said(shop->store->outbox, &ticket->order_id, rows, ROWS);
    const char *wrong =
        n == (size_t)ticket->version ? NULL : "I8: not every version of a ticket was said";

    for (size_t i = 0; i < n && i < ROWS && !wrong; i++) {
        struct ticket_event event;
        struct problem problem = {0};
        if (decode_lenient(STORE_RECEIVED.data, rows[i].json, strlen(rows[i].json), &event,
                           &problem) != ST_OK)
            wrong = "I8: what was said of a ticket cannot be read";
        else if (event.version != (int64_t)i + 1)
            wrong = "I8: versions of a ticket were said in another order";
    }
    free(rows);
    return wrong;
}

const char *sim_shop_check_ticket(struct sim_shop *shop, const struct order *order)
{
    const struct ticket *ticket = ticket_of(shop, order->order_id);
    const char *wrong = check_ticket(shop, order, ticket);

    return wrong || !ticket ? wrong : check_said(shop, ticket);
}

/* ---- what has become of all of them ---- */

void sim_shop_tell_tickets(struct sim_shop *shop, struct sim_ticket_tally *tally)
{
    struct memdb_table *tickets = sim_rows(shop->store, &TICKET_TABLE);

    for (size_t i = 0; i < memdb_count(tickets); i++) {
        const struct ticket *ticket = memdb_row(tickets, i);
        tally->made += ticket->status == TICKET_READY;
        tally->turned_down += strcmp(ticket->reason, "too_busy") == 0;
        tally->unanswered += strcmp(ticket->reason, "store_no_answer") == 0;
        tally->consented += strcmp(ticket->reason, "canceled_with_consent") == 0;
        tally->kept += ticket->answer_by_us > 0 && !ticket->cancel_asked && !is_over(ticket);
    }
}
