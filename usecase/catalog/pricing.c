/* pricing.c - see pricing.h. */
#include "usecase/catalog/pricing.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"

_Static_assert(ORDER_LINES_MAX *PRODUCT_PARTS_MAX <= CAPACITY_WANTS_MAX, "all its items fit");
_Static_assert(PRODUCT_PRICE_MAX *ORDER_LINES_MAX *LINE_UNITS_MAX <= MONEY_MAX, "a total fits");

/* A line beside what the catalogue says of it. */
struct looked_up {
    const struct stock_reservation *asked;
    struct product products[ORDER_LINES_MAX];
    bool found[ORDER_LINES_MAX];
    struct product_item_row parts[ORDER_LINES_MAX][PRODUCT_PARTS_MAX];
    size_t n_parts[ORDER_LINES_MAX];
};

static bool is_gone(const struct looked_up *l, size_t i, char reason[PROBLEM_REASON_MAX + 1])
{
    snprintf(reason, PROBLEM_REASON_MAX + 1, "is not sold here");
    return !l->found[i] || l->products[i].status != PRODUCT_ACTIVE ||
           !uuid_equal(l->products[i].store_id, l->asked->store_id) || l->n_parts[i] == 0;
}

static bool is_foreign(const struct looked_up *l, size_t i, char reason[PROBLEM_REASON_MAX + 1])
{
    const char *currency = l->products[i].price.currency;

    snprintf(reason, PROBLEM_REASON_MAX + 1, "is sold in %s", currency);
    return strcmp(currency, l->asked->lines[i].unit_price.currency) != 0 ||
           strcmp(currency, l->products[0].price.currency) != 0;
}

static bool is_dearer(const struct looked_up *l, size_t i, char reason[PROBLEM_REASON_MAX + 1])
{
    const struct money *price = &l->products[i].price;

    snprintf(reason, PROBLEM_REASON_MAX + 1, "is %lld %s now", (long long)price->amount,
             price->currency);
    return price->amount > l->asked->lines[i].unit_price.amount;
}

/* What refuses a reservation, in this order: of each row all lines are looked at before the next.
 */
static const struct refusal {
    bool (*is_so)(const struct looked_up *l, size_t i, char reason[PROBLEM_REASON_MAX + 1]);
    const char *member;
    enum status status;
    const char *code, *detail;
} REFUSALS[] = {
    {is_gone,    "productId", ST_CONFLICT,      "product_gone",      "Some of it is not sold any more."},
    {is_foreign, "unitPrice", ST_UNPROCESSABLE, "currency_mismatch", "An order has one currency."      },
    {is_dearer,  "unitPrice", ST_CONFLICT,      "price_changed",     "Some of it costs more now."      },
};

static enum status refuse(const struct call *call, const struct looked_up *l,
                          const struct refusal *refusal)
{
    char reason[PROBLEM_REASON_MAX + 1], field[PROBLEM_FIELD_MAX + 1];
    bool refused = false;

    for (size_t i = 0; i < l->asked->n_lines; i++) {
        if (!refusal->is_so(l, i, reason))
            continue;
        snprintf(field, sizeof(field), "lines[%zu].%s", i, refusal->member);
        (void)problem_field(call->problem, field, "%s", reason);
        refused = true;
    }
    return refused ? call_fail(call, refusal->status, refusal->code, "%s", refusal->detail) : ST_OK;
}

static enum status look_up(const struct catalog *catalog, struct transaction *tx,
                           const struct call *call, struct looked_up *l)
{
    const struct stock_reservation *asked = l->asked;
    const void *keys[ORDER_LINES_MAX];
    enum status st;

    for (size_t i = 0; i < asked->n_lines; i++)
        keys[i] = &asked->lines[i].product_id;
    st = store_find_many(catalog->products, tx, call, NULL, keys, asked->n_lines, l->products,
                         l->found);
    if (st == ST_OK)
        st = store_list_many(catalog->product_items, tx, call,
                             &(struct store_many){"product_id", keys, asked->n_lines, "line"},
                             PRODUCT_PARTS_MAX, l->parts, l->n_parts);
    return st;
}

static void charge(const struct looked_up *l, size_t i, struct priced *out)
{
    const struct stock_line *line = &l->asked->lines[i];
    struct reserved_line *reserved = &out->reserved.lines[i];
    struct money money = l->products[i].price;
    bool fits = money_times(&money, line->quantity) && money_add(&out->reserved.total, money);

    ASSERT(fits); /* PRODUCT_PRICE_MAX */
    reserved->product_id = line->product_id;
    TEXT_COPY(reserved->name, l->products[i].name);
    reserved->quantity = line->quantity;
    reserved->unit_price = l->products[i].price;
    for (size_t k = 0; k < l->n_parts[i]; k++) {
        const struct product_part *part = &l->parts[i][k].part;
        out->wants[out->n_wants++] =
            (struct capacity_want){i, part->item_id, line->quantity, part->quantity};
    }
}

static enum status price(const struct catalog *catalog, struct transaction *tx,
                         const struct call *call, struct looked_up *l, struct priced *out)
{
    enum status st = look_up(catalog, tx, call, l);

    for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(REFUSALS); i++)
        st = refuse(call, l, &REFUSALS[i]);
    if (st != ST_OK)
        return st;
    out->n_wants = 0;
    out->reserved.n_lines = l->asked->n_lines;
    out->reserved.total = (struct money){0};
    for (size_t i = 0; i < l->asked->n_lines; i++)
        charge(l, i, out);
    return ST_OK;
}

enum status catalog_price(const struct catalog *catalog, struct transaction *tx,
                          const struct call *call, const struct stock_reservation *asked,
                          struct priced *out)
{
    struct store_open store;
    struct looked_up *l;
    enum status st = store_find(catalog->stores, tx, call, NULL, &asked->store_id, &store);

    if (st == ST_OK && !store.open)
        return call_fail(call, ST_CONFLICT, "store_closed", "The store takes no orders now.");
    if (st != ST_OK && st != ST_NOT_FOUND) /* of one that nothing is known of: it is open */
        return st;
    l = MEM_NEW(struct looked_up);
    l->asked = asked;
    st = price(catalog, tx, call, l, out);
    free(l);
    return st;
}
