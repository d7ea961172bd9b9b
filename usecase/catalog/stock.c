/* stock.c - see stock.h. */
#include "usecase/catalog/stock.h"

#include "protocol/catalog.h"
#include "tool/core/mem.h"
#include "usecase/catalog/pricing.h"

static const struct event_type *const SAID[] = {
    [HOLD_HELD] = &CATALOG_STOCK_RESERVED,
    [HOLD_COMMITTED] = &CATALOG_STOCK_COMMITTED,
    [HOLD_RELEASED] = &CATALOG_STOCK_RELEASED,
};

/* rows: an array of ORDER_LINES_MAX. */
static enum status read_lines(const struct catalog *catalog, struct transaction *tx,
                              const struct call *call, struct uuid hold_id,
                              struct reserved_row *rows, size_t *n)
{
    struct store_list list = {.where = {{"hold_id", &hold_id}}, .sort = "line"};

    return store_list(catalog->reserved, tx, call, &list, ORDER_LINES_MAX, rows, n);
}

static struct stock_event event_of(const struct hold *hold)
{
    return (struct stock_event){.order_id = hold->owner_id,
                                .hold_id = hold->id,
                                .state = (int)hold->state,
                                .version = hold->version};
}

static void tell_line(struct stock_event *event, const struct reserved_line *line)
{
    event->lines[event->n_lines++] = (struct stock_event_line){line->product_id, line->quantity};
}

static enum status say(const struct catalog *catalog, struct transaction *tx,
                       const struct call *call, const struct hold *hold)
{
    struct reserved_row rows[ORDER_LINES_MAX];
    struct stock_event event = event_of(hold);
    size_t n;
    enum status st = read_lines(catalog, tx, call, hold->id, rows, &n);

    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < n; i++)
        tell_line(&event, &rows[i].reserved);
    return event_say(catalog->outbox, tx, call, SAID[hold->state], &event);
}

enum status stock_say(void *self, struct transaction *tx, const struct call *call,
                      const struct hold *hold)
{
    return say(self, tx, call, hold);
}

/* Of what is being kept right now. */
static enum status say_reserved(const struct catalog *catalog, struct transaction *tx,
                                const struct call *call, const struct hold *hold,
                                const struct stock_reserved *reserved)
{
    struct stock_event event = event_of(hold);

    for (size_t i = 0; i < reserved->n_lines; i++)
        tell_line(&event, &reserved->lines[i]);
    return event_say(catalog->outbox, tx, call, &CATALOG_STOCK_RESERVED, &event);
}

/* What was answered before, whatever it costs now. */
static enum status answer_again(const struct catalog *catalog, struct transaction *tx,
                                const struct call *call, struct uuid hold_id,
                                struct stock_reserved *out)
{
    struct reserved_row rows[ORDER_LINES_MAX];
    enum status st = read_lines(catalog, tx, call, hold_id, rows, &out->n_lines);

    for (size_t i = 0; st == ST_OK && i < out->n_lines; i++) {
        struct money money = rows[i].reserved.unit_price;
        out->lines[i] = rows[i].reserved;
        if (!money_times(&money, rows[i].reserved.quantity) || !money_add(&out->total, money))
            return ST_INTERNAL;
    }
    return st;
}

static enum status keep_lines(const struct catalog *catalog, struct transaction *tx,
                              const struct call *call, struct uuid hold_id,
                              const struct stock_reserved *reserved)
{
    enum status st = ST_OK;

    for (size_t i = 0; st == ST_OK && i < reserved->n_lines; i++) {
        struct reserved_row row = {.id = uuid_v7(call->clock, catalog->entropy),
                                   .hold_id = hold_id,
                                   .line = (int64_t)i,
                                   .reserved = reserved->lines[i]};
        st = store_insert(catalog->reserved, tx, call, &row, NULL);
    }
    return st;
}

