/* sim_shop_money.c - payments, their operations and the ledger, beside the card company's book. */
#include <string.h>

#include "dataservice/payment/payment_store.h"
#include "protocol/payment.h"
#include "test/simulation/sim_shop_rows.h"
#include "tool/core/mem.h"
#include "tool/outbox/memory/outbox_memory.h"

static const struct payment_operation *operation(struct sim_shop *shop, size_t i)
{
    return memdb_row(sim_rows(shop->payment, &OPERATION_TABLE), i);
}

static size_t n_operations(struct sim_shop *shop)
{
    return memdb_count(sim_rows(shop->payment, &OPERATION_TABLE));
}

/* Of all its authorizations together: one that was voided counts for nothing. */
struct sim_charge sim_shop_charge(struct sim_shop *shop, struct uuid order_id)
{
    struct sim_charge sum = {.voided = true};
    char key[UUID_TEXT_LEN + 1];

    for (size_t i = 0; i < n_operations(shop); i++) {
        const struct payment_operation *op = operation(shop, i);
        struct sim_charge one;
        if (op->kind != PAYMENT_KIND_AUTHORIZE || !uuid_equal(op->order_id, order_id))
            continue;
        one = sim_company_charge(&shop->company, uuid_text(op->operation_id, key));
        if (one.voided)
            continue;
        sum.authorized += one.authorized;
        sum.captured += one.captured;
        sum.refunded += one.refunded;
        sum.voided &= one.authorized == 0;
    }
    return sum;
}

/* ---- I2: the book ---- */

static const char *check_operation(struct sim_shop *shop, const struct payment_operation *op)
{
    char key[UUID_TEXT_LEN + 1];
    const struct provider_entry *booked =
        sim_company_find(&shop->company, uuid_text(op->operation_id, key));

    if (op->state == OPERATION_UNASKED || (op->state == OPERATION_DECLINED && !booked))
        return !booked ? NULL : "I2: what was never asked is in the book";
    if (op->state == OPERATION_REQUESTED)
        return "I7: an operation has no outcome";
    if (!booked)
        return "I2: an operation is not in the book";
    if ((int)booked->operation.kind != op->kind ||
        booked->operation.money.amount != op->money.amount)
        return "I2: an operation is another one in the book";
    return (booked->outcome.state == PROVIDER_DONE) == (op->state == OPERATION_SUCCEEDED)
               ? NULL
               : "I2: an operation ended otherwise than the book says";
}

static bool is_ours(struct sim_shop *shop, const char *key)
{
    char own[UUID_TEXT_LEN + 1];

    for (size_t i = 0; i < n_operations(shop); i++)
        if (strcmp(uuid_text(operation(shop, i)->operation_id, own), key) == 0)
            return true;
    return false;
}

static const char *check_book(struct sim_shop *shop)
{
    const char *wrong = NULL;

    for (size_t i = 0; i < shop->company.n && !wrong; i++)
        if (!is_ours(shop, shop->company.book[i].operation.key))
            wrong = "I2: something in the book is no operation of ours";
    for (size_t i = 0; i < n_operations(shop) && !wrong; i++)
        wrong = check_operation(shop, operation(shop, i));
    return wrong;
}

/* ---- I5: the ledger ---- */

static const char *check_ledger(struct sim_shop *shop)
{
    struct memdb_table *entries = sim_rows(shop->payment, &LEDGER_TABLE);
    int64_t sum = 0, receivable = 0, taken = 0;

    for (size_t i = 0; i < memdb_count(entries); i++) {
        const struct ledger_entry *entry = memdb_row(entries, i);
        sum += entry->money.amount;
        receivable += strncmp(entry->account, "receivable", 10) == 0 ? entry->money.amount : 0;
    }
    for (size_t i = 0; i < shop->company.n; i++) {
        const struct provider_entry *one = &shop->company.book[i];
        if (one->outcome.state == PROVIDER_DONE)
            taken += one->operation.kind == PROVIDER_CAPTURE  ? one->operation.money.amount
                     : one->operation.kind == PROVIDER_REFUND ? -one->operation.money.amount
                                                              : 0;
    }
    if (sum != 0)
        return "I5: the ledger does not sum to 0";
    return receivable == taken ? NULL : "I5: what is to be received is not what was taken";
}

/* ---- I4, I8: payments ---- */

static const char *check_payment(struct sim_shop *shop, const struct payment *payment)
{
    struct sim_charge charge = sim_shop_charge(shop, payment->order_id);

    if (payment->captured != charge.captured || payment->refunded != charge.refunded ||
        payment->capturing != payment->captured || payment->refunding != payment->refunded)
        return "I5: a payment's sums are not those of the book";
    switch (payment->status) {
    case PAYMENT_IS_VOIDING:
    case PAYMENT_IS_CANCELING:
        return "I7: a payment is being undone, and nobody does it";
    case PAYMENT_IS_DECLINED:
    case PAYMENT_IS_VOIDED:
    case PAYMENT_IS_ORDER_CANCELED:
    case PAYMENT_IS_REFUNDED:
        return sim_charge_net(&charge) == 0 ? NULL : "I4: a payment is over, and money is kept";
    default:
        return NULL;
    }
}

static const char *check_said(struct sim_shop *shop, const struct payment *payment)
{
    enum { ROWS = 64 };
    struct outbox_row *rows = mem_alloc(ROWS, sizeof(*rows));
    size_t n = outbox_memory_said(shop->payment->outbox, &payment->order_id, rows, ROWS);
    const char *wrong =
        n == (size_t)payment->version ? NULL : "I8: not every version of a payment was said";

    for (size_t i = 0; i < n && i < ROWS && !wrong; i++) {
        struct payment_event event;
        struct problem problem = {0};
        if (decode_lenient(&PAYMENT_EVENT, rows[i].json, strlen(rows[i].json), &event, &problem) !=
            ST_OK)
            wrong = "I8: what was said of a payment cannot be read";
        else if (event.version != (int64_t)i + 1)
            wrong = "I8: versions of a payment were said in another order";
    }
    free(rows);
    return wrong;
}

const char *sim_shop_check_money(struct sim_shop *shop)
{
    struct memdb_table *payments = sim_rows(shop->payment, &PAYMENT_TABLE);
    const char *wrong = check_book(shop);

    wrong = wrong ? wrong : check_ledger(shop);
    for (size_t i = 0; i < memdb_count(payments) && !wrong; i++) {
        const struct payment *payment = memdb_row(payments, i);
        wrong = check_payment(shop, payment);
        wrong = wrong ? wrong : check_said(shop, payment);
    }
    return wrong;
}

bool sim_shop_done(struct sim_house *house)
{
    struct sim_shop *shop = container_of(house, struct sim_shop, house);
    struct memdb_table *payments = sim_rows(shop->payment, &PAYMENT_TABLE);

    for (size_t i = 0; i < n_operations(shop); i++)
        if (operation(shop, i)->state == OPERATION_REQUESTED)
            return false;
    for (size_t i = 0; i < memdb_count(payments); i++) {
        const struct payment *payment = memdb_row(payments, i);
        if (payment->status == PAYMENT_IS_VOIDING || payment->status == PAYMENT_IS_CANCELING)
            return false;
    }
    return shop->company.over_us <= house->sim.now_us;
}
