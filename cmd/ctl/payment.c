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

static const struct cell REFUND_CELLS[] = {
    {"OPERATION", "operationId", CELL_PLAIN, CELL_NAME},
    {"STATE",     "state",       CELL_PLAIN, 0},
};
static const struct listing REFUND = {REFUND_CELLS, ARRAY_LEN(REFUND_CELLS)};

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

static json_int_t amount_of(const json_t *payment, const char *name)
{
    return json_integer_value(json_object_get(json_object_get(payment, name), "amount"));
}

/* So many minor units; without, all that was taken and not given back. EXIT_DONE: out is owned. */
static enum exit_code wanted(struct session *session, const char *id, const char *units,
                             json_t **out)
{
    json_t *payment;
    json_int_t amount = 0;
    enum exit_code code;

    *out = NULL;
    if (units && (!shop_read_units(units, &amount) || amount <= 0))
        return session_fail(session, EXIT_USAGE,
                            "'%s' is no number of minor units: 100 gives back KRW 100 or USD 1.00",
                            units);
    code = shop_ask(session, "payment.get", json_pack("{s:s}", "orderId", id), &payment);
    if (code != EXIT_DONE)
        return code;
    if (!units)
        amount = amount_of(payment, "captured") - amount_of(payment, "refunded");
    if (amount <= 0)
        code = session_fail(session, EXIT_NOT_SO, "there is nothing to give back");
    else
        *out = json_pack("{s:I,s:O}", "amount", amount, "currency",
                         json_object_get(json_object_get(payment, "amount"), "currency"));
    json_decref(payment);
    return code;
}

enum exit_code ctl_payment_refund(struct session *session)
{
    const char *id = session->line->words[0];
    json_t *amount, *made;
    enum exit_code code = session_confirm(session, "This gives money back", id);

    if (code == EXIT_DONE)
        code = wanted(session, id, session->line->words[1], &amount);
    if (code == EXIT_DONE)
        code = shop_ask(
            session, "payment.refund_create",
            json_pack("{s:s,s:o,s:s}", "orderId", id, "amount", amount, "reason", "operator"),
            &made);
    if (code == EXIT_DONE) {
        table_print_one(&session->style, &REFUND, made);
        json_decref(made);
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
