/* capacity_property.c - whatever is asked, in whatever order, and wherever it breaks off: the
 * counters of the slots are what a plain model of the same requests says. */
#include <stdio.h>

#include "test/usecase/capacity/capacity_world.h"
#include "tool/core/mem.h"

enum { SLOTS = 5, HOLDS = 6, STEPS = 60, WANTS = 6, NOWHERE = -1 };

struct model_hold {
    struct uuid id;
    bool known;
    enum hold_state state;
    int64_t units[SLOTS];
};

/* What ought to be. */
struct model {
    struct uuid slots[SLOTS];
    int64_t total[SLOTS];
    struct model_hold holds[HOLDS];
};

/* Rows whose connection is lost at one of their statements. */
struct breaking {
    struct capacity_rows base;
    const struct capacity_rows *inner;
    int at; /* so many statements from now; NOWHERE = they all work */
};

struct trial {
    struct capacity_world *w;
    struct instance instance; /* the world's first, over the rows below */
    struct breaking rows;
    struct model model;
    uint32_t random;
    uint32_t seed;
};

static bool breaks(const struct capacity_rows *base)
{
    struct breaking *self = container_of(base, struct breaking, base);

    return self->at != NOWHERE && self->at-- == 0;
}

static const struct capacity_rows *inner_of(const struct capacity_rows *base)
{
    return container_of(base, const struct breaking, base)->inner;
}

static enum status breaking_take(const struct capacity_rows *self, struct transaction *tx,
                                 const struct call *call, struct uuid slot_id, int64_t units,
                                 int64_t *left)
{
    if (breaks(self))
        return ST_UNAVAILABLE;
    return inner_of(self)->ops->take(inner_of(self), tx, call, slot_id, units, left);
}

static enum status breaking_move(const struct capacity_rows *self, struct transaction *tx,
                                 const struct call *call, struct uuid slot_id, int64_t held,
                                 int64_t sold)
{
    if (breaks(self))
        return ST_UNAVAILABLE;
    return inner_of(self)->ops->move(inner_of(self), tx, call, slot_id, held, sold);
}

static enum status breaking_add_lines(const struct capacity_rows *self, struct transaction *tx,
                                      const struct call *call, struct uuid hold_id,
                                      const struct hold_line lines[], size_t n)
{
    if (breaks(self))
        return ST_UNAVAILABLE;
    return inner_of(self)->ops->add_lines(inner_of(self), tx, call, hold_id, lines, n);
}

static enum status breaking_lines(const struct capacity_rows *self, struct transaction *tx,
                                  const struct call *call, struct uuid hold_id,
                                  struct hold_line lines[], size_t max, size_t *n)
{
    if (breaks(self))
        return ST_UNAVAILABLE;
    return inner_of(self)->ops->lines(inner_of(self), tx, call, hold_id, lines, max, n);
}

static const struct capacity_rows_ops BREAKING_OPS = {
    .take = breaking_take,
    .move = breaking_move,
    .add_lines = breaking_add_lines,
    .lines = breaking_lines,
};

static uint32_t draw(struct trial *t, uint32_t below)
{
    t->random = t->random * 1664525 + 1013904223;
    return (t->random >> 8) % below;
}

static int64_t taken(const struct model *m, size_t slot, enum hold_state state)
{
    int64_t sum = 0;

    for (size_t i = 0; i < HOLDS; i++)
        if (m->holds[i].known && m->holds[i].state == state)
            sum += m->holds[i].units[slot];
    return sum;
}

/* What a take ought to answer; units: what it would have. */
static enum status expect_take(const struct model *m, const struct model_hold *hold,
                               const int64_t units[SLOTS])
{
    if (hold->known)
        return hold->state == HOLD_RELEASED ? ST_CONFLICT : ST_OK;
    for (size_t i = 0; i < SLOTS; i++)
        if (units[i] > m->total[i] - taken(m, i, HOLD_HELD) - taken(m, i, HOLD_COMMITTED))
            return ST_CONFLICT;
    return ST_OK;
}

