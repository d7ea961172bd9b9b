/* capacity.c - see capacity.h; what is taken: capacity_take.c. */
#include "usecase/capacity/capacity.h"

#include "tool/core/log.h"

/* No find() first: its id decides. One that is there is kept as it is, until tx ends, by that it
 * has refused another: a lock of its own would have to wait for all who were refused at once. */
enum status capacity_open(const struct capacity *c, struct transaction *tx, const struct call *call,
                          struct hold *hold, bool *again)
{
    enum status st;

    hold->state = HOLD_HELD;
    hold->sweep_us = hold->expires_us;
    st = store_insert(c->holds, tx, call, hold, NULL);
    *again = st == ST_CONFLICT;
    if (!*again)
        return st;
    st = store_find(c->holds, tx, call, NULL, &hold->id, hold);
    if (st == ST_OK && hold->state == HOLD_RELEASED)
        return call_fail(call, ST_CONFLICT, "cancelled", "It was released already.");
    return st;
}

struct moving {
    enum hold_action action;
    enum hold_state from, to;
};

static enum status move_state(void *row, const struct call *call, void *arg)
{
    struct hold *hold = row;
    struct moving *m = arg;

    (void)call;
    m->from = hold->state;
    m->to = hold->state = hold_after(hold->state, m->action);
    return ST_OK;
}

static enum status change_state(const struct capacity *c, struct transaction *tx,
                                const struct call *call, struct uuid id, struct moving *m,
                                struct hold *out)
{
    return store_change(c->holds, tx, call, &id, &(struct store_change){.fn = move_state, .arg = m},
                        out);
}

/* Of a hold that is not there: so that it never will be. ST_CONFLICT: it is there by now. */
static enum status bury(const struct capacity *c, struct transaction *tx, const struct call *call,
                        const struct hold *of, struct hold *out)
{
    struct hold tombstone = {
        .id = of->id, .owner = of->owner, .owner_id = of->owner_id, .state = HOLD_RELEASED};
    enum status st;

    tombstone.expires_us = tombstone.sweep_us = clock_wall_us(call->clock);
    st = store_insert(c->holds, tx, call, &tombstone, NULL);
    if (st == ST_OK)
        *out = tombstone;
    return st;
}

static enum status move_units(const struct capacity *c, struct transaction *tx,
                              const struct call *call, struct uuid hold_id, const struct moving *m)
{
    int64_t held = (m->to == HOLD_HELD) - (m->from == HOLD_HELD);
    int64_t sold = (m->to == HOLD_COMMITTED) - (m->from == HOLD_COMMITTED);
    struct hold_line lines[CAPACITY_WANTS_MAX];
    size_t n = 0;
    enum status st = c->rows->ops->lines(c->rows, tx, call, hold_id, lines, CAPACITY_WANTS_MAX, &n);

    for (size_t i = 0; st == ST_OK && i < n; i++) {
        st = c->rows->ops->move(c->rows, tx, call, lines[i].slot_id, held * lines[i].units,
                                sold * lines[i].units);
        if (st == ST_CONFLICT) {
            log_error("a slot does not have what a hold has of it", LOG_UUID("holdId", hold_id),
                      LOG_UUID("slotId", lines[i].slot_id));
            st = ST_INTERNAL;
        }
    }
    return st;
}

enum status capacity_move(const struct capacity *c, struct transaction *tx, const struct call *call,
                          enum hold_action action, const struct hold *of, struct hold *out,
                          bool *changed)
{
    struct moving m = {.action = action};
    enum status st = change_state(c, tx, call, of->id, &m, out);

    *changed = false;
    if (st == ST_NOT_FOUND && action == HOLD_COMMIT)
        return call_fail(call, st, NULL, "Nothing was held.");
    if (st == ST_NOT_FOUND) {
        st = bury(c, tx, call, of, out);
        if (st != ST_CONFLICT)
            return st;
        st = change_state(c, tx, call, of->id, &m, out);
    }
    if (st != ST_OK || m.from == m.to)
        return st;
    *changed = true;
    return move_units(c, tx, call, of->id, &m);
}

enum status capacity_of_owner(const struct capacity *c, struct transaction *tx,
                              const struct call *call, struct uuid owner_id, struct hold *out)
{
    struct store_list list = {.where = {{"owner_id", &owner_id}}, .descending = true};
    size_t n = 0;
    enum status st = store_list(c->holds, tx, call, &list, 1, out, &n);

    return st == ST_OK && n == 0 ? ST_NOT_FOUND : st;
}

static enum status add_total(void *row, const struct call *call, void *arg)
{
    int64_t delta = *(const int64_t *)arg;
    struct slot *slot = row;

    if (delta < 0 && slot_available(slot) + delta < 0)
        return call_fail(call, ST_CONFLICT, "units_taken",
                         "Only %lld are left to be taken away; the others are held or sold.",
                         (long long)slot_available(slot));
    if (delta > SLOT_TOTAL_MAX - slot->total)
        return call_fail(call, ST_CONFLICT, "too_many", "There cannot be more than %d.",
                         SLOT_TOTAL_MAX);
    slot->total += delta;
    slot->untold = true;
    return ST_OK;
}

enum status capacity_add(const struct capacity *c, struct transaction *tx, const struct call *call,
                         struct uuid slot_id, int64_t delta, struct slot *out)
{
    return store_change(c->slots, tx, call, &slot_id,
                        &(struct store_change){.fn = add_total, .arg = &delta}, out);
}
