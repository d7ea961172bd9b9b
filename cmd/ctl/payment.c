/* payment.c - payments: which there are, what was asked of the provider for one, and the ledger. */
#include "cmd/ctl/ctl.h"
#include "tool/core/mem.h"

/* clang-format off */
static const struct cell CELLS[] = {
    {"ORDER",    "orderId",      CELL_PLAIN, CELL_NAME},
    {"STATUS",   "status",       CELL_PLAIN, 0},
    {"AMOUNT",   "amount",       CELL_MONEY, 0},
    {"CAPTURED", "captured",     CELL_MONEY, 0},
    {"REFUNDED", "refunded",     CELL_MONEY, 0},
    {"PAYMENT",  "paymentId",    CELL_PLAIN, CELL_WIDE},
    {"BRAND",    "method.brand", CELL_PLAIN, CELL_WIDE},
    {"VERSION",  "version",      CELL_PLAIN, CELL_WIDE},
};
static const struct listing PAYMENTS = {CELLS, ARRAY_LEN(CELLS)};

static const struct cell OPERATION_CELLS[] = {
    {"OPERATION", "operationId", CELL_PLAIN, CELL_NAME},
    {"KIND",      "kind",        CELL_PLAIN, 0},
    {"AMOUNT",    "amount",      CELL_MONEY, 0},
    {"STATE",     "state",       CELL_PLAIN, 0},
    {"AGO",       "at",          CELL_TIME,  0},
};
const struct listing PAYMENT_OPERATIONS = {OPERATION_CELLS, ARRAY_LEN(OPERATION_CELLS)};

static const struct cell ACCOUNT_CELLS[] = {
    {"ACCOUNT", "account", CELL_PLAIN, CELL_NAME},
    {"BALANCE", "balance", CELL_MONEY, 0},
};
static const struct listing ACCOUNTS = {ACCOUNT_CELLS, ARRAY_LEN(ACCOUNT_CELLS)};
/* clang-format on */

static enum exit_code list(struct session *session)
{
    const char *status = session->options.status;
    json_t *items, *body = json_pack("{s:s*}", "status", status[0] ? status : NULL);
    enum exit_code code = shop_list(session, "payment.list", body, &items);

    if (code == EXIT_DONE)
        table_print(&session->style, &PAYMENTS, items);
    json_decref(items);
    return code;
}

enum exit_code ctl_payment_ls(struct session *session)
{
    return session_watch(session, list);
}

enum exit_code ctl_payment_show(struct session *session)
{
    json_t *payment, *body = json_pack("{s:s}", "orderId", session->line->words[0]);
    enum exit_code code = shop_ask(session, "payment.get", body, &payment);

    if (code == EXIT_DONE) {
        table_print_one(&session->style, &PAYMENTS, payment);
        shop_print_part(session, "With the provider", &PAYMENT_OPERATIONS,
                        json_object_get(payment, "operations"));
        json_decref(payment);
    }
    return code;
}

enum exit_code ctl_payment_ledger(struct session *session)
{
    json_t *ledger;
    enum exit_code code = shop_ask(session, "payment.ledger.accounts", json_object(), &ledger);

    if (code == EXIT_DONE) {
        table_print(&session->style, &ACCOUNTS, json_object_get(ledger, "items"));
        json_decref(ledger);
    }
    return code;
}