static size_t draw_wants(struct trial *t, struct capacity_want wants[WANTS], int64_t units[SLOTS])
{
    size_t n = 1 + draw(t, WANTS);

    for (size_t i = 0; i < SLOTS; i++)
        units[i] = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t slot = draw(t, SLOTS);
        wants[i] = (struct capacity_want){draw(t, 3), t->model.slots[slot], 1 + draw(t, 2),
                                          1 + draw(t, 2)};
        units[slot] += wants[i].pieces * wants[i].each;
    }
    return n;
}

static void check(struct trial *t, int step, enum status want, enum status got)
{
    if (got != want)
        fail_msg("seed %u, step %d: wanted %s, got %s", t->seed, step, status_name(want),
                 status_name(got));
    for (size_t i = 0; i < SLOTS; i++)
        assert_slot(t->w, t->model.slots[i], taken(&t->model, i, HOLD_HELD),
                    taken(&t->model, i, HOLD_COMMITTED));
}

static void step_take(struct trial *t, int step, struct asking *a, struct model_hold *hold)
{
    struct capacity_want wants[WANTS];
    int64_t units[SLOTS];
    enum status want, got;

    a->n_wants = draw_wants(t, wants, units);
    a->wants = wants;
    want = expect_take(&t->model, hold, units);
    got = ask_take(a);
    if (got == ST_UNAVAILABLE) /* it broke off: nothing has come of it */
        want = got;
    else if (want == ST_OK && !hold->known) {
        hold->known = true;
        hold->state = HOLD_HELD;
        for (size_t i = 0; i < SLOTS; i++)
            hold->units[i] = units[i];
    }
    check(t, step, want, got);
}

static void step_move(struct trial *t, int step, struct asking *a, struct model_hold *hold)
{
    enum status want = !hold->known && a->action == HOLD_COMMIT ? ST_NOT_FOUND : ST_OK;
    enum status got = ask_move(a);

    if (got == ST_UNAVAILABLE) /* it broke off: nothing has come of it */
        want = got;
    else if (want == ST_OK) {
        hold->state = hold->known ? hold_after(hold->state, a->action) : HOLD_RELEASED;
        hold->known = true;
    }
    check(t, step, want, got);
}

static void take_a_step(struct trial *t, int step)
{
    struct model_hold *hold = &t->model.holds[draw(t, HOLDS)];
    struct asking a = {.instance = &t->instance, .hold_id = hold->id};
    uint32_t trouble = draw(t, 8);

    t->rows.at = trouble == 0 ? (int)draw(t, 5) : NOWHERE;
    a.crash = trouble == 1 ? ST_UNAVAILABLE : ST_OK;
    if (draw(t, 2) == 0) {
        step_take(t, step, &a, hold);
        return;
    }
    a.action = (enum hold_action)draw(t, HOLD_RETURN + 1);
    step_move(t, step, &a, hold);
}

static void run_trial(struct capacity_world *w, uint32_t seed)
{
    struct trial t = {.w = w, .instance = w->instances[0], .random = seed, .seed = seed};
    struct uuid holds[HOLDS];

    t.rows = (struct breaking){{&BREAKING_OPS}, t.instance.capacity.rows, NOWHERE};
    t.instance.capacity.rows = &t.rows.base;
    for (size_t i = 0; i < SLOTS; i++) {
        t.model.total[i] = draw(&t, 12);
        t.model.slots[i] = slot_new(w, t.model.total[i]);
    }
    for (size_t i = 0; i < HOLDS; i++)
        holds[i] = t.model.holds[i].id = test_uuid();
    for (int step = 0; step < STEPS; step++)
        take_a_step(&t, step);
    assert_true(holds_add_up(w, t.model.slots, SLOTS, holds, HOLDS));
}

static int seeds_to_run;

static void the_counters_are_what_the_requests_say(void **state)
{
    for (int seed = 1; seed <= seeds_to_run; seed++)
        run_trial(*state, (uint32_t)seed);
}

int capacity_property(struct capacity_world *w, int seeds)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(the_counters_are_what_the_requests_say, w),
    };

    seeds_to_run = seeds;
    return cmocka_run_group_tests_name("capacity, at random", tests, NULL, NULL);
}