/* The slots last, for which others wait. */
static enum status fill(const struct catalog *catalog, struct transaction *tx,
                        const struct call *call, const struct hold *hold,
                        const struct stock_reservation *asked, struct stock_reserved *out)
{
    struct priced *priced = MEM_NEW(struct priced);
    enum status st = catalog_price(catalog, tx, call, asked, priced);

    if (st == ST_OK)
        st = keep_lines(catalog, tx, call, hold->id, &priced->reserved);
    if (st == ST_OK)
        st = say_reserved(catalog, tx, call, hold, &priced->reserved);
    if (st == ST_OK)
        st = capacity_take(&catalog->capacity, tx, call, hold->id, priced->wants, priced->n_wants);
    if (st == ST_OK)
        *out = priced->reserved;
    free(priced);
    return st;
}

enum status stock_reserve(void *self, struct transaction *tx, const struct call *call,
                          const void *in, void *out)
{
    const struct catalog *catalog = self;
    const struct stock_reservation *asked = in;
    struct hold hold = {.id = asked->saga_id,
                        .owner = HOLD_OF_ORDER,
                        .owner_id = asked->order_id,
                        .expires_us = asked->expires_at};
    bool again;
    enum status st = capacity_open(&catalog->capacity, tx, call, &hold, &again);

    if (st != ST_OK)
        return st;
    return again ? answer_again(catalog, tx, call, hold.id, out)
                 : fill(catalog, tx, call, &hold, asked, out);
}

static enum status move(const struct catalog *catalog, struct transaction *tx,
                        const struct call *call, enum hold_action action, const struct hold *of,
                        struct stock_held *out)
{
    struct hold hold;
    bool changed;
    enum status st = capacity_move(&catalog->capacity, tx, call, action, of, &hold, &changed);

    if (st != ST_OK)
        return st;
    out->state = (int)hold.state;
    return changed ? say(catalog, tx, call, &hold) : ST_OK;
}

static struct hold hold_of(const struct stock_order *asked)
{
    return (struct hold){.id = asked->saga_id, .owner = HOLD_OF_ORDER, .owner_id = asked->order_id};
}

/* A later saga of the order knows the one that took the hold no more than its order. */
static enum status move_any(const struct catalog *catalog, struct transaction *tx,
                            const struct call *call, enum hold_action action,
                            const struct stock_order *asked, struct stock_held *out)
{
    struct hold of = hold_of(asked), found;
    enum status st = capacity_of_owner(&catalog->capacity, tx, call, of.owner_id, &found);

    if (st == ST_OK)
        of.id = found.id;
    return st == ST_OK || st == ST_NOT_FOUND ? move(catalog, tx, call, action, &of, out) : st;
}

enum status stock_release(void *self, struct transaction *tx, const struct call *call,
                          const void *in, void *out)
{
    struct hold of = hold_of(in);

    return move(self, tx, call, HOLD_RELEASE, &of, out);
}

/* Sagas that know the hold name it: then it is not sought. */
enum status stock_commit(void *self, struct transaction *tx, const struct call *call,
                         const void *in, void *out)
{
    struct hold of = hold_of(in);
    enum status st = move(self, tx, call, HOLD_COMMIT, &of, out);

    if (st != ST_NOT_FOUND)
        return st;
    if (call->problem)
        problem_clear(call->problem);
    return move_any(self, tx, call, HOLD_COMMIT, in, out);
}

enum status stock_return(void *self, struct transaction *tx, const struct call *call,
                         const void *in, void *out)
{
    return move_any(self, tx, call, HOLD_RETURN, in, out);
}

enum status stock_take_back(const struct catalog *catalog, struct transaction *tx,
                            const struct call *call, struct uuid order_id)
{
    struct stock_held held;
    struct hold of;
    enum status st = capacity_of_owner(&catalog->capacity, tx, call, order_id, &of);

    if (st == ST_NOT_FOUND)
        return ST_OK;
    return st == ST_OK ? move(catalog, tx, call, HOLD_RETURN, &of, &held) : st;
}
