/* order.c - orders: which there are, what has become of one, calling one off. */
#include <string.h>

#include "cmd/ctl/ctl.h"
#include "tool/core/mem.h"

enum { ORDER_NUMBER_LEN = 24 };

/* clang-format off */
static const struct cell CELLS[] = {
    {"ORDER",   "orderId",        CELL_PLAIN, CELL_NAME},
    {"NUMBER",  "orderNum",       CELL_PLAIN, 0},
    {"STATUS",  "status",         CELL_PLAIN, 0},
    {"PAYMENT", "paymentStatus",  CELL_PLAIN, 0},
    {"TOTAL",   "total",          CELL_MONEY, 0},
    {"REASON",  "reason",         CELL_PLAIN, CELL_CUT},
    {"AGE",     "createdAt",      CELL_TIME,  0},
    {"STORE",   "storeId",        CELL_PLAIN, CELL_WIDE},
    {"PAY BY",  "payBy",          CELL_TIME,  CELL_WIDE},
    {"MOVED",   "updatedAt",      CELL_TIME,  CELL_WIDE},
    {"VERSION", "version",        CELL_PLAIN, CELL_WIDE},
};
static const struct listing ORDERS = {CELLS, ARRAY_LEN(CELLS)};

static const struct cell LINE_CELLS[] = {
    {"PRODUCT",  "productId", CELL_PLAIN, CELL_NAME},
    {"NAME",     "name",      CELL_PLAIN, 0},
    {"QUANTITY", "quantity",  CELL_PLAIN, 0},
    {"PRICE",    "unitPrice", CELL_MONEY, 0},
};
static const struct listing LINES = {LINE_CELLS, ARRAY_LEN(LINE_CELLS)};

static const struct cell HISTORY_CELLS[] = {
    {"SEQ",    "seq",    CELL_PLAIN, 0},
    {"AGO",    "at",     CELL_TIME,  0},
    {"FROM",   "from",   CELL_PLAIN, 0},
    {"TO",     "to",     CELL_PLAIN, 0},
    {"BY",     "by",     CELL_PLAIN, 0},
    {"REASON", "reason", CELL_PLAIN, 0},
};
static const struct listing HISTORY = {HISTORY_CELLS, ARRAY_LEN(HISTORY_CELLS)};
/* clang-format on */

/* As events call them: beside the order's own status. */
static void flatten(json_t *order)
{
    const json_t *payment = json_object_get(order, "payment");

    json_object_set(order, "paymentStatus", json_object_get(payment, "status"));
    json_object_set(order, "payBy", json_object_get(payment, "payBy"));
}

static enum exit_code list(struct session *session)
{
    const char *status = session->options.status;
    size_t i;
    json_t *order, *items, *body = json_pack("{s:s*}", "status", status[0] ? status : NULL);
    enum exit_code code = shop_list(session, "order.list", body, &items);

    json_array_foreach (items, i, order) {
        flatten(order);
    }
    if (code == EXIT_DONE)
        table_print(&session->style, &ORDERS, items);
    json_decref(items);
    return code;
}

enum exit_code ctl_order_ls(struct session *session)
{
    return session_watch(session, list);
}

static bool is_number(const char *text)
{
    return strspn(text, "0123456789") == ORDER_NUMBER_LEN && text[ORDER_NUMBER_LEN] == '\0';
}

/* By its number, as customers say it, or its id. */
static enum exit_code find(struct session *session, json_t **order)
{
    const char *word = session->line->words[0];

    if (is_number(word))
        return shop_ask(session, "order.by_number", json_pack("{s:s}", "orderNum", word), order);
    return shop_ask(session, "order.get", json_pack("{s:s}", "orderId", word), order);
}

enum exit_code ctl_order_show(struct session *session)
{
    json_t *order, *history, *payment;
    const char *id;
    enum exit_code code = find(session, &order);

    if (code != EXIT_DONE)
        return code;
    flatten(order);
    id = json_string_value(json_object_get(order, "orderId"));
    history = shop_look(session, "order.history", json_pack("{s:s}", "orderId", id));
    payment = shop_look(session, "payment.get", json_pack("{s:s}", "orderId", id));
    json_object_set(order, "history", json_object_get(history, "items"));
    json_object_set(order, "payinfo", payment);
    table_print_one(&session->style, &ORDERS, order);
    shop_print_part(session, "Lines", &LINES, json_object_get(order, "lines"));
    shop_print_part(session, "History", &HISTORY, json_object_get(history, "items"));
    shop_print_part(session, "Payment", &PAYMENT_OPERATIONS,
                    json_object_get(payment, "operations"));
    json_decref(payment);
    json_decref(history);
    json_decref(order);
    return EXIT_DONE;
}

enum exit_code ctl_order_cancel(struct session *session)
{
    const char *id = session->line->words[0];
    json_t *reply;
    enum exit_code code = session_confirm(session, "This calls the order off", id);

    if (code == EXIT_DONE)
        code = shop_ask(session, "order.cancel",
                        json_pack("{s:s,s:s}", "orderId", id, "reason", "operator"), &reply);
    if (code == EXIT_DONE) {
        table_print_one(&session->style, &ORDERS, reply);
        json_decref(reply);
    }
    return code;
}
