/* capacity_world.c - see capacity_world.h. */
#include "test/usecase/capacity/capacity_world.h"

#include "tool/core/mem.h"

struct uuid slot_new(struct capacity_world *w, int64_t total)
{
    struct slot slot = {.id = test_uuid(), .total = total};
    struct call call = test_call();

    uuid_text(slot.id, slot.ref);
    assert_status(ST_OK, store_insert(w->instances[0].capacity.slots, NULL, &call, &slot, NULL));
    return slot.id;
}

void assert_slot_is(struct capacity_world *w, struct uuid id, int64_t held, int64_t sold,
                    const char *file, int line)
{
    struct call call = test_call();
    struct slot slot;

    assert_status(ST_OK, store_find(w->instances[0].capacity.slots, NULL, &call, NULL, &id, &slot));
    if (slot.held == held && slot.sold == sold)
        return;
    print_error("wanted %lld held and %lld sold, got %lld and %lld\n", (long long)held,
                (long long)sold, (long long)slot.held, (long long)slot.sold);
    _fail(file, line);
}

static enum status end(const struct asking *asking, enum status st)
{
    return st == ST_OK ? asking->crash : st;
}

static enum status take_body(struct transaction *tx, const struct call *call, void *arg)
{
    struct asking *a = arg;
    int64_t in_ms = a->late_ms ? -a->late_ms : 3600 * INT64_C(1000);
    enum status st;

    a->hold = (struct hold){.id = a->hold_id,
                            .owner_id = a->owner_id,
                            .expires_us = clock_wall_us(call->clock) + in_ms * 1000};
    st = capacity_open(&a->instance->capacity, tx, call, &a->hold, &a->again);
    if (st == ST_OK && !a->again)
        st = capacity_take(&a->instance->capacity, tx, call, a->hold_id, a->wants, a->n_wants);
    return end(a, st);
}

static enum status move_body(struct transaction *tx, const struct call *call, void *arg)
{
    struct asking *a = arg;
    struct hold of = {.id = a->hold_id, .owner_id = a->owner_id};

    return end(
        a, capacity_move(&a->instance->capacity, tx, call, a->action, &of, &a->hold, &a->changed));
}

static enum status ask(struct asking *a, transaction_fn body)
{
    struct call call = test_call();

    a->problem = (struct problem){.status = ST_OK};
    call.problem = &a->problem;
    return transactor_run(a->instance->transactor, &call, body, a);
}

enum status ask_take(struct asking *asking)
{
    return ask(asking, take_body);
}

enum status ask_move(struct asking *asking)
{
    return ask(asking, move_body);
}

enum status take(struct capacity_world *w, struct uuid hold_id, const struct capacity_want wants[],
                 size_t n)
{
    struct asking a = {
        .instance = &w->instances[0], .hold_id = hold_id, .wants = wants, .n_wants = n};

    return ask_take(&a);
}

enum status move(struct capacity_world *w, struct uuid hold_id, enum hold_action action)
{
    struct asking a = {.instance = &w->instances[0], .hold_id = hold_id, .action = action};

    return ask_move(&a);
}

struct adding {
    const struct capacity *capacity;
    struct uuid slot_id, hold_id;
    int64_t units[HOLD_RELEASED + 1]; /* of the slot, by the state of the hold */
};

static enum status add_hold(struct transaction *tx, const struct call *call, void *arg)
{
    struct adding *a = arg;
    struct hold_line lines[CAPACITY_WANTS_MAX];
    struct hold hold;
    size_t n = 0;
    enum status st = store_find(a->capacity->holds, tx, call, NULL, &a->hold_id, &hold);

    if (st == ST_NOT_FOUND)
        return ST_OK;
    if (st == ST_OK)
        st = a->capacity->rows->ops->lines(a->capacity->rows, tx, call, a->hold_id, lines,
                                           ARRAY_LEN(lines), &n);
    for (size_t i = 0; st == ST_OK && i < n; i++)
        if (uuid_equal(lines[i].slot_id, a->slot_id))
            a->units[hold.state] += lines[i].units;
    return st;
}

bool holds_add_up(struct capacity_world *w, const struct uuid slots[], size_t n_slots,
                  const struct uuid holds[], size_t n_holds)
{
    struct instance *instance = &w->instances[0];
    struct call call = test_call();

    for (size_t i = 0; i < n_slots; i++) {
        struct adding a = {.capacity = &instance->capacity, .slot_id = slots[i]};
        struct slot slot;
        for (size_t k = 0; k < n_holds; k++) {
            a.hold_id = holds[k];
            assert_status(ST_OK, transactor_run(instance->transactor, &call, add_hold, &a));
        }
        assert_status(ST_OK, store_find(a.capacity->slots, NULL, &call, NULL, &slots[i], &slot));
        if (slot.held != a.units[HOLD_HELD] || slot.sold != a.units[HOLD_COMMITTED] ||
            slot_available(&slot) < 0)
            return false;
    }
    return true;
}
