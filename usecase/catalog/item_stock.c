/* item_stock.c - see item_stock.h. */
#include "usecase/catalog/item_stock.h"

#include "protocol/catalog.h"
#include "tool/core/mem.h"
#include "tool/core/question.h"

enum { ITEM_TELL_MAX = QUESTIONS_MAX }; /* in a transaction */

static enum status note(const struct catalog *catalog, struct transaction *tx,
                        const struct call *call, struct uuid item_id, int64_t delta,
                        const char *reason)
{
    struct stock_movement movement = {
        .movement_id = uuid_v7(call->clock, catalog->entropy),
        .item_id = item_id,
        .delta = delta,
    };

    TEXT_COPY(movement.reason, reason);
    if (!uuid_parse(call->user, &movement.user_id))
        return ST_UNAUTHENTICATED;
    return store_insert(catalog->movements, tx, call, &movement, NULL);
}

static enum status insert(const struct catalog *catalog, struct transaction *tx,
                          const struct call *call, const struct item_form *form, struct item *item)
{
    struct slot slot = {.total = form->on_hand};
    enum status st;

    item->item_id = slot.id = uuid_v7(call->clock, catalog->entropy);
    item->store_id = form->store_id;
    TEXT_COPY(item->sku, form->sku);
    TEXT_COPY(item->name, form->name);
    item->on_hand = item->available = form->on_hand;
    uuid_text(slot.id, slot.ref);
    st = store_insert(catalog->items, tx, call, item, NULL);
    if (st == ST_CONFLICT)
        return call_fail(call, st, "sku_taken", "The store has an item %s already.", form->sku);
    return st == ST_OK ? store_insert(catalog->capacity.slots, tx, call, &slot, NULL) : st;
}

enum status item_create(void *self, struct transaction *tx, const struct call *call, const void *in,
                        void *out)
{
    const struct catalog *catalog = self;
    const struct item_form *form = in;
    struct item item = {.version = 0};
    enum status st = catalog_may_change(catalog, tx, call, form->store_id);

    if (st == ST_OK)
        st = insert(catalog, tx, call, form, &item);
    if (st == ST_OK && form->on_hand > 0)
        st = note(catalog, tx, call, item.item_id, form->on_hand, "opening");
    *(struct item_stock *)out = (struct item_stock){item.item_id, item.on_hand, item.available};
    return st == ST_OK ? event_say(catalog->outbox, tx, call, &CATALOG_STOCK_CHANGED, &item) : st;
}

enum status item_check_movement(void *self, const struct call *call, const void *in, void *out)
{
    const struct stock_movement_form *form = in;

    (void)self;
    (void)out;
    return form->delta == 0 ? problem_field(call->problem, "delta", "must not be 0") : ST_OK;
}

enum status item_move(void *self, struct transaction *tx, const struct call *call, const void *in,
                      void *out)
{
    const struct catalog *catalog = self;
    const struct stock_movement_form *form = in;
    struct slot slot = {.total = 0};
    struct item item;
    enum status st = store_find(catalog->items, tx, call, NULL, &form->item_id, &item);

    if (st == ST_NOT_FOUND)
        return call_fail(call, st, NULL, "There is no such item.");
    if (st == ST_OK)
        st = catalog_may_change(catalog, tx, call, item.store_id);
    if (st == ST_OK)
        st = capacity_add(&catalog->capacity, tx, call, form->item_id, form->delta, &slot);
    if (st == ST_OK)
        st = note(catalog, tx, call, form->item_id, form->delta, form->reason);
    *(struct item_stock *)out =
        (struct item_stock){slot.id, slot.total - slot.sold, slot_available(&slot)};
    return st;
}

struct telling {
    const struct catalog *catalog;
    struct uuid after; /* the slot that was looked at last */
    struct slot slots[ITEM_TELL_MAX], seen[ITEM_TELL_MAX], quiet[ITEM_TELL_MAX];
    struct item items[ITEM_TELL_MAX], told[ITEM_TELL_MAX], now[ITEM_TELL_MAX];
    bool found[ITEM_TELL_MAX];
    size_t n, n_seen, n_told;
};

static enum status find_untold(struct transaction *tx, const struct call *call, struct telling *t)
{
    const struct catalog *catalog = t->catalog;
    const struct store_list list = {.where = {{"untold", &(bool){true}}}, .after_key = &t->after};
    const void *keys[ITEM_TELL_MAX];
    enum status st =
        store_list(catalog->capacity.slots, tx, call, &list, ITEM_TELL_MAX, t->slots, &t->n);

    if (st != ST_OK || t->n == 0)
        return st;
    for (size_t i = 0; i < t->n; i++)
        keys[i] = &t->slots[i].id;
    return store_find_many(catalog->items, tx, call, NULL, keys, t->n, t->items, t->found);
}

/* One that was told a moment ago stays untold for now. */
static void compare(struct telling *t, int64_t before_us)
{
    t->n_seen = t->n_told = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct slot *slot = &t->slots[i];
        struct item item = t->items[i];
        if (!t->found[i] || item.updated_us > before_us)
            continue;
        t->seen[t->n_seen] = t->quiet[t->n_seen] = *slot;
        t->quiet[t->n_seen++].untold = false;
        item.on_hand = slot->total - slot->sold;
        item.available = slot_available(slot);
        if (item.on_hand == t->items[i].on_hand && item.available == t->items[i].available)
            continue;
        t->told[t->n_told] = t->items[i];
        t->now[t->n_told++] = item;
    }
}

static enum status say(struct transaction *tx, const struct call *call, struct telling *t)
{
    const struct catalog *catalog = t->catalog;
    size_t replaced = 0;
    enum status st = store_replace(catalog->items, tx, call, t->told, t->now, t->n_told, &replaced);

    if (st == ST_OK && replaced != t->n_told)
        return ST_PENDING; /* another instance tells them: to be looked at again */
    for (size_t i = 0; st == ST_OK && i < t->n_told; i++) {
        t->now[i].version++;
        st = event_say(catalog->outbox, tx, call, &CATALOG_STOCK_CHANGED, &t->now[i]);
    }
    return st;
}

/* The slots last, for others wait for them. One that has changed since it was seen stays untold. */
static enum status tell(struct transaction *tx, const struct call *call, void *arg)
{
    struct telling *t = arg;
    size_t quieted;
    enum status st = find_untold(tx, call, t);

    if (st != ST_OK)
        return st;
    compare(t, clock_wall_us(call->clock) - ITEM_TELL_US);
    if (t->n_told > 0)
        st = say(tx, call, t);
    if (st == ST_OK && t->n_seen > 0)
        st = store_replace(t->catalog->capacity.slots, tx, call, t->seen, t->quiet, t->n_seen,
                           &quieted);
    return st;
}

enum status item_tell(void *self, const struct job_run *run)
{
    struct telling *t = MEM_NEW(struct telling);
    enum status st;

    t->catalog = self;
    do {
        st = transactor_run(t->catalog->transactor, run->call, tell, t);
        if (t->n > 0)
            t->after = t->slots[t->n - 1].id;
    } while (st == ST_OK && t->n == ITEM_TELL_MAX);
    free(t);
    return st;
}
