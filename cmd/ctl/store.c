/* store.c - stores and what is to be done there: which there are, opening and closing one, its
 * tickets; and who brings an order. */
#include "cmd/ctl/ctl.h"
#include "tool/core/mem.h"

/* clang-format off */
static const struct cell CELLS[] = {
    {"STORE",   "storeId",    CELL_PLAIN, CELL_NAME},
    {"NAME",    "name",       CELL_PLAIN, 0},
    {"OPEN",    "open",       CELL_PLAIN, 0},
    {"AUTO",    "autoAccept", CELL_PLAIN, 0},
    {"OWNER",   "ownerId",    CELL_PLAIN, CELL_WIDE},
    {"VERSION", "version",    CELL_PLAIN, CELL_WIDE},
};
static const struct listing STORES = {CELLS, ARRAY_LEN(CELLS)};

static const struct cell TICKET_CELLS[] = {
    {"ORDER",        "orderId",     CELL_PLAIN, CELL_NAME},
    {"NUMBER",       "orderNum",    CELL_PLAIN, 0},
    {"STATUS",       "status",      CELL_PLAIN, 0},
    {"CANCEL ASKED", "cancelAsked", CELL_PLAIN, 0},
    {"REASON",       "reason",      CELL_PLAIN, CELL_CUT},
    {"ACCEPT BY",    "acceptBy",    CELL_TIME,  CELL_WIDE},
    {"VERSION",      "version",     CELL_PLAIN, CELL_WIDE},
};
static const struct listing TICKETS = {TICKET_CELLS, ARRAY_LEN(TICKET_CELLS)};

static const struct cell DELIVERY_CELLS[] = {
    {"ORDER",   "orderId",   CELL_PLAIN, CELL_NAME},
    {"STATUS",  "status",    CELL_PLAIN, 0},
    {"READY",   "ready",     CELL_PLAIN, 0},
    {"COURIER", "courierId", CELL_PLAIN, 0},
    {"MOVED",   "updatedAt", CELL_TIME,  0},
    {"STORE",   "storeId",   CELL_PLAIN, CELL_WIDE},
    {"VERSION", "version",   CELL_PLAIN, CELL_WIDE},
};
static const struct listing DELIVERIES = {DELIVERY_CELLS, ARRAY_LEN(DELIVERY_CELLS)};
/* clang-format on */

/* Takes body over. */
static enum exit_code print_list(struct session *session, const char *subject, json_t *body,
                                 const struct listing *listing)
{
    json_t *items;
    enum exit_code code = shop_list(session, subject, body, &items);

    if (code == EXIT_DONE)
        table_print(&session->style, listing, items);
    json_decref(items);
    return code;
}

static enum exit_code print_one(struct session *session, const char *subject, json_t *body,
                                const struct listing *listing)
{
    json_t *reply;
    enum exit_code code = shop_ask(session, subject, body, &reply);

    if (code == EXIT_DONE) {
        table_print_one(&session->style, listing, reply);
        json_decref(reply);
    }
    return code;
}

static enum exit_code list(struct session *session)
{
    return print_list(session, "store.list", json_object(), &STORES);
}

enum exit_code ctl_store_ls(struct session *session)
{
    return session_watch(session, list);
}

static enum exit_code list_tickets(struct session *session)
{
    const char *id = session->line->words[0], *status = session->options.status;

    return print_list(session, "store.ticket.list",
                      json_pack("{s:s,s:s*}", "storeId", id, "status", status[0] ? status : NULL),
                      &TICKETS);
}

enum exit_code ctl_store_tickets(struct session *session)
{
    return session_watch(session, list_tickets);
}

static enum exit_code set_open(struct session *session, bool open)
{
    return print_one(session, "store.opening",
                     json_pack("{s:s,s:b}", "storeId", session->line->words[0], "open", open),
                     &STORES);
}

enum exit_code ctl_store_open(struct session *session)
{
    return set_open(session, true);
}

enum exit_code ctl_store_close(struct session *session)
{
    return set_open(session, false);
}

static enum exit_code list_waiting(struct session *session)
{
    return print_list(session, "delivery.list", json_pack("{s:s}", "status", "WAITING"),
                      &DELIVERIES);
}

enum exit_code ctl_delivery_ls(struct session *session)
{
    return session_watch(session, list_waiting);
}

enum exit_code ctl_delivery_show(struct session *session)
{
    return print_one(session, "delivery.get",
                     json_pack("{s:s}", "orderId", session->line->words[0]), &DELIVERIES);
}

enum exit_code ctl_delivery_end(struct session *session)
{
    const char *id = session->line->words[0];
    enum exit_code code = session_confirm(session, "This completes an order nobody brings", id);

    if (code != EXIT_DONE)
        return code;
    return print_one(session, "delivery.end", json_pack("{s:s}", "orderId", id), &DELIVERIES);
}
